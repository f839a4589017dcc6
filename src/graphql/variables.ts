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
} from 'graphql';
import { badInput, type InputIssue } from '../platform/errors.js';
import { refusedRequest, withoutValues } from './format-error.js';
import { remembered } from './remembered.js';

/** Nobody reads more, and each one takes time to tell. */
const mostIssues = 50;

/** What an operation says of one of its variables. */
interface Declared {
  name: string;
  type: GraphQLInputType;
  /** Whether it has to be there, and may not be null. */
  required: boolean;
  hasDefault: boolean;
}

/**
 * Finds what is wrong with the variables before execution does, which would write the whole value into each of up to fifty
 * messages: for that of a mebibyte it would hold up everybody else.
 *
 * @param hideSchema whether names that are nearly right are not told the right ones.
 */
export function variablesCheck(schema: GraphQLSchema, hideSchema: boolean) {
  const declaredBy = remembered((operation) => declared(schema, operation));
  return (
    operation: OperationDefinitionNode,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
  ): GraphQLError | null => {
    const issues = variableIssues(declaredBy(operation, document), variables, hideSchema);
    return issues.length > 0 ? refusedRequest(badInput(...issues)) : null;
  };
}

function declared(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): Declared[] {
  return variableDefinitions.flatMap(({ variable, type: typeNode, defaultValue }) => {
    const type = typeFromAST(schema, typeNode as never);
    if (!isInputType(type)) return [];
    const hasDefault = defaultValue !== undefined;
    return [{ name: variable.name.value, type, required: isNonNullType(type), hasDefault }];
  });
}

/** Which variables do not fit their types, without their values. */
function variableIssues(
  all: readonly Declared[],
  variables: Readonly<Record<string, unknown>>,
  hideSchema: boolean,
): InputIssue[] {
  const issues: InputIssue[] = [];
  const add = (path: readonly (string | number)[], message: string) => {
    issues.push({ path: path.join('.'), message });
    if (issues.length >= mostIssues) throw enough;
  };
  try {
    for (const { name, type, required, hasDefault } of all) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value === undefined && (hasDefault || !required)) continue;
      if (value == null) {
        if (required) add([name], 'is required');
        continue;
      }
      const onError: Parameters<typeof coerceInputValue>[2] = (path, invalid, error) => {
        const missing = /^Field "([^"]+)" of required type/.exec(error.message)?.[1];
        const message = missing || invalid == null ? 'is required' : withoutValues(error.message);
        add([name, ...path, ...(missing ? [missing] : [])], message);
      };
      coerceInputValue(value, type, onError, hideSchema);
    }
  } catch (reason) {
    if (reason !== enough) throw reason;
  }
  return issues;
}

const enough = Symbol('enough issues');
