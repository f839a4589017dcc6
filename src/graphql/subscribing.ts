import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import type { GraphQLContext } from './context.js';
import { documentLimits } from './document-limits.js';
import { noteOperation } from './observe.js';
import type { Operations } from './operations.js';

/** What a client asks for beside the document itself, which is in the context. */
export interface Asked {
  operationName?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A subscription that has begun. */
export interface Begun extends ExecutionArgs {
  contextValue: GraphQLContext;
  answers: AsyncIterable<ExecutionResult>;
}

export type Begin = (context: GraphQLContext, asked: Asked) => Promise<Begun | readonly GraphQLError[]>;

/** Nobody reads more. */
const mostErrors = 20;

/**
 * Begins subscriptions, on the same terms as Apollo Server and our pipeline have for what comes over HTTP: parsed, validated,
 * coerced and paid for before anything runs. What goes wrong before the first event is all that is answered.
 *
 * @param options.hideSchema whether names that are nearly right are not told the right ones.
 */
export function beginning(
  schema: GraphQLSchema,
  { coerced, costRefusal }: Operations,
  { introspection, hideSchema }: { introspection: boolean; hideSchema: boolean },
): Begin {
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  return async (context, { operationName, variables }) => {
    let document: ExecutionArgs['document'];
    try {
      document = parse(context.document, { maxTokens: documentLimits.tokens });
    } catch (error) {
      return coded('GRAPHQL_PARSE_FAILED', error as GraphQLError);
    }
    const faults = validate(schema, document, rules, { maxErrors: mostErrors, hideSuggestions: hideSchema });
    if (faults.length > 0) return coded('GRAPHQL_VALIDATION_FAILED', ...faults);
    const operation = getOperationAST(document, operationName);
    if (!operation)
      return coded('OPERATION_RESOLUTION_FAILURE', new GraphQLError('Name one operation of the document.'));
    if (operation.operation !== 'subscription') {
      return coded(
        'BAD_REQUEST',
        new GraphQLError('This socket is for subscriptions. Send everything else by HTTP POST.'),
      );
    }
    noteOperation(context, operation, document);
    const sent = variables ?? {};
    const { variables: fitting, refusal } = coerced(operation, document, sent);
    const excess = costRefusal(operation, document, sent, context);
    if (refusal ?? excess) return [(refusal ?? excess)!];
    context.variables = fitting!;
    const args = { schema, document, contextValue: context, variableValues: sent, operationName };
    const answers = await subscribe(args);
    return Symbol.asyncIterator in answers ? { ...args, answers } : answers.errors!;
  };
}

function coded(code: string, ...errors: readonly GraphQLError[]): readonly GraphQLError[] {
  for (const { extensions } of errors) extensions.code = code;
  return errors;
}
