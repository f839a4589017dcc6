import {
  buildSchema,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { authenticate } from '../../src/auth/authenticate.js';
import type { GraphQLContext } from '../../src/graphql/context.js';
import { planning } from '../../src/graphql/executor.js';
import { planOf } from '../../src/graphql/plan.js';
import { Reads } from '../../src/platform/reads.js';
import { createSchema } from '../../src/schema.js';
import { useGateway } from '../support/gateway.js';
import { aWorld, type Person } from '../support/world.js';

type Variables = Record<string, unknown>;

/** What both say: with all that is told of an error, its cause too. */
async function answers(schema: GraphQLSchema, text: string, sent: Variables, context: () => Promise<object> | object) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document)!;
  const { coerced: variables = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], sent);
  const planFor = planning(schema);
  const planned = async () => {
    // What is not planned, Apollo Server has graphql-js execute.
    const plan = planFor(operation, document, variables);
    return told(await (plan?.run((await context()) as GraphQLContext, variables) ?? interpret()));
  };
  const interpret = async () => execute({ schema, document, contextValue: await context(), variableValues: sent });
  return {
    isPlanned: planOf(schema, operation, document, variables) !== null,
    interpreted: told(await interpret()),
    // The second time comes from what is remembered.
    planned: [await planned(), await planned()],
  };
}

function told({ data, errors }: ExecutionResult) {
  return {
    data: JSON.stringify(data),
    errors: errors?.map((error) => ({
      ...error.toJSON(),
      isReal: error instanceof GraphQLError,
      cause: error.originalError,
    })),
  };
}

/** A field of every kind that can go well or wrong. */
const parts = buildSchema(`
  enum Colour { RED GREEN }
  input Filter { name: String = "all", colours: [Colour!] }
  type Query {
    text: String  number: Int  colour: Colour  needed: String!
    thing(name: String = "it", filter: Filter): Thing  things: [Thing!]!  maybes: [Thing]  lists: [[Int!]]
    broken: Thing!
  }
  type Mutation { first: Int  second: Int  needed: Int!  last: Int }
  type Thing { id: ID!  name: String  inner: Thing  needed: Thing!  words: [String!]  soon: String!  fails: String
    failsLater: String!  returnsError: String  counted: Int  badColour: Colour  noList: [String]  told(x: Int!): String }
`);

const domain = new Error('a cause');
const later = <T>(value: T, turns = 1): Promise<T> =>
  turns === 0 ? Promise.resolve(value) : Promise.resolve().then(() => later(value, turns - 1));

/** Values as services hand them out: plain, promised, as functions, as errors. */
const thing = (name: string | null, inner: object | null = null): object => ({
  id: 7,
  name,
  inner,
  needed: inner,
  words: ['a', later('b'), 'c'],
  soon: later('soon'),
  fails: () => {
    throw domain;
  },
  failsLater: () => later(null, 3).then(() => Promise.reject(domain)),
  returnsError: new Error('returned'),
  counted: (args: object, context: object, info: { path: { key: string } }) =>
    later(Object.keys(args).length + Number(context !== null) + info.path.key.length),
  badColour: 'BLUE',
  noList: 'a text',
  told: ({ x }: { x: number }) => `told ${x}`,
});

const done: string[] = [];
const root: Record<string, Record<string, (...all: never[]) => unknown>> = {
  Query: {
    text: () => 'text',
    number: () => later('12'),
    colour: () => 'RED',
    needed: () => null,
    thing: (_: unknown, args: object) => thing(JSON.stringify(args), thing('inner', thing('innermost'))),
    things: () => later([thing('a'), later(thing('b'), 2), thing(null)]),
    maybes: () => [thing('a', thing('deep')), null, new Error('no item'), later(null), Promise.reject(domain)],
    lists: () => new Set([[1, 2], null, [3, null], 'no list']),
    broken: () => later(null, 2),
  },
  Mutation: {
    first: () => later(done.push('first'), 3),
    second: () => done.push('second'),
    needed: () => Promise.reject(domain),
    last: () => later(done.push('last')),
  },
};
for (const [type, fields] of Object.entries(root)) {
  const object = parts.getType(type);
  if (!isObjectType(object)) continue;
  for (const [name, resolve] of Object.entries(fields)) object.getFields()[name]!.resolve = resolve as never;
}

