import { assertPermitted } from '../../auth/access.js';
import { difference } from '../../auth/audit.js';
import { assertMayGrant } from '../../auth/ceiling.js';
import { changeOrganization, type MemberChange, type OrganizationChange } from '../../auth/change-organization.js';
import type { Scope } from '../../auth/scope.js';
import type { MemberRow, RoleRow } from '../../auth/standing.js';
import { guessing } from '../../auth/throttle.js';
import { userById } from '../../auth/whole-rows.js';
import { badInput, conflict, notFound } from '../../platform/errors.js';
import { isId, newId } from '../../platform/id.js';
import { inOrder } from '../../platform/in-order.js';
import type { With } from '../../platform/page.js';
import { assertRoom } from '../plan/plan.service.js';
import { roleByKey } from '../role/role.loader.js';
import { teamById, teamMembershipsOfMember } from '../team/team.loader.js';
import { userByEmail } from '../user/user.loader.js';
import { administratorsOfOrganization, type MemberWithRole, memberById, memberByUser } from './member.loader.js';
import { roleChangeJob } from './member.mail.js';
import { assertAdministratorRemains, assertMayManage } from './member.policy.js';

export interface AddMember {
  organizationId?: string | null;
  userId?: string | null;
  email?: string | null;
  role: string;
  teamIds?: string[] | null;
}

/**
 * Makes an existing user a member at once.
 *
 * @throws {DomainError} NOT_FOUND if there is no such user, role or team.
 * @throws {DomainError} ROLE_CEILING if the role holds more than the actor does (R1).
 * @throws {DomainError} CONFLICT with ALREADY_MEMBER, or with LIMIT_REACHED if the plan allows no more.
 * @throws {DomainError} RATE_LIMITED after too many addresses without an account.
 */
export function addMember(scope: Scope, input: AddMember): Promise<MemberRow> {
  const { userId, email } = input;
  if ((userId == null) === (email == null)) {
    throw badInput({ path: 'input.userId', message: 'name the user either by userId or by email' });
  }
  // Anybody can found an organization, and so must not try out who has an account.
  return email == null ? add(scope, input) : guessing(scope.throttle, 'guess', scope, () => add(scope, input));
}

function add(scope: Scope, input: AddMember): Promise<MemberRow> {
  const { organizationId, userId, email } = input;
  return changeOrganization(scope, organizationId, 'users.add', async (change) => {
    const { organization, actor, writes, tell } = change;
    const role = await roleNamed(change, input.role);
    assertMayGrant(actor, { role }, scope.catalogue);
    const user = await (userId ? change.row(userById, userId) : change.row(userByEmail, email!));
    if (!user || user.status === 'DELETED') throw notFound('User');
    if (await change.row(memberByUser, organization.id, user.id)) {
      throw conflict('ALREADY_MEMBER', 'This person is already a member of the organization.');
    }
    const teams = await teamsWith(change, input.teamIds ?? []);
    await assertRoom(scope, change, 'members');
    const member = newMember(organization.id, user.id, role.id, actor.user.id);
    writes.requireUser(user.id);
    writes.insert('members', member);
    writes.insert('team_memberships', ...teams.map((team) => membershipOf(member, team.id)));
    tell(
      'MEMBER_ADDED',
      { type: 'MEMBER', id: member.id },
      {
        userId: { before: null, after: user.id },
        role: { before: null, after: role.key },
        teamIds: { before: [], after: teams.map(({ id }) => id) },
      },
    );
    return member;
  });
}

/**
 * Gives a member another role.
 *
 * @throws {DomainError} NOT_FOUND if there is no such member or role.
 * @throws {DomainError} FORBIDDEN if the member ranks as high as the actor (R2).
 * @throws {DomainError} ROLE_CEILING if the role holds more than the actor does (R1).
 * @throws {DomainError} LAST_ADMINISTRATOR if none would remain (R3).
 */
