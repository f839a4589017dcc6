import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import { Batcher } from './batcher.js';
import type { Log } from './log.js';
import { commit, OpenTransaction } from './open-transaction.js';
import type { Run, Values } from './sql.js';
import { isConnectionLost, NotConnected, wasSentAway } from './unavailable.js';

export { sqlState } from './unavailable.js';

/** PostgreSQL, as the gateway uses it. */
export interface Database {
  /** Prisma, on the same pool, for everything that is not hot. */
  readonly prisma: PrismaClient;
  /** Runs one named prepared statement on the shared pool. */
  readonly run: Run;
  /** Runs one writing statement. Writes may wait for a row lock, so they have a pool of their own: reads never queue behind. */
  readonly write: Run;
  /** Runs one writing statement that stands for itself, also while a transaction is open: what was tried, or used. */
  readonly aside: Run;
  /** Reads by key, together with all other requests that read the same at this moment. */
  readonly batcher: Batcher;
  /** The same for what no request waits for, so that requests do not queue behind it. */
  readonly background: Batcher;
  /** Runs work in one transaction on one connection of the writing pool. */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
  /** Opens a transaction that lasts until it is ended, whatever comes in between; its connections are a pool of their own. */
  begin(): Promise<RequestTransaction>;
  /** How the pools are used at this moment. */
  pools(): PoolUse[];
  close(): Promise<void>;
}

/** A transaction that is handed around as the database of whatever belongs to it. */
export interface RequestTransaction {
  db: Database;
  /** @throws if anything of it may not have been written. */
  commit(): Promise<void>;
  /** Undoes everything; nothing happens if the transaction is over. */
  rollback(): Promise<void>;
}

/** The connections of one pool. */
export interface PoolUse {
  name: 'read' | 'write' | 'request' | 'aside' | 'statistics' | 'standby';
  maximum: number;
  open: number;
  idle: number;
  /** How many statements wait for a connection. */
  waiting: number;
}

/** One statement that has been run, well or not. */
export interface StatementRun {
  text: string;
  /** When it was asked for, by `performance.now()`; the time that it waited for a connection counts, too. */
  startedAt: number;
  milliseconds: number;
  error?: unknown;
}

export interface DatabaseOptions {
  url: string;
  /** A streaming standby, for statements that may be answered from a moment ago. */
  readUrl?: string | undefined;
  /** Whether the URL leads to a pooler that lends a connection for each transaction, so that no setting outlasts one. */
  pooled?: boolean;
  /** Connections for reads; a quarter as many again are kept for writes. */
  poolSize?: number;
  /** Off behind a pooler that does not carry named statements. */
  preparedStatements?: boolean;
  /** How long to wait, in milliseconds: for a connection, for a lock, for a whole statement. */
  timeouts?: { connect: number; lock: number; statement: number };
  /** Is told of every statement. */
  observe?: (statement: StatementRun) => void;
  log: Log;
}

const usualTimeouts = { connect: 5_000, lock: 10_000, statement: 30_000 };

// Days stay text: a Date would put them into the time zone of this process.
const dayType = 1082;
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === dayType ? (value: string) => value : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;

/**
 * A read that lost its connection is tried so often in all. Few connections carry all reads, so where connections are lost, the
 * next one may be lost as well.
 */
const mostReads = 10;

/** So often a write is begun again that was sent away. */
const mostWrites = 5;

/** How long a standby that could not answer is left alone. */
const standbyRestMs = 5_000;

/** Connects to PostgreSQL. Nothing is opened before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, readUrl, poolSize = 16, log } = options;
  const few = Math.max(2, Math.ceil(poolSize / 4));
  const pools = {
    read: openPool(options, url, poolSize, plannedOnce),
    write: openPool(options, url, few),
    // Whoever has one of these asks the other pools for more, so no other pool may be waited for by all of them.
    request: openPool(options, url, few),
    aside: openPool(options, url, 2),
    // What ranges over months is planned for the range at hand, and must not keep others waiting.
    statistics: openPool(options, url, few),
    ...(readUrl && { standby: openPool(options, readUrl, poolSize) }),
  };
  const prisma = new PrismaClient({ adapter: new PrismaPg(pools.read) });
  const begin = beginning(options);
  const on = runner(options);
  const reading =
    (pool: pg.Pool): Run =>
    (text, values) =>
      again(mostReads, isLostRead, () => lent(pool, (run) => run(text, values), on));
  const read = reading(pools.read);
  const statistics = reading(pools.statistics);
  const transaction: Database['transaction'] = (work) =>
    again(mostWrites, wasSentAway, () => inTransaction(pools.write, begin, on, work));
  const writing = (pool: pg.Pool): Run =>
    // Behind a pooler time limits take a transaction.
    options.pooled
      ? (text, values) =>
          again(mostWrites, wasSentAway, () => inTransaction(pool, begin, on, (run) => run(text, values)))
      : (text, values) => again(mostWrites, wasSentAway, () => lent(pool, (run) => run(text, values), on));

  const database: Database = {
    prisma,
    run: read,
    write: writing(pools.write),
    aside: writing(pools.aside),
    batcher: new Batcher(read, pools.standby ? firstFrom(pools.standby, on, statistics, log) : statistics),
    background: new Batcher(read),
    transaction,
    async begin() {
      const client = await connected(pools.request);
      const open = await OpenTransaction.begin(client, begin, on(client));
      const db: Database = {
        ...database,
        run: open.read,
        write: (text, values) => again(mostWrites, wasSentAway, () => open.write(text, values)),
        batcher: new Batcher(open.read),
        transaction: (work) => again(mostWrites, wasSentAway, () => open.inner(work)),
        begin: () => Promise.reject(new Error('A transaction is open already.')),
      };
      return { db, commit: () => open.commit(), rollback: () => open.rollback() };
    },
    pools: () => Object.entries(pools).map(([name, pool]) => useOf(name as PoolUse['name'], pool)),
    async close() {
      await prisma.$disconnect();
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
    },
  };
  return database;
}

/**
 * Reads by key are planned once for any number of keys: planning takes longer than most of them, and PostgreSQL, which takes
 * the plan for one key for cheaper, would plan them each time. What one key leads to is not worth remembering for the next.
 */
