import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newMember } from '../../../src/modules/member/member.service.js';
import { newUser } from '../../../src/modules/user/user.service.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import type { MemberFilter } from '../../support/generated/graphql.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { itIsRead, type PageAnswer, page, pathsIn } from '../lists.js';
import { setMemberStatus } from '../states.js';

const gateway = useGateway();

const List = graphql(`
  query MembersListTest_List($id: ID!, $filter: MemberFilter, $orderBy: MemberOrder) {
    organization(id: $id) {
      members(filter: $filter, orderBy: $orderBy) { totalCount nodes { id user { fullName } } }
    }
  }
`);

const one = 'query ($id: ID!, $member: ID!) { organization(id: $id) { member(id: $member) { id user { email } } } }';

interface Counted {
  organization: { memberCount: number; members: { totalCount: number; nodes: { id: string }[] } };
}

interface Named {
  fullName: string;
  email?: string;
  username?: string;
}

/** Makes members of these names in one go, and returns their ids. */
async function enrol({ organization, roles, admin }: World, role: string, ...people: Named[]): Promise<string[]> {
  const joined = people.map(({ fullName, email = `${randomUUID()}@example.org`, username }) => {
    const user = newUser({ email, fullName, username, passwordHash: null });
    return { user, member: newMember(organization.id, user.id, roles[role]!, admin.user.id) };
  });
  await write(gateway(), (set) => {
    for (const { user } of joined) set.insert('users', user);
    set.insert('members', ...joined.map(({ member }) => member));
  });
  return joined.map(({ member }) => member.id);
}

/** The names of the members that a filter leaves, but the founder's. */
async function names({ organization, admin }: World, filter: MemberFilter): Promise<string[]> {
  const orderBy = { field: 'NAME', direction: 'ASC' } as const;
  const { data, errors } = await admin.send(List, { id: organization.id, filter, orderBy });
  expect(errors).toBeUndefined();
  const { nodes, totalCount } = data.organization.members;
  expect(totalCount).toBe(nodes.length);
  return nodes.filter(({ id }) => id !== admin.memberId).map(({ user }) => user.fullName);
}

