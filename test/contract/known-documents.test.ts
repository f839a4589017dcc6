import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { type DocumentNode, parse } from 'graphql';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DocumentStore } from '../../src/graphql/document-store.js';
import { useGateway } from '../support/gateway.js';
import { countingStatements } from '../support/statements.js';
import { aPerson, aWorld, type Person, type World } from '../support/world.js';
import { logInMemory } from './leak-search.js';
import { bearer, post, type Raw } from './requests.js';

const { log, lines } = logInMemory();
const gateway = useGateway({}, log);
const limited = useGateway({ rateLimits: { caller: 60, network: 0 } }, log);
const inProduction = useGateway({ production: true, introspection: false }, log);

const asked = vi.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
beforeEach(() => void asked.mockClear());

let world: World;
let stranger: Person;

beforeAll(async () => {
  world = await aWorld(gateway());
  await world.team('Red', await world.join('member'));
  await world.join('viewer');
  stranger = await aPerson(gateway());
});

type Headers = Record<string, string>;

/** For such a request Apollo Server is always asked. */
const viaApollo = { 'content-type': 'application/json; charset=UTF-8' };

let documents = 0;

/** A document that nobody has sent before. */
function unknown(query: string): string {
  documents += 1;
  return `${query} # ${documents}`;
}

/** What is answered and noted, without what is different every time. */
async function told(answer: Raw) {
  const { 'x-request-id': requestId, date: _, ...headers } = Object.fromEntries(answer.headers);
  const own = () => lines.filter((line) => line.includes(requestId!)).map((line) => JSON.parse(line));
  await expect.poll(() => own().some(({ msg }) => msg === 'request')).toBe(true);
  const logged = own().map(({ time, milliseconds, err, ip: _, ...line }) => ({
    ...line,
    isTimed: time > 0 && (milliseconds === undefined || milliseconds > 0),
    fault: err?.message,
  }));
  return JSON.parse(JSON.stringify({ ...answer, headers, logged }).replaceAll(requestId!, 'this request'));
}

/** What is told the first time, by Apollo Server, the second time, without it, and the third time, by it again. */
async function threeTimes(
  body: { query: string; [field: string]: unknown },
  headers: Headers = {},
  to = gateway,
  written = unknown,
) {
  const query = written(body.query);
  const text = JSON.stringify({ ...body, query });
  const answers = [];
  const askedApollo = [];
  for (const more of [{}, {}, viaApollo]) {
    const before = asked.mock.calls.length;
    const { result, statements } = await countingStatements(() => post(to().url, text, { ...headers, ...more }));
    answers.push({ ...(await told(result)), statements: statements.length });
    askedApollo.push(asked.mock.calls.length > before);
  }
  const [first, second, third] = answers;
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  return { answer: first, askedApollo };
}

const page = `query Page($id: ID!, $first: Int = 2, $no: Boolean = false) {
  page: organization(id: $id) { ...Names members(first: $first) { nodes { user { email } role { key } } pageInfo { hasNextPage } } }
}
fragment Names on Organization { id name teams { nodes { name members @include(if: $no) { totalCount } } } }`;

const admin = () => bearer(world.admin);
const id = () => ({ id: world.organization.id });

const answered: [string, () => { query: string; [field: string]: unknown }, (() => Headers)?][] = [
  ['a page', () => ({ query: page, variables: id() }), admin],
  ['other variables', () => ({ query: page, variables: { ...id(), first: 1, no: true } }), admin],
  ['one operation of several', () => ({ query: 'query A { me { id } } query B { __typename }', operationName: 'B' })],
  ['nothing that needs a caller', () => ({ query: '{ __typename }', variables: null, operationName: null })],
  ['somebody who is nobody', () => ({ query: '{ me { id } }' })],
  ['a stranger', () => ({ query: page, variables: id() }), () => bearer(stranger)],
  [
    'one field that is refused, and one that is not',
    () => ({ query: '{ me { id } allOrganizations { nodes { id } } }' }),
    admin,
  ],
  ['arguments that are refused', () => ({ query: page, variables: { ...id(), first: 1_000 } }), admin],
  ['an organization that is not there', () => ({ query: page, variables: { id: randomUUID() } }), admin],
  ['what is no id', () => ({ query: page, variables: { id: 'x' } }), admin],
  ['extensions that are none', () => ({ query: page, variables: id(), extensions: null }), admin],
  [
    'a change',
    () => ({ query: 'mutation { updateMe(input: { fullName: "Zoë 🦊" }) { user { fullName } } }' }),
    () => bearer(stranger),
  ],
  [
    'a change that is refused',
    () => ({ query: 'mutation { updateMe(input: { fullName: "" }) { user { id } } }' }),
    admin,
  ],
  ['a change by nobody', () => ({ query: 'mutation { updateMe(input: { fullName: "Ann" }) { user { id } } }' })],
];