const cases: [name: string, text: string, variables?: Variables][] = [
  ['plain and promised values', '{ text number colour __typename thing { __typename id name soon words counted } }'],
  [
    'aliases with arguments of their own',
    '{ a: thing(name: "a") { name } b: thing { name } c: thing(name: null) { name } }',
  ],
  ['input objects and their defaults', '{ thing(filter: { colours: [RED, GREEN] }) { name } }'],
  [
    'variables',
    'query ($n: String, $f: Filter, $x: Int = 3) { thing(name: $n, filter: $f) { name told(x: $x) } }',
    { f: { colours: 'RED' } },
  ],
  ['a variable inside of an object', 'query ($n: String) { thing(filter: { name: $n }) { name } }', { n: 'mine' }],
  [
    'fragments, one in another, twice the same',
    'query { thing { ...A ...A inner { ...B } } } fragment A on Thing { id inner { ...B } } fragment B on Thing { name inner { id } ... { words } }',
  ],
  ['the same field twice with other selections', '{ thing { inner { id } } thing { inner { name } } }'],
  ['a field that throws', '{ thing { id fails } text }'],
  ['a promise that is rejected in a field that has to be there', '{ thing { id failsLater } text }'],
  ['an error that is returned', '{ thing { id returnsError } maybes { id } }'],
  ['null where there has to be a value', '{ text thing { inner { inner { needed { id } } } } }'],
  ['null that goes up to the root', '{ text needed }'],
  ['null that goes up to the root later', '{ number broken { id } thing { fails } }'],
  [
    'two reasons for the same null',
    '{ thing { inner { a: failsLater b: failsLater inner { needed { id } } } } number }',
  ],
  ['an error inside of what is already gone', '{ thing { inner { inner { needed { id } } failsLater fails } } }'],
  ['errors in items', '{ things { name soon fails } maybes { name needed { name } } }'],
  ['items that have to be there', '{ things { id inner { id } needed { id } } text }'],
  ['lists of lists', '{ lists }'],
  ['what is no list', '{ thing { id noList } }'],
  ['a value that an enum does not have', '{ thing { id badColour } }'],
  ['mutations one after the other', 'mutation { first second last }'],
  ['mutations after one that fails for good', 'mutation { first needed last }'],
  ['a key that objects reserve', '{ __proto__: text constructor: text toString: number }'],
  ['questions about the schema', '{ __schema { queryType { name } } __type(name: "Thing") { fields { name } } text }'],
];
for (const [skip, include] of [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
]) {
  const text =
    'query ($s: Boolean!, $i: Boolean!) { text @skip(if: $s) thing { id @include(if: $i) ...A @skip(if: $s) } } fragment A on Thing { name inner @include(if: $i) { id } }';
  cases.push([`@skip ${skip} and @include ${include}`, text, { s: skip, i: include }]);
}

cases.push([
  'a directive that cannot be followed',
  'query ($s: Boolean = true) { text thing { id @skip(if: $s) } }',
  { s: null },
]);

