import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler, onSendHookHandler } from 'fastify';
import type { Principal } from '../auth/scope.js';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import { networkOf } from '../platform/network.js';
import { type Allowance, RateWindows } from '../platform/rate-limit.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nothing is counted. */
    payers: Payer[] | null;
  }
}

const seconds = 60;

/** Who pays for a request: its network, and its caller as soon as it is known who calls. */
interface Payer {
  windows: RateWindows;
  key: string;
}

/** What one request may cost. It is a point to begin with, and what its query asks for. */
export interface Budget {
  /**
   * From here on the caller pays, too. Only what has been verified makes a caller; an API key has not, but each costs its network
   * a point first, and what is counted for keys that nobody has is forgotten like everything else.
   *
   * @throws {DomainError} RATE_LIMITED with `retryAfter` if the caller has nothing left.
   */
  callBy(principal: Principal): void;
  /**
   * Takes points from all who pay, or from none.
   *
   * @throws {DomainError} RATE_LIMITED with `retryAfter` if one of them has too few.
   */
  charge(points: number): void;
}

/** The budgets of all requests, counted in each process by itself. */
export class Budgets {
  readonly #networks: RateWindows | null;
  readonly #callers: RateWindows | null;

  constructor(app: FastifyInstance, { caller, network }: Config['rateLimits']) {
    app.decorateRequest('payers', null);
    this.#networks = network > 0 ? new RateWindows({ points: network, seconds }) : null;
    this.#callers = caller > 0 ? new RateWindows({ points: caller, seconds }) : null;
  }

  /** What a route needs whose requests are to be paid for. */
  get hooks(): { onRequest?: onRequestHookHandler; onSend?: onSendHookHandler } {
    return this.#networks || this.#callers ? { onRequest: this.#open, onSend: this.#tell } : {};
  }

  /** Takes a point from the network before anything else is done, also for what turns out to be nonsense. */
  readonly #open: onRequestHookHandler = (request, _, next) => {
    request.payers = this.#networks ? [{ windows: this.#networks, key: networkOf(request.ip) }] : [];
    try {
      charge(request.payers, 1);
      next();
    } catch (error) {
      next(error as DomainError);
    }
  };

  of({ payers }: FastifyRequest): Budget {
    if (!payers) return unlimited;
    return {
      callBy: (principal) => {
        const key = callerOf(principal);
        if (!this.#callers || key === null) return;
        const caller = { windows: this.#callers, key };
        payers.push(caller);
        charge([caller], 1);
      },
      charge: (points) => charge(payers, points),
    };
  }

  /** Says on every answer what is left to whoever has less, by its limit. */
  readonly #tell: onSendHookHandler = ({ payers }, reply, payload, next) => {
    const allowances = (payers ?? []).map(({ windows, key }) => windows.left(key));
    const [least] = allowances.sort((a, b) => a.remaining / a.limit - b.remaining / b.limit);
    if (least) tellLeft(reply, least);
    next(null, payload);
  };
}

const unlimited: Budget = { callBy() {}, charge() {} };

function charge(payers: readonly Payer[], points: number): void {
  if (points <= 0) return;
  const short = payers.map(({ windows, key }) => windows.left(key)).filter(({ remaining }) => remaining < points);
  if (short.length > 0) {
    const retryAfter = Math.max(...short.map(({ resetSeconds }) => resetSeconds));
    const message = `Too much was asked for within ${seconds} seconds. Try again in ${retryAfter} seconds.`;
    throw new DomainError('RATE_LIMITED', message, { retryAfter });
  }
  for (const { windows, key } of payers) windows.take(key, points);
}

/** What tells callers apart; null for those that are nobody in particular. */
export function callerOf(principal: Principal): string | null {
  switch (principal.kind) {
    case 'anonymous':
      return null;
    case 'session':
      return principal.sessionId;
    case 'apiKey':
      return principal.secretHash;
    case 'external':
      return `${principal.issuer} ${principal.subject}`;
  }
}

/** In the words of draft-ietf-httpapi-ratelimit-headers, version 6. */
function tellLeft(reply: FastifyReply, { limit, remaining, resetSeconds }: Allowance): void {
  reply.headers({
    'ratelimit-limit': limit,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': resetSeconds,
    'ratelimit-policy': `${limit};w=${seconds}`,
  });
}
