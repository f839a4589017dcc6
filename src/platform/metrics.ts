import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { StatementRun } from './connections.js';
import type { Database, PoolUse } from './database.js';
import { type Outbox, outboxStatement } from './outbox.js';
import { Timings } from './timings.js';
import { within } from './within.js';

/** The numbers of one gateway, as Prometheus reads them. */
export interface Metrics {
  /** A request has come, of whatever kind. */
  began(): void;
  /** It is over, and has been answered or not. */
  ended(): void;
  /** A GraphQL request is over; both words come from lists that no client can make longer. */
  operation(name: string, code: string, seconds: number): void;
  statement(run: StatementRun): void;
  /** Shows how a database is used from now on. */
  watch(db: Database): void;
  /** Shows from now on how many requests were turned away, by what there was too much of. */
  watchLoad(load: { readonly refused: Readonly<Record<string, number>> }): void;
  /** Shows from now on how sockets are used. */
  watchSockets(use: { readonly sockets: number; readonly subscriptions: number }): void;
  /** A message was sent to a subscription. */
  sent(): void;
  /** A subscription is over, or was refused; both words come from lists that no client can make longer. */
  subscription(name: string, code: string): void;
  /** Everything in Prometheus' text format. Never fails: what cannot be read is left out. */
  text(): Promise<string>;
  readonly contentType: string;
}

const scrapePatienceMs = 1_000;

const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const statementSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own, so that several gateways can live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Counted here, and shown when somebody asks: prom-client puts the labels together each time.
  const requests = remembering((operation, code) => ({ operation, code, count: 0 }));
  new Counter({
    name: 'tenantry_requests_total',
    help: 'GraphQL requests by operation and by the code of their first error, or OK.',
    labelNames: ['operation', 'code'],
    registers,
    collect() {
      this.reset();
      for (const { operation, code, count } of requests.all()) this.inc({ operation, code }, count);
    },
  });
  const durations = new Timings(
    'tenantry_request_duration_seconds',
    'Seconds from the first byte of a GraphQL request to the last of its answer.',
    { label: 'operation', bounds: requestSeconds, registers },
  );
  const timed = remembering((operation) => durations.of(operation));
  const rateLimited = new Counter({
    name: 'tenantry_requests_rate_limited_total',
    help: 'GraphQL requests that were refused as RATE_LIMITED.',
    registers,
  });
  let inFlight = 0;
  new Gauge({
    name: 'tenantry_requests_in_flight',
    help: 'Requests that are being answered at this moment.',
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  const observeStatement = statementMetrics(registers);

  return {
    began() {
      inFlight += 1;
    },
    ended() {
      inFlight -= 1;
    },
    operation(operation, code, seconds) {
      requests.of(operation, code).count += 1;
      timed.of(operation)(seconds);
      if (code === 'RATE_LIMITED') rateLimited.inc();
    },
    statement: observeStatement,
    watchLoad(load) {
      new Counter({
        name: 'tenantry_requests_turned_away_total',
        help: 'Requests that were turned away because there was too much to do: too many requests, or too long a delay.',
        labelNames: ['reason'],
        registers,
        collect() {
          this.reset();
          for (const [reason, count] of Object.entries(load.refused)) this.inc({ reason }, count);
        },
      });
    },
    ...socketMetrics(registers),
    watch(db) {
      showPools(db, registers);
      showOutbox(db, registers);
    },
    text: async () => (await Promise.all([registry.metrics(), ofThisProcess().metrics()])).join('\n'),
    contentType: registry.contentType,
  };
}

/** Remembers what was made of the same words before; they come from lists that no client can make longer. */
function remembering<T>(make: (first: string, second: string) => T) {
  const known = new Map<string, T>();
  return {
    all: () => known.values(),
    of(first: string, second = ''): T {
      const key = `${first}\n${second}`;
      const there = known.get(key);
      if (there !== undefined) return there;
      const made = make(first, second);
      known.set(key, made);
      return made;
    },
  };
}

function statementMetrics(registers: Registry[]): (run: StatementRun) => void {
  const counts = { ok: 0, error: 0 };
  new Counter({
    name: 'tenantry_sql_statements_total',
    help: 'SQL statements that were sent, by outcome: ok or error.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      // Also none, so that the first error is seen as an increase.
      for (const [outcome, count] of Object.entries(counts)) this.inc({ outcome }, count);
    },
  });
  const durations = new Timings(
    'tenantry_sql_statement_duration_seconds',
    'Seconds that SQL statements took, with the wait for a connection.',
    { label: 'outcome', bounds: statementSeconds, registers },
  );
  const timed = { ok: durations.of('ok'), error: durations.of('error') };
  return ({ error, milliseconds }) => {
    const outcome = error === undefined ? 'ok' : 'error';
    counts[outcome] += 1;
    timed[outcome](milliseconds / 1000);
  };
}

