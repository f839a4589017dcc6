import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { type FastifyInstance, fastify } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Services } from './auth/scope.js';
import type { GraphQLContext } from './graphql/context.js';
import { documentLimits } from './graphql/document-limits.js';
import { DocumentStore } from './graphql/document-store.js';
import { formatError } from './graphql/format-error.js';
import { answeringKnown } from './graphql/known-documents.js';
import { operationsOf } from './graphql/operations.js';
import { pipeline } from './graphql/pipeline.js';
import { beginning } from './graphql/subscribing.js';
import { closeConnectionsInOrder } from './http/closing.js';
import type { DemoAccount } from './http/explorer/browser-scripts.js';
import { showExplorers, showTheWay } from './http/explorer.js';
import { graphqlHandler } from './http/graphql-handler.js';
import { publishHealth, type Readiness } from './http/health.js';
import { readJson } from './http/json-body.js';
import { answerInJson, answerInvalidAddress } from './http/json-errors.js';
import { publishKeys } from './http/key-sets.js';
import { showCapturedMail } from './http/mail-page.js';
import { serveMetrics } from './http/metrics.js';
import { observeRequests } from './http/observe.js';
import { shedLoad } from './http/overload.js';
import { Budgets } from './http/request-budget.js';
import { contextOf } from './http/request-context.js';
import { allowOrigins, protectBrowsers } from './http/security-headers.js';
import { boundedBy, type Patience, usualPatience } from './http/slow-clients.js';
import { answerOnSocket, answerWhatNodeWouldRefuse } from './http/socket-errors.js';
import { Sockets } from './http/sockets.js';
import type { Documents } from './http/trusted-documents.js';
import type { Config } from './platform/config.js';
import { newId } from './platform/id.js';
import type { Log } from './platform/log.js';
import type { Telemetry } from './platform/telemetry.js';

export const graphqlPath = '/graphql';

const largestBody = 1_048_576;

/** What the server is made of, and whom it tells how it is. */
interface Surroundings {
  schema: GraphQLSchema;
  documents: Documents;
  readiness: Readiness;
  telemetry: Telemetry;
  /** As whom explorers begin. */
  demoAccount?: DemoAccount | null;
  /** How long it waits for slow clients. */
  patience?: Patience;
}

/** The HTTP server: GraphQL, and the public keys of access tokens. It does not listen yet. */
export async function createServer(
  services: Services,
  config: Config,
  log: Log,
  { schema, documents, readiness, telemetry, demoAccount = null, patience = usualPatience }: Surroundings,
): Promise<FastifyInstance> {
  const app = fastify({
    ...boundedBy(patience),
    bodyLimit: largestBody,
    genReqId: newId,
    requestIdHeader: false,
    // Without a trusted proxy X-Forwarded-For means nothing: anybody can send one.
    trustProxy: config.trustProxy.length > 0 && config.trustProxy,
    // What comes over a connection that is still open while the server closes is answered like any other.
    return503OnClosing: false,
    frameworkErrors: answerInvalidAddress,
    clientErrorHandler: answerOnSocket,
  });
  const operations = operationsOf(schema, config.production);
  const documentStore = new DocumentStore();
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    documentStore,
    parseOptions: { maxTokens: documentLimits.tokens },
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: config.production,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    formatError,
    logger: log,
    plugins: [
      pipeline(operations, log),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
  await apollo.start();

  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-request-id', request.id);
    next();
  });
  await allowOrigins(app, config);
  telemetry.metrics.watchLoad(shedLoad(app, config));
  observeRequests(app, telemetry, log, graphqlPath);
  protectBrowsers(app, config);
  answerWhatNodeWouldRefuse(app);
  answerInJson(app, log, graphqlPath);
  readJson(app);
  publishHealth(app, readiness);
  closeConnectionsInOrder(app, readiness);

  const budgets = new Budgets(app, config.rateLimits);
  const sockets = new Sockets(app, config, log, {
    path: graphqlPath,
    services,
    documents,
    begin: beginning(schema, operations, { introspection: config.introspection, hideSchema: config.production }),
    budgets,
    readiness,
    metrics: telemetry.metrics,
    patience,
    largestMessage: largestBody,
  });
  app.route({
    method: ['GET', 'POST'],
    url: graphqlPath,
    ...budgets.hooks,
    preValidation: sockets.accept,
    ...(config.explorer && { preHandler: showTheWay }),
    handler: graphqlHandler(apollo, answeringKnown(operations, documentStore, log), (request) =>
      contextOf(request, services, { documents, budget: budgets.of(request) }, log),
    ),
  });
  publishKeys(app, services);
  if (config.explorer) showExplorers(app, demoAccount);
  serveMetrics(app, telemetry.metrics, config);
  if (!config.production && !config.mailUrl) showCapturedMail(app, config.dataDir, graphqlPath);
  return app;
}
