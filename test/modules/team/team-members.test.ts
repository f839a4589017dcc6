import { describe, expect, it } from 'vitest';
import { membershipOf, newMember } from '../../../src/modules/member/member.service.js';
import { newUser } from '../../../src/modules/user/user.service.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type Colleague, type World, write } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { itIsRead, type PageAnswer, page } from '../lists.js';

const gateway = useGateway();

const Add = graphql(`
  mutation TeamMembersTest_Add($input: AddTeamMemberInput!) {
    addTeamMember(input: $input) {
      teamMembership { id role team { id memberCount } member { id user { id } } }
    }
  }
`);

const Remove = graphql(`
  mutation TeamMembersTest_Remove($input: RemoveTeamMemberInput!) {
    removeTeamMember(input: $input) { teamMembership { id } }
  }
`);

const Members = graphql(`
  query TeamMembersTest_Members($id: ID!, $teamId: ID!, $orderBy: TeamMemberOrder) {
    organization(id: $id) {
      team(id: $teamId) { members(orderBy: $orderBy) { totalCount edges { role node { id user { fullName } } } } }
    }
  }
`);

interface Pair {
  teamId: string;
  memberId: string;
}

const add = ({ organization, admin }: World, pair: Pair, role?: 'MEMBER' | 'MANAGER') =>
  admin.send(Add, { input: { organizationId: organization.id, ...pair, ...(role && { role }) } });

const remove = ({ organization, admin }: World, pair: Pair) =>
  admin.send(Remove, { input: { organizationId: organization.id, ...pair } });

async function membersOf({ organization, admin }: World, teamId: string) {
  const { data } = await admin.send(Members, { id: organization.id, teamId });
  return data.organization.team.members.edges.map(({ node, role }) => ({ memberId: node.id, role }));
}

/** An organization with a team, in which these members are. */
async function aTeam(...roles: string[]) {
  const world = await aWorld(gateway());
  const people: Colleague[] = [];
  for (const role of roles) people.push(await world.join(role));
  return { world, teamId: await world.team('Red', ...people), people };
}

describe('putting a member into a team', () => {
  itIsRefusedToOthers(gateway, 'teams.assign', async ({ team, join }) => {
    const [teamId, { memberId }] = [await team('Red'), await join('viewer')];
    return (caller, organizationId) => caller.send(Add, { input: { organizationId, teamId, memberId } });
  });

  it('makes it a member of the team, or a manager', async () => {
    const { world, teamId } = await aTeam();
    const [{ memberId, user }, manager] = [await world.join('member'), await world.join('team_manager')];
    const { data, errors } = await add(world, { teamId, memberId });
    expect(errors).toBeUndefined();
    expect(data.addTeamMember.teamMembership).toMatchObject({
      role: 'MEMBER',
      team: { id: teamId, memberCount: 1 },
      member: { id: memberId, user: { id: user.id } },
    });
    await add(world, { teamId, memberId: manager.memberId }, 'MANAGER');
    expect(await membersOf(world, teamId)).toEqual([
      { memberId, role: 'MEMBER' },
      { memberId: manager.memberId, role: 'MANAGER' },
    ]);
  });

  it('shows with the member', async () => {
    const { world, teamId } = await aTeam();
    const { memberId } = await world.join('member');
    const blue = await world.team('Blue');
    await add(world, { teamId, memberId });
    await add(world, { teamId: blue, memberId }, 'MANAGER');
    const { data } = await world.admin.send(
      `query ($id: ID!, $member: ID!) {
        organization(id: $id) { member(id: $member) { teams { id name } teamMemberships { role team { id } member { id } } } }
      }`,
      { id: world.organization.id, member: memberId },
    );
    expect(data).toEqual({
      organization: {
        member: {
          teams: [
            { id: teamId, name: 'Red' },
            { id: blue, name: 'Blue' },
          ],
          teamMemberships: [
            { role: 'MEMBER', team: { id: teamId }, member: { id: memberId } },
            { role: 'MANAGER', team: { id: blue }, member: { id: memberId } },
          ],
        },
      },
    });
  });

  it('is recorded once', async () => {
    const { world, teamId } = await aTeam();
    const { memberId } = await world.join('team_manager');
    await add(world, { teamId, memberId }, 'MANAGER');
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'TEAM_MEMBER_ADDED',
        targetType: 'TEAM',
        targetId: teamId,
        changes: { memberId: { before: null, after: memberId }, role: { before: null, after: 'MANAGER' } },
      },
    ]);
  });

  it('is refused the second time, whatever the role', async () => {
    const { world, teamId, people } = await aTeam('member');
    const { memberId } = people[0]!;
    const before = await tracesIn(gateway(), world.organization.id);
    for (const role of ['MEMBER', 'MANAGER'] as const) {
      const answer = await add(world, { teamId, memberId }, role);
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('ALREADY_TEAM_MEMBER');
    }
    expect(await membersOf(world, teamId)).toEqual([{ memberId, role: 'MEMBER' }]);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('is refused with a team or a member of another organization, as if there were none', async () => {
    const { world, teamId } = await aTeam();
    const { memberId } = await world.join('member');
    const other = await aWorld(gateway());
    const theirTeam = await other.team('Theirs', other.admin);
    await answersAlike((id) => add(world, { teamId: id, memberId }), theirTeam);
    await answersAlike((id) => add(world, { teamId, memberId: id }), other.admin.memberId);
    await answersAlike((id) => add(world, { teamId, memberId: id }), world.admin.user.id);
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
    expect(await eventsOf(gateway(), other.organization.id)).toEqual([]);
    expect(await membersOf(other, theirTeam)).toEqual([{ memberId: other.admin.memberId, role: 'MEMBER' }]);
  });

  it('is open to a super admin', async () => {
    const { world, teamId } = await aTeam();
    const { memberId } = await world.join('member');
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const input = { organizationId: world.organization.id, teamId, memberId };
    expect(codeOf(await superAdmin.send(Add, { input }))).toBeUndefined();
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([{ actorType: 'SUPER_ADMIN' }]);
  });
});

