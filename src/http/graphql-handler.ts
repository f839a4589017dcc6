import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLContext } from '../graphql/context.js';
import type { AnswerKnown } from '../graphql/known-documents.js';

/** The headers that Apollo Server and our plugins look at. All others would be copied for nothing. */
const lookedAt = [
  'content-type',
  'accept',
  'x-apollo-operation-name',
  'apollo-require-preflight',
  'idempotency-key',
] as const;

const json = 'application/json; charset=utf-8';
const newerJson = 'application/graphql-response+json; charset=utf-8';

/** What clients usually accept, and what they get. Apollo Server would negotiate at length to find that out. */
const mediaTypes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, json],
  ['*/*', json],
  ['application/json', json],
  // axios, and what is made with Angular.
  ['application/json, text/plain, */*', json],
  // Apollo Client sends this.
  ['application/graphql-response+json,application/json;q=0.9', newerJson],
]);

/** No page of another origin can have a browser send one of these without asking first (CSRF). */
const contentTypes: ReadonlySet<string | undefined> = new Set(['application/json', json]);

/** Has what is asked all the time answered at once, everything else by Apollo Server, and sends the answer. */
export function graphqlHandler(
  apollo: ApolloServer<GraphQLContext>,
  answerKnown: AnswerKnown,
  contextOf: (request: FastifyRequest) => Promise<GraphQLContext>,
) {
  async function askApollo(
    request: FastifyRequest,
    reply: FastifyReply,
    context: () => Promise<GraphQLContext>,
  ): Promise<string> {
    const httpGraphQLRequest = graphqlRequest(request);
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context });
    if (body.kind !== 'complete') throw new Error('An answer in parts is not known here.');
    for (const [name, value] of headers) reply.header(name, value);
    reply.code(status ?? 200);
    return body.string;
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const mediaType = mediaTypes.get(request.headers.accept);
    if (!mediaType || !isUsual(request)) return askApollo(request, reply, () => contextOf(request));
    let context: GraphQLContext;
    try {
      context = await contextOf(request);
    } catch (error) {
      return askApollo(request, reply, () => Promise.reject(error));
    }
    const answer = await answerKnown(request.body, context);
    if (!answer) return askApollo(request, reply, async () => context);
    reply.code(answer.status).header('content-type', mediaType);
    return answer.body;
  };
}

function isUsual({ method, headers }: FastifyRequest): boolean {
  return method === 'POST' && contentTypes.has(headers['content-type']) && headers['idempotency-key'] === undefined;
}

function graphqlRequest({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const copied = new HeaderMap();
  for (const name of lookedAt) {
    const value = headers[name];
    if (!value || (name === 'accept' && mediaTypes.get(value as string) === json)) continue;
    copied.set(name, String(value));
  }
  return { method, headers: copied, search: method === 'GET' ? new URL(url, 'http://localhost').search : '', body };
}
