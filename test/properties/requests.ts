import { newId } from '../../src/platform/id.js';
import { systemRoles } from './authority.js';
import type { Engine, Outcome } from './engine.js';
import type { Operation } from './operations.js';
import type { OrganizationState, Snapshot } from './snapshot.js';
import { names, teamNames, type World } from './world.js';

type Fits = (user: { userId: string }) => boolean;

/** The operation as it will be carried out: by whom, on whom, and with what of all that is there. */
export function settle(operation: Operation, world: World, snapshot: Snapshot): Operation {
  const { op, addressee, by, away } = operation;
  const here = snapshot.organizations[operation.in];
  const there = snapshot.organizations[operation.in === 'A' ? 'B' : 'A'];
  const belongs = ({ members }: OrganizationState, { userId }: { userId: string }) =>
    members.find((member) => member.userId === userId);
  const settled = { ...operation };
  const choose = (...wishes: Fits[]) => {
    const from = names.indexOf(operation.who!);
    const candidates = [...names.slice(from), ...names.slice(0, from)];
    const choices = wishes.map((fits) => candidates.find((name) => fits(world.people[name])));
    settled.who = choices.find((name) => name !== undefined) ?? operation.who!;
  };
  if (op === 'acceptInvitation' && addressee) settled.by = invitationOf(operation, world)?.to ?? by;
  else if (op === 'addMember' || op === 'inviteMember') choose((user) => !belongs(here, user));
  else if (op === 'updateTeamMember' || op === 'removeTeamMember') pickMembership(settled, world, here);
  else if (op === 'reinstateMember') {
    choose(
      (user) => belongs(here, user)?.status === 'SUSPENDED',
      (user) => belongs(here, user) !== undefined,
    );
  } else if (operation.who && op !== 'setUserStatus') {
    const isHere: Fits = (user) => belongs(here, user) !== undefined;
    choose((user) => isHere(user) && !(away && belongs(there, user)), isHere);
  }
  const isThere = teamNames.filter((name) => here.teams.some((team) => team.name === name));
  if (settled.team && op !== 'createTeam' && !isThere.includes(settled.team)) settled.team = isThere[0] ?? settled.team;
  if (operation.administrator !== undefined) aimAtAdministrator(settled, world, snapshot);
  const shadowed = op === 'createRole' ? systemRoles[operation.role!] : undefined;
  if (shadowed) settled.rank = Math.min(operation.rank!, shadowed.rank);
  const custom = here.roles.filter(({ isSystem, isDeleted }) => !isSystem && !isDeleted);
  const isCustom = custom.some((role) => role.key === operation.role);
  if ((op === 'updateRole' || op === 'deleteRole') && !isCustom && custom[0]) settled.role = custom[0].key;
  return settled;
}

function aimAtAdministrator(operation: Operation, world: World, { organizations, users }: Snapshot): void {
  const { members, roles } = organizations[operation.in];
  const all = names.filter((name) => {
    const member = members.find(({ userId }) => userId === world.people[name].userId);
    const role = roles.find(({ id }) => id === member?.roleId);
    return (
      role?.key === 'administrator' && member?.status === 'ACTIVE' && users.get(member.userId)?.status === 'ACTIVE'
    );
  });
  const who = all[operation.administrator! % Math.max(1, all.length)];
  if (who) Object.assign(operation, { who, by: operation.op === 'setUserStatus' ? 'gil' : who });
}

function pickMembership(operation: Operation, world: World, { members, memberships, teams }: OrganizationState): void {
  const turn = names.indexOf(operation.who!) + teamNames.indexOf(operation.team!);
  const membership = memberships[turn % Math.max(1, memberships.length)];
  const userId = members.find(({ id }) => id === membership?.memberId)?.userId;
  const who = names.find((name) => world.people[name].userId === userId);
  const team = teamNames.find((name) => teams.some((each) => each.id === membership?.teamId && each.name === name));
  if (who && team) Object.assign(operation, { who, team });
}

function invitationOf({ nth }: Operation, { invitations }: World) {
  return invitations.at(-1 - (nth! % Math.max(1, invitations.length)));
}

/** Sends a settled operation to the gateway. */
export async function carryOut(
  engine: Engine,
  world: World,
  snapshot: Snapshot,
  operation: Operation,
): Promise<Outcome> {
  const caller = world.people[operation.by];
  const outcome = await engine.perform(caller, operation.op, inputOf(world, snapshot, operation));
  if (outcome.secret && outcome.code === null) {
    world.invitations.push({ to: operation.who!, secret: outcome.secret });
  }
  return outcome;
}

function inputOf(world: World, snapshot: Snapshot, operation: Operation): object {
  const { op, across, away, role, rank, permissions, instead, status } = operation;
  const other = operation.in === 'A' ? 'B' : 'A';
  const organizationId = world.organizations[operation.in];
  const named = snapshot.organizations[across ? other : operation.in];
  const person = operation.who && world.people[operation.who];
  const memberId = () => named.members.find(({ userId }) => userId === person!.userId)?.id ?? newId();
  const teamId = () => teamIdOf(named, operation.team!);
  const teamIds = operation.team ? [teamId()] : undefined;
  const roleId = () => named.roles.find((each) => each.key === role && !each.isDeleted)?.id ?? newId();
  switch (op) {
    case 'addMember':
      return { organizationId, userId: person!.userId, role, teamIds };
    case 'updateMemberRole':
      return { organizationId, memberId: memberId(), role };
    case 'updateMember': {
      // The team is one of where the member ends up, unless somebody reaches across.
      const end = snapshot.organizations[(away ?? false) === (across ?? false) ? operation.in : other];
      return {
        organizationId,
        memberId: memberId(),
        ...(role !== undefined && { role }),
        ...(away && { targetOrganizationId: world.organizations[other] }),
        ...(operation.team !== undefined && { teamId: operation.team && teamIdOf(end, operation.team) }),
      };
    }
    case 'suspendMember':
    case 'reinstateMember':
    case 'removeMember':
      return { organizationId, memberId: memberId() };
    case 'createTeam':
      return { organizationId, name: operation.team };
    case 'updateTeam':
      return { organizationId, teamId: teamId(), name: instead, slug: instead };
    case 'deleteTeam':
      return { organizationId, teamId: teamId() };
    case 'addTeamMember':
    case 'updateTeamMember':
      return { organizationId, teamId: teamId(), memberId: memberId(), role: operation.part };
    case 'removeTeamMember':
      return { organizationId, teamId: teamId(), memberId: memberId() };
    case 'createRole':
      return { organizationId, key: role, name: role, rank, permissions };
    case 'updateRole':
      return { organizationId, roleId: roleId(), ...(rank && { rank }), ...(permissions && { permissions }) };
    case 'deleteRole':
      return { organizationId, roleId: roleId(), reassignTo: instead };
    case 'inviteMember':
      return { organizationId, email: person!.email, role, teamIds };
    case 'acceptInvitation':
      return { token: invitationOf(operation, world)?.secret ?? 'x'.repeat(43) };
    case 'revokeInvitation': {
      const { invitations } = named;
      return { organizationId, invitationId: invitations.at(-1 - operation.nth!)?.id ?? newId() };
    }
    case 'setUserStatus':
      return { userId: person!.userId, status };
  }
}

function teamIdOf({ teams }: OrganizationState, name: string): string {
  return teams.find((team) => team.name === name)?.id ?? newId();
}
