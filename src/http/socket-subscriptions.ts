import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { Services } from '../auth/scope.js';
import type { GraphQLContext } from '../graphql/context.js';
import { assertWithinLimits } from '../graphql/document-limits.js';
import { explained } from '../graphql/format-error.js';
import type { Observed } from '../graphql/observe.js';
import type { Begin, Begun } from '../graphql/subscribing.js';
import { DomainError } from '../platform/errors.js';
import { newId } from '../platform/id.js';
import type { Log } from '../platform/log.js';
import { Reads } from '../platform/reads.js';
import { type Budget, callerOf } from './request-budget.js';
import { refusalOf } from './request-context.js';
import { type Closing, callerIn, closingFor, type SocketCaller } from './socket-caller.js';
import type { AskedDocument, Documents } from './trusted-documents.js';

/** How many subscriptions one socket, and one caller over all sockets, may have at once. */
export const mostSubscriptions = { socket: 20, caller: 200 } as const;

/** A socket, as far as subscriptions are concerned. */
export interface SocketFacts {
  /** The id of the request that has opened it. */
  id: string;
  ip: string;
  userAgent: string | null;
  budget: Budget;
  /** Known as soon as it has said who calls. */
  caller?: SocketCaller;
  close(closing: Closing): void;
  /** Is told who calls. */
  greeted(caller: SocketCaller): void;
}

/** One subscription, from the message that asks for it to its end. */
export interface Running {
  context: Pick<GraphQLContext, 'request'> & { observed: Observed };
  /** How many messages were sent. */
  sent: number;
}

/** Who is told of what becomes of subscriptions. */
export interface Listener {
  began(): void;
  sent(): void;
  ended(running: Running): void;
}

interface Surroundings {
  services: Services;
  documents: Documents;
  begin: Begin;
  log: Log;
  listener: Listener;
}

type Socket = Context<Record<string, unknown>, SocketFacts>;

/** The protocol graphql-transport-ws, with everything that stands before subscriptions, as before requests over HTTP. */
export function subscriptionServer(surroundings: Surroundings, greetingMs: number): Server<SocketFacts> {
  const { services, log, listener } = surroundings;
  const subscriptions = new Subscriptions(surroundings);
  return makeServer<Record<string, unknown>, SocketFacts>({
    connectionInitWaitTimeout: greetingMs,
    async onConnect({ connectionParams = {}, extra }) {
      try {
        extra.caller = await callerIn(connectionParams, services);
        extra.budget.callBy(extra.caller.principal);
        extra.greeted(extra.caller);
        // So that a client can name what it asks us about.
        return { requestId: extra.id };
      } catch (error) {
        extra.close(closingFor(error, extra.id, log));
        return false;
      }
    },
    onSubscribe: (socket, id, payload) => subscriptions.begin(socket, id, payload),
    subscribe: (args) => (args as Begun).answers,
    onNext(_socket, _id, payload, _args, result) {
      listener.sent();
      return subscriptions.shown(payload, result);
    },
    onError(_socket, _id, payload, errors) {
      const told = subscriptions.explain(payload, errors);
      subscriptions.end(payload);
      return told;
    },
    onComplete: (_socket, _id, payload) => subscriptions.end(payload),
  });
}

class Subscriptions {
  readonly #surroundings: Surroundings;
  /** By the message that has asked for them. */
  readonly #running = new Map<SubscribePayload, Running & { caller: string | null }>();
  readonly #ofCaller = new Map<string, number>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async begin(socket: Socket, id: string, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { begin, listener, log } = this.#surroundings;
    const { extra } = socket;
    const { principal } = extra.caller!;
    const request = { id: newId(), ip: extra.ip, userAgent: extra.userAgent };
    const observed: Observed = { startedAt: performance.now(), trace: undefined, principal, codes: [] };
    const running = { context: { request, observed }, sent: 0, caller: callerOf(principal) };
    this.#running.set(payload, running);
    this.#count(running.caller, 1);
    listener.began();
    let begun: ExecutionArgs | readonly GraphQLError[];
    try {
      this.#assertFew(Object.keys(socket.subscriptions).length, running.caller);
      begun = await begin(this.#contextOf(running, extra, payload), payload);
    } catch (error) {
      begun = [refusalOf(error, request.id, log)];
    }
    // Nobody is told of it any more.
    if (!('schema' in begun) && !(id in socket.subscriptions)) this.end(payload);
    return begun;
  }

  shown(payload: SubscribePayload, { data, errors }: ExecutionResult) {
    const running = this.#running.get(payload);
    if (running) running.sent += 1;
    return { data, ...(errors && { errors: this.explain(payload, errors) }) } as never;
  }

  explain(payload: SubscribePayload, errors: readonly GraphQLError[]) {
    const running = this.#running.get(payload)!;
    const told = explained(errors, running.context, this.#surroundings.log);
    running.context.observed.codes = [...new Set(told.map(({ extensions }) => String(extensions?.code)))];
    return told;
  }

  end(payload: SubscribePayload): void {
    const running = this.#running.get(payload);
    if (!running || !this.#running.delete(payload)) return;
    this.#count(running.caller, -1);
    this.#surroundings.listener.ended(running);
  }

  #contextOf({ context }: Running, extra: SocketFacts, payload: SubscribePayload): GraphQLContext {
    const { services, documents } = this.#surroundings;
    const document = documents.textOf(payload as AskedDocument);
    assertWithinLimits(document);
    return {
      ...services,
      ...context,
      ...extra.caller!,
      reads: new Reads(services.db.batcher),
      document,
      charge: extra.budget.charge,
    };
  }

  #count(caller: string | null, by: number): void {
    if (caller === null) return;
    const count = (this.#ofCaller.get(caller) ?? 0) + by;
    if (count > 0) this.#ofCaller.set(caller, count);
    else this.#ofCaller.delete(caller);
  }

  /** @throws {DomainError} RATE_LIMITED */
  #assertFew(onSocket: number, caller: string | null): void {
    const { socket, caller: ofCaller } = mostSubscriptions;
    if (onSocket <= socket && (this.#ofCaller.get(caller ?? '') ?? 0) <= ofCaller) return;
    const message = `There may be ${socket} subscriptions on one socket, and ${ofCaller} of one caller. End others first.`;
    throw new DomainError('RATE_LIMITED', message, { retryAfter: 1 });
  }
}
