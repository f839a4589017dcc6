import {
  type ApolloServerPlugin,
  type GraphQLRequestContextResponseForOperation,
  type GraphQLRequestListener,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Log } from '../platform/log.js';
import type { GraphQLContext } from './context.js';
import { explainErrors, logFaults } from './format-error.js';
import { Idempotency } from './idempotency.js';
import { noteAnswer, noteOperation, noteStart } from './observe.js';
import { answeredBy, type Operations } from './operations.js';
import { tellCost } from './query-cost.js';

type Answering = GraphQLRequestContextResponseForOperation<GraphQLContext>;

/**
 * All that we do to a request on its way through Apollo Server, in its order. It is one plugin that keeps nothing for a request
 * by itself, because Apollo Server waits for each plugin at each step, and that adds up.
 */
export function pipeline(
  { coerced, costRefusal, standings, planFor }: Operations,
  log: Log,
): ApolloServerPlugin<GraphQLContext> {
  const idempotency = new Idempotency(log);

  async function executed({ operation, document, contextValue }: Answering): Promise<GraphQLResponse | null> {
    const { variables } = contextValue;
    // Without variables there is no such operation, and graphql-js says so.
    const plan = variables && planFor(operation, document, variables);
    if (!plan) return null;
    const singleResult = await answeredBy(plan, variables, contextValue, log);
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
      noteAnswer(asked.contextValue, errorsOf(asked.response.body));
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

function errorsOf(body: GraphQLResponse['body']) {
  return (body.kind === 'single' ? body.singleResult : body.initialResult).errors;
}

function notOverHttp(): GraphQLError {
  const message =
    'Subscriptions do not go over HTTP. Connect to this address with ws:// or wss:// and the subprotocol graphql-transport-ws, as the library graphql-ws does.';
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}
