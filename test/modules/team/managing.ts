import type { Gateway } from '../../../src/gateway.js';
import { type Colleague, type World, write } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

export const UpdateTeam = `mutation ($input: UpdateTeamInput!) {
  updateTeam(input: $input) { team { id name slug description } }
}`;
export const AddTeamMember = `mutation ($input: AddTeamMemberInput!) {
  addTeamMember(input: $input) { teamMembership { role } }
}`;
export const UpdateTeamMember = `mutation ($input: UpdateTeamMemberInput!) {
  updateTeamMember(input: $input) { teamMembership { id role team { id } member { id } } }
}`;
const RemoveTeamMember = `mutation ($input: RemoveTeamMemberInput!) {
  removeTeamMember(input: $input) { teamMembership { role } }
}`;

/** What somebody does to one team. */
export function acting({ organization }: World, actor: Caller, teamId: string) {
  const input = { organizationId: organization.id, teamId };
  return {
    rename: (name = 'Crimson') => actor.send(UpdateTeam, { input: { ...input, name } }),
    add: ({ memberId }: Colleague, role?: 'MEMBER' | 'MANAGER') =>
      actor.send(AddTeamMember, { input: { ...input, memberId, ...(role && { role }) } }),
    make: ({ memberId }: Colleague, role: 'MEMBER' | 'MANAGER') =>
      actor.send(UpdateTeamMember, { input: { ...input, memberId, role } }),
    remove: ({ memberId }: Colleague) => actor.send(RemoveTeamMember, { input: { ...input, memberId } }),
  };
}

/** Who is in a team, and as what: the roles by the id of the member. */
export async function membersOf({ services }: Gateway, { organization }: World, teamId: string) {
  const memberships = await services.db.prisma.teamMembership.findMany({
    where: { organizationId: organization.id, teamId },
  });
  return Object.fromEntries(memberships.map(({ memberId, role }) => [memberId, role]));
}

/** Makes a team with a manager and plain members. */
export async function aTeamOf(
  gateway: Gateway,
  world: World,
  manager: Colleague,
  ...members: Colleague[]
): Promise<string> {
  const teamId = await world.team('Red', manager, ...members);
  const organizationId = world.organization.id;
  const { id } = await gateway.services.db.prisma.teamMembership.findFirstOrThrow({
    where: { organizationId, teamId, memberId: manager.memberId },
  });
  await write(gateway, (set) => set.update('team_memberships', { organizationId, id, role: 'MANAGER' }));
  return teamId;
}
