import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import type { Answer } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World } from '../../support/world.js';
import { aKey } from '../api-key/keys.js';
import { pathsIn } from '../lists.js';
import { setMemberStatus } from '../states.js';
import { daysAgo, entry, recorded, withoutErrors } from './engaging.js';

const gateway = useGateway();

/** An organization of six, of whom some did as much as others, and one nothing. */
async function aTeamAtWork() {
  const world = await aWorld(gateway());
  const key = await aKey(gateway(), world, world.admin);
  const people = await Promise.all(Array.from({ length: 5 }, () => world.join('member')));
  const startedAt = daysAgo(2);
  const seconds = [50, 300, 300, 2_000, 2_000];
  const entries = people.map(({ memberId }, index) => entry({ memberId, startedAt, activeSeconds: seconds[index]! }));
  await recorded(world, key, ...entries, entry({ memberId: people[0]!.memberId, startedAt: daysAgo(4) }));
  return { world, people };
}

interface Read {
  first?: number;
  last?: number;
  after?: string | null;
  before?: string | null;
  orderBy?: { field: string; direction?: string } | null;
  filter?: object;
}

interface List {
  edges: { cursor: string; node: { member?: { id: string }; user?: { id: string }; id?: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
  totalCount: number;
}

type Of = { organization: { engagement: { list: List } } };

const edges = (node: string) =>
  `{ edges { cursor node { ${node} } } pageInfo { hasNextPage hasPreviousPage } totalCount }`;

const lists = {
  memberActivity: {
    orders: ['ACTIVE_TIME', 'SESSIONS', 'ACTIVE_DAYS', 'LAST_ACTIVE_AT', 'NAME'],
    variables: '$orderBy: MemberActivityOrder',
    args: 'orderBy: $orderBy',
    node: 'member { id }',
  },
  memberDirectory: {
    orders: ['NAME', 'JOINED_AT'],
    variables: '$orderBy: MemberDirectoryOrder, $filter: MemberDirectoryFilter',
    args: 'orderBy: $orderBy, filter: $filter',
    node: 'user { id }',
  },
  sessions: {
    orders: ['STARTED_AT'],
    variables: '$orderBy: ActivitySessionOrder',
    args: 'orderBy: $orderBy',
    node: 'id',
  },
};

type ListName = keyof typeof lists;

const read = (world: World, name: ListName, request: Read): Promise<Answer<Of>> => {
  const { variables, args, node } = lists[name];
  return world.admin.send<Of, object>(
    `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String, ${variables}) {
      organization(id: $id) { engagement {
        list: ${name}(first: $first, last: $last, after: $after, before: $before, ${args}) ${edges(node)}
      } } }`,
    { id: world.organization.id, ...request },
  );
};

const listed = async (...request: Parameters<typeof read>) =>
  withoutErrors(await read(...request)).organization.engagement.list;

const idsOf = ({ edges }: List) => edges.map(({ node }) => node.member?.id ?? node.user?.id ?? node.id);

for (const name of Object.keys(lists) as ListName[]) {
  describe(`the ${name} of an engagement`, () => {
    it('are read page by page in every order, forwards and backwards, without a gap or a repeat', async () => {
      const { world } = await aTeamAtWork();
      for (const field of lists[name].orders) {
        for (const direction of ['ASC', 'DESC']) {
          const orderBy = { field, direction };
          const whole = await listed(world, name, { first: 100, orderBy });
          expect(new Set(idsOf(whole)).size).toBe(6);
          expect(whole.totalCount).toBe(6);
          const forwards: unknown[] = [];
          for (let after: string | null = null, more = true; more; ) {
            const page = await listed(world, name, { first: 2, after, orderBy });
            forwards.push(...idsOf(page));
            after = page.edges.at(-1)!.cursor;
            more = page.pageInfo.hasNextPage;
          }
          expect(forwards).toEqual(idsOf(whole));
          const backwards: unknown[] = [];
          for (let before: string | null = null, more = true; more; ) {
            const page = await listed(world, name, { last: 4, before, orderBy });
            backwards.unshift(...idsOf(page));
            before = page.edges[0]!.cursor;
            more = page.pageInfo.hasPreviousPage;
          }
          expect(backwards).toEqual(idsOf(whole));
        }
      }
    });

    it('refuse cursors that are none of theirs', async () => {
      const { world } = await aTeamAtWork();
      for (const field of lists[name].orders) {
        const orderBy = { field };
        const { cursor } = (await listed(world, name, { first: 1, orderBy })).edges[0]!;
        const [order] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string];
        const made = (value: unknown, of = order) =>
          Buffer.from(JSON.stringify([of, value, newId()])).toString('base64url');
        const values =
          field === 'NAME' ? [null, 1, 'a\0'] : [null, 1, '', 'a', '1.5', '01', '1e3', '9'.repeat(19), ' 1'];
        const refused = [...values.map((value) => made(value)), made('1', 'members NAME'), 'x', ''];
        for (const after of refused) {
          expect(pathsIn(await read(world, name, { first: 1, after, orderBy })), after).toEqual(['after']);
        }
      }
    });
  });
}

describe('the activity of members', () => {
  it('begins with the most active, and with who never was in the other direction', async () => {
    const { world, people } = await aTeamAtWork();
    const most = new Set(idsOf(await listed(world, 'memberActivity', { first: 2 })));
    expect(most).toEqual(new Set([people[3]!.memberId, people[4]!.memberId]));
    for (const field of lists.memberActivity.orders.slice(0, 4)) {
      expect(idsOf(await listed(world, 'memberActivity', { first: 1, orderBy: { field } }))).toEqual([
        world.admin.memberId,
      ]);
    }
    const orderBy = { field: 'ACTIVE_DAYS', direction: 'DESC' };
    expect(idsOf(await listed(world, 'memberActivity', { first: 1, orderBy }))).toEqual([people[0]!.memberId]);
  });
});

describe('the directory of members', () => {
  it('is filtered by text, account, status and team, all at once', async () => {
    const { world, people } = await aTeamAtWork();
    const [bo, di] = [people[0]!, people[1]!];
    const teamId = await world.team('Red', bo, di, world.admin);
    await setMemberStatus(gateway(), world, di, 'SUSPENDED');
    const found = async (filter: object) => idsOf(await listed(world, 'memberDirectory', { filter })).sort();
    const ids = (...some: (typeof bo)[]) => some.map(({ user }) => user.id).sort();
    expect(await found({ search: bo.user.email.toUpperCase() })).toEqual(ids(bo));
    expect(await found({ search: '%' })).toEqual([]);
    expect(await found({ accountStatus: 'SUSPENDED' })).toEqual(ids(di));
    expect(await found({ status: 'INACTIVE' })).toEqual(ids(world.admin));
    expect(await found({ teamId })).toEqual(ids(bo, di, world.admin));
    expect(await found({ teamId, status: 'ACTIVE', accountStatus: 'ACTIVE' })).toEqual(ids(bo));
    expect(await found({ teamId: newId() })).toEqual([]);
    expect(pathsIn(await read(world, 'memberDirectory', { filter: { teamId: 'red' } }))).toEqual(['filter.teamId']);
    expect(await listed(world, 'memberDirectory', { filter: { teamId }, first: 1 })).toMatchObject({ totalCount: 3 });
  });
});