const leftToApollo: [string, () => { query: string; [field: string]: unknown }, (() => Headers)?][] = [
  ['a token that is none', () => ({ query: page, variables: id() }), () => ({ authorization: 'Bearer x' })],
  ['a question about the schema', () => ({ query: '{ __schema { queryType { name } } }' })],
  [
    'a subscription',
    () => ({
      query: 'subscription ($id: ID!) { organizationEvents(organizationId: $id) { cursor } }',
      variables: id(),
    }),
  ],
  ['variables that do not fit', () => ({ query: page, variables: { id: 7.5, first: 'x' } }), admin],
  ['variables that are none', () => ({ query: '{ __typename }', variables: 'x' })],
  ['variables in a list', () => ({ query: '{ __typename }', variables: [1] })],
  ['a name that is none', () => ({ query: '{ __typename }', operationName: 1 })],
  ['a name that no operation has', () => ({ query: 'query A { __typename }', operationName: 'B' })],
  ['no name where there are two', () => ({ query: 'query A { __typename } query B { __typename }' })],
  ['a question for the cost', () => ({ query: page, variables: id(), extensions: { cost: true } }), admin],
  [
    'what costs too much',
    () => ({ query: `{ organizations(first: 100) { nodes { members(first: 100) { nodes { teams { id } } } } } }` }),
    admin,
  ],
  ['what cannot be parsed', () => ({ query: '{' })],
  ['what is not valid', () => ({ query: '{ nothing }' })],
];

