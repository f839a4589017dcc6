import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Principal } from '../auth/scope.js';
import type { RequestTrace } from '../platform/tracing.js';
import type { GraphQLContext } from './context.js';
import { remembered } from './remembered.js';

/** What is noted of a request while it is answered, for the log and for the numbers. */
export interface Observed {
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly trace: RequestTrace | undefined;
  principal?: Principal;
  /** When Apollo Server has begun, by `performance.now()`; only where somebody traces it. */
  operationAt?: number;
  /** Known as soon as the document fits the schema. */
  operation?: ObservedOperation;
  cost?: number;
  /** The codes of the errors in the answer. */
  codes: string[];
}

interface ObservedOperation {
  type: string;
  /** The first root fields by the names that the schema gives them, without repetition. */
  rootFields: string[];
  /** What the client calls it, if that can be repeated. */
  name: string | undefined;
}

/** Notes when Apollo Server has begun, if somebody traces it. */
export function noteStart({ observed }: GraphQLContext): void {
  if (observed?.trace) observed.operationAt = performance.now();
}

/** Notes what is asked for. */
export function noteOperation(
  { observed }: GraphQLContext,
  operation: OperationDefinitionNode,
  document: DocumentNode,
): void {
  if (!observed) return;
  const asked = operationOf(operation, document);
  observed.operation = asked;
  observed.trace?.operation(asked.type, asked.rootFields[0]!, observed.operationAt!);
}

/** Notes what went wrong with it. */
export function noteAnswer({ observed }: GraphQLContext, errors: Errors | undefined): void {
  if (!observed) return;
  if (errors) observed.codes = codesOf(errors);
  observed.trace?.operationOver(observed.codes[0]);
}

/** The same for each request with the same document. */
const operationOf = remembered<ObservedOperation>((operation, document) => ({
  type: operation.operation,
  rootFields: rootFieldsOf(operation, document),
  name: repeatable(operation.name?.value),
}));

const mostRootFields = 10;

function rootFieldsOf(operation: OperationDefinitionNode, document: DocumentNode): string[] {
  const names = new Set<string>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (names.size >= mostRootFields) return;
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
      else {
        for (const definition of document.definitions) {
          if (definition.kind !== Kind.FRAGMENT_DEFINITION || definition.name.value !== selection.name.value) continue;
          visit(definition.selectionSet);
        }
      }
    }
  };
  visit(operation.selectionSet);
  return [...names];
}

/** Every secret of ours has 43 characters or more, most of them digits and letters, and would pass for a name. */
const secretLength = 43;

/** A client's name for its operation, unless it may be a secret in the wrong place. */
function repeatable(name: string | undefined): string | undefined {
  const suspicious = name && name.length >= secretLength && /\d/.test(name);
  return suspicious ? undefined : name?.slice(0, 100);
}

const mostCodes = 10;

type Errors = readonly { extensions?: { code?: unknown } }[];

function codesOf(errors: Errors): string[] {
  return [...new Set(errors.map(({ extensions }) => String(extensions?.code)))].slice(0, mostCodes);
}
