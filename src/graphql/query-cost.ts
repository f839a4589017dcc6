import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLError,
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
import { remembered } from './remembered.js';

/** How many objects one operation may ask for. */
export const mostObjects = 10_000;

/** What a list without pages is taken to have. */
const usualLength = 10;

/** How many objects an operation asks for, by its variables. */
type Cost = (variables: Readonly<Record<string, unknown>>) => number;

/**
 * How many objects there are of what is selected.
 *
 * @param times how many objects it is selected from.
 * @param length how long a list of these objects' fields is: inside of a connection, that of its page.
 */
type PartCost = (variables: Readonly<Record<string, unknown>>, times: number, length: number) => number;

interface Asked {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * Tells how many objects an operation asks for at the most: a page has as many as `first` or `last` say, be it in the document
 * or in a variable. Plain values cost nothing beside the object that they belong to.
 */
function costOf(schema: GraphQLSchema, operation: OperationDefinitionNode, { definitions }: DocumentNode): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const root = schema.getRootType(operation.operation);
  const cost = root ? costOfSelections({ schema, operation, fragments }, operation.selectionSet, root) : nothing;
  return (variables) => cost(variables, 1, usualLength);
}

const nothing: PartCost = () => 0;

function costOfSelections(asked: Asked, { selections }: SelectionSetNode, type: GraphQLCompositeType): PartCost {
  const parts = selections
    .map((selection) => {
      if (selection.kind === Kind.FIELD) return costOfField(asked, selection, type);
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : asked.fragments.get(selection.name.value);
      if (!part) return nothing;
      const named = part.typeCondition && typeFromAST(asked.schema, part.typeCondition);
      return costOfSelections(asked, part.selectionSet, isCompositeType(named) ? named : type);
    })
    .filter((cost) => cost !== nothing);
  if (parts.length === 0) return nothing;
  return (variables, times, length) => parts.reduce((sum, cost) => sum + cost(variables, times, length), 0);
}

function costOfField(asked: Asked, node: FieldNode, parent: GraphQLCompositeType): PartCost {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
  // The schema itself is not data.
  if (!field || !node.selectionSet) return nothing;
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return nothing;
  const isMany = isList(field.type);
  const inner = costOfSelections(asked, node.selectionSet, type);
  const referredTo = entitiesOf(asked, node);
  const pageSize = field.args.some(({ name }) => name === 'first') ? pageSizeOf(asked, node) : () => usualLength;
  return (variables, times, length) => {
    const objects = isMany ? times * (referredTo?.(variables) ?? length) : times;
    return objects + inner(variables, objects, pageSize(variables));
  };
}

/** Of entities there are as many as representations; undefined for every other field. */
function entitiesOf({ operation }: Asked, { arguments: given = [] }: FieldNode): Cost | undefined {
  const value = given.find(({ name }) => name.value === 'representations')?.value;
  if (!value) return undefined;
  if (value.kind !== Kind.VARIABLE) return () => lengthOf(value);
  const name = value.name.value;
  const preset = presetOf(operation, name);
  return (variables) => {
    const sent = variables[name];
    if (sent === undefined) return lengthOf(preset);
    return Array.isArray(sent) ? sent.length : 1;
  };
}

/** One value alone is a list of one. */
function lengthOf(list: ValueNode | undefined): number {
  return list?.kind === Kind.LIST ? list.values.length : 1;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** What is out of bounds is refused when the page is read; until then it counts as the largest. */
function pageSizeOf({ operation }: Asked, { arguments: given = [] }: FieldNode): Cost {
  const sizes = given.filter(({ name }) => name.value === 'first' || name.value === 'last');
  const numbers = sizes.map(({ value }) => numberIn(operation, value));
  return (variables) => {
    for (const number of numbers) {
      const size = number(variables);
      if (size !== undefined) return Math.min(Math.max(size, 1), largestPageSize);
    }
    return defaultPageSize;
  };
}

function presetOf({ variableDefinitions }: OperationDefinitionNode, name: string): ValueNode | undefined {
  return variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
}

function numberIn(
  operation: OperationDefinitionNode,
  value: ValueNode,
): (variables: Readonly<Record<string, unknown>>) => number | undefined {
  if (value.kind === Kind.INT) {
    const written = Number(value.value);
    return () => written;
  }
  if (value.kind !== Kind.VARIABLE) return () => undefined;
  const name = value.name.value;
  const preset = presetOf(operation, name);
  const unsaid = preset?.kind === Kind.INT ? Number(preset.value) : undefined;
  return (variables) => {
    const sent = variables[name];
    if (typeof sent === 'number') return sent;
    return sent === undefined ? unsaid : undefined;
  };
}

/** Refuses what costs too much before any of it is run, and has the caller pay for the rest. */
export function costCheck(schema: GraphQLSchema) {
  const costFor = remembered((operation, document) => costOf(schema, operation, document));
  return (
    operation: OperationDefinitionNode,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    context: GraphQLContext,
  ): GraphQLError | null => {
    const cost = costFor(operation, document)(variables);
    context.cost = cost;
    if (context.observed) context.observed.cost = cost;
    try {
      if (cost > mostObjects) throw tooComplex('cost', mostObjects, cost);
      // A point was paid for the request itself.
      context.charge(cost - 1);
      return null;
    } catch (error) {
      if (error instanceof DomainError) return refusedRequest(error);
      throw error;
    }
  };
}

/** Tells the cost of what was run to whoever asks for it. */
export function tellCost({
  request,
  response,
  contextValue: { cost = 0 },
}: GraphQLRequestContextWillSendResponse<GraphQLContext>): void {
  if (request.extensions?.cost !== true || response.body.kind !== 'single') return;
  const { singleResult } = response.body;
  singleResult.extensions = { ...singleResult.extensions, cost: { requested: cost, maximum: mostObjects } };
}
