import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { bareHeaders, errorBody } from './json-errors.js';

/** Whoever asks for these has to know how the gateway is, above all when it has too much to do. */
const alwaysServed: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz', '/metrics']);

const retryAfter = 1;
const sampleMs = 20;
/** What is worth reading to its end so that the connection can go on. */
const smallBody = 16_384;

const refusal = new DomainError('SERVICE_UNAVAILABLE', 'The gateway has too much to do. Try again in a second.', {
  retryAfter,
});
const body = Buffer.from(JSON.stringify(errorBody(refusal.code, refusal.message, refusal.facts)));
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': body.length,
  'retry-after': String(retryAfter),
  ...bareHeaders,
};

/** What is to be seen of the load. */
export interface Load {
  /** Requests that are being worked on. */
  readonly inFlight: number;
  /** How late the event loop was lately, in milliseconds. */
  readonly delayMs: number;
  /** How many requests were turned away since the start, and why. */
  readonly refused: { readonly requests: number; readonly delay: number };
}

/**
 * Turns requests away while there is more to do than can be done: those that are accepted are then answered in time, instead of
 * none. A refusal comes before anything of the request is looked at but its address, so that it costs next to nothing.
 */
export function shedLoad(app: FastifyInstance, { mostRequests, mostDelayMs }: Config['overload']): Load {
  const delay = new LoopDelay();
  const refused = { requests: 0, delay: 0 };
  const underWay = new Map<FastifyRequest, { handled: boolean; closed: boolean }>();

  app.addHook('onRequest', (request, reply, next) => {
    if (alwaysServed.has(request.routeOptions.url)) return next();
    const reason = underWay.size >= mostRequests ? 'requests' : delay.ms > mostDelayMs ? 'delay' : null;
    if (reason) {
      refused[reason] += 1;
      return refuse(request, reply);
    }
    const work = { handled: false, closed: false };
    underWay.set(request, work);
    // Comes in any case. Where the client went away, what it has asked for is perhaps still being done.
    reply.raw.once('close', () => {
      work.closed = true;
      if (!work.handled) underWay.delete(request);
    });
    next();
  });
  app.addHook('preHandler', (request, _, next) => {
    const work = underWay.get(request);
    if (work) work.handled = true;
    next();
  });
  app.addHook('onSend', (request, _, payload, next) => {
    const work = underWay.get(request);
    if (work) work.handled = false;
    if (work?.closed) underWay.delete(request);
    next(null, payload);
  });
  app.addHook('onClose', async () => delay.stop());

  return {
    refused,
    get inFlight() {
      return underWay.size;
    },
    get delayMs() {
      return delay.ms;
    },
  };
}

/** Answers past Fastify, but for the headers that are there already: the id of the request, and what browsers must know. */
function refuse(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  const answer: OutgoingHttpHeaders = { ...(reply.getHeaders() as OutgoingHttpHeaders), ...headers };
  const size = Number(request.headers['content-length'] ?? (request.headers['transfer-encoding'] ? Infinity : 0));
  // A connection goes on after the body, which would have to be read for nothing.
  if (size > smallBody) answer.connection = 'close';
  reply.raw.writeHead(503, answer).end(body);
}

/** How late the event loop comes to what is due. A single stop, as for a collection of garbage, is no overload. */
class LoopDelay {
  #due = performance.now() + sampleMs;
  #latest = 0;
  #before = 0;
  readonly #timer = setInterval(() => this.#sample(), sampleMs).unref();

  get ms(): number {
    return Math.min(this.#latest, this.#before);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const now = performance.now();
    this.#before = this.#latest;
    this.#latest = Math.max(0, now - this.#due);
    this.#due = now + sampleMs;
  }
}
