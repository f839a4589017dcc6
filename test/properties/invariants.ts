import { type Authority, authorityIn, authorityOf, inManagedTeams, together } from './authority.js';
import type { Outcome } from './engine.js';
import type { Operation, OperationName } from './operations.js';
import { differ, type EventState, type OrganizationState, type Snapshot } from './snapshot.js';
import { names, type Place, places, type World } from './world.js';

/** What was done, with how it came out and the states around it. */
export interface Step {
  world: World;
  before: Snapshot;
  after: Snapshot;
  /** One, or several at the same moment. */
  done: { operation: Operation; outcome: Outcome }[];
}

/** Everything that one or more operations have broken; nothing is as it should be. */
export function violationsOf(step: Step): string[] {
  const { before, after, world } = step;
  const violations = places.flatMap((place) => {
    const changed = differ(before, after, place);
    return [
      ...(changed ? [...withoutAdministrator(step, place), ...tooMuchGranted(step, place)] : []),
      ...acrossTenants(step, place),
      ...badlyRecorded(step, place),
    ].map((violation) => `${violation} [${place}]`);
  });
  for (const name of names) {
    const { isSuperAdmin } = after.users.get(world.people[name].userId)!;
    if (isSuperAdmin !== (name === 'gil')) violations.push(`(b) ${name} became or ceased to be a super admin`);
  }
  return violations;
}

/**
 * (a) Somebody stays who can do everything. Only whoever is alone in an organization can be stopped in it: then nobody else
 * is left without an administrator.
 */
function withoutAdministrator({ before, after }: Step, place: Place): string[] {
  const { status, members } = after.organizations[place];
  if (status === 'DELETED' || hasAdministrator(after, place)) return [];
  return members.length > 1 && hasAdministrator(before, place) ? ['(a) no active administrator'] : [];
}

function hasAdministrator({ organizations, users }: Snapshot, place: Place): boolean {
  const { members, roles } = organizations[place];
  const administrator = roles.find(({ key }) => key === 'administrator')!.id;
  const active = members.filter(({ roleId, status }) => roleId === administrator && status === 'ACTIVE');
  return active.some(({ userId }) => users.get(userId)?.status === 'ACTIVE');
}

/** (b) Whatever anybody has got, whoever gave it had it. */
function tooMuchGranted(step: Step, place: Place): string[] {
  const { world, before, after } = step;
  const [old, now] = [before.organizations[place], after.organizations[place]];
  const giver = together(step.done.map((one) => authorityIn(before, old, giverOf(one, step, place))));
  const violations: string[] = [];
  const assertGiven = (what: string, { permissions, rank }: Pick<Authority, 'permissions' | 'rank'>) => {
    const more = [...permissions].filter((permission) => !giver.permissions.has(permission));
    if (more.length > 0) violations.push(`(b) ${what} got ${more.join(' ')}, which the giver lacks`);
    if (rank > giver.rank) violations.push(`(b) ${what} got rank ${rank}, the giver has ${giver.rank}`);
  };

  for (const name of names) {
    const { userId } = world.people[name];
    const [had, has] = [authorityIn(before, old, userId), authorityIn(after, now, userId)];
    const gained = new Set([...has.permissions].filter((permission) => !had.permissions.has(permission)));
    assertGiven(name, { permissions: gained, rank: has.rank > had.rank ? has.rank : 0 });
    const teams = [...has.teams].filter((id) => !had.teams.has(id) && !giver.teams.has(id));
    const inTeams = inManagedTeams.filter((code) => !had.permissions.has(code) && !giver.permissions.has(code));
    if (teams.length > 0 && inTeams.length > 0) {
      violations.push(`(b) ${name} got ${inTeams.join(' ')} in a team, which the giver lacks`);
    }
  }
  for (const { id, role } of now.memberships) {
    if (role !== 'MANAGER' || old.memberships.some((was) => was.id === id && was.role === role)) continue;
    if (!giver.permissions.has('teams.assign')) violations.push('(b) a manager of a team, by who may not assign');
  }
  // Beyond what was gained: whatever was given is all within the giver's own, also where the taker had it before.
  for (const [what, role] of rolesGiven(old, now)) assertGiven(what, authorityOf(role));
  return violations;
}

/** Whose word a change goes back to: an accepted invitation is the inviter's, anything else the caller's. */
function giverOf({ operation, outcome }: Step['done'][number], step: Step, place: Place): string {
  const { before, after, world } = step;
  if (operation.op !== 'acceptInvitation') return world.people[operation.by].userId;
  const event = after.organizations[place].events.find(({ requestId }) => requestId === outcome.requestId);
  const all = [...before.organizations[place].invitations, ...after.organizations[place].invitations];
  return all.find(({ id }) => id === event?.targetId)?.invitedById ?? '';
}