const plannedOnce = '-c plan_cache_mode=force_generic_plan -c enable_memoize=off -c jit=off';

/** @param settings what PostgreSQL is told on connecting, as its command line has it; poolers do not pass it on. */
function openPool(
  { log, pooled, timeouts = usualTimeouts }: DatabaseOptions,
  url: string,
  max: number,
  settings?: string,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: timeouts.connect,
    // Who is connected by a pooler may not set anything for the whole connection.
    ...(!pooled && {
      ...(settings && { options: settings }),
      lock_timeout: timeouts.lock,
      statement_timeout: timeouts.statement,
      idle_in_transaction_session_timeout: timeouts.statement,
    }),
    // A server that is gone without a word says nothing of its time limits, either.
    query_timeout: timeouts.statement + 5_000,
    application_name: 'tenantry',
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  // Nor has one that is in use a listener between two statements of a transaction; the next one will fail.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** The text that begins a transaction, with its time limits where the connection has none of its own. */
function beginning({ pooled, timeouts = usualTimeouts }: DatabaseOptions): string {
  if (!pooled) return 'BEGIN';
  return `BEGIN; SET LOCAL lock_timeout = ${timeouts.lock}; SET LOCAL statement_timeout = ${timeouts.statement};
    SET LOCAL idle_in_transaction_session_timeout = ${timeouts.statement}`;
}

/** Statements on a connection; the first may have been asked for before there was one. */
type On = (client: pg.PoolClient, askedAt?: number) => Run;

function runner({ preparedStatements = true, observe }: DatabaseOptions): On {
  const named = preparedStatements ? nameOf : () => undefined;
  return (client, askedAt) =>
    async <Row extends object>(text: string, values: Values) => {
      const name = named(text);
      const query = { text, values: values as unknown[], types, ...(name && { name }) };
      const startedAt = askedAt ?? performance.now();
      try {
        const { rows } = await client.query<Row>(query);
        observe?.({ text, startedAt, milliseconds: performance.now() - startedAt });
        return rows;
      } catch (error) {
        observe?.({ text, startedAt, milliseconds: performance.now() - startedAt, error });
        throw error;
      }
    };
}

function useOf(name: PoolUse['name'], pool: pg.Pool): PoolUse {
  const { totalCount: open, idleCount: idle, waitingCount: waiting } = pool;
  return { name, maximum: pool.options.max, open, idle, waiting };
}

/** @throws {NotConnected} if there is no connection for now; what the database itself says of who connects is thrown as it is. */
async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw isConnectionLost(error) ? new NotConnected(error) : error;
  }
}

/** Lends work a connection; one that was lost is not used again. */
async function lent<T>(pool: pg.Pool, work: (run: Run) => Promise<T>, on: On): Promise<T> {
  const askedAt = performance.now();
  const client = await connected(pool);
  let lost: Error | undefined;
  try {
    return await work(on(client, askedAt));
  } catch (error) {
    if (isConnectionLost(error)) lost = error as Error;
    throw error;
  } finally {
    client.release(lost);
  }
}

async function inTransaction<T>(pool: pg.Pool, begin: string, on: On, work: (run: Run) => Promise<T>): Promise<T> {
  const client = await connected(pool);
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(on(client));
    await commit(client);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Does something once more, and again, while it fails for a reason that may have passed. */
async function again<T>(most: number, mayPass: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === most || !mayPass(error)) throw error;
    }
  }
}

/** Whether a connection was lost while it was used. What takes too long would take as long again. */
function isLostRead(error: unknown): boolean {
  return (
    isConnectionLost(error) && !(error instanceof NotConnected) && (error as Error).message !== 'Query read timeout'
  );
}

/** Reads from a standby; from the primary whatever it does not answer, and everything for a while if it cannot be reached. */
function firstFrom(standby: pg.Pool, on: On, primary: Run, log: Log): Run {
  let restsUntil = 0;
  return async (text, values) => {
    if (Date.now() < restsUntil) return primary(text, values);
    try {
      return await lent(standby, (run) => run(text, values), on);
    } catch (err) {
      if (isConnectionLost(err)) restsUntil = Date.now() + standbyRestMs;
      log.warn({ err }, 'the standby did not answer, so the primary does');
      return primary(text, values);
    }
  };
}

const names = new Map<string, string>();

/** The name of a prepared statement is a digest of its text: equal texts share one plan, on every connection. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return name;
}

/** The constraint that a database error names. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined;
}
