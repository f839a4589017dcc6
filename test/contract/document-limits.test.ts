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
    await ask(document);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    // A document that is another one each time is remembered by nobody.
    for (let round = 0; round < 3; round += 1) {
      expect((await ask(`${document} #${round}`)).status).toBeLessThan(500);
    }
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(100);
  });
});

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