describe('taking a member out of a team', () => {
  itIsRefusedToOthers(gateway, 'teams.assign', async ({ team, join }) => {
    const member = await join('viewer');
    const [teamId, { memberId }] = [await team('Red', member), member];
    return (caller, organizationId) => caller.send(Remove, { input: { organizationId, teamId, memberId } });
  });

  it('leaves the member in the organization and in other teams', async () => {
    const { world, teamId, people } = await aTeam('member', 'viewer');
    const [{ memberId }, other] = people as [Colleague, Colleague];
    const blue = await world.team('Blue', people[0]!);
    const { data, errors } = await remove(world, { teamId, memberId });
    expect(errors).toBeUndefined();
    expect(data.removeTeamMember.teamMembership.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await membersOf(world, teamId)).toEqual([{ memberId: other.memberId, role: 'MEMBER' }]);
    expect(await membersOf(world, blue)).toEqual([{ memberId, role: 'MEMBER' }]);
    expect((await add(world, { teamId, memberId })).errors).toBeUndefined();
  });

  it('is recorded once, and cannot be repeated', async () => {
    const { world, teamId, people } = await aTeam('member');
    const { memberId } = people[0]!;
    await remove(world, { teamId, memberId });
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'TEAM_MEMBER_REMOVED',
        targetType: 'TEAM',
        targetId: teamId,
        changes: { memberId: { before: memberId, after: null }, role: { before: 'MEMBER', after: null } },
      },
    ]);
    expect(codeOf(await remove(world, { teamId, memberId }))).toBe('NOT_FOUND');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is refused with a team or a member of another organization, as if there were none', async () => {
    const { world, teamId, people } = await aTeam('member');
    const { memberId } = people[0]!;
    const other = await aWorld(gateway());
    const theirTeam = await other.team('Theirs', other.admin);
    await answersAlike((id) => remove(world, { teamId: id, memberId }), theirTeam);
    await answersAlike((id) => remove(world, { teamId: id, memberId: other.admin.memberId }), theirTeam);
    await answersAlike((id) => remove(world, { teamId, memberId: id }), other.admin.memberId);
    expect(await membersOf(other, theirTeam)).toHaveLength(1);
    expect(await membersOf(world, teamId)).toHaveLength(1);
  });
});

describe('the list of a team’s members', () => {
  itIsRead(['JOINED_AT', 'NAME'], async (size) => {
    const { world, teamId } = await aTeam();
    const { organization, roles, admin } = world;
    const joined = Array.from({ length: size }, (_, index) => {
      const email = `${teamId}.${index}@example.com`;
      const user = newUser({ email, fullName: `${index % 2 ? 'a' : 'A'}da ${index % 3}`, passwordHash: null });
      return { user, member: newMember(organization.id, user.id, roles.member!, admin.user.id) };
    });
    await write(gateway(), (set) => {
      for (const { user } of joined) set.insert('users', user);
      set.insert('members', ...joined.map(({ member }) => member));
      set.insert('team_memberships', ...joined.map(({ member }) => membershipOf(member, teamId)));
    });
    const document = `query ($id: ID!, $teamId: ID!, ${page.variables('TeamMemberOrder')}) {
      organization(id: $id) { team(id: $teamId) { members(${page.arguments}) { ${page.fields} } } }
    }`;
    return {
      ids: joined.map(({ member }) => member.id),
      read: (request) => admin.send(document, { id: organization.id, teamId, ...request }),
      pageIn: (data) => (data as { organization: { team: { members: PageAnswer } } }).organization.team.members,
    };
  });

  it('is ordered by joining the team unless told otherwise', async () => {
    const { world, teamId } = await aTeam();
    const [first, second] = [await world.join('member'), await world.join('member')];
    for (const { memberId } of [second, first]) await add(world, { teamId, memberId });
    const ids = (await membersOf(world, teamId)).map(({ memberId }) => memberId);
    expect(ids).toEqual([second.memberId, first.memberId]);
  });

  it('of several teams at once gives each team its own', async () => {
    const { world, teamId, people } = await aTeam('member', 'viewer');
    const [one, other] = people as [Colleague, Colleague];
    await world.team('Blue', other);
    await world.team('Green');
    const { data } = await world.admin.send(
      'query ($id: ID!) { organization(id: $id) { teams { nodes { id name members(first: 1) { totalCount nodes { id } } } } } }',
      { id: world.organization.id },
    );
    expect(data).toMatchObject({
      organization: {
        teams: {
          nodes: [
            { name: 'Blue', members: { totalCount: 1, nodes: [{ id: other.memberId }] } },
            { name: 'Green', members: { totalCount: 0, nodes: [] } },
            { id: teamId, members: { totalCount: 2, nodes: [{ id: one.memberId }] } },
          ],
        },
      },
    });
  });

  it('is refused to a viewer, who learns what is missing', async () => {
    const { world, teamId, people } = await aTeam('viewer');
    const answer = await people[0]!.send(Members, { id: world.organization.id, teamId });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors![0]!.extensions.requiredPermission).toBe('users.read');
  });
});
