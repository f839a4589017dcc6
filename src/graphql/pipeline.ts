import {
  type ApolloServerPlugin,
  type GraphQLRequestContextResponseForOperation,
  type GraphQLRequestListener,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Log } from '../platform/log.js';
import { standingsFor } from './answers-with.js';
import type { GraphQLContext } from './context.js';
import { createExecutor } from './executor.js';
import { explainErrors, explained, logFaults } from './format-error.js';
import { Idempotency } from './idempotency.js';
import { noteAnswer, noteOperation, noteStart } from './observe.js';
import { costCheck, tellCost } from './query-cost.js';
import { variablesOf } from './variables.js';

type Answering = GraphQLRequestContextResponseForOperation<GraphQLContext>;

/**
 * All that we do to a request on its way through Apollo Server, in its order. It is one plugin that keeps nothing for a request
 * by itself, because Apollo Server waits for each plugin at each step, and that adds up.
 *
 * @param hideSchema whether names that are nearly right are not told the right ones.
 */
export function pipeline(schema: GraphQLSchema, log: Log, hideSchema: boolean): ApolloServerPlugin<GraphQLContext> {
  const coerced = variablesOf(schema, hideSchema);
  const costRefusal = costCheck(schema);
  const standings = standingsFor(schema);
  const idempotency = new Idempotency(log);
  const execute = createExecutor(schema);

  async function executed(asked: Answering): Promise<GraphQLResponse | null> {
    const result = await execute(asked);
    if (!result) return null;
    const { data = null, errors } = result;
    const singleResult = errors ? { errors: explained(errors, asked.contextValue, log), data } : { data };
    return { http: { status: undefined, headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
  }

  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didResolveOperation({ document, operation, request: { variables: sent = {} }, contextValue }) {
      // Which operation is meant, execution says.
      if (!operation) return;
      noteOperation(contextValue, operation, document);
      if (operation.operation === 'subscription') throw notOverHttp();
      const { variables, refusal } = coerced(operation, document, sent);
      const excess = costRefusal(operation, document, sent, contextValue);
      if (refusal ?? excess) throw refusal ?? excess;
      contextValue.variables = variables!;
      contextValue.standings = standings(operation, document);
    },
    async didEncounterErrors(asked) {
      logFaults(asked, log);
    },
    // Not as a gateway, which Apollo Server would also let execute: what it makes for one outlives the request (ADR 0019).
    responseForOperation: async (asked) => (await idempotency.begin(asked)) ?? (await executed(asked)),
    async willSendResponse(asked) {
      explainErrors(asked);
      tellCost(asked);
      noteAnswer(asked.contextValue, asked.response.body);
      await idempotency.end(asked);
    },
  };

  return {
    async requestDidStart({ request, contextValue }) {
      noteStart(contextValue);
      // Runs the text that was found and looked at, and no other one, however the request may be read.
      if (contextValue.document === '') delete request.query;
      else request.query = contextValue.document;
      return listener;
    },
    unexpectedErrorProcessingRequest: ({ requestContext }) => idempotency.fail(requestContext),
  };
}

function notOverHttp(): GraphQLError {
  const message =
    'Subscriptions do not go over HTTP. Connect to this address with ws:// or wss:// and the subprotocol graphql-transport-ws, as the library graphql-ws does.';
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}