export function updateMemberRole(
  scope: Scope,
  input: { organizationId?: string | null; memberId: string; role: string },
): Promise<MemberRow> {
  return changeOrganization(scope, input.organizationId, null, async (change) => {
    const { organization, actor } = change;
    // Oneself one may always lower (R2); the ceiling keeps it from being more.
    if (actor.member?.id !== input.memberId) assertPermitted(actor, 'users.update');
    const [member, managerIn, role, administrators] = await inOrder([
      memberNamed(change, input.memberId),
      teamsManagedBy(change, input.memberId),
      roleNamed(change, input.role),
      change.rows(administratorsOfOrganization, organization.id),
    ]);
    assertMayManage(actor, member);
    assertMayGrant(actor, { role, managerIn }, scope.catalogue);
    if (role.id === member.roleId) return member;
    return giveRole(change, member, role, administrators);
  });
}

/**
 * Writes that a member has another role, and that the member is told.
 *
 * @throws {DomainError} LAST_ADMINISTRATOR if none would remain (R3).
 */
export function giveRole(
  change: MemberChange,
  member: MemberWithRole,
  role: RoleRow,
  administrators: Parameters<typeof assertAdministratorRemains>[1],
): With<MemberRow, { role: RoleRow }> {
  const { organization, actor, writes, tell } = change;
  assertAdministratorRemains(member, administrators);
  const { organizationId, id, userId } = member;
  const updatedAt = new Date();
  writes.update('members', { organizationId, id, roleId: role.id, updatedAt });
  tell('MEMBER_ROLE_CHANGED', { type: 'MEMBER', id }, difference({ role: member.role.key }, { role: role.key }));
  if (userId !== actor.user.id) {
    writes.enqueue(roleChangeJob({ userId, organizationName: organization.name, roleName: role.name }));
  }
  return { ...member, roleId: role.id, updatedAt, included: { role } };
}

/** Begins to read what another role is decided on, so that it comes in one statement with the standing of who asks. */
export async function foreseeRole(
  scope: Scope,
  { organizationId, memberId, role }: { organizationId?: string | null; memberId: string; role: string },
): Promise<void> {
  const place = organizationId ?? scope.currentOrganizationId;
  // What is malformed is refused later, and must not reach the database.
  if (!place || !isId(place) || !isId(memberId) || role.includes('\0')) return;
  const [organization, member] = [place.toLowerCase(), memberId.toLowerCase()];
  await Promise.all([
    scope.reads.rows(memberById, [organization, member]),
    scope.reads.rows(teamMembershipsOfMember, [organization, member]),
    scope.reads.rows(roleByKey, [organization, role]),
    scope.reads.rows(administratorsOfOrganization, [organization]),
  ]);
}

/**
 * Suspends a membership: role and teams stay, but nothing is permitted from the next request on.
 *
 * @throws {DomainError} NOT_FOUND if there is no such member.
 * @throws {DomainError} FORBIDDEN if the member ranks as high as the actor (R2).
 * @throws {DomainError} LAST_ADMINISTRATOR if none would remain (R3).
 */
export function suspendMember(scope: Scope, input: OneMember): Promise<MemberRow> {
  return changeOrganization(scope, input.organizationId, 'users.update', async (change) => {
    const member = await memberNamed(change, input.memberId);
    assertMayManage(change.actor, member);
    assertAdministratorRemains(member, await change.rows(administratorsOfOrganization, change.organization.id));
    return withStatus(change, member, 'SUSPENDED');
  });
}

/**
 * Makes a suspended membership count again, which gives its role anew (R1).
 *
 * @throws {DomainError} NOT_FOUND if there is no such member.
 * @throws {DomainError} FORBIDDEN if the member ranks as high as the actor (R2).
 * @throws {DomainError} ROLE_CEILING if the role holds more than the actor does (R1).
 */
export function reinstateMember(scope: Scope, input: OneMember): Promise<MemberRow> {
  return changeOrganization(scope, input.organizationId, 'users.update', async (change) => {
    const member = await memberNamed(change, input.memberId);
    assertMayManage(change.actor, member);
    assertMayGrant(
      change.actor,
      { role: member.role, managerIn: await teamsManagedBy(change, member.id) },
      scope.catalogue,
    );
    return withStatus(change, member, 'ACTIVE');
  });
}

