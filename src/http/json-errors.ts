import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../platform/errors.js';
import type { Log } from '../platform/log.js';

/** Comes before any hook; what Fastify would say itself repeats the address, and with it whatever stands in a query. */
export function answerInvalidAddress(_: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).header('x-request-id', request.id).send(errorBody('BAD_REQUEST', 'The address is not valid.'));
}

/** Whatever goes wrong outside GraphQL is answered in GraphQL's own form, never in HTML. */
export function answerInJson(app: FastifyInstance, log: Log, graphqlPath: string): void {
  app.setNotFoundHandler((_, reply) => {
    void reply.code(404).send(errorBody('NOT_FOUND', `Nothing is here. The API is at ${graphqlPath}.`));
  });
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    if (error instanceof DomainError) {
      return reply.code(400).send(errorBody(error.code, error.message, error.facts));
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      log.error({ err: error, requestId: request.id }, 'request failed');
      return reply
        .code(500)
        .send(errorBody('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', { requestId: request.id }));
    }
    return reply.code(status).send(errorBody('BAD_REQUEST', error.message));
  });
}

/** What GraphQL would answer, for what never becomes a GraphQL request. */
export function errorBody(code: string, message: string, facts: object = {}) {
  return { errors: [{ message, extensions: { code, ...facts } }] };
}
