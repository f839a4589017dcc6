import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { assertWithinLimits, documentLimits } from '../../src/graphql/document-limits.js';
import type { DomainError } from '../../src/platform/errors.js';
import { useGateway } from '../support/gateway.js';
import { aWorld } from '../support/world.js';
import { asking } from './answers.js';
import { bearer, post } from './requests.js';

const gateway = useGateway();

const { ask } = asking(gateway);

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index));

/** The limit that a document is beyond, with the count if it was counted. */
function beyond(document: string): unknown {
  try {
    assertWithinLimits(document);
    return null;
  } catch (error) {
    const { code, facts } = error as DomainError;
    expect(code).toBe('QUERY_TOO_COMPLEX');
    return { [String(facts.limit)]: facts.actual };
  }
}

const nested = (depth: number) => `{ ${'a { '.repeat(depth - 1)}b${' }'.repeat(depth - 1)} }`;
const aliases = (count: number) => `{ me { ${times(count, (index) => `a${index}: id`).join(' ')} } }`;
const roots = (count: number) => `{ ${times(count, (index) => `a${index}: __typename`).join(' ')} }`;
const selections = (count: number) => `{ me { ${times(count - 1, (index) => `f${index}`).join(' ')} } }`;
const directives = (count: number) => `{ me { id ${'@include(if: true) '.repeat(count)} } }`;
const fragments = (count: number) => `{ me { id } } ${times(count, (i) => `fragment F${i} on User { id }`).join(' ')}`;

/** Each fragment spreads the next one twice: with forty of them, two to the power of forty fields. */
const doubling = (count: number, last = 'id') =>
  `{ me { ...F0 } } ${times(count, (i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`).join(' ')}
   fragment F${count} on User { ${last} }`;

describe('a document', () => {
  it.each([
    ['depth', nested(documentLimits.depth), nested(documentLimits.depth + 1), documentLimits.depth + 1],
    ['aliases', aliases(documentLimits.aliases), aliases(documentLimits.aliases + 1), documentLimits.aliases + 1],
    [
      'rootFields',
      roots(documentLimits.rootFields),
      roots(documentLimits.rootFields + 1),
      documentLimits.rootFields + 1,
    ],
    [
      'selections',
      selections(documentLimits.selections),
      selections(documentLimits.selections + 1),
      documentLimits.selections + 1,
    ],
    [
      'directives',
      directives(documentLimits.directives),
      directives(documentLimits.directives + 1),
      documentLimits.directives + 1,
    ],
    [
      'fragments',
      fragments(documentLimits.fragments),
      fragments(documentLimits.fragments + 1),
      documentLimits.fragments + 1,
    ],
    // Of 64 selections of one place, 2,016 pairs have to be compared.
    ['repetitions', `{ me { ${'id '.repeat(63)} } }`, `{ me { ${'id '.repeat(64)} } }`, 2_016],
    ['characters', `{ a } #${'a'.repeat(99_993)}`, `{ a } #${'a'.repeat(99_994)}`, 100_001],
    [
      'tokens',
      `{ a(x: [${'1 '.repeat(documentLimits.tokens - 9)}]) }`,
      `{ a(x: [${'1 '.repeat(documentLimits.tokens)}]) }`,
      undefined,
    ],
  ])('may reach the limit of %s, and not pass it', (limit, within, over, actual) => {
    expect(beyond(within)).toBeNull();
    expect(beyond(over)).toEqual({ [limit]: actual });
  });

  it('is measured with its fragments put in, wherever they stand', () => {
    const half = `fragment Half on User { ${times(60, (index) => `a${index}: id`).join(' ')} }`;
    expect(beyond(`{ one: me { ...Half } } ${half}`)).toBeNull();
    expect(beyond(`{ me { ...Half ... on User { ...Half } } } ${half}`)).toEqual({ aliases: 120 });
  });

  it('is measured operation by operation', () => {
    expect(beyond(times(3, (index) => `query Q${index} ${roots(documentLimits.rootFields)}`).join(' '))).toBeNull();
    expect(beyond(`query One { me { id } } query Two ${roots(documentLimits.rootFields + 1)}`)).toEqual({
      rootFields: documentLimits.rootFields + 1,
    });
  });

  it('is not unfolded to be measured', () => {
    expect(beyond(doubling(40))).toEqual({ selections: expect.any(Number) });
    expect(beyond(doubling(99))).toEqual({ selections: undefined });
  });

  it('has no end if a fragment contains itself', () => {
    expect(beyond('{ me { ...A } } fragment A on User { ...A }')).toEqual({ depth: undefined });
    expect(beyond(doubling(40, '...F0'))).toEqual({ depth: undefined });
  });

  it('may try one secret and send one mail', () => {
    const login = 'login(input: { email: "a@example.com", password: "12345678" }) { user { id } }';
    const reset = 'requestPasswordReset(input: { email: "a@example.com" }) { ok }';
    expect(beyond(`mutation { ${login} }`)).toBeNull();
    expect(beyond(`mutation { ${login} ${reset} }`)).toEqual({ sensitiveMutations: 2 });
    expect(beyond(`mutation { ...A ... { a: ${reset} } } fragment A on Mutation { b: ${reset} }`)).toEqual({
      sensitiveMutations: 2,
    });
    expect(beyond(`mutation { a: logout { ok } b: logout { ok } ${login} }`)).toBeNull();
  });

  it('that reads the whole schema is within the limits', () => {
    expect(beyond(getIntrospectionQuery())).toBeNull();
  });

  it('that cannot be parsed is for the parser to explain', async () => {
    expect(beyond('{')).toBeNull();
    expect((await ask('{')).text).toContain('GRAPHQL_PARSE_FAILED');
  });
});

