import { type Member, type Organization, Prisma, type Role, type User } from '../generated/prisma/client.js';
import { columns, keyed, without } from '../platform/sql.js';
import { type Catalogue, permissionsOf, type RoleAuthority, superAdminRank, teamManager } from './permissions.js';

/** A user without what nobody may read. */
export type UserRow = Omit<User, 'passwordHash'>;
export type OrganizationRow = Organization;
export type RoleRow = Role;
export type MemberRow = Member;

export const userFields = without(Prisma.UserScalarFieldEnum, 'passwordHash');

/** Who the caller is, and what it is in one organization, as the database says at this moment. */
export interface Standing extends Authority {
  user: UserRow;
  sessionId: string;
  /** Null if there is no such organization, or if the caller has nothing to do with it: one cannot tell. */
  organization: OrganizationRow | null;
  /** Null for a super admin who is not a member. */
  member: MemberRow | null;
  role: RoleRow | null;
}

/** A standing in an organization that is there for the caller. */
export type OrganizationStanding = Standing & { organization: OrganizationRow };

/** The teams that a member manages: the role for it and the part in the team have to come together. */
const managedTeamIds = `CASE WHEN r.key = '${teamManager}' THEN array(
    SELECT tm.team_id FROM team_memberships tm
    WHERE tm.organization_id = m.organization_id AND tm.member_id = m.id AND tm.role = 'MANAGER'
  ) ELSE '{}' END AS "managedTeamIds"`;

/**
 * Session, user, membership, role and organization in one statement.
 *
 * The key is a session and an organization; without an organization it is the one that the session has chosen. Rows of an
 * organization come only together with a membership of it (or for a super admin), so nothing of a tenant is read for others.
 */
export const standingStatement = keyed<Record<string, unknown>>({
  key: ['session_id', 'organization_id'],
  select: [
    's.id AS "sessionId"',
    columns('u', userFields, 'user.'),
    columns('o', Prisma.OrganizationScalarFieldEnum, 'organization.'),
    columns('m', Prisma.MemberScalarFieldEnum, 'member.'),
    columns('r', Prisma.RoleScalarFieldEnum, 'role.'),
    managedTeamIds,
  ].join(', '),
  from: `
    JOIN sessions s ON s.id = key.session_id AND s.revoked_at IS NULL AND s.expires_at > now()
    JOIN users u ON u.id = s.user_id AND u.status = 'ACTIVE'
    LEFT JOIN members m
      ON m.organization_id = coalesce(key.organization_id, s.current_organization_id) AND m.user_id = u.id
    LEFT JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
    LEFT JOIN organizations o
      ON o.id = coalesce(key.organization_id, s.current_organization_id)
      AND o.status <> 'DELETED' AND (m.id IS NOT NULL OR u.is_super_admin)`,
});

/** The standing that a row of the statement means. */
export function standingOf(row: Record<string, unknown>, catalogue: Catalogue): Standing {
  const user = part<UserRow>(row, 'user.');
  const organization = row['organization.id'] ? part<OrganizationRow>(row, 'organization.') : null;
  const member = organization && row['member.id'] ? part<MemberRow>(row, 'member.') : null;
  const role = member ? part<RoleRow>(row, 'role.') : null;
  const managedTeamIds = row.managedTeamIds as string[];
  const authority = authorityOf(catalogue, { user, organization, member, role, managedTeamIds });
  return { user, sessionId: row.sessionId as string, organization, member, role, ...authority };
}

/** What somebody else is in an organization: enough to say what that person may do there. */
export interface UserStanding {
  user: Pick<UserRow, 'id' | 'status' | 'isSuperAdmin'>;
  organization: Pick<OrganizationRow, 'id' | 'status'>;
  member: Pick<MemberRow, 'id' | 'status'> | null;
  role: RoleAuthority | null;
  managedTeamIds: string[];
}

/** The standing of any user in any organization, for decisions about others. */
export const userStanding = keyed<UserStanding>({
  key: ['organization_id', 'user_id'],
  select: `jsonb_build_object('id', u.id, 'status', u.status, 'isSuperAdmin', u.is_super_admin) AS "user",
    jsonb_build_object('id', o.id, 'status', o.status) AS organization,
    CASE WHEN m.id IS NOT NULL THEN jsonb_build_object('id', m.id, 'status', m.status) END AS member,
    CASE WHEN r.id IS NOT NULL THEN jsonb_build_object(
      'key', r.key, 'rank', r.rank, 'permissions', r.permissions, 'isSystem', r.is_system) END AS role,
    ${managedTeamIds}`,
  from: `JOIN users u ON u.id = key.user_id
    JOIN organizations o ON o.id = key.organization_id AND o.status <> 'DELETED'
    LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = u.id
    LEFT JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`,
});

/** How far somebody's word goes in an organization. */
export interface Authority {
  /** Empty while the user, the membership or the organization is suspended. */
  permissions: ReadonlySet<string>;
  rank: number;
  /** The teams that this person manages, which takes the role for it beside the part in the team. */
  managedTeamIds: readonly string[];
}

const none: Authority = { permissions: new Set(), rank: 0, managedTeamIds: [] };

/** What a user may do in an organization: all as a super admin, else what the role permits while the membership counts. */
export function authorityOf(
  catalogue: Catalogue,
  {
    user,
    organization,
    member,
    role,
    managedTeamIds,
  }: Omit<UserStanding, 'organization'> & {
    organization: Pick<OrganizationRow, 'status'> | null;
  },
): Authority {
  if (!organization || user.status !== 'ACTIVE') return none;
  if (user.isSuperAdmin) return { permissions: catalogue.all, rank: superAdminRank, managedTeamIds: [] };
  if (!counts(organization, member) || !role) return none;
  return { permissions: permissionsOf(role, catalogue), rank: role.rank, managedTeamIds };
}

function counts(
  organization: Pick<OrganizationRow, 'status'> | null,
  member: Pick<MemberRow, 'status'> | null,
): boolean {
  return organization?.status === 'ACTIVE' && member?.status === 'ACTIVE';
}

function part<Row>(row: Record<string, unknown>, prefix: string): Row {
  const fields: Record<string, unknown> = {};
  for (const name in row) if (name.startsWith(prefix)) fields[name.slice(prefix.length)] = row[name];
  return fields as Row;
}
