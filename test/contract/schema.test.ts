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
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { printedSchema } from '../../src/schema.js';
import { naming, withoutInput } from './operations.js';
import { schema } from './positions.js';

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
      return (
        Object.values(type.getFields())
          .flatMap((field) => [field, ...('args' in field ? field.args : [])])
          // What callers make up themselves is the id of nothing.
          .filter(({ name }) => /^id$|Ids?$/.test(name) && name !== 'idempotencyId')
          .filter((field) => String(getNamedType(field.type as GraphQLType)) !== 'ID')
          .map(({ name }) => `${type.name}.${name}`)
      );
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
          expect(`${type.name}.${name}`).toMatch(/\.(id|jti)$|Ids?$|Jti$/);
      }
    }
  });

  it('has mutations that take one input, but for one that takes nothing, and give one payload', () => {
    for (const { name, type, args } of fieldsOf(schema.getMutationType())) {
      const pascal = name[0]!.toUpperCase() + name.slice(1);
      expect(
        args.map((argument) => `${argument.name}: ${argument.type}`),
        name,
      ).toEqual(`Mutation.${name}` === withoutInput ? [] : [`input: ${pascal}Input!`]);
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

  it('lets an organization be left out wherever a mutation names one, but for those that are about naming it', () => {
    for (const { name, args } of fieldsOf(schema.getMutationType())) {
      const input = getNamedType(args[0]?.type);
      const organizationId = isInputObjectType(input) ? input.getFields().organizationId : undefined;
      const type = naming.includes(`Mutation.${name}`) ? 'ID!' : 'ID';
      if (organizationId) expect(String(organizationId.type), name).toBe(type);
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
      'SERVICE_UNAVAILABLE',
      'INTERNAL_SERVER_ERROR',
    ]);
  });

  it('never gives out a hash', () => {
    const fields = types.flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()) : []));
    expect(fields.filter((name) => /hash|private/i.test(name))).toEqual([]);
  });

  it('shows a secret only where it was just made', () => {
    const fields = objects.flatMap((type) =>
      fieldsOf(type)
        .filter((field) => isLeafType(getNamedType(field.type)))
        .map(({ name }) => `${type.name}.${name}`),
    );
    expect(fields.filter((field) => /\.\w*(secret|password|token$)/i.test(field)).sort()).toEqual([
      'CreateApiKeyPayload.secret',
      'IssueIntegrationTokenPayload.token',
      'RotateIntegrationTokenPayload.token',
      'Session.accessToken',
      'Session.refreshToken',
    ]);
  });

  it('leaves what is plain without any resolver', () => {
    for (const name of ['PageInfo', 'MemberEdge', 'MemberConnection', 'LoginPayload']) {
      for (const { resolve } of fieldsOf(schema.getType(name) as GraphQLObjectType)) {
        expect([undefined, defaultFieldResolver], name).toContain(resolve);
      }
    }
  });
});
