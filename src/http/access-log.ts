import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../auth/scope.js';
import type { Observed } from '../graphql/observe.js';
import type { Log } from '../platform/log.js';
import type { Running } from './socket-subscriptions.js';

/** What has become of a request. */
export interface Outcome {
  request: FastifyRequest;
  reply: FastifyReply;
  observed: Observed;
  /** The pattern of the path, such as `/organizations/:id`: paths themselves may end in a secret. Undefined if nothing is there. */
  route: string | undefined;
  /** Undefined if the client has gone before its answer. */
  status: number | undefined;
  milliseconds: number;
}

/** What machines ask for all the time, and nobody wants to read. */
const quiet: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * One line for each request that is over. Whatever a client has written stays out of it but for the name of its operation, so
 * nothing has to be searched for secrets, which would take longer than all the rest.
 */
export function createAccessLog(parent: Log): (outcome: Outcome) => void {
  const log = parent.child({}, { redact: [] });
  return ({ request, reply, observed, route, status, milliseconds }) => {
    const level = quiet.has(route) ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    log[level](
      {
        requestId: request.id,
        traceId: observed.trace?.id,
        method: request.method,
        route,
        status,
        ...(status === undefined && { aborted: true }),
        milliseconds: Math.round(milliseconds * 100) / 100,
        bytes: Number(reply.getHeader('content-length')) || undefined,
        // Behind a proxy this is what the proxy has written.
        ip: isIP(request.ip) ? request.ip : undefined,
        ...asked(observed),
      },
      'request',
    );
  };
}

/** One line for each subscription that is over, in the same words. */
export function createSubscriptionLog(parent: Log): (running: Running) => void {
  const log = parent.child({}, { redact: [] });
  return ({ context: { request, observed }, sent }) => {
    log.info(
      {
        requestId: request.id,
        milliseconds: Math.round((performance.now() - observed.startedAt) * 100) / 100,
        messages: sent,
        ip: request.ip !== null && isIP(request.ip) ? request.ip : undefined,
        ...asked(observed),
      },
      'subscription',
    );
  };
}

/** What was asked for, by whom, and what went wrong. */
function asked({ operation, principal, cost, codes }: Observed) {
  return {
    operation: operation?.type,
    fields: operation?.rootFields,
    operationName: operation?.name,
    caller: principal && shownCaller(principal),
    cost,
    errors: codes.length > 0 ? codes : undefined,
  };
}

/** Who has asked, without anything that could be used in its name. */
export function shownCaller(principal: Principal): { kind: string; id?: string | undefined } {
  const { kind } = principal;
  switch (kind) {
    case 'anonymous':
      return { kind };
    case 'session':
      return { kind, id: principal.sessionId };
    case 'apiKey':
      return { kind, id: principal.keyId };
    case 'external':
      return { kind, id: principal.subject };
  }
}