describe('a planned operation is answered as graphql-js answers it', () => {
  for (const [name, text, variables = {}] of cases) {
    it(name, async () => {
      const { planned, interpreted } = await answers(parts, text, variables, () => {
        done.length = 0;
        return {};
      });
      for (const answer of planned) expect(answer).toEqual(interpreted);
    });
  }

  it('also where one plan answers for other variables than it was made with', async () => {
    const document = parse('query ($s: Boolean!, $x: Int!) { thing { id @skip(if: $s) told(x: $x) } }');
    const operation = getOperationAST(document)!;
    const planFor = planning(parts);
    for (const variables of [
      { s: true, x: 1 },
      { s: false, x: 2 },
      { s: true, x: 3 },
      { s: false, x: 4 },
    ]) {
      const interpreted = await execute({ schema: parts, document, contextValue: {}, variableValues: variables });
      const plan = planFor(operation, document, variables)!;
      expect(told(await plan.run({} as GraphQLContext, variables))).toEqual(told(interpreted));
    }
  });

  it('and leaves to graphql-js more combinations of conditions than there are plans for', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const fields = names.map((name) => `${name}: name @include(if: $${name})`).join(' ');
    const text = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { thing { id ${fields} } }`;
    const document = parse(text);
    const operation = getOperationAST(document)!;
    const planFor = planning(parts);
    let unplanned = 0;
    for (let combination = 0; combination < 32; combination += 1) {
      const variables = Object.fromEntries(names.map((name, bit) => [name, (combination & (1 << bit)) !== 0]));
      const interpreted = await execute({ schema: parts, document, contextValue: {}, variableValues: variables });
      const plan = planFor(operation, document, variables);
      if (plan) expect(told(await plan.run({} as GraphQLContext, variables))).toEqual(told(interpreted));
      else unplanned += 1;
    }
    expect(unplanned).toBe(16);
  });

  it('and after a mutation that failed for good, none is begun', async () => {
    done.length = 0;
    const { planned } = await answers(parts, 'mutation { first needed last }', {}, () => ({}));
    expect(planned[0]).toMatchObject({ data: 'null', errors: [{ path: ['needed'] }] });
    expect(done).toEqual(['first', 'first', 'first']);
  });

  it('and resolvers are told as much', async () => {
    const field = (parts.getType('Thing') as { getFields(): Record<string, { resolve?: unknown }> }).getFields().told!;
    const seen: unknown[] = [];
    field.resolve = (...[, args, , info]: unknown[]) => seen.push({ args, info });
    const text = 'query ($x: Int!) { thing { inner { ...A } } } fragment A on Thing { t: told(x: $x) }';
    await answers(parts, text, { x: 5 }, () => ({}));
    delete field.resolve;
    expect(seen).toHaveLength(3);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });
});

describe('the gateway', () => {
  const gateway = useGateway();
  const schema = createSchema();

  async function as(person: Person): Promise<Partial<GraphQLContext>> {
    const { services } = gateway();
    return {
      ...services,
      principal: await authenticate({ authorization: `Bearer ${person.accessToken}` }, services),
      currentOrganizationId: null,
      request: { id: 'a-request', ip: null, userAgent: null },
      reads: new Reads(services.db.batcher),
      observed: null,
    };
  }

  const documents = [
    'query ($id: ID!) { organization(id: $id) { id name slug memberCount createdAt updatedAt isPersonal } }',
    `query ($id: ID!) { organization(id: $id) {
      members(first: 50) { totalCount edges { cursor } nodes { joinedAt user { id email status } role { key rank } teams { id name } } }
      teams(first: 20) { nodes { id name } }
      plan
    } }`,
    '{ me { id fullName createdAt } organizations(first: 25) { nodes { id viewerRole { key } memberCount } pageInfo { hasNextPage } } }',
    'query ($id: ID!) { organization(id: $id) { auditEvents(first: 5) { nodes { action at } totalCount } } }',
    'query ($id: ID!) { a: organization(id: $id) { id } b: organization(id: "0190a000-0000-7000-8000-000000000000") { id } }',
    'query ($id: ID!) { organization(id: $id) { members(first: 1000) { totalCount } roles { key permissions } } }',
  ];

  for (const [index, text] of documents.entries()) {
    it(`answers the same by plan and by graphql-js, document ${index + 1}`, async () => {
      const world = await aWorld(gateway());
      const member = await world.join('member');
      const viewer = await world.join('viewer');
      await world.team('A team', member);
      for (const person of [world.admin, member, viewer]) {
        const { isPlanned, planned, interpreted } = await answers(schema, text, { id: world.organization.id }, () =>
          as(person),
        );
        expect(isPlanned).toBe(true);
        for (const answer of planned) expect(answer).toEqual(interpreted);
      }
    });
  }
});
