import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { newId } from '../platform/id.js';
import { bareHeaders, errorBody } from './json-errors.js';
import { isListed } from './security-headers.js';

/** Whoever asks for these has to know how the gateway is, above all when it has too much to do. */
const alwaysServed: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const retryAfter = 1;
/**
 * Whoever is turned away waits so long for it, and sends nothing else on that connection meanwhile. Who is turned away at once may
 * come again at once, and turning away as many as can be turned away takes the time of those who were let in.
 */
const refusalAfterMs = 200;
/** No more than so many are kept waiting: each keeps its connection and its request. */
const mostKeptWaiting = 2_000;
const sampleMs = 20;
/** What is worth reading to its end so that the connection can go on. */
const smallBody = 16_384;

const refusal = new DomainError('SERVICE_UNAVAILABLE', 'The gateway has too much to do. Try again in a second.', {
  retryAfter,
});
const body = JSON.stringify(errorBody(refusal.code, refusal.message, refusal.facts));
const headers = Object.entries({
  'content-type': 'application/json; charset=utf-8',
  'content-length': String(Buffer.byteLength(body)),
  'retry-after': String(retryAfter),
  ...bareHeaders,
}).flat();

/** How far the work on a request is. */
interface Work {
  handled: boolean;
  closed: boolean;
}

const work = Symbol('work');

/**
 * A request that was let in, with its work until that is over. They are in no Map, because that would keep them longer: each table
 * that it grows out of holds on to the next one until V8 collects what is old.
 */
interface LetIn extends IncomingMessage {
  [work]?: Work | undefined;
}

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
 * none. It stands before Fastify and looks at nothing but the address, because what refusals cost is missing for the others.
 */
export function shedLoad(
  app: FastifyInstance,
  { overload, corsOrigins }: Pick<Config, 'overload' | 'corsOrigins'>,
): Load {
  const delay = new LoopDelay();
  const refused = { requests: 0, delay: 0 };
  let inFlight = 0;
  let keptWaiting = 0;

  function finish(request: LetIn): void {
    if (!request[work]) return;
    request[work] = undefined;
    inFlight -= 1;
  }

  function refuseLater(request: IncomingMessage, response: ServerResponse): void {
    const refuseNow = () => refuse(request, response, corsOrigins);
    if (keptWaiting >= mostKeptWaiting || !goesOn(request)) {
      refuseNow();
      return;
    }
    keptWaiting += 1;
    setTimeout(() => {
      keptWaiting -= 1;
      if (!response.destroyed) refuseNow();
    }, refusalAfterMs);
  }

  function reasonToRefuse(): keyof Load['refused'] | null {
    if (inFlight >= overload.mostRequests) return 'requests';
    return delay.ms > overload.mostDelayMs ? 'delay' : null;
  }

  standBefore(app, (request, response) => {
    if (alwaysServed.has(pathOf(request))) return true;
    const reason = reasonToRefuse();
    if (reason) {
      refused[reason] += 1;
      refuseLater(request, response);
      return false;
    }
    const begun: Work = { handled: false, closed: false };
    (request as LetIn)[work] = begun;
    inFlight += 1;
    // Comes in any case. Where the client went away, what it has asked for is perhaps still being done.
    response.once('close', () => {
      begun.closed = true;
      if (!begun.handled) finish(request);
    });
    return true;
  });
  app.addHook('preHandler', ({ raw }: { raw: LetIn }, _, next) => {
    if (raw[work]) raw[work].handled = true;
    next();
  });
  app.addHook('onSend', ({ raw }: { raw: LetIn }, _, payload, next) => {
    const answered = raw[work];
    if (answered) answered.handled = false;
    if (answered?.closed) finish(raw);
    next(null, payload);
  });
  app.addHook('onClose', async () => delay.stop());

  return {
    refused,
    get inFlight() {
      return inFlight;
    },
    get delayMs() {
      return delay.ms;
    },
  };
}

/** Hands on to Fastify only what is let in. */
function standBefore(
  { server }: FastifyInstance,
  letIn: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  const [serve] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (letIn(request, response)) serve!(request, response);
  });
}

function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** Whether the connection is used further: after the body, which would have to be read for nothing. */
function goesOn({ headers: { 'content-length': length, 'transfer-encoding': encoding } }: IncomingMessage): boolean {
  return encoding === undefined && Number(length ?? 0) <= smallBody;
}

function refuse(request: IncomingMessage, response: ServerResponse, corsOrigins: Config['corsOrigins']): void {
  const { origin } = request.headers;
  const answer = ['x-request-id', newId(), ...headers];
  // Else a browser would tell its page only that something went wrong.
  if (origin !== undefined && isListed(origin, corsOrigins)) {
    answer.push(
      'access-control-allow-origin',
      origin,
      'access-control-expose-headers',
      'Retry-After',
      'vary',
      'Origin',
    );
  }
  if (!goesOn(request)) answer.push('connection', 'close');
  response.writeHead(503, answer).end(body);
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
