import { readdir } from 'node:fs/promises';
import { type GraphQLField, type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import type { RuleTree } from '../../src/graphql/rules.js';

const roots = ['Query', 'Mutation', 'Subscription'];
const modules = new URL('../../src/modules/', import.meta.url);

/** The types whose fields lead from one person's data to another's. */
const ruledTypes = [
  ...['Organization', 'Member', 'Team', 'Role', 'User', 'ApiKey', 'Invitation', 'Workspace'],
  ...['IntegrationKey', 'IntegrationToken', 'IntegrationTokenRevocation'],
  ...['Engagement', 'MemberActivity', 'MemberDirectoryEntry', 'Affiliation', 'ActivitySession'],
];

/** Every field that somebody might be refused, by coordinate: root fields, and below them what has arguments, a rule or fields. */
export async function operationsOf(schema: GraphQLSchema): Promise<string[]> {
  const ruled = await ruledFields();
  return fieldsOf(schema)
    .filter(({ type, field }) => {
      if (roots.includes(type) || ruled.has(`${type}.${field.name}`)) return true;
      return field.args.length > 0 || (ruledTypes.includes(type) && !isLeafType(getNamedType(field.type)));
    })
    .map(({ type, field }) => `${type}.${field.name}`);
}

export function fieldsOf(schema: GraphQLSchema): { type: string; field: GraphQLField<unknown, unknown> }[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__')) return [];
    return Object.values(type.getFields()).map((field) => ({ type: type.name, field }));
  });
}

/** The fields that carry a rule, out of the rule trees of all modules. */
async function ruledFields(): Promise<Set<string>> {
  const files = (await readdir(modules, { recursive: true })).filter((file) => file.endsWith('.permissions.ts'));
  const exported = await Promise.all(
    files.map(async (file) => Object.values(await import(new URL(file, modules).href))),
  );
  const trees = exported.flat() as RuleTree[];
  return new Set(
    trees.flatMap((tree) =>
      Object.entries(tree).flatMap(([type, fields]) => Object.keys(fields).map((field) => `${type}.${field}`)),
    ),
  );
}
