import { assertPermitted } from '../../auth/access.js';
import { difference } from '../../auth/audit.js';
import { assertMayGrant } from '../../auth/ceiling.js';
import {
  changeOrganization,
  changeTwoOrganizations,
  type MemberChange,
  type TransferChange,
} from '../../auth/change-organization.js';
import { administrator } from '../../auth/permissions.js';
import type { Scope } from '../../auth/scope.js';
import type { MemberRow } from '../../auth/standing.js';
import { badInput, conflict, DomainError, notFound } from '../../platform/errors.js';
import { assertRoom } from '../plan/plan.service.js';
import { roleByKey } from '../role/role.loader.js';
import { type TeamMembershipRow, teamMembershipsOfMember } from '../team/team.loader.js';
import { administratorsOfOrganization, memberByUser } from './member.loader.js';
import { assertAdministratorRemains, assertMayManage, assertMayMoveInTeams } from './member.policy.js';
import { giveRole, memberNamed, membershipOf, newMember, roleNamed, teamsWith } from './member.service.js';

export interface UpdateMember {
  organizationId?: string | null;
  memberId: string;
  role?: string;
  targetOrganizationId?: string;
  teamId?: string | null;
}

/**
 * Changes role, organization and team of a member in one request, all or nothing.
 *
 * @throws {DomainError} NOT_FOUND if there is no such member, role, team or organization.
 * @throws {DomainError} FORBIDDEN if the actor may not do every part of it (R2, R4, R5).
 * @throws {DomainError} ROLE_CEILING if the role holds more than the actor does where the member ends up (R1).
 * @throws {DomainError} LAST_ADMINISTRATOR if none would remain (R3).
 * @throws {DomainError} CONFLICT with ALREADY_MEMBER in the target organization.
 */
export function updateMember(scope: Scope, input: UpdateMember): Promise<MemberRow> {
  const { role, targetOrganizationId, teamId } = input;
  if (role === undefined && targetOrganizationId === undefined && teamId === undefined) {
    throw badInput({ path: 'input', message: 'says nothing to change: give role, targetOrganizationId or teamId' });
  }
  const source = input.organizationId ?? scope.currentOrganizationId;
  if (targetOrganizationId !== undefined && targetOrganizationId !== source) {
    return changeTwoOrganizations(scope, source, targetOrganizationId, (change) => transfer(scope, change, input));
  }
  return changeOrganization(scope, source, null, (change) => updateInPlace(scope, change, input));
}

async function updateInPlace(scope: Scope, change: MemberChange, input: UpdateMember): Promise<MemberRow> {
  const { organization, actor } = change;
  const member = await memberNamed(change, input.memberId);
  const memberships = await change.rows(teamMembershipsOfMember, organization.id, member.id);
  const asManagerOfTeams = !actor.permissions.has('users.update');
  if (asManagerOfTeams) {
    // One forbidden part refuses the whole: what is left for a team manager is the team alone.
    if (input.role !== undefined || input.teamId === undefined) assertPermitted(actor, 'users.update');
    assertMayMoveInTeams(actor, member, memberships, input.teamId ?? null);
  } else if (input.teamId !== undefined) {
    assertPermitted(actor, 'teams.assign');
  }

  const role = input.role === undefined ? null : await roleNamed(change, input.role);
  if (role) {
    assertMayManage(actor, member);
    const managerIn = memberships.filter((membership) => membership.role === 'MANAGER').map(({ teamId }) => teamId);
    assertMayGrant(actor, { role, managerIn }, scope.catalogue);
  }
  const after =
    role && role.id !== member.roleId
      ? giveRole(change, member, role, await change.rows(administratorsOfOrganization, change.organization.id))
      : member;
  if (input.teamId !== undefined) {
    const left = asManagerOfTeams
      ? memberships.filter(({ teamId }) => actor.managedTeamIds.includes(teamId))
      : memberships;
    await moveToTeam(change, member, left, memberships, input.teamId);
  }
  return after;
}

/** Puts one team in the place of some of the member's teams. */
async function moveToTeam(
  change: MemberChange,
  member: MemberRow,
  left: readonly TeamMembershipRow[],
  all: readonly TeamMembershipRow[],
  teamId: string | null,
): Promise<void> {
  const { writes, tell } = change;
  if (teamId !== null) await teamsWith(change, [teamId]);
  const ended = left.filter((membership) => membership.teamId !== teamId);
  const joins = teamId !== null && !all.some((membership) => membership.teamId === teamId);
  if (ended.length === 0 && !joins) return;
  writes.delete('team_memberships', ...ended.map(({ organizationId, id }) => ({ organizationId, id })));
  if (joins) writes.insert('team_memberships', membershipOf(member, teamId));
  const before = all.map((membership) => membership.teamId);
  const after = before.filter((id) => !ended.some((membership) => membership.teamId === id));
  tell(
    'MEMBER_TEAMS_CHANGED',
    { type: 'MEMBER', id: member.id },
    {
      teamIds: { before, after: joins ? [...after, teamId] : after },
    },
  );
}

/** Moves a member to another organization: the teams and keys of the old membership end with it (R4). */
async function transfer(scope: Scope, change: TransferChange, input: UpdateMember): Promise<MemberRow> {
  const { source, destination, writes } = change;
  for (const { actor } of [source, destination]) assertAdministers(actor);
  const member = await memberNamed(source, input.memberId);
  assertMayManage(source.actor, member);
  assertAdministratorRemains(member, await source.rows(administratorsOfOrganization, source.organization.id));

  const key = input.role ?? member.role.key;
  const role = await destination.row(roleByKey, destination.organization.id, key);
  if (!role && input.role === undefined) {
    throw badInput({ path: 'input.role', message: `has to be given: the target organization has no role ${key}` });
  }
  if (!role) throw notFound('Role');
  assertMayGrant(destination.actor, { role }, scope.catalogue);
  if (await destination.row(memberByUser, destination.organization.id, member.userId)) {
    throw conflict('ALREADY_MEMBER', 'This person is already a member of the target organization.');
  }
  const teams = await teamsWith(destination, input.teamId ? [input.teamId] : []);
  await assertRoom(scope, destination, 'members');

  const moved = {
    ...newMember(destination.organization.id, member.userId, role.id, source.actor.user.id),
    status: member.status,
  };
  writes.delete('members', { organizationId: member.organizationId, id: member.id });
  writes.requireUser(moved.userId);
  writes.insert('members', moved);
  writes.insert('team_memberships', ...teams.map((team) => membershipOf(moved, team.id)));
  const changes = {
    organizationId: { before: member.organizationId, after: moved.organizationId },
    ...difference({ role: member.role.key }, { role: role.key }),
  };
  source.tell('MEMBER_TRANSFERRED_OUT', { type: 'MEMBER', id: member.id }, changes);
  destination.tell('MEMBER_TRANSFERRED_IN', { type: 'MEMBER', id: moved.id }, changes);
  return moved;
}

/** @throws {DomainError} FORBIDDEN unless the actor is an administrator there, or a super admin. */
function assertAdministers(actor: MemberChange['actor']): void {
  assertPermitted(actor, 'users.update');
  if (actor.isSuperAdmin || actor.role?.key === administrator) return;
  throw new DomainError('FORBIDDEN', 'A move needs an administrator of both organizations.', {
    requiredPermission: 'users.update',
    reason: 'ADMINISTRATOR',
  });
}
