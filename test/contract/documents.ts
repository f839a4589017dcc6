import { getNamedType, isLeafType } from 'graphql';
import { fieldsWithArguments, type Values } from './positions.js';
import type { Scene } from './scene.js';

const ofOrganization = ({ organizationId }: Scene, field: string) =>
  `organization(id: ${JSON.stringify(organizationId)}) { ${field} }`;

/** By type, the way from the query down to a field of it. */
const ways: Record<string, (scene: Scene, field: string) => string> = {
  Query: (_, field) => field,
  Mutation: (_, field) => field,
  Subscription: (_, field) => field,
  Organization: ofOrganization,
  Team: (scene, field) => ofOrganization(scene, `team(id: ${JSON.stringify(scene.teamId)}) { ${field} }`),
  Member: (scene, field) => ofOrganization(scene, `member(id: ${JSON.stringify(scene.member.memberId)}) { ${field} }`),
  Engagement: (scene, field) => ofOrganization(scene, `engagement { ${field} }`),
  User: (_, field) => `me { ${field} }`,
};

/** The document that calls a field with these arguments as variables, each under the argument's own name. */
export function documentOf(scene: Scene, coordinate: string, selection?: string): string {
  const field = fieldsWithArguments().get(coordinate)!;
  const declared = field.args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  return wrapped(scene, coordinate, declared, passed, selection);
}

/** The same with the arguments written into the document. */
export function literalOf(scene: Scene, coordinate: string, values: Values, selection?: string): string {
  const passed = Object.entries(values).map(([name, value]) => `${name}: ${literal(value)}`);
  return wrapped(scene, coordinate, '', passed.join(', '), selection);
}

function wrapped(scene: Scene, coordinate: string, declared: string, passed: string, selection?: string): string {
  const [type, name] = coordinate.split('.');
  const field = fieldsWithArguments().get(coordinate)!;
  const inner = isLeafType(getNamedType(field.type)) ? '' : (selection ?? '{ __typename }');
  const body = `${name}${passed && `(${passed})`} ${inner}`;
  const operation = type === 'Mutation' || type === 'Subscription' ? type.toLowerCase() : 'query';
  return `${operation}${declared && `(${declared})`} { ${ways[type!]!(scene, body)} }`;
}

/** A value in GraphQL's notation. Texts in capitals are taken for enum values. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${literal(inner)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' && /^[A-Z][A-Z_]+$/.test(value) ? value : JSON.stringify(value);
}
