import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLType,
  getNamedType,
  getNullableType,
  graphql,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import type { RuleTree } from '../../src/graphql/rules.js';
import { guard } from '../../src/graphql/shield.js';
import { DomainError } from '../../src/platform/errors.js';
import { printedSchema } from '../../src/schema.js';
import { schema } from './operations.js';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

type Field = GraphQLField<unknown, unknown>;

const objects = types.filter(isObjectType);

/** Everything in the schema that can have a description, by its coordinate. */
function described(type: GraphQLNamedType): [coordinate: string, description: string | null | undefined][] {
  const own: [string, string | null | undefined] = [type.name, type.description];
  if (isEnumType(type)) {
    return [own, ...type.getValues().map(({ name, description }): typeof own => [`${type.name}.${name}`, description])];
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return [own, ...fields.map(({ name, description }): typeof own => [`${type.name}.${name}`, description])];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  return [
    own,
    ...Object.values(type.getFields()).flatMap(({ name, description, args }): (typeof own)[] => [
      [`${type.name}.${name}`, description],
      ...args.map((argument): typeof own => [`${type.name}.${name}(${argument.name}:)`, argument.description]),
    ]),
  ];
}

function fieldsOf(type: GraphQLObjectType | null | undefined): Field[] {
  return Object.values(type?.getFields() ?? {});
}

describe('the schema', () => {
  it('describes every type, field, argument, input field and enum value', () => {
    const bare = types.flatMap(described).filter(([, description]) => !description?.trim());
    expect(bare.map(([coordinate]) => coordinate)).toEqual([]);
  });

  it('describes in whole sentences', () => {
    const unfinished = types.flatMap(described).filter(([, description]) => description && !/[.)]$/.test(description));
    expect(unfinished.map(([coordinate]) => coordinate)).toEqual([]);
  });

  it('is the one in schema.graphql', async () => {
    const file = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
    expect(file).toBe(printedSchema());
    expect(Object.keys(buildSchema(file).getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort());
  });

  it('has ids of the type ID', () => {
    const wrong = types.flatMap((type) => {
      if (!isObjectType(type) && !isInputObjectType(type)) return [];
      return Object.values(type.getFields())
        .flatMap((field) => [field, ...('args' in field ? field.args : [])])
        .filter(({ name }) => /^id$|Ids?$/.test(name))
        .filter((field) => String(getNamedType(field.type as GraphQLType)) !== 'ID')
        .map(({ name }) => `${type.name}.${name}`);
    });
    expect(wrong).toEqual([]);
    for (const type of objects) {
      const { id } = type.getFields();
      // What an event is about may be nothing that has an id.
      if (id && type.name !== 'AuditTarget') expect(String(id.type), `${type.name}.id`).toBe('ID!');
    }
  });

  it('uses ID for ids only', () => {
    for (const type of types) {
      if (!isObjectType(type) && !isInputObjectType(type)) continue;
      for (const { name, type: fieldType } of Object.values(type.getFields())) {
        if (String(getNamedType(fieldType as GraphQLType)) === 'ID')
          expect(`${type.name}.${name}`).toMatch(/\.id$|Ids?$/);
      }
    }
  });

  it('has mutations that take one input and give one payload', () => {
    for (const { name, type, args } of fieldsOf(schema.getMutationType())) {
      const pascal = name[0]!.toUpperCase() + name.slice(1);
      expect(
        args.map((argument) => `${argument.name}: ${argument.type}`),
        name,
      ).toEqual([`input: ${pascal}Input!`]);
      expect(String(type), name).toBe(`${pascal}Payload!`);
    }
  });

  it('never gives a bare list item that may be null', () => {
    for (const type of objects) {
      for (const field of fieldsOf(type)) {
        const list = getNullableType(field.type);
        if (isListType(list)) expect(isNonNullType(list.ofType), `${type.name}.${field.name}`).toBe(true);
      }
    }
  });

  it('has connections with edges, nodes, pageInfo and totalCount', () => {
    const connections = objects.filter(({ name }) => name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(0);
    for (const type of connections) {
      const shape = Object.fromEntries(fieldsOf(type).map((field) => [field.name, String(field.type)]));
      const edge = getNamedType(type.getFields().edges!.type) as GraphQLObjectType;
      const node = String(edge.getFields().node?.type).replace(/!$/, '');
      expect(shape, type.name).toMatchObject({
        edges: `[${edge.name}!]!`,
        nodes: `[${node}!]!`,
        pageInfo: 'PageInfo!',
        totalCount: 'Int!',
      });
      expect(String(edge.getFields().cursor?.type), edge.name).toBe('String!');
    }
  });

  it('has connections that are paged and ordered alike', () => {
    for (const type of objects) {
      for (const field of fieldsOf(type)) {
        if (!getNamedType(field.type).name.endsWith('Connection')) continue;
        const args = Object.fromEntries(field.args.map((argument) => [argument.name, String(argument.type)]));
        expect(args, `${type.name}.${field.name}`).toMatchObject({
          first: 'Int',
          after: 'String',
          last: 'Int',
          before: 'String',
          orderBy: expect.stringMatching(/^\w+Order$/),
        });
      }
    }
  });

  it('lets an organization be left out wherever a mutation names one', () => {
    for (const { name, args } of fieldsOf(schema.getMutationType())) {
      const input = getNamedType(args[0]!.type);
      const organizationId = isInputObjectType(input) ? input.getFields().organizationId : undefined;
      // A deleted organization is nobody's current one, and to switch is to name one.
      const named = ['switchOrganization', 'restoreOrganization'].includes(name);
      if (organizationId && !named) expect(String(organizationId.type), name).toBe('ID');
    }
  });

  it('lists every code of an error', () => {
    const codes = schema.getType('ErrorCode');
    expect(isEnumType(codes) && codes.getValues().map(({ name }) => name)).toEqual([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'NOT_FOUND',
      'BAD_USER_INPUT',
      'CONFLICT',
      'LAST_ADMINISTRATOR',
      'ROLE_CEILING',
      'ROLE_IN_USE',
      'INVITATION_NOT_PENDING',
      'ORGANIZATION_REQUIRED',
      'RATE_LIMITED',
      'QUERY_TOO_COMPLEX',
      'INTERNAL_SERVER_ERROR',
    ]);
  });

  it('never gives out a hash', () => {
    const fields = types.flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()) : []));
    expect(fields.filter((name) => /hash|private/i.test(name))).toEqual([]);
  });
});

