import type { ApolloServerPlugin } from '@apollo/server';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
} from 'graphql';
import { DomainError } from '../platform/errors.js';
import { defaultPageSize, largestPageSize } from '../platform/page.js';
import type { GraphQLContext } from './context.js';
import { tooComplex } from './document-limits.js';
import { refusedRequest } from './format-error.js';

/** How many objects one operation may ask for. */
export const mostObjects = 10_000;

/** What a list without pages is taken to have. */
const usualLength = 10;

export interface Operation {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
}

/**
 * How many objects an operation asks for at the most: a page has as many as `first` or `last` say, be it in the document or in
 * a variable. Plain values cost nothing beside the object that they belong to.
 */
export function costOf(asked: Operation): number {
  const root = asked.schema.getRootType(asked.operation.operation);
  return root ? costOfSelections(asked, asked.operation.selectionSet, root, 1, usualLength) : 0;
}

/**
 * @param times how many objects of this type there are.
 * @param length how long a list of these objects' fields is: inside of a connection, that of its page.
 */
function costOfSelections(
  asked: Operation,
  { selections }: SelectionSetNode,
  type: GraphQLCompositeType,
  times: number,
  length: number,
): number {
  let cost = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) cost += costOfField(asked, selection, type, times, length);
    else {
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : asked.fragments.get(selection.name.value);
      if (!part) continue;
      const named = part.typeCondition && typeFromAST(asked.schema, part.typeCondition);
      const inner = isCompositeType(named) ? named : type;
      cost += costOfSelections(asked, part.selectionSet, inner, times, length);
    }
  }
  return cost;
}

function costOfField(
  asked: Operation,
  node: FieldNode,
  parent: GraphQLCompositeType,
  times: number,
  length: number,
): number {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
  // The schema itself is not data.
  if (!field || !node.selectionSet) return 0;
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return 0;
  const objects = isList(field.type) ? times * length : times;
  const pageSize = field.args.some(({ name }) => name === 'first') ? pageSizeOf(asked, node) : usualLength;
  return objects + costOfSelections(asked, node.selectionSet, type, objects, pageSize);
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** What is out of bounds is refused when the page is read; until then it counts as the largest. */
function pageSizeOf(asked: Operation, { arguments: given }: FieldNode): number {
  for (const { name, value } of given ?? []) {
    const size = name.value === 'first' || name.value === 'last' ? numberIn(asked, value) : undefined;
    if (size !== undefined) return Math.min(Math.max(size, 1), largestPageSize);
  }
  return defaultPageSize;
}

function numberIn({ operation, variables }: Operation, value: ValueNode): number | undefined {
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.VARIABLE) return undefined;
  const name = value.name.value;
  const sent = variables[name];
  if (typeof sent === 'number') return sent;
  const preset = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
  return sent === undefined && preset?.kind === Kind.INT ? Number(preset.value) : undefined;
}

/** Refuses what costs too much before any of it is run, has the caller pay for the rest, and tells the cost of what is run to whoever asks for it. */
export function costPlugin(): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      let cost = 0;
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          // Which operation is meant, execution says.
          if (!operation) return;
          const fragments = new Map<string, FragmentDefinitionNode>();
          for (const definition of document.definitions) {
            if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
          }
          cost = costOf({ schema, operation, fragments, variables: request.variables ?? {} });
          if (contextValue.observed) contextValue.observed.cost = cost;
          try {
            if (cost > mostObjects) throw tooComplex('cost', mostObjects, cost);
            // A point was paid for the request itself.
            contextValue.charge(cost - 1);
          } catch (error) {
            throw error instanceof DomainError ? refusedRequest(error) : error;
          }
        },
        async willSendResponse({ request, response }) {
          if (request.extensions?.cost !== true || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          singleResult.extensions = { ...singleResult.extensions, cost: { requested: cost, maximum: mostObjects } };
        },
      };
    },
  };
}
