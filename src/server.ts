import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { authenticate } from './auth/authenticate.js';
import type { Services } from './auth/scope.js';
import type { GraphQLContext } from './graphql/context.js';
import { assertWithinLimits, documentLimits } from './graphql/document-limits.js';
import { errorPlugin, faultyRequest, formatError, refusedRequest } from './graphql/format-error.js';
import { costPlugin } from './graphql/query-cost.js';
import { variablesPlugin } from './graphql/variables.js';
import { readJson } from './http/json-body.js';
import { answerInJson, answerInvalidAddress } from './http/json-errors.js';
import { publishKeys } from './http/key-sets.js';
import { showCapturedMail } from './http/mail-page.js';
import type { Config } from './platform/config.js';
import { badInput, DomainError } from './platform/errors.js';
import { isId, newId } from './platform/id.js';
import type { Log } from './platform/log.js';
import { Reads } from './platform/reads.js';
import { createSchema } from './schema.js';

export const graphqlPath = '/graphql';

const largestBody = 1_048_576;

/** The HTTP server: GraphQL, and the public keys of access tokens. It does not listen yet. */
export async function createServer(services: Services, config: Config, log: Log): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: largestBody,
    genReqId: newId,
    requestIdHeader: false,
    // Without a trusted proxy X-Forwarded-For means nothing: anybody can send one.
    trustProxy: config.trustProxy.length > 0 && config.trustProxy,
    forceCloseConnections: 'idle',
    // Comes before any hook; what it would say itself repeats the address, and with it whatever stands in a query.
    frameworkErrors: answerInvalidAddress,
  });
  const apollo = new ApolloServer<GraphQLContext>({
    schema: createSchema(),
    parseOptions: { maxTokens: documentLimits.tokens },
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: config.production,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    formatError,
    logger: log,
    plugins: [
      errorPlugin(log),
      variablesPlugin(config.production),
      costPlugin(),
      fastifyApolloDrainPlugin(app),
      ApolloServerPluginCacheControlDisabled(),
      config.production ? ApolloServerPluginLandingPageDisabled() : ApolloServerPluginLandingPageLocalDefault(),
    ],
  });
  await apollo.start();

  await app.register(cors, { origin: config.corsOrigins, maxAge: 86_400 });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.route({
    method: ['GET', 'POST'],
    url: graphqlPath,
    handler: fastifyApolloHandler(apollo, { context: (request) => contextOf(request, services, log) }),
  });
  publishKeys(app, services);
  if (!config.production && !config.mailUrl) showCapturedMail(app, config.dataDir, graphqlPath);
  answerInJson(app, log, graphqlPath);
  readJson(app);
  return app;
}

/** One request's scope. What is wrong with its headers is refused before GraphQL begins. */
async function contextOf(request: FastifyRequest, services: Services, log: Log): Promise<GraphQLContext> {
  try {
    assertWithinLimits(documentOf(request));
    return {
      ...services,
      principal: await authenticate(request.headers, services),
      currentOrganizationId: organizationHeader(request.headers['x-organization-id']),
      request: { id: request.id, ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 500) ?? null },
      reads: new Reads(services.db.batcher),
    };
  } catch (error) {
    throw error instanceof DomainError ? refusedRequest(error) : faultyRequest(error, request.id, log);
  }
}

/** The text of the document; none where a client sends only the hash of one that has passed before. */
function documentOf({ method, query, body }: FastifyRequest): string {
  const parameters = (method === 'GET' ? query : body) as { query?: unknown } | null | undefined;
  return typeof parameters?.query === 'string' ? parameters.query : '';
}

function organizationHeader(value: string | string[] | undefined): string | null {
  if (value === undefined || value === '') return null;
  if (!isId(value)) throw badInput({ path: 'X-Organization-Id', message: 'is not a UUID' });
  return value.toLowerCase();
}