describe('whoever sends too much', () => {
  it('reads which limit it is, and what it was, and nothing has run', async () => {
    const answer = await ask(roots(51));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      errors: [
        {
          message: 'The document is over the limit for root fields: it has 51. At most 50 is allowed.',
          extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'rootFields', maximum: 50, actual: 51 },
        },
      ],
    });
  });

  it.each([
    ['fragments that unfold to 2^40 fields', doubling(40)],
    ['3,000 duplicates', `{ ${'me { id } '.repeat(3_000)} }`],
    [
      '3,000 duplicates in fragments',
      `{ ...A } ${times(90, (i) => `fragment F${i} on Query { ${'me { id } '.repeat(9)} }`).join(' ')} fragment A on Query { ${times(90, (i) => `...F${i}`).join(' ')} }`,
    ],
    ['10,000 aliases', roots(10_000)],
    ['10,000 directives', directives(10_000)],
    ['10,000 levels', nested(10_000)],
    ['lists in lists in lists', `{ me(a: ${'['.repeat(400_000)}) { id } }`],
    ['names that are nearly right', `{ ${times(990, (index) => `organizatio${index}`).join(' ')} }`],
    ['a mebibyte of nothing', `{ me { id } } #${'a'.repeat(1_000_000)}`],
    ['a mebibyte of one text', `{ organizationBySlug(slug: "${'a'.repeat(1_000_000)}") { id } }`],
    ['a mebibyte of fragments', times(20_000, (i) => `fragment F${i} on User { id }`).join(' ')],
  ])('does not hold up everybody else: %s', async (_, document) => {
    // A document that is another one each time is remembered by nobody.
    let round = 0;
    expect(await holdOf(() => ask(`${document} #${round++}`))).toBeLessThan(100);
  });
});

const record =
  'mutation ($input: RecordActivityInput!) { recordActivity(input: $input) { accepted rejected { code } } }';
const listing = 'query ($first: Int) { me { organizations(first: $first) { nodes { id } } } }';
const update = 'mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }';
const list = <Item>(length: number, item: Item) => Array.from({ length }, () => item);
const fieldsNamed = (count: number) =>
  Object.fromEntries(times(count, (index) => `field${index}`).map((name) => [name, 1]));

