import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Log } from './log.js';
import { runPrepared } from './prepared-query.js';
import type { Run, Values } from './sql.js';
import { isConnectionLost, NotConnected } from './unavailable.js';

/** How connections are opened and used, whichever pool they are of. */
export interface ConnectionOptions {
  /** Whether the URL leads to a pooler that lends a connection for each transaction, so that no setting outlasts one. */
  pooled?: boolean;
  /** Off behind a pooler that does not carry named statements. */
  preparedStatements?: boolean;
  /** How long to wait, in milliseconds: for a connection, for a lock, for a whole statement. */
  timeouts?: { connect: number; lock: number; statement: number };
  /** Is told of every statement. */
  observe?: (statement: StatementRun) => void;
  log: Log;
}

/** One statement that has been run, well or not. */
export interface StatementRun {
  text: string;
  /** When it was asked for, by `performance.now()`; the time that it waited for a connection counts, too. */
  startedAt: number;
  milliseconds: number;
  error?: unknown;
}

const usualTimeouts = { connect: 5_000, lock: 10_000, statement: 30_000 };

// Days stay text: a Date would put them into the time zone of this process.
const dayType = 1082;
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === dayType ? (value: string) => value : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;

/**
 * Reads by key are planned once for any number of keys: planning takes longer than most of them, and PostgreSQL, which takes
 * the plan for one key for cheaper, would plan them each time. What one key leads to is not worth remembering for the next.
 */
export const plannedOnce = '-c plan_cache_mode=force_generic_plan -c enable_memoize=off -c jit=off';

/** @param settings what PostgreSQL is told on connecting, as its command line has it; poolers do not pass it on. */
export function openPool(
  { log, pooled, timeouts = usualTimeouts }: ConnectionOptions,
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
export function beginning({ pooled, timeouts = usualTimeouts }: ConnectionOptions): string {
  if (!pooled) return 'BEGIN';
  return `BEGIN; SET LOCAL lock_timeout = ${timeouts.lock}; SET LOCAL statement_timeout = ${timeouts.statement};
    SET LOCAL idle_in_transaction_session_timeout = ${timeouts.statement}`;
}

/** Statements on a connection; the first may have been asked for before there was one. */
export type On = (client: pg.PoolClient, askedAt?: number) => Run;

export function runner({ preparedStatements = true, observe }: ConnectionOptions): On {
  const send = preparedStatements ? runByName : runOnce;
  return (client, askedAt) =>
    async <Row extends object>(text: string, values: Values) => {
      const startedAt = askedAt ?? performance.now();
      try {
        const rows = await send<Row>(client, text, values);
        observe?.({ text, startedAt, milliseconds: performance.now() - startedAt });
        return rows;
      } catch (error) {
        observe?.({ text, startedAt, milliseconds: performance.now() - startedAt, error });
        throw error;
      }
    };
}

function runByName<Row extends object>(client: pg.ClientBase, text: string, values: Values): Promise<Row[]> {
  return runPrepared<Row>(client, { name: nameOf(text), text, values, types });
}

async function runOnce<Row extends object>(client: pg.ClientBase, text: string, values: Values): Promise<Row[]> {
  return (await client.query<Row>({ text, values: values as unknown[], types })).rows;
}

/** @throws {NotConnected} if there is no connection for now; what the database itself says of who connects is thrown as it is. */
export function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  return pool.connect().catch(notConnected);
}

/** @throws {NotConnected} also if the connection turns out to be lost: nothing was asked of it yet. */
export async function begun(client: pg.ClientBase, begin: string): Promise<void> {
  await client.query(begin).catch(notConnected);
}

function notConnected(error: unknown): never {
  throw isConnectionLost(error) ? new NotConnected(error) : error;
}

/**
 * Commits what a connection has begun.
 *
 * @throws also where a statement had failed before: PostgreSQL then rolls back, and sees no error in it.
 */
export async function commit(client: pg.ClientBase): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back, because a statement in it had failed.');
}

/** Lends work a connection; one that was lost is not used again. */
export async function lent<T>(pool: pg.Pool, work: (run: Run) => Promise<T>, on: On): Promise<T> {
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

export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  on: On,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const client = await connected(pool);
  let broken: Error | undefined;
  try {
    await begun(client, begin);
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
