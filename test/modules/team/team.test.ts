import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aWorld, type World, write } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { itIsRead, type PageAnswer, page, pathsIn } from '../lists.js';
import { customRole } from '../states.js';

const gateway = useGateway();

const Create = graphql(`
  mutation TeamTest_Create($input: CreateTeamInput!) {
    createTeam(input: $input) {
      team { id name slug description memberCount members { nodes { id } } organization { id } }
    }
  }
`);

const List = graphql(`
  query TeamTest_List($id: ID!, $orderBy: TeamOrder) {
    organization(id: $id) { teams(orderBy: $orderBy) { nodes { name memberCount } } }
  }
`);

const one = 'query ($id: ID!, $team: ID!) { organization(id: $id) { team(id: $team) { id name } } }';

const create = ({ organization, admin }: World, input: { name: string; slug?: string | null; description?: string }) =>
  admin.send(Create, { input: { organizationId: organization.id, ...input } });

describe('making a team', () => {
  itIsRefusedToOthers(gateway, 'teams.create', async () => (caller, organizationId) => {
    return caller.send(Create, { input: { organizationId, name: 'Red' } });
  });

  it('makes an empty one', async () => {
    const world = await aWorld(gateway());
    const { data, errors } = await create(world, { name: ' Team Röt ', slug: 'Red-1', description: 'Reds' });
    expect(errors).toBeUndefined();
    expect(data.createTeam.team).toMatchObject({
      name: 'Team Röt',
      slug: 'red-1',
      description: 'Reds',
      memberCount: 0,
      members: { nodes: [] },
      organization: { id: world.organization.id },
    });
  });

  it('makes a slug from the name where none is given', async () => {
    const world = await aWorld(gateway());
    expect((await create(world, { name: 'Café Crème' })).data.createTeam.team.slug).toBe('cafe-creme');
    expect((await create(world, { name: 'Blue', slug: null })).data.createTeam.team.slug).toBe('blue');
    const { slug } = (await create(world, { name: '東京' })).data.createTeam.team;
    expect(slug).toMatch(/^[a-z0-9-]{2,63}$/);
    const second = await create(world, { name: '大阪' });
    expect(codeOf(second)).toBeUndefined();
    expect(second.data.createTeam.team.slug).not.toBe(slug);
  });

  it('is recorded once', async () => {
    const world = await aWorld(gateway());
    const { id } = (await create(world, { name: 'Red', description: 'Reds' })).data.createTeam.team;
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events).toMatchObject([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'TEAM_CREATED',
        targetType: 'TEAM',
        targetId: id,
        changes: { name: { before: null, after: 'Red' }, slug: { before: null, after: 'red' } },
      },
    ]);
  });

  it('is refused with a slug that another team of the organization has, in whatever case', async () => {
    const world = await aWorld(gateway());
    await create(world, { name: 'Red' });
    const before = await tracesIn(gateway(), world.organization.id);
    for (const input of [
      { name: 'Other', slug: 'red' },
      { name: 'Other', slug: 'RED' },
    ]) {
      const answer = await create(world, input);
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('SLUG_TAKEN');
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('may use a slug that a team of another organization has', async () => {
    await create(await aWorld(gateway()), { name: 'Red' });
    expect(codeOf(await create(await aWorld(gateway()), { name: 'Red' }))).toBeUndefined();
  });

  it('needs a name', async () => {
    const world = await aWorld(gateway());
    expect(pathsIn(await create(world, { name: '  ', slug: 'no slug' }))).toEqual(['input.name', 'input.slug']);
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
  });
});

describe('the list of teams', () => {
  itIsRead(['NAME', 'CREATED_AT'], async (size) => {
    const { organization, admin } = await aWorld(gateway());
    const createdAt = new Date();
    const rows = Array.from({ length: size }, (_, index) => {
      const id = newId();
      const name = `${index % 2 ? 'red' : 'Red'} ${index % 3}`;
      return { organizationId: organization.id, id, name, slug: `team-${id}`, createdAt };
    });
    await write(gateway(), (set) => set.insert('teams', ...rows));
    const document = `query ($id: ID!, ${page.variables('TeamOrder')}) {
      organization(id: $id) { teams(${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: rows.map(({ id }) => id),
      read: (request) => admin.send(document, { id: organization.id, ...request }),
      pageIn: (data) => (data as { organization: { teams: PageAnswer } }).organization.teams,
    };
  });

  it('is ordered by name without regard to case, unless told otherwise', async () => {
    const { organization, admin, team } = await aWorld(gateway());
    for (const name of ['beta', 'Alpha', 'Gamma', 'alpine']) await team(name);
    const names = async (orderBy: { field: 'NAME' | 'CREATED_AT'; direction?: 'ASC' | 'DESC' } | null) =>
      (await admin.send(List, { id: organization.id, orderBy })).data.organization.teams.nodes.map(({ name }) => name);
    expect(await names(null)).toEqual(['Alpha', 'alpine', 'beta', 'Gamma']);
    expect(await names({ field: 'NAME', direction: 'DESC' })).toEqual(['Gamma', 'beta', 'alpine', 'Alpha']);
    expect(await names({ field: 'CREATED_AT' })).toEqual(['beta', 'Alpha', 'Gamma', 'alpine']);
  });

  it('is open to every member, with the number of people in each', async () => {
    const { organization, admin, join, team } = await aWorld(gateway());
    const viewer = await join('viewer');
    await team('Red', admin, viewer);
    await team('Blue');
    const { data, errors } = await viewer.send(List, { id: organization.id });
    expect(errors).toBeUndefined();
    expect(data.organization.teams.nodes).toEqual([
      { name: 'Blue', memberCount: 0 },
      { name: 'Red', memberCount: 2 },
    ]);
  });

  it('stays inside the organization', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await other.team('Theirs', other.admin);
    const { id } = world.organization;
    expect((await world.admin.send(List, { id })).data.organization.teams.nodes).toEqual([]);
    await answersAlike((team) => world.admin.send(one, { id, team }), theirs);
    await answersAlike((organization) => world.admin.send(List, { id: organization }), other.organization.id);
  });

  it('is refused to whoever is not signed in', async () => {
    const { organization } = await aWorld(gateway());
    expect(codeOf(await nobody(gateway()).send(List, { id: organization.id }))).toBe('UNAUTHENTICATED');
  });

  it('is refused to a member without teams.read, along every path, who learns what is missing', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: ['organization.read', 'users.read'] });
    const guest = await world.join('guest');
    const team = await world.team('Red', guest);
    const { id } = world.organization;
    const members = (fields: string) =>
      `query ($id: ID!) { organization(id: $id) { members { nodes { ${fields} } } } }`;
    for (const answer of [
      await guest.send(List, { id }),
      await guest.send(one, { id, team }),
      await guest.send(members('teams { id }'), { id }),
      await guest.send(members('teamMemberships { id }'), { id }),
    ]) {
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('teams.read');
    }
  });
});
