import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { standingQuestion } from '../auth/scope.js';
import type { Key } from '../platform/batcher.js';
import { Reads } from '../platform/reads.js';
import type { KeyedStatement, Values } from '../platform/sql.js';
import type { FollowUp } from '../platform/together.js';
import type { GraphQLContext } from './context.js';

/**
 * Says of a field of Organization that what it reads depends on the id of the organization and its own arguments alone. Then it can
 * be read together with the caller's standing there, and only if there is one.
 */
export const ReadsAhead = () => Extensions({ readsAhead: true });

/** Says what a field is going to read, once it has looked at its arguments, which is before any statement is sent. */
type Foresee = (args: object, context: GraphQLContext, info: GraphQLResolveInfo) => FollowUp[];

/**
 * Makes of the resolver of such a field one that reads nothing, but tells what it would. No rule is asked: whoever then asks the field
 * itself does so behind its rule.
 */
export function foreseeing(resolve: NonNullable<GraphQLField<unknown, GraphQLContext>['resolve']>): Foresee {
  return (args, context, info) => {
    const reads = new Foreseen(context.db.batcher);
    const asked = async () => resolve({ id: theOrganization }, args, { ...context, reads }, info);
    // What is wrong with the arguments, the field itself will say.
    asked().catch(() => {});
    return reads.followUps;
  };
}

const theOrganization = 'the organization';

/** Takes note of what would be read of the organization. */
export class Foreseen extends Reads {
  readonly followUps: FollowUp[] = [];

  override rows<Row>(statement: KeyedStatement<Row>, [id, ...key]: Key, fixed: Values = []): Promise<Row[]> {
    if (id === theOrganization) this.followUps.push({ statement, key, fixed });
    return new Promise(() => {});
  }
}

/**
 * Begins to read what is asked of an organization together with the caller's standing in it.
 *
 * @param id null for the current organization.
 */
export function readAhead(context: GraphQLContext, id: string | null, info: GraphQLResolveInfo): void {
  const places = placesBelow(info);
  const standing = places.length > 0 && standingQuestion(context, id?.toLowerCase() ?? context.currentOrganizationId);
  if (!standing) return;
  const foreseen = places.map((place) => followUpsOf(place, context, info));
  context.reads.ahead(standing, 'organization.id', () => foreseen.flat());
}

/** A field that is asked of an organization. */
interface Place extends Pick<GraphQLResolveInfo, 'fieldName' | 'fieldNodes' | 'returnType' | 'parentType'> {
  key: string;
  field: GraphQLField<unknown, unknown>;
  /** By its arguments, as apps ask for the same first pages again and again. */
  known: Map<string, FollowUp[]>;
}

const mostKnown = 64;
/** What is longer is not likely to come again, and might fill the memory. */
const longestKnown = 500;

function followUpsOf({ key, field, known, ...place }: Place, context: GraphQLContext, info: GraphQLResolveInfo) {
  const args = getArgumentValues(field, place.fieldNodes[0]!, info.variableValues);
  const name = JSON.stringify(args);
  let followUps = known.get(name);
  if (!followUps) {
    const path = { prev: info.path, key, typename: place.parentType.name };
    followUps = (field.extensions.foresee as Foresee)(args, context, { ...info, ...place, path });
    if (known.size === mostKnown) known.clear();
    if (name.length <= longestKnown) known.set(name, followUps);
  }
  return followUps;
}

/** Documents are parsed once and stay the same, so this is found out once. */
const places = new WeakMap<FieldNode, Place[]>();

function placesBelow({ fieldNodes, returnType, fragments }: GraphQLResolveInfo): Place[] {
  const [only, ...others] = fieldNodes;
  if (others.length > 0) return [];
  const known = places.get(only!);
  if (known) return known;
  const parentType = getNamedType(returnType) as GraphQLObjectType;
  const selected = new Map<string, FieldNode[]>();
  select(only!.selectionSet, fragments, selected);
  const found = [...selected].flatMap(([key, fieldNodes]): Place[] => {
    const fieldName = fieldNodes[0]!.name.value;
    const field = parentType.getFields()[fieldName];
    if (!field?.extensions.foresee) return [];
    return [{ key, field, fieldName, fieldNodes, returnType: field.type, parentType, known: new Map() }];
  });
  places.set(only!, found);
  return found;
}

/** The fields by what they are called in the answer. What a directive may leave out is not read ahead. */
function select(
  set: SelectionSetNode | undefined,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  into: Map<string, FieldNode[]>,
): void {
  for (const node of set?.selections ?? []) {
    if (node.directives && node.directives.length > 0) continue;
    if (node.kind === Kind.FIELD) {
      const key = node.alias?.value ?? node.name.value;
      into.set(key, [...(into.get(key) ?? []), node]);
    } else {
      const part = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]!;
      select(part.selectionSet, fragments, into);
    }
  }
}