describe('the guard', () => {
  /** A schema with a ruled and an unruled field of every kind. */
  function bare() {
    const built = buildSchema(`
      type Query { open: Thing, other: Thing }
      type Mutation { change(input: Change): Thing }
      input Change { name: String }
      type Thing { plain: String, resolved: String, ruled: String }
    `);
    const resolved = () => 'resolved';
    const fields = (built.getType('Thing') as GraphQLObjectType).getFields();
    fields.resolved!.resolve = resolved;
    fields.ruled!.resolve = resolved;
    for (const root of ['Query', 'Mutation']) {
      for (const field of Object.values((built.getType(root) as GraphQLObjectType).getFields())) {
        field.resolve = () => ({ plain: 'plain' });
      }
    }
    return { built, resolved };
  }

  const yes = async () => {};
  const complete = { Query: { open: yes, other: yes }, Mutation: { change: yes } } satisfies RuleTree;
  const no = async () => {
    throw new DomainError('NOT_FOUND', 'Not for you.');
  };

  it('lets the schema pass in which every root field has a rule', () => {
    expect(() => guard(bare().built, [complete])).not.toThrow();
  });

  it('refuses a field of the query without a rule', () => {
    const { open } = complete.Query;
    expect(() => guard(bare().built, [{ ...complete, Query: { open } }])).toThrow(/Query\.other/);
  });

  it('refuses a mutation without a rule', () => {
    expect(() => guard(bare().built, [{ Query: complete.Query }])).toThrow(/Mutation\.change/);
  });

  it('names every field without a rule at once', () => {
    expect(() => guard(bare().built, [])).toThrow(/Query\.open.*Query\.other.*Mutation\.change/);
  });

  it('refuses a field that two modules guard', () => {
    expect(() => guard(bare().built, [complete, { Mutation: { change: yes } }])).toThrow(/Mutation\.change/);
    const twice = { Thing: { ruled: yes } };
    expect(() => guard(bare().built, [complete, twice, twice])).toThrow(/Thing\.ruled/);
  });

  it.each([
    ['type', { Thyng: { ruled: yes } }],
    ['field', { Thing: { ruledd: yes } }],
    ['query', { Query: { opened: yes } }],
  ])('refuses a rule for a %s that there is not', (_, tree) => {
    expect(() => guard(bare().built, [complete, tree])).toThrow();
  });

  it('joins the rules that several modules give one type', async () => {
    const rules: RuleTree[] = [complete, { Thing: { ruled: no } }, { Thing: { plain: no } }];
    const answer = await graphql({ schema: guard(bare().built, rules), source: '{ open { plain resolved ruled } }' });
    expect(answer.data).toEqual({ open: { plain: null, resolved: 'resolved', ruled: null } });
    expect(answer.errors?.map(({ path }) => path?.join('.'))).toEqual(['open.plain', 'open.ruled']);
  });

  it('leaves a field without a rule its own resolver', () => {
    const { built, resolved } = bare();
    const fields = (
      guard(built, [complete, { Thing: { ruled: no } }]).getType('Thing') as GraphQLObjectType
    ).getFields();
    expect(fields.resolved!.resolve).toBe(resolved);
    expect([undefined, defaultFieldResolver]).toContain(fields.plain!.resolve);
    expect(fields.ruled!.resolve).not.toBe(resolved);
  });

  it('asks the rule before the resolver, and hands its error on as it is', async () => {
    const { built } = bare();
    const change = vi.fn(() => ({}));
    (built.getType('Mutation') as GraphQLObjectType).getFields().change!.resolve = change;
    const guarded = guard(built, [{ ...complete, Mutation: { change: no } }]);
    const source = 'mutation { change(input: {}) { plain } }';
    const answer = await graphql({ schema: guarded, source });
    expect(change).not.toHaveBeenCalled();
    expect(answer.errors?.[0]?.originalError).toMatchObject({ code: 'NOT_FOUND', message: 'Not for you.' });
  });

  it('hands on what a rule throws by accident as what it is, not as a refusal', async () => {
    const broken = async () => {
      throw new TypeError('broken');
    };
    const guarded = guard(bare().built, [{ ...complete, Query: { open: broken, other: broken } }]);
    const answer = await graphql({ schema: guarded, source: '{ open { plain } }' });
    expect(answer.errors?.[0]?.originalError).toBeInstanceOf(TypeError);
  });

  it('leaves what is plain in the real schema without any resolver', () => {
    for (const name of ['PageInfo', 'MemberEdge', 'MemberConnection', 'LoginPayload']) {
      for (const { resolve } of fieldsOf(schema.getType(name) as GraphQLObjectType)) {
        expect([undefined, defaultFieldResolver], name).toContain(resolve);
      }
    }
  });
});
