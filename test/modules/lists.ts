import { expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import type { Answer } from '../support/client.js';

export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  orderBy?: { field: string; direction?: 'ASC' | 'DESC' } | null;
}

export interface PageAnswer {
  totalCount: number;
  nodes: { id: string }[];
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** The variables, arguments and fields of a document that reads one page. */
export const page = {
  variables: (order: string) => `$first: Int, $after: String, $last: Int, $before: String, $orderBy: ${order}`,
  arguments: 'first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy',
  fields: `totalCount nodes { id } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`,
};

/** One list, filled for a test. */
export interface FilledList {
  ids: string[];
  read(request: PageArguments): Promise<Answer<unknown>>;
  /** Finds the page in an answer. */
  pageIn(data: unknown): PageAnswer;
}

/**
 * What is true of every list that can grow.
 *
 * @param fill makes a list of so many items, some of which are equal in each of the orders.
 */
export function itIsRead(orders: readonly string[], fill: (size: number) => Promise<FilledList>): void {
  const reading = (list: FilledList) => async (request: PageArguments) => {
    const { data, errors } = await list.read(request);
    expect(errors).toBeUndefined();
    return list.pageIn(data);
  };

  it('is read page by page in every order, forwards and backwards, without a gap or a repeat', async () => {
    const list = await fill(8);
    const read = reading(list);
    for (const field of orders) {
      const inOrder = async (direction: 'ASC' | 'DESC') => {
        const orderBy = { field, direction };
        const whole = idsOf(await read({ first: 100, orderBy }));
        expect([...whole].sort()).toEqual([...list.ids].sort());
        expect(await forwards(read, 3, orderBy)).toEqual([whole.slice(0, 3), whole.slice(3, 6), whole.slice(6)]);
        expect(await backwards(read, 3, orderBy)).toEqual([whole.slice(0, 2), whole.slice(2, 5), whole.slice(5)]);
        return whole;
      };
      expect(await inOrder('DESC')).toEqual((await inOrder('ASC')).reverse());
    }
  });

  it('comes in pages of 25 unless told otherwise, and counts all of it', async () => {
    const read = reading(await fill(27));
    const first = await read({});
    expect(first.nodes).toHaveLength(25);
    expect(first.totalCount).toBe(27);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await read({ after: first.pageInfo.endCursor });
    expect(second.nodes).toHaveLength(2);
    expect(second.totalCount).toBe(27);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('refuses pages of less than one or more than a hundred', async () => {
    const list = await fill(1);
    for (const size of [0, -1, 101, 2_147_483_647]) {
      expect(pathsIn(await list.read({ first: size }))).toEqual(['first']);
      expect(pathsIn(await list.read({ last: size }))).toEqual(['last']);
    }
    expect((await reading(list)({ first: 100 })).nodes).toHaveLength(1);
    expect((await reading(list)({ last: 100 })).nodes).toHaveLength(1);
  });

  it('is read from one end at a time', async () => {
    const list = await fill(1);
    const { startCursor: cursor } = (await reading(list)({})).pageInfo;
    expect(pathsIn(await list.read({ first: 1, last: 1 }))).toEqual(['last']);
    expect(pathsIn(await list.read({ after: cursor, before: cursor }))).toEqual(['after']);
    expect(pathsIn(await list.read({ last: 1, after: cursor }))).toEqual(['after']);
    expect(pathsIn(await list.read({ first: 1, before: cursor }))).toEqual(['before']);
  });

  it('refuses cursors of another order, and what is no cursor', async () => {
    const list = await fill(2);
    const read = reading(list);
    for (const field of orders) {
      const orderBy = { field };
      const made = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
      const refused = ['', 'x', 'W10', made(), made(field), made(field, 'Red'), made(field, 'Red', 'no id')];
      refused.push(made(field, null, newId()), made(field, 1, newId()), made(field, 'a\0', newId()));
      if (/_AT$/.test(field))
        refused.push(
          made(field, '+275760-09-12T00:00:00.000Z', newId()),
          made(field, '0000-01-01T00:00:00.000Z', newId()),
        );
      for (const other of orders.filter((order) => order !== field)) {
        refused.push((await read({ first: 1, orderBy: { field: other } })).pageInfo.endCursor!);
      }
      for (const cursor of refused) {
        expect(pathsIn(await list.read({ first: 1, after: cursor, orderBy }))).toEqual(['after']);
        expect(pathsIn(await list.read({ last: 1, before: cursor, orderBy }))).toEqual(['before']);
      }
    }
  });
}

/** The ids of a page, which nodes and edges give alike. */
export function idsOf({ nodes, edges, pageInfo }: PageAnswer): string[] {
  const ids = nodes.map(({ id }) => id);
  expect(edges.map(({ node }) => node.id)).toEqual(ids);
  expect(pageInfo.startCursor).toBe(edges.at(0)?.cursor ?? null);
  expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
  return ids;
}

type Read = (request: PageArguments) => Promise<PageAnswer>;

async function forwards(read: Read, first: number, orderBy: PageArguments['orderBy']): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | null = null;
  for (let more = true; more; ) {
    const answer: PageAnswer = await read({ first, after, orderBy });
    pages.push(idsOf(answer));
    expect(answer.pageInfo.hasPreviousPage).toBe(after !== null);
    after = answer.pageInfo.endCursor;
    more = answer.pageInfo.hasNextPage;
  }
  return pages;
}

async function backwards(read: Read, last: number, orderBy: PageArguments['orderBy']): Promise<string[][]> {
  const pages: string[][] = [];
  let before: string | null = null;
  for (let more = true; more; ) {
    const answer: PageAnswer = await read({ last, before, orderBy });
    pages.unshift(idsOf(answer));
    expect(answer.pageInfo.hasNextPage).toBe(before !== null);
    before = answer.pageInfo.startCursor;
    more = answer.pageInfo.hasPreviousPage;
  }
  return pages;
}

/** Where an answer says that the input is wrong. */
export function pathsIn({ errors }: Answer<unknown>): (string | undefined)[] {
  return (errors ?? []).flatMap(({ extensions }) => {
    return extensions.code === 'BAD_USER_INPUT' ? extensions.issues!.map(({ path }) => path) : [extensions.code];
  });
}