describe('what comes with a document', () => {
  const send = async (query: string, variables: object) => {
    const { admin, organization } = await aWorld(gateway());
    const headers = { ...bearer(admin), 'x-organization-id': organization.id };
    return () => post(gateway().url, JSON.stringify({ query, variables }), headers);
  };

  it.each([
    ['values', 10_000, listing, { first: list(10_000, 1) }],
    ['values', 10_000, record, { input: { entries: list(60_000, {}) } }],
    ['nesting', 32, listing, { first: JSON.parse('['.repeat(31) + ']'.repeat(31)) }],
  ])('is counted before it is read, and may not be over the limit for %s', async (limit, maximum, query, variables) => {
    const answer = await (await send(query, variables))();
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      errors: [
        {
          message: `The request is over the limit for ${limit}. At most ${maximum} is allowed.`,
          extensions: { code: 'QUERY_TOO_COMPLEX', limit, maximum },
        },
      ],
    });
  });

  it('may be the largest batch of activity', async () => {
    const entry = (index: number) => {
      const startedAt = new Date().toISOString();
      return { userId: null, memberId: null, teamId: null, startedAt, activeSeconds: 60, idempotencyId: `e${index}` };
    };
    const answer = await (
      await send(record, { input: { entries: Array.from({ length: 1_000 }, (_, i) => entry(i)) } })
    )();
    expect(JSON.parse(answer.text)).toEqual({ data: { recordActivity: { accepted: 1_000, rejected: [] } } });
  });

  it('is told to be wrong in at most fifty places, and none of it comes back', async () => {
    const answer = await (await send(record, { input: { entries: list(1_000, { startedAt: 'a-canary' }) } }))();
    const { errors } = JSON.parse(answer.text) as { errors: { extensions: { code: string; issues: unknown[] } }[] };
    expect(errors).toHaveLength(1);
    expect(errors[0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors[0]!.extensions.issues).toHaveLength(50);
    expect(answer.text).not.toContain('canary');
    expect(answer.text.length).toBeLessThan(10_000);
  });

  it.each([
    ['9,000 items of a wrong type', listing, { first: list(9_000, 'x') }],
    ['9,000 fields that nobody knows', record, { input: fieldsNamed(9_000) }],
    [
      '60 fields that nobody knows beside a mebibyte',
      record,
      { input: { ...fieldsNamed(60), a: 'a'.repeat(900_000) } },
    ],
    ['1,000 entries of a wrong type', record, { input: { entries: list(1_000, { startedAt: 'x', surprise: 1 }) } }],
    ['60,000 entries', record, { input: { entries: list(60_000, {}) } }],
    ['marks that belong to one letter', update, { input: { fullName: `a${'\u0316\u0301'.repeat(150_000)}` } }],
  ])('does not hold up everybody else: %s', async (_, query, variables) => {
    expect(await holdOf(await send(query, variables))).toBeLessThan(100);
  });

  it('does not hold up everybody else: brackets', async () => {
    const brackets = '['.repeat(500_000) + ']'.repeat(500_000);
    const body = `{"query":"{ __typename }","variables":{"a":${brackets}}}`;
    expect(await holdOf(() => post(gateway().url, body))).toBeLessThan(100);
  });
});

/**
 * For how long a request holds the event loop, in milliseconds: the least of three, each by the clock or by the CPU time, for
 * other programs may have the machine meanwhile.
 */
async function holdOf(request: () => Promise<{ status: number }>): Promise<number> {
  await request();
  const holds: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const before = process.cpuUsage();
    expect((await request()).status).toBeLessThan(500);
    const { user, system } = process.cpuUsage(before);
    delay.disable();
    holds.push(Math.min(delay.max / 1e6, (user + system) / 1e3));
  }
  return Math.min(...holds);
}

describe('the cost of a query', () => {
  const list = `query ($id: ID!, $first: Int, $inner: Int = 100) {
    organization(id: $id) { members(first: $first) { nodes { id teams { id } user { memberships(first: $inner) { edges { node { id } } } } } } } }`;

  it('is what its pages may hold, with sizes from variables, and is told to whoever asks', async () => {
    const { admin, organization } = await aWorld(gateway());
    const send = (variables: object) => {
      const body = { query: list, variables: { id: organization.id, ...variables }, extensions: { cost: true } };
      return post(gateway().url, JSON.stringify(body), bearer(admin));
    };
    // organization, connection, 2 × (member, 10 teams, user, connection, 3 × (edge, node))
    expect(JSON.parse((await send({ first: 2, inner: 3 })).text).extensions).toEqual({
      cost: { requested: 40, maximum: 10_000 },
    });
    const refused = JSON.parse((await send({ first: 100 })).text);
    expect(refused.data).toBeUndefined();
    expect(refused.errors).toEqual([
      {
        message: 'The document is over the limit for cost: it has 21302. At most 10000 is allowed.',
        extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'cost', maximum: 10_000, actual: 21_302 },
      },
    ]);
  });
});
