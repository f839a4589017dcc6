import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import { Batcher } from './batcher.js';
import type { Log } from './log.js';
import { commit, OpenTransaction } from './open-transaction.js';
import type { Run, Values } from './sql.js';

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
  /** Runs work in one transaction on one connection of the writing pool. */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
  /** Opens a transaction that lasts until it is ended, whatever comes in between; its connections are a pool of their own. */
  begin(): Promise<OpenTransaction>;
  /** How the pools are used at this moment. */
  pools(): PoolUse[];
  close(): Promise<void>;
}

/** The connections of one pool. */
export interface PoolUse {
  name: 'read' | 'write' | 'request' | 'aside';
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

/** Connects to PostgreSQL. Nothing is opened before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const { poolSize = 16, preparedStatements = true, observe } = options;
  const pool = openPool(options, poolSize);
  const writes = openPool(options, Math.max(2, Math.ceil(poolSize / 4)));
  // Whoever has one of these asks the other pools for more, so no other pool may be waited for by all of them.
  const requests = openPool(options, Math.max(2, Math.ceil(poolSize / 4)));
  const asides = openPool(options, 2);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const named = preparedStatements ? nameOf : () => undefined;

  const on =
    (connection: pg.Pool | pg.PoolClient): Run =>
    async <Row extends object>(text: string, values: Values) => {
      const name = named(text);
      const query = { text, values: values as unknown[], types, ...(name && { name }) };
      const startedAt = performance.now();
      try {
        const { rows } = await connection.query<Row>(query);
        observe?.({ text, startedAt, milliseconds: performance.now() - startedAt });
        return rows;
      } catch (error) {
        observe?.({ text, startedAt, milliseconds: performance.now() - startedAt, error });
        throw error;
      }
    };
  const run = on(pool);

  const database: Database = {
    prisma,
    run,
    write: on(writes),
    aside: on(asides),
    batcher: new Batcher(run),
    transaction: (work) => inTransaction(writes, on, work),
    async begin() {
      const client = await requests.connect();
      return OpenTransaction.begin(client, on(client), database);
    },
    pools: () => [useOf('read', pool), useOf('write', writes), useOf('request', requests), useOf('aside', asides)],
    async close() {
      await prisma.$disconnect();
      await Promise.all([pool, writes, requests, asides].map((each) => each.end()));
    },
  };
  return database;
}

function openPool({ url, log, timeouts = usualTimeouts }: DatabaseOptions, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: timeouts.connect,
    lock_timeout: timeouts.lock,
    statement_timeout: timeouts.statement,
    idle_in_transaction_session_timeout: timeouts.statement,
    application_name: 'tenantry',
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  // Nor has one that is in use a listener between two statements of a transaction; the next one will fail.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function useOf(name: PoolUse['name'], pool: pg.Pool): PoolUse {
  const { totalCount: open, idleCount: idle, waitingCount: waiting } = pool;
  return { name, maximum: pool.options.max, open, idle, waiting };
}

async function inTransaction<T>(
  pool: pg.Pool,
  on: (client: pg.PoolClient) => Run,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
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

/** The SQLSTATE of a database error, if that is what it is. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** The constraint that a database error names. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined;
}
