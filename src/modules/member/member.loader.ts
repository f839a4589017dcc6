import type { MemberRow, RoleRow, Standing } from '../../auth/standing.js';
import { Prisma } from '../../generated/prisma/client.js';
import type { List } from '../../platform/list.js';
import { type Condition, containing } from '../../platform/page.js';
import { columnsOf, keyed, selecting } from '../../platform/sql.js';
import { roleOf } from '../role/role.loader.js';
import { teamsOfListed } from '../team/team.loader.js';
import { userOf } from '../user/user.loader.js';
import type { MemberFilter, MemberOrderField, MembershipOrderField } from './member.input.js';

const columns = columnsOf('m', Prisma.MemberScalarFieldEnum);
const select = selecting(columns);

/** A member together with its role, which is what decisions about members are taken on. */
export type MemberWithRole = MemberRow & { role: Pick<RoleRow, 'id' | 'key' | 'rank' | 'permissions' | 'isSystem'> };

const roleOfMember = `jsonb_build_object(
  'id', r.id, 'key', r.key, 'rank', r.rank, 'permissions', r.permissions, 'isSystem', r.is_system) AS role`;

export const memberById = keyed<MemberWithRole>({
  joinable: true,
  key: ['organization_id', 'id'],
  select: `${select}, ${roleOfMember}`,
  from: `JOIN members m ON m.organization_id = key.organization_id AND m.id = key.id
    JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`,
});

export const memberByUser = keyed<MemberWithRole>({
  key: ['organization_id', 'user_id'],
  select: `${select}, ${roleOfMember}`,
  from: `JOIN members m ON m.organization_id = key.organization_id AND m.user_id = key.user_id
    JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`,
});

/** Two of the active administrators. It takes a second one to let the first go. */
export const administratorsOfOrganization = keyed<{ id: string }>({
  joinable: true,
  key: ['organization_id'],
  select: 'administrator.id',
  from: `CROSS JOIN LATERAL (
    SELECT m.id FROM roles r
    JOIN members m ON m.organization_id = r.organization_id AND m.role_id = r.id
    JOIN users u ON u.id = m.user_id
    WHERE r.organization_id = key.organization_id AND r.key = 'administrator'
      AND m.status = 'ACTIVE' AND u.status = 'ACTIVE'
    LIMIT 2
  ) administrator`,
});

/** Memberships whose users were deleted while the organization was, too. */
export const membersWithoutUser = keyed<{ organizationId: string; id: string }>({
  key: ['organization_id'],
  select: 'm.organization_id AS "organizationId", m.id',
  from: `JOIN members m ON m.organization_id = key.organization_id
    JOIN users u ON u.id = m.user_id AND u.status = 'DELETED'`,
});

export const membersOfOrganization: List<MemberRow, MemberOrderField> = {
  name: 'members',
  key: ['organization_id'],
  columns,
  from: 'members m',
  where: 'm.organization_id = key.organization_id',
  joins: { u: 'JOIN users u ON u.id = m.user_id' },
  includes: { user: userOf('m.user_id'), role: roleOf('m.role_id'), teams: teamsOfListed },
  total: '(SELECT o.member_count FROM organizations o WHERE o.id = key.organization_id)',
  id: 'm.id',
  order: { JOINED_AT: { by: 'm.joined_at', type: 'timestamptz' }, NAME: { by: 'm.sort_name', type: 'text' } },
  defaultOrder: { field: 'JOINED_AT' as MemberOrderField, direction: 'ASC' },
};

/** The memberships of a user in organizations that still are. */
export const membershipsOfUser: List<MemberRow, MembershipOrderField> = {
  name: 'memberships',
  key: ['user_id'],
  columns,
  from: 'members m JOIN organizations o ON o.id = m.organization_id',
  where: `m.user_id = key.user_id AND o.status <> 'DELETED'`,
  id: 'm.id',
  order: { JOINED_AT: { by: 'm.joined_at', type: 'timestamptz' } },
  defaultOrder: { field: 'JOINED_AT' as MembershipOrderField, direction: 'ASC' },
};

/** What a filter asks for, condition by condition. */
export function matching(filter: MemberFilter | null | undefined): Condition[] {
  const { search, role, teamId, status } = filter ?? {};
  const conditions: Condition[] = [];
  if (search) conditions.push(containing(search, 'u.full_name', 'u.email', 'u.username'));
  if (role) {
    conditions.push(
      (parameter) => `m.role_id = (SELECT r.id FROM roles r
        WHERE r.organization_id = key.organization_id AND r.key = ${parameter(role)}::text AND r.deleted_at IS NULL)`,
    );
  }
  if (teamId) {
    conditions.push(
      (parameter) => `EXISTS (SELECT 1 FROM team_memberships tm WHERE tm.organization_id = m.organization_id
        AND tm.team_id = ${parameter(teamId)}::uuid AND tm.member_id = m.id)`,
    );
  }
  if (status) conditions.push((parameter) => `m.status = ${parameter(status)}::member_status`);
  return conditions;
}

/** Which memberships of its user a caller sees: with an API key only that of the key's organization. */
export function visibleTo({ apiKey }: Standing): Condition[] {
  return apiKey ? [(parameter) => `m.organization_id = ${parameter(apiKey.organizationId)}::uuid`] : [];
}
