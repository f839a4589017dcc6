import type { FastifyInstance, FastifyRequest, preValidationHookHandler } from 'fastify';
import { handleProtocols, type Server } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Services } from '../auth/scope.js';
import type { Begin } from '../graphql/subscribing.js';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import type { Metrics } from '../platform/metrics.js';
import { networkOf } from '../platform/network.js';
import { createSubscriptionLog } from './access-log.js';
import type { Readiness } from './health.js';
import type { Budgets } from './request-budget.js';
import { isListed } from './security-headers.js';
import type { Patience } from './slow-clients.js';
import { expiryOf } from './socket-caller.js';
import { closeCodes, closeSocket, lineOf } from './socket-line.js';
import { type Running, type SocketFacts, subscriptionServer } from './socket-subscriptions.js';
import type { Documents } from './trusted-documents.js';
import { headOf, routeUpgrades } from './upgrades.js';

/** One network gets no more of the sockets. */
const shareOfNetwork = 5;

/** How long clients have to say goodbye when the gateway stops. */
const goodbyeMs = 1_000;

/** No timer runs longer. */
const longestTimerMs = 2_147_483_647;

interface Surroundings {
  path: string;
  services: Services;
  documents: Documents;
  begin: Begin;
  budgets: Budgets;
  readiness: Readiness;
  metrics: Metrics;
  patience: Patience;
  largestMessage: number;
}

/** The WebSockets of one gateway, for subscriptions over graphql-ws. */
export class Sockets {
  readonly #surroundings: Surroundings;
  readonly #config: Pick<Config, 'corsOrigins' | 'mostSockets'>;
  readonly #log: Log;
  readonly #handshake: WebSocketServer;
  readonly #protocol: Server<SocketFacts>;
  readonly #ofNetwork = new Map<string, number>();
  #subscriptions = 0;

  constructor(
    app: FastifyInstance,
    config: Pick<Config, 'corsOrigins' | 'mostSockets'>,
    log: Log,
    surroundings: Surroundings,
  ) {
    this.#surroundings = surroundings;
    this.#config = config;
    this.#log = log;
    const { path, metrics, patience, largestMessage: maxPayload } = surroundings;
    this.#handshake = new WebSocketServer({ noServer: true, maxPayload, handleProtocols });
    this.#protocol = subscriptionServer({ ...surroundings, log, listener: this.#listener() }, patience.greeting);
    routeUpgrades(app, path);
    app.addHook('preClose', () => this.#closeAll());
    metrics.watchSockets(this);
  }

  /** How many are open. */
  get sockets(): number {
    return this.#handshake.clients.size;
  }

  /** How many subscriptions are under way. */
  get subscriptions(): number {
    return this.#subscriptions;
  }

  /** Goes on with a request for a WebSocket as one; all others are let through. */
  readonly accept: preValidationHookHandler = (request, reply, next) => {
    const { raw } = request;
    const head = headOf(raw);
    if (!head) return next();
    const refusal = this.#refusal(request);
    if (refusal) return next(refusal);
    reply.hijack();
    const { socket } = raw;
    reply.raw.detachSocket(socket);
    this.#handshake.once('headers', (lines) => lines.push(`X-Request-Id: ${request.id}`));
    this.#handshake.handleUpgrade(raw, socket, head, (opened) => {
      reply.raw.statusCode = 101;
      this.#opened(opened, request);
    });
    // What was not taken up has no use for them.
    this.#handshake.removeAllListeners('headers');
    // As a request it is over.
    reply.raw.emit('close');
  };

  #refusal({ headers: { origin }, host, ip }: FastifyRequest): DomainError | null {
    const { corsOrigins, mostSockets } = this.#config;
    if (origin !== undefined && !isListed(origin, corsOrigins) && !isOf(origin, host)) {
      return new DomainError('FORBIDDEN', 'Pages of this origin may not connect.');
    }
    if (this.#surroundings.readiness.isDraining || this.sockets >= mostSockets) {
      return new DomainError('SERVICE_UNAVAILABLE', 'There is no room for another socket. Try again soon.', {
        retryAfter: 1,
      });
    }
    if ((this.#ofNetwork.get(networkOf(ip)) ?? 0) >= Math.ceil(mostSockets / shareOfNetwork)) {
      return new DomainError('RATE_LIMITED', 'Your network has too many sockets. Close others first.', {
        retryAfter: 1,
      });
    }
    return null;
  }

  #opened(socket: WebSocket, request: FastifyRequest): void {
    const { budgets, patience } = this.#surroundings;
    const { id, ip } = request;
    const network = networkOf(ip);
    const budget = budgets.of(request);
    this.#count(network, 1);
    socket.on('error', (err) => this.#log.debug({ err, requestId: id }, 'a socket has failed'));
    const timers = [keepAlive(socket, patience.pong)];
    const closed = this.#protocol.opened(
      lineOf(socket, () => budget.charge(1), this.#log),
      {
        id,
        ip,
        userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
        budget,
        close: ({ code, reason }) => closeSocket(socket, code, reason),
        greeted({ principal }) {
          const expiry = expiryOf(principal);
          if (expiry !== null) timers.push(closeAt(socket, expiry));
        },
      },
    );
    socket.once('close', (code, reason) => {
      for (const timer of timers) clearTimeout(timer);
      this.#count(network, -1);
      closed(code, String(reason)).catch((err) => this.#log.error({ err, requestId: id }, 'a socket ended badly'));
    });
  }

  #count(network: string, by: number): void {
    const count = (this.#ofNetwork.get(network) ?? 0) + by;
    if (count > 0) this.#ofNetwork.set(network, count);
    else this.#ofNetwork.delete(network);
  }

  #listener() {
    const { metrics } = this.#surroundings;
    const logSubscription = createSubscriptionLog(this.#log);
    return {
      began: () => {
        this.#subscriptions += 1;
      },
      sent: () => metrics.sent(),
      ended: (running: Running) => {
        this.#subscriptions -= 1;
        const { operation, codes } = running.context.observed;
        metrics.subscription(operation?.rootFields[0] ?? 'invalid', codes[0] ?? 'OK');
        logSubscription(running);
      },
    };
  }

  /** Sends everybody elsewhere. Whoever does not go is cut off, so that nothing holds up the stop. */
  async #closeAll(): Promise<void> {
    const sockets = [...this.#handshake.clients];
    const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) closeSocket(socket, closeCodes.restart, 'The gateway is stopping. Connect again.');
    const cutOff = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, goodbyeMs);
    await Promise.all(gone);
    clearTimeout(cutOff);
  }
}

/** Whether a page comes from the gateway itself. */
function isOf(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Cuts a socket off where nobody answers any more. */
function keepAlive(socket: WebSocket, everyMs: number): NodeJS.Timeout {
  let isThere = true;
  socket.on('pong', () => {
    isThere = true;
  });
  return setInterval(() => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
  }, everyMs).unref();
}

/** The client connects again with a new token, and goes on where it was. */
function closeAt(socket: WebSocket, expiry: number): NodeJS.Timeout {
  const left = Math.min(Math.max(expiry - Date.now(), 0), longestTimerMs);
  return setTimeout(() => closeSocket(socket, closeCodes.forbidden, 'The access token has expired.'), left).unref();
}