describe('the list of members', () => {
  itIsRead(['JOINED_AT', 'NAME'], async (size) => {
    const world = await aWorld(gateway());
    const people = Array.from({ length: size - 1 }, (_, index) => ({
      fullName: `${index % 2 ? 'a' : 'A'}da ${index % 3}`,
    }));
    const document = `query ($id: ID!, ${page.variables('MemberOrder')}) {
      organization(id: $id) { members(${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: [world.admin.memberId, ...(await enrol(world, 'member', ...people))],
      read: (request) => world.admin.send(document, { id: world.organization.id, ...request }),
      pageIn: (data) => (data as { organization: { members: PageAnswer } }).organization.members,
    };
  });

  it('follows the names that people give themselves', async () => {
    const world = await aWorld(gateway());
    const joined = await world.join('member');
    await enrol(world, 'member', { fullName: 'Bea' });
    await joined.send('mutation { updateMe(input: { fullName: "Zoe" }) { user { id } } }');
    expect(await names(world, {})).toEqual(['Bea', 'Zoe']);
    await joined.send('mutation { updateMe(input: { fullName: "ada" }) { user { id } } }');
    expect(await names(world, {})).toEqual(['ada', 'Bea']);
  });

  it('has as many members as the organization says, whoever comes and goes', async () => {
    const world = await aWorld(gateway());
    const counted = async () => {
      const document = 'query ($id: ID!) { organization(id: $id) { memberCount members { totalCount nodes { id } } } }';
      const { data } = await world.admin.send<Counted, object>(document, { id: world.organization.id });
      const { memberCount, members } = data.organization;
      expect([members.totalCount, members.nodes.length]).toEqual([memberCount, memberCount]);
      return memberCount;
    };
    expect(await counted()).toBe(1);
    const [left] = [await world.join('member'), await world.join('viewer')];
    await enrol(world, 'member', { fullName: 'Ann' }, { fullName: 'Bob' });
    expect(await counted()).toBe(5);
    const input = { organizationId: world.organization.id, memberId: left.memberId };
    await left.send('mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId } }', {
      input,
    });
    expect(await counted()).toBe(4);
  });

  it('keeps its place while others come and go', async () => {
    const world = await aWorld(gateway());
    const [ada, , eve] = await enrol(world, 'member', { fullName: 'Ada' }, { fullName: 'Carl' }, { fullName: 'Eve' });
    const document = `query ($id: ID!, $after: String) {
      organization(id: $id) {
        members(first: 1, after: $after, orderBy: { field: NAME }) { nodes { id } pageInfo { endCursor } }
      }
    }`;
    type Data = { organization: { members: PageAnswer } };
    const next = async (after?: string | null) =>
      (await world.admin.send<Data, object>(document, { id: world.organization.id, after })).data.organization.members;
    const first = await next();
    expect(first.nodes).toEqual([{ id: ada }]);
    const second = await next(first.pageInfo.endCursor);
    await enrol(world, 'member', { fullName: 'Abel' });
    await write(gateway(), (set) => {
      for (const { id } of second.nodes) set.delete('members', { organizationId: world.organization.id, id });
    });
    expect((await next(second.pageInfo.endCursor)).nodes).toEqual([{ id: eve }]);
  });

  it('refuses cursors of another list', async () => {
    const world = await aWorld(gateway());
    await world.team('Red');
    const { id } = world.organization;
    const teams = 'query ($id: ID!) { organization(id: $id) { list: teams { edges { cursor } } } }';
    const members = `query ($id: ID!, $after: String) {
      organization(id: $id) { list: members(after: $after, orderBy: { field: NAME }) { edges { cursor } } }
    }`;
    const { data } = await world.admin.send<{ organization: { list: PageAnswer } }, object>(teams, { id });
    const [edge] = data.organization.list.edges;
    expect(pathsIn(await world.admin.send(members, { id, after: edge!.cursor }))).toEqual(['after']);
  });

  it('is ordered by joining unless told otherwise', async () => {
    const world = await aWorld(gateway());
    const [first, second] = [await world.join('viewer'), await world.join('member')];
    const { data } = await world.admin.send(List, { id: world.organization.id });
    const ids = data.organization.members.nodes.map(({ id }) => id);
    expect(ids).toEqual([world.admin.memberId, first.memberId, second.memberId]);
  });

  it('is ordered by name without regard to case', async () => {
    const world = await aWorld(gateway());
    await enrol(
      world,
      'member',
      { fullName: 'bob' },
      { fullName: 'Alice' },
      { fullName: 'Carol' },
      { fullName: 'alan' },
    );
    expect(await names(world, { role: 'member' })).toEqual(['alan', 'Alice', 'bob', 'Carol']);
  });

  it('is refused to whoever is not signed in', async () => {
    const { organization } = await aWorld(gateway());
    expect(codeOf(await nobody(gateway()).send(List, { id: organization.id }))).toBe('UNAUTHENTICATED');
  });

  it('is refused to an outsider as if there were no such organization', async () => {
    const { organization } = await aWorld(gateway());
    const { admin: outsider } = await aWorld(gateway());
    await answersAlike((id) => outsider.send(List, { id }), organization.id);
  });

  it('is refused to a viewer, along every path, who learns what is missing', async () => {
    const { organization, join, team } = await aWorld(gateway());
    const viewer = await join('viewer');
    await team('Red', viewer);
    const { id } = organization;
    for (const answer of [
      await viewer.send(List, { id }),
      await viewer.send(one, { id, member: viewer.memberId }),
      await viewer.send('query ($id: ID!) { organization(id: $id) { teams { nodes { members { totalCount } } } } }', {
        id,
      }),
      await viewer.send('{ me { memberships { nodes { organization { members { nodes { id } } } } } } }'),
      await viewer.send('{ organizations { nodes { members { nodes { id } } } } }'),
    ]) {
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('users.read');
    }
  });

  it('is open to a super admin', async () => {
    const { organization } = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { data } = await superAdmin.send(List, { id: organization.id });
    expect(data.organization.members.totalCount).toBe(1);
  });
});

describe('searching members', () => {
  it('finds a part of the name, the username or the address, in any case', async () => {
    const world = await aWorld(gateway());
    const handle = randomUUID().slice(0, 8);
    await enrol(
      world,
      'member',
      { fullName: 'Grace Hopper', email: `amazing.${handle}@example.org` },
      { fullName: 'Alan Turing', username: `enigma-${handle}` },
      { fullName: 'Ada Lovelace' },
    );
    expect(await names(world, { search: 'hop' })).toEqual(['Grace Hopper']);
    expect(await names(world, { search: 'LAN tur' })).toEqual(['Alan Turing']);
    expect(await names(world, { search: `ENIGMA-${handle}` })).toEqual(['Alan Turing']);
    expect(await names(world, { search: `Amazing.${handle}@` })).toEqual(['Grace Hopper']);
    expect(await names(world, { search: handle })).toEqual(['Alan Turing', 'Grace Hopper']);
    expect(await names(world, { search: '  hopper ' })).toEqual(['Grace Hopper']);
    expect(await names(world, { search: 'nobody at all' })).toEqual([]);
  });

  it('takes signs that mean something to SQL for what they are', async () => {
    const world = await aWorld(gateway());
    const people = ['100% Ada', '100 Ada', 'a_b', 'axb', 'back\\slash', "O'Neill", '$1; --'];
    await enrol(world, 'member', ...people.map((fullName) => ({ fullName })));
    expect(await names(world, { search: '0%' })).toEqual(['100% Ada']);
    expect(await names(world, { search: '%' })).toEqual(['100% Ada']);
    expect(await names(world, { search: 'a_b' })).toEqual(['a_b']);
    expect(await names(world, { search: '\\' })).toEqual(['back\\slash']);
    expect(await names(world, { search: "o'" })).toEqual(["O'Neill"]);
    expect(await names(world, { search: '$1; --' })).toEqual(['$1; --']);
  });

  it('finds names in every script', async () => {
    const world = await aWorld(gateway());
    const people = ['Zoë Ångström', 'Владимир Смирнов', '山田 太郎', '🦉 Owl'];
    await enrol(world, 'member', ...people.map((fullName) => ({ fullName })));
    expect(await names(world, { search: 'zoë å' })).toEqual(['Zoë Ångström']);
    expect(await names(world, { search: 'ZOË ÅNG' })).toEqual(['Zoë Ångström']);
    expect(await names(world, { search: 'Zoë'.normalize('NFD') })).toEqual(['Zoë Ångström']);
    expect(await names(world, { search: 'смирнов' })).toEqual(['Владимир Смирнов']);
    expect(await names(world, { search: '太郎' })).toEqual(['山田 太郎']);
    expect(await names(world, { search: '🦉' })).toEqual(['🦉 Owl']);
  });

  it('for nothing finds everybody', async () => {
    const world = await aWorld(gateway());
    await enrol(world, 'member', { fullName: 'Ada' });
    for (const search of ['', '   ', null]) expect(await names(world, { search })).toEqual(['Ada']);
  });

  it('never finds members of other organizations', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await enrol(other, 'member', { fullName: 'Grace Hopper' });
    expect(await names(world, { search: 'Grace Hopper' })).toEqual([]);
  });
});

describe('filtering members', () => {
  it('by role, by team and by status, all of which have to hold', async () => {
    const world = await aWorld(gateway());
    const [dev, member, away] = [await world.join('developer'), await world.join('member'), await world.join('member')];
    await setMemberStatus(gateway(), world, away, 'SUSPENDED');
    const red = await world.team('Red', dev, away);
    const named = (...people: { user: { fullName: string } }[]) => people.map(({ user }) => user.fullName).sort();
    expect(await names(world, { role: 'developer' })).toEqual(named(dev));
    expect((await names(world, { role: 'member' })).sort()).toEqual(named(member, away));
    expect((await names(world, { teamId: red })).sort()).toEqual(named(dev, away));
    expect(await names(world, { status: 'SUSPENDED' })).toEqual(named(away));
    expect((await names(world, { status: 'ACTIVE' })).sort()).toEqual(named(dev, member));
    expect(await names(world, { teamId: red, role: 'member', status: 'SUSPENDED' })).toEqual(named(away));
    expect(await names(world, { teamId: red, role: 'member', status: 'ACTIVE' })).toEqual([]);
    expect(await names(world, { teamId: red, search: dev.user.fullName })).toEqual(named(dev));
    expect(await names(world, { role: null, teamId: null, status: null })).toHaveLength(3);
  });

  it('finds nobody in a team or role that the organization does not have', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await world.join('member');
    expect(await names(world, { teamId: await other.team('Theirs', other.admin) })).toEqual([]);
    expect(await names(world, { teamId: randomUUID() })).toEqual([]);
    expect(await names(world, { role: 'ghost' })).toEqual([]);
  });
});

describe('one member', () => {
  it('is found by its id', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    const { memberId, user } = await join('viewer');
    const { data } = await admin.send(one, { id: organization.id, member: memberId });
    expect(data).toEqual({ organization: { member: { id: memberId, user: { email: user.email } } } });
  });

  it('of another organization is not there', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const { id } = world.organization;
    await answersAlike((member) => world.admin.send(one, { id, member }), other.admin.memberId);
    await answersAlike((member) => world.admin.send(one, { id, member }), world.admin.user.id);
  });
});
