import { type Permission, roleHolds } from '../../auth/permissions.js';
import type { Scope } from '../../auth/scope.js';
import type { OrganizationRow, Standing } from '../../auth/standing.js';
import { Prisma } from '../../generated/prisma/client.js';
import { columns, keyed, part } from '../../platform/sql.js';
import type { TeamRow } from '../team/team.loader.js';

/** Where somebody belongs. */
export interface Affiliation {
  organization: OrganizationRow;
  /** Null in no team of the organization, or in none that the caller may see. */
  team: TeamRow | null;
}

/** That the role `r` of the caller holds a permission, of which neither code nor roles need quoting. */
function holds(permission: Permission): string {
  return roleHolds(permission, (value) => (Array.isArray(value) ? `'{${value.join(',')}}'` : `'${value}'`));
}

/**
 * The organizations and teams of a user, as far as a caller sees them: where the caller is an active member whose role shows
 * people, and their teams if it shows these, too. Without a caller everything; with an organization nothing but that one.
 */
const affiliationsOfUser = keyed<Record<string, unknown>>({
  key: ['user_id', 'caller_id', 'organization_id'],
  select: [
    columns('o', Prisma.OrganizationScalarFieldEnum, 'organization.'),
    columns('t', Prisma.TeamScalarFieldEnum, 'team.'),
  ].join(', '),
  from: `JOIN members m ON m.user_id = key.user_id
      AND (key.organization_id IS NULL OR m.organization_id = key.organization_id)
    JOIN organizations o ON o.id = m.organization_id AND o.status <> 'DELETED'
    LEFT JOIN members caller ON caller.organization_id = o.id AND caller.user_id = key.caller_id
      AND caller.status = 'ACTIVE' AND o.status = 'ACTIVE'
    LEFT JOIN roles r ON r.organization_id = caller.organization_id AND r.id = caller.role_id
    LEFT JOIN team_memberships tm ON tm.organization_id = m.organization_id AND tm.member_id = m.id
      AND (key.caller_id IS NULL OR ${holds('teams.read')})
    LEFT JOIN teams t ON t.organization_id = tm.organization_id AND t.id = tm.team_id
    WHERE key.caller_id IS NULL OR (r.id IS NOT NULL AND ${holds('organization.read')} AND ${holds('users.read')})
    ORDER BY key.ord, lower(o.name), o.id, lower(t.name), t.id`,
});

const organizationOf = part<OrganizationRow>('organization.', Prisma.OrganizationScalarFieldEnum);
const teamOf = part<TeamRow>('team.', Prisma.TeamScalarFieldEnum);

/** Where a user belongs, as far as the caller sees it: once for each team, and once for an organization without any. */
export async function loadAffiliations(
  scope: Scope,
  { user, apiKey, isSuperAdmin }: Standing,
  userId: string,
): Promise<Affiliation[]> {
  const rows = await scope.reads.rows(affiliationsOfUser, [
    userId,
    isSuperAdmin ? null : user.id,
    apiKey?.organizationId ?? null,
  ]);
  return rows.map((row) => ({
    organization: organizationOf(row),
    team: row['team.id'] ? teamOf(row) : null,
  }));
}
