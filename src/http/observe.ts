import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Observed } from '../graphql/observe.js';
import type { Log } from '../platform/log.js';
import type { Metrics } from '../platform/metrics.js';
import type { Telemetry } from '../platform/telemetry.js';
import type { RequestTrace } from '../platform/tracing.js';
import { createAccessLog, type Outcome } from './access-log.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for what is answered before anybody looks at it, such as what an overloaded gateway turns away. */
    observed: Observed | null;
  }
}

/** Looks at every request that comes after this: counts it, logs it, and traces it if somebody collects traces. */
export function observeRequests(app: FastifyInstance, telemetry: Telemetry, log: Log, graphqlPath: string): void {
  const { metrics, tracing } = telemetry;
  const logRequest = createAccessLog(log);
  app.decorateRequest('observed', null);
  app.addHook('onRequest', (request, reply, done) => {
    const trace = tracing?.request(request.method, request.headers);
    const observed: Observed = { startedAt: performance.now(), trace, codes: [] };
    request.observed = observed;
    metrics.began();
    // Comes also for a client that has gone, unlike Fastify's own hook.
    reply.raw.once('close', () => {
      metrics.ended();
      const outcome = outcomeOf(request, reply, observed);
      if (outcome.route === graphqlPath) countOperation(metrics, outcome);
      logRequest(outcome);
      if (trace) endTrace(trace, outcome);
    });
    done();
  });
  // What is no HTTP at all never becomes a request. Node has kept its text; it is not for the log.
  app.server.on('clientError', ({ code }: NodeJS.ErrnoException) => log.debug({ code }, 'malformed request'));
  if (tracing) {
    app.addHook('preHandler', (request, _, done) => {
      // From here on, because what reads the body does not pass on to whom it belongs.
      if (request.observed?.trace) request.observed.trace.during(done);
      else done();
    });
  }
}

const switchingProtocols = 101;

function outcomeOf(request: FastifyRequest, reply: FastifyReply, observed: Observed): Outcome {
  const { writableFinished, statusCode } = reply.raw;
  // A socket has no answer beside its status.
  const status = writableFinished || statusCode === switchingProtocols ? statusCode : undefined;
  const milliseconds = performance.now() - observed.startedAt;
  return { request, reply, observed, route: request.routeOptions.url, status, milliseconds };
}

function countOperation(metrics: Metrics, { observed, status, milliseconds }: Outcome): void {
  const { operation, codes } = observed;
  const code = codes[0] ?? codeOf(status);
  // A page for a browser, and the like.
  if (!operation && code === 'OK') return;
  const name = operation ? `${operation.type} ${operation.rootFields[0]}` : 'invalid';
  metrics.operation(name, code, milliseconds / 1000);
}

const codes: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'RATE_LIMITED',
  503: 'SERVICE_UNAVAILABLE',
};

/** What an answer without GraphQL's errors amounts to. */
function codeOf(status: number | undefined): string {
  if (status === undefined) return 'ABORTED';
  if (status < 400) return 'OK';
  return codes[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR');
}

/** Attributes are named by OpenTelemetry's semantic conventions for HTTP. */
function endTrace(trace: RequestTrace, { request, observed, route, status }: Outcome): void {
  const { method, protocol, ip, raw } = request;
  const attributes = {
    'http.request.method': method,
    'url.scheme': protocol,
    ...(isIP(ip) && { 'client.address': ip }),
    'network.protocol.version': raw.httpVersion,
    ...(route && { 'http.route': route, 'url.path': route }),
    ...(status && { 'http.response.status_code': status }),
  };
  const fault = status === undefined || status < 500 ? undefined : (observed.codes[0] ?? codeOf(status));
  trace.over(route ? `${method} ${route}` : method, attributes, fault);
}
