import type { ApolloServerPlugin } from '@apollo/server';
import {
  coerceInputValue,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { badInput, type InputIssue } from '../platform/errors.js';
import type { GraphQLContext } from './context.js';
import { refusedRequest, withoutValues } from './format-error.js';

/** Nobody reads more, and each one takes time to tell. */
const mostIssues = 50;

/**
 * Checks the variables before execution does, which would write the whole value into each of up to fifty messages: for that of
 * a mebibyte it would hold up everybody else.
 *
 * @param hideSchema whether names that are nearly right are not told the right ones.
 */
export function variablesPlugin(hideSchema: boolean): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, operation, request }) {
          const issues = operation ? variableIssues(schema, operation, request.variables ?? {}, hideSchema) : [];
          if (issues.length > 0) throw refusedRequest(badInput(...issues));
        },
      };
    },
  };
}

/** Which variables do not fit their types, without their values. */
function variableIssues(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  hideSchema: boolean,
): InputIssue[] {
  const issues: InputIssue[] = [];
  const add = (path: readonly (string | number)[], message: string) => {
    issues.push({ path: path.join('.'), message });
    if (issues.length >= mostIssues) throw enough;
  };
  try {
    for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
      const name = variable.name.value;
      const type = typeFromAST(schema, typeNode as never);
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (!isInputType(type) || (value === undefined && (defaultValue || !isNonNullType(type)))) continue;
      if (value == null) {
        if (isNonNullType(type)) add([name], 'is required');
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
