import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { type FastifyInstance, fastify } from 'fastify';
import type { Services } from './auth/scope.js';
import type { GraphQLContext } from './graphql/context.js';
import { documentLimits } from './graphql/document-limits.js';
import { errorPlugin, formatError } from './graphql/format-error.js';
import { costPlugin } from './graphql/query-cost.js';
import { answerInJson, answerInvalidAddress } from './http/json-errors.js';
import { publishKeys } from './http/key-sets.js';
import { showCapturedMail } from './http/mail-page.js';
import { shedLoad } from './http/overload.js';
import { Budgets } from './http/request-budget.js';
import { contextOf } from './http/request-context.js';
import { allowOrigins, protectBrowsers } from './http/security-headers.js';
import { boundedBy, type Patience, usualPatience } from './http/slow-clients.js';
import { answerOnSocket, answerWhatNodeWouldRefuse } from './http/socket-errors.js';
import { documentPlugin, openDocuments } from './http/trusted-documents.js';
import type { Config } from './platform/config.js';
import { newId } from './platform/id.js';
import type { Log } from './platform/log.js';
import { createSchema } from './schema.js';

export const graphqlPath = '/graphql';

const largestBody = 1_048_576;

/** The HTTP server: GraphQL, and the public keys of access tokens. It does not listen yet. */
export async function createServer(
  services: Services,
  config: Config,
  log: Log,
  patience: Patience = usualPatience,
): Promise<FastifyInstance> {
  const schema = createSchema();
  const documents = await openDocuments(config.trustedDocuments, schema);
  const budgets = new Budgets(config.rateLimits);
  const app = fastify({
    ...boundedBy(patience),
    bodyLimit: largestBody,
    genReqId: newId,
    requestIdHeader: false,
    // Without a trusted proxy X-Forwarded-For means nothing: anybody can send one.
    trustProxy: config.trustProxy.length > 0 && config.trustProxy,
    forceCloseConnections: 'idle',
    frameworkErrors: answerInvalidAddress,
    clientErrorHandler: answerOnSocket,
  });
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    parseOptions: { maxTokens: documentLimits.tokens },
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: config.production,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    formatError,
    logger: log,
    plugins: [
      documentPlugin(),
      errorPlugin(log),
      costPlugin(),
      fastifyApolloDrainPlugin(app),
      ApolloServerPluginCacheControlDisabled(),
      config.production ? ApolloServerPluginLandingPageDisabled() : ApolloServerPluginLandingPageLocalDefault(),
    ],
  });
  await apollo.start();

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  await allowOrigins(app, config);
  shedLoad(app, config);
  await protectBrowsers(app, config);
  answerWhatNodeWouldRefuse(app);
  answerInJson(app, log, graphqlPath);

  app.route({
    method: ['GET', 'POST'],
    url: graphqlPath,
    onRequest: budgets.open,
    onSend: budgets.tell,
    handler: fastifyApolloHandler(apollo, {
      context: (request) => contextOf(request, services, { documents, budget: budgets.of(request) }, log),
    }),
  });
  publishKeys(app, services);
  if (!config.production && !config.mailUrl) showCapturedMail(app, config.dataDir, graphqlPath);
  return app;
}
