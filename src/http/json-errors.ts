import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { statusOf } from '../graphql/format-error.js';
import { DomainError } from '../platform/errors.js';
import type { Log } from '../platform/log.js';

/** What is wrong with a request, by the status that says so. Fastify's own messages repeat what the client has sent. */
const messages: Record<number, string> = {
  400: 'The body of the request is not valid JSON.',
  413: 'The body of the request is too large: it may have 1 MiB.',
  415: 'The body of the request has to be JSON, with the content type application/json.',
};

/** What an answer that no hook sees says to browsers and caches. */
export const bareHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Comes before any hook; what Fastify would say itself repeats the address, and with it whatever stands in a query. */
export function answerInvalidAddress(_: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .code(400)
    .headers({ 'x-request-id': request.id, ...bareHeaders })
    .send(errorBody('BAD_REQUEST', 'The address is not valid.'));
}

/** Whatever goes wrong outside GraphQL is answered in GraphQL's own form, never in HTML. Comes before the routes. */
export function answerInJson(app: FastifyInstance, log: Log, graphqlPath: string): void {
  const methodsAt = rememberMethods(app);
  app.addHook('onRequest', (request, reply, next) => {
    const wrong = wrongTarget(request);
    if (wrong === null) next();
    else reply.code(400).send(errorBody('BAD_REQUEST', wrong));
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(request.url);
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return reply.code(404).send(errorBody('NOT_FOUND', `Nothing is here. The API is at ${graphqlPath}.`));
    }
    const message = `${request.method} does nothing here. Allowed: ${allowed.join(', ')}.`;
    return reply.code(405).header('allow', allowed.join(', ')).send(errorBody('BAD_REQUEST', message));
  });
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    if (error instanceof DomainError) {
      const { retryAfter } = error.facts;
      if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
      return reply.code(statusOf(error)).send(errorBody(error.code, error.message, error.facts));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return reply.code(status).send(errorBody('BAD_REQUEST', messages[status] ?? 'The request is not valid.'));
    }
    log.error({ err: error, requestId: request.id }, 'request failed');
    return reply
      .code(500)
      .send(errorBody('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', { requestId: request.id }));
  });
}

/** What is wrong with the host and the address of a request, which together have to be a URL (RFC 9112, sections 3.2 and 3.3). */
function wrongTarget({ raw, url, protocol, hostname }: FastifyRequest): string | null {
  if (raw.headers.host === undefined) {
    if (raw.httpVersion !== '1.0') return 'The Host header is missing.';
    // Did not have to be named yet; which it is, matters to nobody here.
    raw.headers.host = 'localhost';
    return null;
  }
  const address = `${protocol}://${hostname}/\n${url}`;
  if (address === lastRight) return null;
  if (!URL.canParse(url, `${protocol}://${hostname}/`)) return 'The address is not valid.';
  lastRight = address;
  return null;
}

/** Nearly all requests have the same address, of which it is enough to find out once that it is right. */
let lastRight = '';

/** Tells which methods an address has, so that a wrong method is not taken for a wrong address. */
function rememberMethods(app: FastifyInstance): (url: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    // Answers preflights, wherever they are asked for.
    if (url === '*') return;
    routes.push({
      pattern: new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+').replace('*', '.+')}$`),
      methods: [method].flat(),
    });
  });
  return (url) => {
    const [path = ''] = url.split('?');
    return [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
  };
}

/** What GraphQL would answer, for what never becomes a GraphQL request. */
export function errorBody(code: string, message: string, facts: object = {}) {
  return { errors: [{ message, extensions: { code, ...facts } }] };
}