function withStatus({ writes, tell }: MemberChange, member: MemberRow, status: MemberRow['status']): MemberRow {
  if (member.status === status) return member;
  const { organizationId, id } = member;
  const updatedAt = new Date();
  writes.update('members', { organizationId, id, status, updatedAt });
  tell(
    status === 'ACTIVE' ? 'MEMBER_REINSTATED' : 'MEMBER_SUSPENDED',
    { type: 'MEMBER', id },
    {
      status: { before: member.status, after: status },
    },
  );
  return { ...member, status, updatedAt };
}

interface OneMember {
  organizationId?: string | null;
  memberId: string;
}

/**
 * Removes a member; a member who removes itself leaves, whatever its role.
 *
 * @throws {DomainError} NOT_FOUND if there is no such member.
 * @throws {DomainError} FORBIDDEN without users.delete, or if the member ranks as high as the actor (R2).
 * @throws {DomainError} LAST_ADMINISTRATOR if none would remain (R3).
 */
export function removeMember(
  scope: Scope,
  input: { organizationId?: string | null; memberId: string },
): Promise<string> {
  return changeOrganization(scope, input.organizationId, null, async (change) => {
    const { organization, actor, writes, tell } = change;
    const leaves = actor.member?.id === input.memberId;
    if (!leaves) assertPermitted(actor, 'users.delete');
    const member = await memberNamed(change, input.memberId);
    assertMayManage(actor, member);
    assertAdministratorRemains(member, await change.rows(administratorsOfOrganization, organization.id));
    writes.delete('members', { organizationId: organization.id, id: member.id });
    tell(
      leaves ? 'MEMBER_LEFT' : 'MEMBER_REMOVED',
      { type: 'MEMBER', id: member.id },
      {
        userId: { before: member.userId, after: null },
        role: { before: member.role.key, after: null },
      },
    );
    return member.id;
  });
}

/** @throws {DomainError} NOT_FOUND if the organization has no such member. */
export async function memberNamed(change: OrganizationChange, id: string) {
  const member = await change.row(memberById, change.organization.id, id);
  if (!member) throw notFound('Member');
  return member;
}

/** The teams in which somebody is a manager, whether or not the role makes it count. */
export async function teamsManagedBy(change: OrganizationChange, memberId: string): Promise<string[]> {
  const memberships = await change.rows(teamMembershipsOfMember, change.organization.id, memberId);
  return memberships.filter(({ role }) => role === 'MANAGER').map(({ teamId }) => teamId);
}

/** @throws {DomainError} NOT_FOUND if the organization has no such role. */
export async function roleNamed(change: OrganizationChange, key: string): Promise<RoleRow> {
  const role = await change.row(roleByKey, change.organization.id, key);
  if (!role) throw notFound('Role');
  return role;
}

/** @throws {DomainError} NOT_FOUND if one of the teams is not in the organization. */
export async function teamsWith(change: OrganizationChange, ids: readonly string[]) {
  const teams = await Promise.all([...new Set(ids)].map((id) => change.row(teamById, change.organization.id, id)));
  return teams.map((team) => {
    if (!team) throw notFound('Team');
    return team;
  });
}

/** The row of a new membership. */
export function newMember(organizationId: string, userId: string, roleId: string, invitedById: string): MemberRow {
  const now = new Date();
  const times = { joinedAt: now, updatedAt: now };
  // The name to sort by comes from the user, by a trigger.
  return { organizationId, id: newId(), userId, roleId, status: 'ACTIVE', invitedById, sortName: '', ...times };
}

/** The row that puts a member into a team. */
export function membershipOf(
  { organizationId, id: memberId }: Pick<MemberRow, 'organizationId' | 'id'>,
  teamId: string,
) {
  return { organizationId, id: newId(), teamId, memberId, role: 'MEMBER' as const, createdAt: new Date() };
}