/** Every role that somebody was given or offered, or that was made or changed (then both as it was and as it is). */
function rolesGiven(old: OrganizationState, now: OrganizationState): [string, OrganizationState['roles'][number]][] {
  const roleNow = (id: string) => now.roles.find((role) => role.id === id)!;
  const given: [string, OrganizationState['roles'][number]][] = [];
  for (const role of now.roles) {
    const was = old.roles.find(({ id }) => id === role.id);
    if (JSON.stringify(was) === JSON.stringify(role)) continue;
    if (was) given.push([`the former role ${was.key}`, was]);
    if (!role.isDeleted) given.push([`the role ${role.key}`, role]);
  }
  for (const member of now.members) {
    const was = old.members.find(({ id }) => id === member.id);
    const counts = member.status === 'ACTIVE' && was?.status !== 'ACTIVE';
    if (was?.roleId !== member.roleId || counts) given.push(['a member', roleNow(member.roleId)]);
  }
  for (const invitation of now.invitations) {
    const was = old.invitations.find(({ id }) => id === invitation.id);
    if (was?.roleId !== invitation.roleId) given.push(['an invitation', roleNow(invitation.roleId)]);
  }
  return given;
}

/** (c) Nothing of one organization in another, and nobody changes what is none of its business. */
function acrossTenants(step: Step, place: Place): string[] {
  const { before, after } = step;
  if (!hasChanged(step, place)) return [];
  const violations = bordersCrossed(after.organizations[place]).map((what) => `(c) ${what} of another organization`);
  const responsible = step.done.filter((one) => mayHaveChanged(one, step, place));
  if (responsible.length === 0) violations.push('(c) changed by who has nothing to do with it');
  const known = new Set(before.organizations[place].events.map(({ requestId }) => requestId));
  for (const { requestId } of after.organizations[place].events) {
    const one = step.done.find(({ outcome }) => outcome.requestId === requestId);
    if (!known.has(requestId) && !(one && isNamed(one, step, place))) violations.push('(c) an event by somebody else');
  }
  return violations;
}

function bordersCrossed({ members, roles, teams, memberships, invitations, invitationTeams }: OrganizationState) {
  const has = (rows: { id: string }[], id: string) => rows.some((row) => row.id === id);
  return [
    ...members.filter(({ roleId }) => !has(roles, roleId)).map(() => 'a member with a role'),
    ...memberships.filter(({ teamId }) => !has(teams, teamId)).map(() => 'a membership of a team'),
    ...memberships.filter(({ memberId }) => !has(members, memberId)).map(() => 'a membership of a member'),
    ...invitations.filter(({ roleId }) => !has(roles, roleId)).map(() => 'an invitation to a role'),
    ...invitationTeams.filter(({ teamId }) => !has(teams, teamId)).map(() => 'an invitation to a team'),
    ...invitationTeams.filter(({ invitationId }) => !has(invitations, invitationId)).map(() => 'an invitation'),
  ];
}

/** Whether the operation is about this organization at all. */
function isNamed(
  { operation, outcome }: Step['done'][number],
  { before, after, world, done }: Step,
  place: Place,
): boolean {
  if (operation.op === 'acceptInvitation') {
    const events = after.organizations[place].events.filter(({ requestId }) => requestId === outcome.requestId);
    return events.length > 0 && events.every(({ action }) => /^INVITATION_(ACCEPTED|INVALIDATED)$/.test(action));
  }
  if (operation.op === 'setUserStatus') {
    const { userId } = world.people[operation.who!];
    return done.length > 1 || before.organizations[place].members.some((member) => member.userId === userId);
  }
  return operation.in === place || operation.away === true;
}

function mayHaveChanged(one: Step['done'][number], step: Step, place: Place): boolean {
  if (!isNamed(one, step, place) || !succeeded(one.outcome)) return false;
  const { before, world } = step;
  const { userId } = world.people[one.operation.by];
  if (one.operation.op === 'acceptInvitation' || before.users.get(userId)?.isSuperAdmin) return true;
  // Between the two of a pair, one may have been made a member by the other.
  const states = step.done.length > 1 ? [before, step.after] : [before];
  return states.some((state) => state.organizations[place].members.some((member) => member.userId === userId));
}

/** An invitation that turns out to be void is a refusal, and yet a change. */
function succeeded({ code, facts }: Outcome): boolean {
  return code === null || (code === 'INVITATION_NOT_PENDING' && facts.status === 'INVALIDATED');
}

function hasChanged({ before, after }: Step, place: Place): boolean {
  return differ(before, after, place) || newEvents({ before, after }, place).length > 0;
}

/** Changes that were recorded meanwhile; refusals do not count. */
function newEvents({ before, after }: Pick<Step, 'before' | 'after'>, place: Place): EventState[] {
  const known = before.organizations[place].events.length;
  return after.organizations[place].events.slice(known).filter(({ action }) => action !== 'ACCESS_REFUSED');
}

