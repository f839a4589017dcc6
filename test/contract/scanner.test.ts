import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { useGateway } from '../support/gateway.js';
import { aPerson } from '../support/world.js';
import { asking, bodyOf, codeOf } from './answers.js';
import { bearer, post } from './requests.js';

// What a scanner tries first, on a gateway as it is exposed to the internet.

const gateway = useGateway({ production: true, introspection: false, explorer: false, seed: 'none' });

const { ask, get } = asking(gateway);

const preflight = { 'apollo-require-preflight': '1' };
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

describe('a scanner', () => {
  it.each([
    ['alias overloading', `{ ${times(101, (i) => `a${i}: __typename`)} }`, 'rootFields'],
    ['alias overloading, nested', `{ me { ${times(101, (i) => `a${i}: id`)} } }`, 'aliases'],
    ['directive overloading', `{ __typename ${'@include(if: true) '.repeat(51)} }`, 'directives'],
    ['directive overloading with unknown ones', `{ __typename ${'@aa '.repeat(51)} }`, 'directives'],
    ['circular fragments', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }', 'depth'],
    [
      'circular introspection',
      `{ __schema { ${'types { fields { type { fields { type { '.repeat(4)}name${' } } } } }'.repeat(4)} } }`,
      'depth',
    ],
    ['field duplication', `{ me { ${'id '.repeat(500)} } }`, 'repetitions'],
  ])('is refused %s', async (_, document, limit) => {
    const answer = await ask(document);
    expect(answer.status).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX', limit } }] });
  });

  it.each([
    ['all of it', getIntrospectionQuery()],
    ['__schema', '{ __schema { queryType { name } } }'],
    ['__type', '{ __type(name: "User") { fields { name } } }'],
    ['under an alias', '{ innocent: __schema { types { name } } }'],
    ['in a fragment', '{ ...A } fragment A on Query { __type(name: "Query") { name } }'],
    ['in an inline fragment', 'query { ... on Query { ... { __schema { types { name } } } } }'],
  ])('learns nothing of the schema by introspection: %s', async (_, query) => {
    for (const answer of [await ask(query), await get(`/graphql?${new URLSearchParams({ query })}`, preflight)]) {
      expect(bodyOf(answer).data).toBeUndefined();
      expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(answer.text).not.toMatch(/queryType|"fields"|"types"/);
    }
  });

  it('is told the name of a type that it holds, as clients need it', async () => {
    expect(bodyOf(await ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it.each([
    ['fields', '{ organizatio { id } }'],
    ['fields of an object', '{ me { idd } }'],
    ['arguments', '{ organization(idd: "x") { id } }'],
    ['types', '{ me { ... on Usr { id } } }'],
    ['types of variables', 'query ($a: Strin) { __typename }'],
    ['directives', '{ me @skipp(if: true) { id } }'],
    ['fragments', '{ me { ...Person } } fragment Persona on User { id }'],
    ['input fields', 'mutation { login(input: { emai: "a", password: "b" }) { user { id } } }'],
    ['required input fields', 'mutation { login(input: {}) { user { id } } }'],
  ])('is suggested no names: %s', async (_, query) => {
    const answer = await ask(query);
    expect(bodyOf(answer).errors?.length).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(/did you mean/i);
  });

  it('is suggested no names of input fields in variables', async () => {
    const document = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }';
    const answer = await ask(document, {}, { input: { emai: 'a@example.com', password: 'abcdefgh', email: 'x' } });
    expect(bodyOf(answer).errors?.[0]?.extensions.issues).toEqual([
      { path: 'input', message: 'Field "emai" is not defined by type "LoginInput".' },
    ]);
  });

  it('cannot have a browser send anything: GET without the preflight header, forms, plain text', async () => {
    const person = await aPerson(gateway());
    expect((await get('/graphql?query=%7B__typename%7D', bearer(person))).status).toBe(400);
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
      const answer = await post(gateway().url, 'query={__typename}', { 'content-type': type, ...bearer(person) });
      expect([400, 415]).toContain(answer.status);
      expect(bodyOf(answer).data).toBeUndefined();
    }
  });

  it('cannot run a mutation by GET', async () => {
    const query = encodeURIComponent('mutation { updateMe(input: { fullName: "By GET" }) { user { id } } }');
    const answer = await get(`/graphql?query=${query}`, { ...preflight, ...bearer(await aPerson(gateway())) });
    expect(answer.status).toBe(405);
    expect(bodyOf(answer).data).toBeUndefined();
  });

  it('cannot send a list of operations', async () => {
    const answer = await post(
      gateway().url,
      JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]),
    );
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('BAD_REQUEST');
  });

  it('finds no page for people, no tracing, and no stack', async () => {
    const page = await get('/graphql', { accept: 'text/html' });
    expect(page.text).not.toMatch(/<html|graphiql|sandbox/i);
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(
      bodyOf(await ask('{ __typename }', { 'apollo-tracing': '1', 'apollo-federation-include-trace': 'ftv1' })),
    ).toEqual({
      data: { __typename: 'Query' },
    });
    for (const text of ['{', '{ nothing }', '{ me { id } }', '{ organization(id: "\'; DROP TABLE users") { id } }']) {
      expect((await ask(text)).text).not.toMatch(/stack|node_modules|\.js:|SELECT|prisma|postgres/i);
    }
  });
});

describe('an odd body', () => {
  const typename = '"query":"{ __typename }"';

  it.each([
    ...['null', '7', '"x"', '[[[]]]', '{"query":null}', '{"query":["{ __typename }"]}', '{"query":{"a":1}}'],
    ...[`{${typename},"variables":"x"}`, `{${typename},"variables":[1]}`, `{${typename},"variables":7}`],
    ...[`{${typename},"extensions":"x"}`, `{${typename},"extensions":[1]}`, `{${typename},"operationName":{}}`],
    ...[`{${typename},"__proto__":{"a":1}}`, `{${typename},"variables":{"constructor":{"prototype":{"a":1}}}}`],
  ])('%s is refused', async (body) => {
    const answer = await post(gateway().url, body);
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('BAD_REQUEST');
  });

  it.each([
    ['brackets', `{${typename},"variables":{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`],
    ['brackets that do not end', `{${typename},"variables":{"a":${'['.repeat(1_000_000)}`],
    ['objects in objects', `{${typename},"extensions":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}`],
  ])('of %s is refused before it is parsed', async (_, body) => {
    const answer = await post(gateway().url, body);
    expect(answer.status).toBe(400);
    expect(bodyOf(answer).errors?.[0]?.extensions).toEqual({
      code: 'QUERY_TOO_COMPLEX',
      limit: 'nesting',
      maximum: 32,
    });
  });

  it('with a key twice has the last one, as everywhere', async () => {
    const answer = await post(gateway().url, `{"query":"{ nothing }",${typename}}`);
    expect(bodyOf(answer).data).toEqual({ __typename: 'Query' });
  });

  it.each([
    ['U+0000', '"a\\u0000b"'],
    ['half a character', '"a\\ud800b"'],
    ['a number without end', '1e400'],
    ['a mebibyte', `"${'a'.repeat(1_000_000)}"`],
    ['a list', '["a"]'],
    ['an object', '{"a":1}'],
  ])('with %s for an id is bad input', async (_, id) => {
    const headers = bearer(await aPerson(gateway()));
    const query = 'query ($id: ID!) { organization(id: $id) { id } }';
    const answer = await post(gateway().url, `{"query":"${query}","variables":{"id":${id}}}`, headers);
    expect(answer.status).toBe(200);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.text.length).toBeLessThan(1_000);
  });
});