function socketMetrics(registers: Registry[]): Pick<Metrics, 'watchSockets' | 'sent' | 'subscription'> {
  const messages = new Counter({
    name: 'tenantry_subscription_messages_total',
    help: 'Messages that were sent to subscriptions.',
    registers,
  });
  const subscriptions = new Counter({
    name: 'tenantry_subscriptions_total',
    help: 'Subscriptions that are over, by operation and by the code of the error that ended or refused them, or OK.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const show = (name: string, help: string, value: () => number) => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  return {
    sent: () => messages.inc(),
    subscription: (operation, code) => subscriptions.inc({ operation, code }),
    watchSockets(use) {
      show('tenantry_sockets_open', 'WebSockets that are open.', () => use.sockets);
      show('tenantry_subscriptions_active', 'Subscriptions that are under way.', () => use.subscriptions);
    },
  };
}

function showPools(db: Database, registers: Registry[]): void {
  const show = (name: string, help: string, of: (pool: PoolUse) => number) => {
    new Gauge({
      name: `tenantry_pool_${name}`,
      help,
      labelNames: ['pool'],
      registers,
      collect() {
        for (const pool of db.pools()) this.set({ pool: pool.name }, of(pool));
      },
    });
  };
  show('connections_open', 'Connections that a pool has to the database.', ({ open }) => open);
  show('connections_idle', 'Connections of a pool that nobody uses at this moment.', ({ idle }) => idle);
  show('connections_maximum', 'Connections that a pool may have.', ({ maximum }) => maximum);
  show('waiting', 'Statements and transactions that wait for a connection of a pool.', ({ waiting }) => waiting);
}

function showOutbox(db: Database, registers: Registry[]): void {
  const ask = oneAtATime(async () => (await db.run<Outbox>(outboxStatement, []))[0]!);
  const read = () => within(scrapePatienceMs, ask()).catch(() => null);
  const show = (name: string, help: string, of: (outbox: Outbox) => number) => {
    new Gauge({
      name: `tenantry_outbox_${name}`,
      help,
      registers,
      async collect() {
        const outbox = await read();
        // An old number would look like a good one.
        if (outbox) this.set(of(outbox));
        else this.remove();
      },
    });
  };
  show('jobs_waiting', 'Jobs, such as mail, that are to be done or tried again.', ({ waiting }) => waiting);
  show('jobs_failed', 'Jobs that were given up after their last try.', ({ failed }) => failed);
  const oldest = 'Seconds since the oldest job was made that is due, or has been tried before; 0 if there is none.';
  show('oldest_job_seconds', oldest, ({ oldestSeconds }) => oldestSeconds ?? 0);
  new Gauge({
    name: 'tenantry_database_up',
    help: 'Whether the database has answered for these numbers: 1 or 0.',
    registers,
    async collect() {
      this.set((await read()) ? 1 : 0);
    },
  });
}

/** Whoever asks while a question is under way waits for its answer: a database that hangs gets no queue of them. */
function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

let processRegistry: Registry | undefined;

/** Memory, processor time, garbage collection and event loop are the process's, however many gateways live in it. */
function ofThisProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry, prefix: 'tenantry_' });
  }
  return processRegistry;
}