const actions: Record<OperationName, string> = {
  addMember: 'MEMBER_ADDED',
  updateMemberRole: 'MEMBER_ROLE_CHANGED',
  updateMember: 'MEMBER_ROLE_CHANGED|MEMBER_TEAMS_CHANGED|MEMBER_ROLE_CHANGED,MEMBER_TEAMS_CHANGED',
  suspendMember: 'MEMBER_SUSPENDED',
  reinstateMember: 'MEMBER_REINSTATED',
  removeMember: 'MEMBER_REMOVED|MEMBER_LEFT',
  createTeam: 'TEAM_CREATED',
  updateTeam: 'TEAM_UPDATED',
  deleteTeam: 'TEAM_DELETED',
  addTeamMember: 'TEAM_MEMBER_ADDED',
  updateTeamMember: 'TEAM_MEMBER_UPDATED',
  removeTeamMember: 'TEAM_MEMBER_REMOVED',
  createRole: 'ROLE_CREATED',
  updateRole: 'ROLE_UPDATED',
  deleteRole: 'ROLE_DELETED',
  inviteMember: 'INVITATION_SENT',
  acceptInvitation: 'INVITATION_ACCEPTED|INVITATION_INVALIDATED',
  revokeInvitation: 'INVITATION_REVOKED',
  setUserStatus: 'USER_STATUS_CHANGED|ORGANIZATION_DELETED,USER_STATUS_CHANGED',
};

/** (d) Each change is on record once, by whoever made it, and raises the version; what changes nothing does neither. */
function badlyRecorded(step: Step, place: Place): string[] {
  const { before, after, world, done } = step;
  const violations: string[] = [];
  const raised = after.organizations[place].version - before.organizations[place].version;
  const events = newEvents(step, place);
  const recorded = new Set(events.map(({ requestId }) => requestId)).size;
  const changed = differ(before, after, place);
  if (raised !== recorded) violations.push(`(d) ${recorded} changes on record, the version rose by ${raised}`);
  if (changed && raised === 0) violations.push('(d) changed behind its version');
  if (!changed && raised > 0 && done.length === 1) violations.push('(d) the version rose for nothing');

  const known = before.organizations[place].events.length;
  for (const { operation, outcome } of done) {
    const { userId } = world.people[operation.by];
    const own = after.organizations[place].events.slice(known).filter((e) => e.requestId === outcome.requestId);
    const refusals = own.filter(({ action }) => action === 'ACCESS_REFUSED');
    const told = own.filter(({ action }) => action !== 'ACCESS_REFUSED').map(({ action }) => action);
    const expected =
      operation.away && told[0]?.startsWith('MEMBER_TRANSFERRED')
        ? transferIn(operation, place)
        : actions[operation.op];
    if (told.length > 0 && !expected.split('|').includes(told.sort().join())) {
      violations.push(`(d) ${operation.op} is on record as ${told.join()}`);
    }
    if (told.length > 0 && !succeeded(outcome)) violations.push(`(d) refused with ${outcome.code}, and on record`);
    if (refusals.length > (succeeded(outcome) ? 0 : 1)) violations.push('(d) more refusals on record than there were');
    const type = before.users.get(userId)?.isSuperAdmin ? 'SUPER_ADMIN' : 'USER';
    if (own.some((event) => event.actorUserId !== userId || event.actorType !== type)) {
      violations.push('(d) on record as somebody else');
    }
  }
  if (
    after.organizations[place].events.slice(known).some((e) => !done.some((d) => d.outcome.requestId === e.requestId))
  ) {
    violations.push('(d) an event that belongs to no request');
  }
  if (done.length === 1 && done[0]!.operation.op === 'updateMember' && changed) {
    violations.push(...partsRecorded(step, place, events));
  }
  return violations;
}

function transferIn(operation: Operation, place: Place): string {
  return operation.in === place ? 'MEMBER_TRANSFERRED_OUT' : 'MEMBER_TRANSFERRED_IN';
}

/** A combined update tells of the role and of the teams, of each exactly if it has changed. */
function partsRecorded({ before, after }: Step, place: Place, events: EventState[]): string[] {
  const [old, now] = [before.organizations[place], after.organizations[place]];
  if (old.members.length !== now.members.length) return events.length === 1 ? [] : ['(d) a transfer told badly'];
  const parts = [JSON.stringify(old.members) !== JSON.stringify(now.members) ? 1 : 0];
  parts.push(JSON.stringify(old.memberships) !== JSON.stringify(now.memberships) ? 1 : 0);
  return events.length === parts[0]! + parts[1]! ? [] : [`(d) ${events.length} events for the parts that changed`];
}

/** How an operation came out, for the count at the end. */
export function verdictOf(step: Step): string {
  const [{ outcome }] = step.done as [Step['done'][number]];
  if (outcome.code !== null) return outcome.code;
  return places.some((place) => hasChanged(step, place)) ? 'done' : 'no-op';
}
