import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { createSchema } from '../../src/schema.js';

/** The schema that the gateway serves; what these tests check is generated from it. */
export const schema = createSchema();

export type Values = Record<string, unknown>;

/** By coordinate, every field of the schema that takes arguments. */
export function fieldsWithArguments(): Map<string, GraphQLField<unknown, unknown>> {
  const fields = new Map<string, GraphQLField<unknown, unknown>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.length > 0) fields.set(`${type.name}.${field.name}`, field);
    }
  }
  return fields;
}

/** One place where a caller puts a value. */
export interface Position {
  /** From the variables down, such as `input.teamIds.0`. */
  path: string;
  /** Where the schema declares it, such as `InviteMemberInput.teamIds` or `Query.organization(id)`. */
  coordinate: string;
  name: string;
  type: GraphQLInputType;
  /** Whether it may be left out. */
  optional: boolean;
}

/** All places of a field's arguments, down into inputs and lists. */
export function positionsOf(coordinate: string): Position[] {
  const field = fieldsWithArguments().get(coordinate);
  if (!field) throw new Error(`${coordinate} is not in the schema or takes nothing.`);
  return field.args.flatMap((argument) => below(argument, argument.name, `${coordinate}(${argument.name})`));
}

function below(given: GraphQLArgument | GraphQLInputField, path: string, coordinate: string): Position[] {
  const { name, type, defaultValue } = given;
  const nullable = getNullableType(type);
  const own = { path, coordinate, name, type, optional: nullable === type || defaultValue !== undefined };
  const named = getNamedType(type);
  const down = isListType(nullable) ? `${path}.0` : path;
  const item = isListType(nullable)
    ? [{ path: down, coordinate, name, type: nullable.ofType as GraphQLInputType, optional: true }]
    : [];
  const nested = isInputObjectType(named)
    ? Object.values(named.getFields()).flatMap((inner) =>
        below(inner, `${down}.${inner.name}`, `${named.name}.${inner.name}`),
      )
    : [];
  return [own, ...item, ...nested];
}

/** What is at a path, or undefined. */
export function valueAt(values: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Values | null | undefined)?.[key], values);
}

/** A copy of the values with another one at the path; undefined takes it out. */
export function withValue(values: Values, path: string, value: unknown): Values {
  const copy = structuredClone(values);
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Values>((inner, key) => inner[key] as Values, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
