import type { MemberRow } from '../../auth/standing.js';
import { Prisma, type Team, type TeamMembership, type TeamRole } from '../../generated/prisma/client.js';
import type { Include, List } from '../../platform/list.js';
import { type Condition, containing } from '../../platform/page.js';
import { columns, columnsOf, keyed, selecting } from '../../platform/sql.js';
import { roleOf } from '../role/role.loader.js';
import { userOf } from '../user/user.loader.js';
import type { TeamFilter, TeamMemberFilter, TeamMemberOrderField, TeamOrderField } from './team.input.js';

export type TeamRow = Team;
export type TeamMembershipRow = TeamMembership;
/** A member as one of a team. */
export type TeamMemberRow = MemberRow & { teamRole: TeamRole };

const teamColumns = { id: 't.id', ...columnsOf('t', Prisma.TeamScalarFieldEnum) };
const select = selecting(teamColumns);
const membership = columns('tm', Prisma.TeamMembershipScalarFieldEnum);

export const teamById = keyed<TeamRow>({
  key: ['organization_id', 'id'],
  joinable: true,
  select,
  from: 'JOIN teams t ON t.organization_id = key.organization_id AND t.id = key.id',
});

/** Those of several teams, a JSON array of ids, that the organization has. */
export const teamsAmong = keyed<TeamRow>({
  key: ['organization_id', 'ids'],
  types: ['uuid', 'text'],
  select,
  from: `CROSS JOIN LATERAL jsonb_array_elements_text(key.ids::jsonb) AS wanted(id)
    JOIN teams t ON t.organization_id = key.organization_id AND t.id = wanted.id::uuid`,
});

export const teamBySlug = keyed<{ id: string }>({
  key: ['organization_id', 'slug'],
  types: ['uuid', 'text'],
  select: 't.id',
  from: 'JOIN teams t ON t.organization_id = key.organization_id AND lower(t.slug) = lower(key.slug)',
});

/** The teams of a member, in the order of joining. */
export const teamsOfMember = keyed<TeamRow>({
  key: ['organization_id', 'member_id'],
  select,
  from: `JOIN team_memberships tm ON tm.organization_id = key.organization_id AND tm.member_id = key.member_id
    JOIN teams t ON t.organization_id = tm.organization_id AND t.id = tm.team_id
    ORDER BY key.ord, tm.created_at, tm.id`,
});

/** The teams of a page's members `m`, each in the order of joining. */
export const teamsOfListed: Include = {
  columns: teamColumns,
  from: 'teams t WHERE t.organization_id = key.organization_id AND t.id',
  ids: `(SELECT string_agg(tm.team_id::text, ',' ORDER BY tm.created_at, tm.id) FROM team_memberships tm
    WHERE tm.organization_id = m.organization_id AND tm.member_id = m.id)`,
  many: true,
};

export const teamMembershipsOfMember = keyed<TeamMembershipRow>({
  joinable: true,
  key: ['organization_id', 'member_id'],
  select: membership,
  from: `JOIN team_memberships tm ON tm.organization_id = key.organization_id AND tm.member_id = key.member_id
    ORDER BY key.ord, tm.created_at, tm.id`,
});

/** The teams in which holders of a role are managers. */
export const teamsManagedByRole = keyed<{ teamId: string }>({
  key: ['organization_id', 'role_id'],
  select: 'managed.team_id AS "teamId"',
  from: `CROSS JOIN LATERAL (
    SELECT DISTINCT tm.team_id FROM members m
    JOIN team_memberships tm
      ON tm.organization_id = m.organization_id AND tm.member_id = m.id AND tm.role = 'MANAGER'
    WHERE m.organization_id = key.organization_id AND m.role_id = key.role_id
  ) managed`,
});

export const teamMembershipOf = keyed<TeamMembershipRow>({
  key: ['organization_id', 'team_id', 'member_id'],
  select: membership,
  from: `JOIN team_memberships tm
    ON tm.organization_id = key.organization_id AND tm.team_id = key.team_id AND tm.member_id = key.member_id`,
});

export const memberCountOfTeam = keyed<{ count: number }>({
  key: ['organization_id', 'id'],
  select: 'counted.count',
  from: `CROSS JOIN LATERAL (
    SELECT count(*)::int AS count FROM team_memberships tm
    WHERE tm.organization_id = key.organization_id AND tm.team_id = key.id
  ) counted`,
});

export const teamsOfOrganization: List<TeamRow, TeamOrderField> = {
  name: 'teams',
  key: ['organization_id'],
  columns: teamColumns,
  from: 'teams t',
  where: 't.organization_id = key.organization_id',
  id: 't.id',
  order: { NAME: { by: 'lower(t.name)', type: 'text' }, CREATED_AT: { by: 't.created_at', type: 'timestamptz' } },
  defaultOrder: { field: 'NAME' as TeamOrderField, direction: 'ASC' },
};

export const membersOfTeam: List<TeamMemberRow, TeamMemberOrderField> = {
  name: 'team-members',
  key: ['organization_id', 'team_id'],
  columns: { ...columnsOf('m', Prisma.MemberScalarFieldEnum), teamRole: 'tm.role' },
  from: 'team_memberships tm JOIN members m ON m.organization_id = tm.organization_id AND m.id = tm.member_id',
  where: 'tm.organization_id = key.organization_id AND tm.team_id = key.team_id',
  joins: { u: 'JOIN users u ON u.id = m.user_id' },
  includes: { user: userOf('m.user_id'), role: roleOf('m.role_id'), teams: teamsOfListed },
  id: 'tm.id',
  order: { JOINED_AT: { by: 'tm.created_at', type: 'timestamptz' }, NAME: { by: 'm.sort_name', type: 'text' } },
  defaultOrder: { field: 'JOINED_AT' as TeamMemberOrderField, direction: 'ASC' },
};

export function matchingTeams(filter: TeamFilter | null | undefined): Condition[] {
  return filter?.search ? [containing(filter.search, 't.name', 't.slug')] : [];
}

export function matchingTeamMembers(filter: TeamMemberFilter | null | undefined): Condition[] {
  const { search, role } = filter ?? {};
  const conditions: Condition[] = [];
  if (search) conditions.push(containing(search, 'u.full_name', 'u.email', 'u.username'));
  if (role) conditions.push((parameter) => `tm.role = ${parameter(role)}::team_role`);
  return conditions;
}