describe('a document that was found valid before is answered as the first time,', () => {
  it.each(answered)('without asking Apollo Server: %s', async (_, body, headers = () => ({})) => {
    const { askedApollo } = await threeTimes(body(), headers());
    expect(askedApollo).toEqual([true, false, true]);
  });

  it.each(leftToApollo)('by Apollo Server: %s', async (_, body, headers = () => ({})) => {
    const { query, ...more } = body();
    // What is wrong with the rest of a request may keep Apollo Server from looking at its document at all.
    const known = unknown(query);
    await post(gateway().url, JSON.stringify({ query: known }));
    const { askedApollo } = await threeTimes({ query: known, ...more }, headers(), gateway, (query) => query);
    expect(askedApollo).toEqual([true, true, true]);
  });

  it.each([
    ['*/*', false],
    ['application/json', false],
    ['application/json, text/plain, */*', false],
    ['application/graphql-response+json,application/json;q=0.9', false],
    ['application/graphql-response+json', true],
    ['text/html', true],
    ['application/json;q=0.5, application/graphql-response+json', true],
  ])('in the media type that is accepted: %s', async (accept, isNegotiated) => {
    for (const body of [
      { query: page, variables: id() },
      { query: page, variables: { id: randomUUID() } },
    ]) {
      const { askedApollo } = await threeTimes(body, { ...admin(), accept });
      expect(askedApollo).toEqual([true, isNegotiated, true]);
    }
  });

  it('also where a token was refused meanwhile', async () => {
    const person = await aPerson(gateway());
    const text = JSON.stringify({ query: unknown('{ me { id } }') });
    const send = (more = {}) => post(gateway().url, text, { ...bearer(person), ...more });
    await send();
    await gateway().services.db.prisma.session.updateMany({
      where: { userId: person.user.id },
      data: { revokedAt: new Date() },
    });
    asked.mockClear();
    const [direct, apollo] = [await told(await send()), await told(await send(viaApollo))];
    expect(asked).toHaveBeenCalledTimes(1);
    expect(direct).toEqual(apollo);
    expect(direct.status).toBe(401);
  });

  it('and a fault is logged, and told with the id of the request', async () => {
    const text = JSON.stringify({ query: unknown('{ me { id } }') });
    const send = (more = {}) => post(gateway().url, text, { ...admin(), ...more });
    await send();
    const { db } = gateway().services;
    const failing = vi.spyOn(db.batcher, 'load').mockRejectedValue(new Error('a fault'));
    asked.mockClear();
    try {
      const [direct, apollo] = [await told(await send()), await told(await send(viaApollo))];
      expect(asked).toHaveBeenCalledTimes(1);
      expect(direct).toEqual(apollo);
      expect(direct.text).toContain('INTERNAL_SERVER_ERROR');
      expect(direct.logged).toMatchObject([{ msg: 'request failed', fault: 'a fault' }, { msg: 'request' }]);
    } finally {
      failing.mockRestore();
    }
  });

  it('a change with an Idempotency-Key is done once', async () => {
    const query = unknown('mutation ($name: String!) { updateMe(input: { fullName: $name }) { user { fullName } } }');
    const send = (name: string, key: Headers) =>
      post(gateway().url, JSON.stringify({ query, variables: { name } }), { ...bearer(stranger), ...key });
    await send('One', {});
    const key = { 'idempotency-key': randomUUID() };
    await send('Two', key);
    await send('Three', {});
    const again = await send('Two', key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const me = await post(gateway().url, JSON.stringify({ query: '{ me { fullName } }' }), bearer(stranger));
    expect(me.text).toContain('Three');
  });

  it('costs as much, and is refused when there is nothing left', async () => {
    const person = await aPerson(limited());
    const text = JSON.stringify({ query: unknown('{ organizations(first: 10) { nodes { id } } }') });
    const send = (more = {}) => post(limited().url, text, { ...bearer(person), ...more });
    const left = async (more = {}) => Number((await send(more)).headers.get('ratelimit-remaining'));
    const [first, direct, apollo] = [await left(), await left(), await left(viaApollo)];
    expect(first - direct).toBe(direct - apollo);
    expect(first - direct).toBeGreaterThan(10);
    while ((await send()).status === 200);
    const [refused, refusedByApollo] = [await send(), await send(viaApollo)];
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('RATE_LIMITED');
    expect(refused.text).toBe(refusedByApollo.text);
  });

  it('no page of another origin can have a browser send it', async () => {
    const query = unknown('{ __typename }');
    for (const contentType of [
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ]) {
      const { status } = await post(gateway().url, JSON.stringify({ query }), { 'content-type': contentType });
      expect(status === 200, contentType).toBe(contentType === 'application/json');
    }
  });

  it('says nothing of the schema where nothing is to be said of it', async () => {
    const { answer } = await threeTimes({ query: '{ __schema { queryType { name } } }' }, {}, inProduction);
    expect(answer.text).toContain('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('the store of documents', () => {
  const text = (number: number, length = 10_000) => `{ a${number} }`.padEnd(length);
  const filled = async (store: DocumentStore, from: number, to: number, meanwhile = () => {}) => {
    for (let number = from; number < to; number += 1) {
      await store.set(`key ${number}`, parse(text(number)) as DocumentNode);
      meanwhile();
    }
  };

  it('finds by key and by text', async () => {
    const store = new DocumentStore();
    await filled(store, 0, 10);
    expect(store.withText(text(3))).toBe(await store.get('key 3'));
    expect(store.withText(text(3))).toMatchObject({ kind: 'Document' });
    expect(store.withText(text(11))).toBeUndefined();
    expect(await store.get('key 11')).toBeUndefined();
  });

  it('forgets what nobody asks for, and keeps what somebody does', async () => {
    const store = new DocumentStore();
    await filled(store, 0, 2);
    await filled(store, 2, 300, () => store.withText(text(0)));
    expect(store.withText(text(0))).toBeDefined();
    expect(store.withText(text(1))).toBeUndefined();
    expect(await store.get('key 0')).toBeUndefined();
    const kept = Array.from({ length: 300 }, (_, number) => number).filter((number) => store.withText(text(number)));
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThan(110);
  });
});
