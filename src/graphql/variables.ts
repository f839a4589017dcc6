import {
  coerceInputValue,
  type DocumentNode,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import { badInput, type InputIssue } from '../platform/errors.js';
import { refusedRequest, withoutValues } from './format-error.js';
import type { Variables } from './plan.js';
import { remembered } from './remembered.js';

/** Nobody reads more, and each one takes time to tell. */
const mostIssues = 50;

/** What an operation says of one of its variables. */
interface Declared {
  name: string;
  type: GraphQLInputType;
  defaultValue: ValueNode | undefined;
}

/** The variables as execution takes them, or why they cannot be taken. */
type Coerced = { variables: Variables; refusal?: never } | { variables?: never; refusal: GraphQLError };

/**
 * Coerces variables in the place of graphql-js, which would write the whole value into each of up to fifty messages: for that of
 * a mebibyte it would hold up everybody else.
 *
 * @param hideSchema whether names that are nearly right are not told the right ones.
 */
export function variablesOf(schema: GraphQLSchema, hideSchema: boolean) {
  const declaredBy = remembered((operation) => declared(schema, operation));
  return (operation: OperationDefinitionNode, document: DocumentNode, sent: Variables): Coerced => {
    const issues: InputIssue[] = [];
    const variables = coerce(declaredBy(operation, document), sent, hideSchema, issues);
    return issues.length > 0 ? { refusal: refusedRequest(badInput(...issues)) } : { variables };
  };
}

function declared(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): Declared[] {
  return variableDefinitions.flatMap(({ variable, type: typeNode, defaultValue }) => {
    const type = typeFromAST(schema, typeNode as never);
    return isInputType(type) ? [{ name: variable.name.value, type, defaultValue }] : [];
  });
}

/** Adds to the issues which variables do not fit their types, without their values. */
function coerce(
  all: readonly Declared[],
  sent: Variables,
  hideSchema: boolean,
  issues: InputIssue[],
): Record<string, unknown> {
  const coerced: Record<string, unknown> = Object.create(null);
  const add = (path: readonly (string | number)[], message: string) => {
    issues.push({ path: path.join('.'), message });
    if (issues.length >= mostIssues) throw enough;
  };
  try {
    for (const { name, type, defaultValue } of all) {
      const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
      if (value === undefined && defaultValue) coerced[name] = valueFromAST(defaultValue, type);
      else if (value == null && isNonNullType(type)) add([name], 'is required');
      else if (value === null) coerced[name] = null;
      else if (value !== undefined) {
        const onError: Parameters<typeof coerceInputValue>[2] = (path, invalid, error) => {
          const missing = /^Field "([^"]+)" of required type/.exec(error.message)?.[1];
          const message = missing || invalid == null ? 'is required' : withoutValues(error.message);
          add([name, ...path, ...(missing ? [missing] : [])], message);
        };
        coerced[name] = coerceInputValue(value, type, onError, hideSchema);
      }
    }
  } catch (reason) {
    if (reason !== enough) throw reason;
  }
  return coerced;
}

const enough = Symbol('enough issues');
