import { readFile } from 'node:fs/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { assertObjectType, assertUnionType, type GraphQLSchema, parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.js';
import { newId } from '../../src/platform/id.js';
import { createSchema, printedSubgraph } from '../../src/schema.js';
import { nobody } from '../modules/adversaries.js';
import { codeOf } from '../support/client.js';
import { problemsOf } from '../support/configuration.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, type Person } from '../support/world.js';
import { entities, lookUp } from './entities.js';

const gateway = useGateway({ federation: true });
const closed = useGateway({ federation: true, introspection: false });
const plain = useGateway();

const Sdl = '{ _service { sdl } }';
type Sdl = { _service: { sdl: string } };

let person: Person;

beforeAll(async () => {
  person = await aPerson(gateway());
});

/** What the specification of subgraphs asks for, as a schema has it. */
function protocolOf(schema: GraphQLSchema) {
  const { _entities, _service } = schema.getQueryType()!.getFields();
  return {
    entities: `(${_entities!.args.map(({ name, type }) => `${name}: ${type}`)}): ${_entities!.type}`,
    service: `(${_service!.args}): ${_service!.type}`,
    union: assertUnionType(schema.getType('_Entity')).getTypes().map(String).sort(),
    sdl: String(assertObjectType(schema.getType('_Service')).getFields().sdl!.type),
  };
}

