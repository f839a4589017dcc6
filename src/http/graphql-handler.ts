import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLContext } from '../graphql/context.js';

/** The headers that Apollo Server and our plugins look at. All others would be copied for nothing. */
const lookedAt = [
  'content-type',
  'accept',
  'x-apollo-operation-name',
  'apollo-require-preflight',
  'idempotency-key',
] as const;

/** What accepts JSON as if nothing had been said. Apollo Server would negotiate at length to find that out. */
const acceptsJson: ReadonlySet<string> = new Set(['application/json', '*/*']);

/** Has Apollo Server answer requests, and sends what it has answered. */
export function graphqlHandler(
  apollo: ApolloServer<GraphQLContext>,
  contextOf: (request: FastifyRequest) => Promise<GraphQLContext>,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: graphqlRequest(request),
      context: () => contextOf(request),
    });
    if (body.kind !== 'complete') throw new Error('An answer in parts is not known here.');
    for (const [name, value] of headers) reply.header(name, value);
    reply.code(status ?? 200);
    return body.string;
  };
}

function graphqlRequest({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const copied = new HeaderMap();
  for (const name of lookedAt) {
    const value = headers[name];
    if (!value || (name === 'accept' && acceptsJson.has(value as string))) continue;
    copied.set(name, String(value));
  }
  return { method, headers: copied, search: method === 'GET' ? new URL(url, 'http://localhost').search : '', body };
}