describe('the subgraph', () => {
  it('is the one in schema.federation.graphql', async () => {
    const file = await readFile(new URL('../../schema.federation.graphql', import.meta.url), 'utf8');
    expect(file).toBe(printedSubgraph());
  });

  it('has what Apollo’s own library makes of its schema', () => {
    const theirs = buildSubgraphSchema(parse(printedSubgraph()));
    const ours = createSchema({ federation: true });
    expect(protocolOf(ours)).toEqual(protocolOf(theirs));
    expect(protocolOf(ours).union).toEqual([...entities].sort());
    const names = (schema: GraphQLSchema) =>
      Object.keys(schema.getTypeMap()).filter((name) => !/^(link__|federation__|_FieldSet)/.test(name));
    expect(names(ours).sort()).toEqual(names(theirs).sort());
  });

  it('tells its schema to anybody where it can be introspected', async () => {
    const { data } = await nobody(gateway()).send<Sdl, object>(Sdl);
    expect(data._service.sdl).toBe(printedSubgraph());
  });

  it('tells its schema to super admins only where it cannot be introspected', async () => {
    const admin = await aPerson(closed(), { isSuperAdmin: true });
    const introspecting = await admin.send('{ __schema { queryType { name } } }');
    expect(codeOf(introspecting)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(codeOf(await nobody(closed()).send(Sdl))).toBe('UNAUTHENTICATED');
    expect(codeOf(await (await aPerson(closed())).send(Sdl))).toBe('FORBIDDEN');
    expect((await admin.send<Sdl, object>(Sdl)).data._service.sdl).toBe(printedSubgraph());
  });

  it('answers routers also where it cannot be introspected', async () => {
    const somebody = await aPerson(closed());
    const reference = { __typename: 'User', id: somebody.user.id };
    const { data, errors } = await lookUp(somebody, [reference]);
    expect([data, errors]).toEqual([{ _entities: [reference] }, undefined]);
  });

  it('is not there unless it is switched on', async () => {
    const somebody = await aPerson(plain());
    expect(codeOf(await somebody.send(Sdl))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(codeOf(await lookUp(somebody, []))).toBe('GRAPHQL_VALIDATION_FAILED');
    const types = Object.keys(createSchema().getTypeMap());
    expect(types.filter((name) => /^_[^_]/.test(name))).toEqual([]);
  });
});

describe('the configuration of the subgraph', () => {
  it.each([
    [{ TENANTRY_FEDERATION: 'yes' }, ['TENANTRY_FEDERATION must be on or off']],
    [
      {
        TENANTRY_FEDERATION: 'on',
        TENANTRY_TRUSTED_DOCUMENTS: 'documents.json',
        TENANTRY_TRUSTED_DOCUMENTS_ONLY: 'on',
      },
      ['TENANTRY_FEDERATION needs TENANTRY_TRUSTED_DOCUMENTS_ONLY off: a router makes up its documents itself'],
    ],
  ])('%o is refused with %o', (env, problems) => {
    expect(problemsOf(env as Record<string, string>)).toEqual(problems);
  });

  it('is off unless it says on', () => {
    expect(readConfig({}).federation).toBe(false);
    expect(readConfig({ TENANTRY_FEDERATION: 'on' }).federation).toBe(true);
  });
});

describe('a malformed reference', () => {
  const id = newId();
  const notAnEntity = 'must be one of User, Organization, Member, Team, Workspace';
  const otherwise = 'must be an object of __typename and id, and nothing else';

  it.each<[string, unknown, path: string, message: string]>([
    ['without an id', { __typename: 'User' }, '0.id', 'must be a UUID'],
    ['with an id that is no UUID', { __typename: 'User', id: '1 OR 1=1' }, '0.id', 'is not a UUID'],
    ['with an id that is no text', { __typename: 'User', id: 7 }, '0.id', 'must be a UUID'],
    ['with an id that is a list', { __typename: 'User', id: [id] }, '0.id', 'must be a UUID'],
    ['without a type', { id }, '0.__typename', notAnEntity],
    ['to a type that there is not', { __typename: 'Tour', id }, '0.__typename', notAnEntity],
    ['to a type that is no entity', { __typename: 'Role', id }, '0.__typename', notAnEntity],
    ['to what all objects have', { __typename: 'constructor', id }, '0.__typename', notAnEntity],
    ['with a field beside', { __typename: 'Member', id, organizationId: id }, '0', otherwise],
    ['that is a text', id, '0', otherwise],
    ['that is a list', [{ __typename: 'User', id }], '0', otherwise],
  ])('%s is refused with its path', async (_, reference, path, message) => {
    const good = { __typename: 'User', id: person.user.id };
    const answer = await lookUp(person, [reference, good]);
    expect([codeOf(answer), answer.data]).toEqual(['BAD_USER_INPUT', null]);
    expect(answer.errors?.[0]?.extensions.issues).toEqual([{ path: `representations.${path}`, message }]);
    expect(answer.errors?.[0]?.path).toEqual(['_entities']);
  });

  it('is refused also where it is written in the document', async () => {
    const document = `{ _entities(representations: [{ __typename: "Member", id: "7", extra: 1 }]) { __typename } }`;
    expect(codeOf(await person.send(document))).toBe('BAD_USER_INPUT');
    const fine = `query ($id: ID!) { _entities(representations: { __typename: "User", id: $id }) { __typename } }`;
    expect((await person.send(fine, { id: person.user.id })).data).toEqual({ _entities: [{ __typename: 'User' }] });
  });
});

describe('how much may be referred to', () => {
  const references = (count: number) => Array.from({ length: count }, () => ({ __typename: 'User', id: newId() }));

  it('is a thousand entities at once', async () => {
    const { data } = await lookUp(person, references(1_000));
    expect(data._entities).toHaveLength(1_000);
    const answer = await lookUp(person, references(1_001));
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: 'representations', message: 'must have at most 1000 entries' }],
    });
  });

  it('is counted with what is asked of each', async () => {
    const pages = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on Organization { members(first: 100) { nodes { id } } } }
    }`;
    // An entity, its page, and the members of the page.
    const costOf = (count: number) => count * (1 + 1 + 100);
    const answer = await person.send(pages, { representations: references(99) });
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      limit: 'cost',
      actual: costOf(99),
    });
    expect(codeOf(await person.send(pages, { representations: references(98) }))).not.toBe('QUERY_TOO_COMPLEX');
  });

  it('is counted where it is written in the document or preset, too', async () => {
    const list = JSON.stringify(references(99)).replace(/"(__typename|id)"/g, '$1');
    const selected = '{ ... on Organization { members(first: 100) { nodes { id } } } }';
    for (const document of [
      `{ _entities(representations: ${list}) ${selected} }`,
      `query ($list: [_Any!]! = ${list}) { _entities(representations: $list) ${selected} }`,
    ]) {
      expect(codeOf(await person.send(document))).toBe('QUERY_TOO_COMPLEX');
    }
  });
});
