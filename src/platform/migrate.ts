import pg from 'pg';
import * as history from './migration-history.js';
import { type Migration, MigrationError, type Queryable } from './migration-history.js';
import { withOwnClient } from './own-client.js';

export { MigrationError };

/** The number that `prisma migrate deploy` locks: with the same one, the two never run at once. */
const ADVISORY_LOCK = 72707369;
const DEFAULT_LOCK_TIMEOUT_MS = 60_000;
const LOCK_NOT_AVAILABLE = '55P03';
/** With a semicolon right after it, because BEGIN opens a PL/pgSQL body as well; END is left out, because it closes one. */
const TRANSACTION_CONTROL = /^\s*(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK)(\s+(WORK|TRANSACTION))?\s*;/im;

type Log = (message: string) => void;

export type MigrateOptions = {
  /** A direct connection: behind a transaction pooler the lock would not stay with this session. */
  url: string;
  migrationsDir?: string;
  /** How long to wait for another process that is migrating. */
  lockTimeoutMs?: number;
  log?: Log;
};

/**
 * Applies every migration that the database does not have yet.
 *
 * Any number of processes may call it at once. A database that is up to date costs one query and no lock.
 *
 * @throws {MigrationError} if the history does not fit, a migration fails, or another process holds the lock too long.
 */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[]; total: number }> {
  const { url, migrationsDir, lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS, log = () => {} } = options;
  const migrations = history.readMigrations(migrationsDir);
  const connection = {
    connectionString: url,
    application_name: 'tenantry-migrate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
  return withOwnClient(connection, async (client) => {
    if (await isUpToDate(client, migrations, log)) return { applied: [], total: migrations.length };
    await prepareSession(client);
    await lock(client, lockTimeoutMs);
    const applied = await catchUp(client, migrations, log);
    return { applied, total: migrations.length };
  });
}

/** Names those migrations that the database does not have yet; for readiness checks, so it needs no more than a pool. */
export async function pendingMigrations(database: Queryable, names: readonly string[]): Promise<string[]> {
  const rows = await history.readHistory(database);
  const finished = new Set(rows.filter((row) => row.finished).map((row) => row.name));
  return names.filter((name) => !finished.has(name));
}

/** Leaves an unfinished row to be judged under the lock: Prisma may be at work on it this moment. */
async function isUpToDate(client: pg.Client, migrations: Migration[], log: Log): Promise<boolean> {
  const rows = await history.readHistory(client);
  if (history.unapplied(migrations, rows).length > 0 || rows.some((row) => !row.finished)) return false;
  history.assertNothingEdited(migrations, rows);
  warnOfUnknown(migrations, rows, log);
  return true;
}

/** Reads the history again, because another process may have changed it before this one got the lock. */
async function catchUp(client: pg.Client, migrations: Migration[], log: Log): Promise<string[]> {
  await history.createHistory(client);
  const rows = await history.readHistory(client);
  history.assertNothingUnfinished(rows);
  history.assertNothingEdited(migrations, rows);
  warnOfUnknown(migrations, rows, log);
  const pending = history.unapplied(migrations, rows);
  for (const migration of pending) {
    await apply(client, migration);
    log(`Applied migration ${migration.name}.`);
  }
  return pending.map((migration) => migration.name);
}

/** A migration and its record are one transaction: a crash leaves both or neither. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  assertOneTransaction(migration);
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await history.record(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw failure(migration, error);
  }
}

/** Prisma writes BEGIN and COMMIT around some changes of enums; here that COMMIT would part migration and record. */
function assertOneTransaction({ name, sql }: Migration): void {
  const statement = TRANSACTION_CONTROL.exec(sql)?.[0].trim();
  if (!statement) return;
  throw new MigrationError(
    `Migration ${name} contains "${statement}". Remove it: every migration already runs in a transaction of its own.`,
  );
}

function failure({ name, sql }: Migration, cause: unknown): MigrationError {
  if (cause instanceof pg.DatabaseError) {
    const line = cause.position ? ` at line ${sql.slice(0, Number(cause.position) - 1).split('\n').length}` : '';
    return new MigrationError(`Migration ${name} failed${line} and was rolled back: ${cause.message}`, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MigrationError(
    `The database was lost during migration ${name}: ${reason}. Start again: it was applied as a whole or not at all.`,
    { cause },
  );
}

/** Only a warning: in a rolling update the older replicas still run, and may restart, beside the newer ones. */
function warnOfUnknown(migrations: Migration[], rows: history.HistoryRow[], log: Log): void {
  const names = history.unknown(migrations, rows);
  if (names.length > 0) {
    log(
      `The database has migrations that this version does not know: ${names.join(', ')}. A newer version applied them.`,
    );
  }
}

/**
 * Lets a migration take its time, yet not outlive the process that sent it.
 *
 * PostgreSQL otherwise finishes the statement of a killed client, and keeps the lock until then.
 */
async function prepareSession(client: pg.Client): Promise<void> {
  await client.query('SET statement_timeout = 0');
  await client.query("SET client_connection_check_interval = '1s'").catch(() => {}); // not on every platform
}

/** Belongs to the session, so that it spans all the migrations and goes when the connection does. */
async function lock(client: pg.Client, timeoutMs: number): Promise<void> {
  try {
    await client.query(`SET lock_timeout = ${Math.max(1, Math.trunc(timeoutMs))}`);
    await client.query(`SELECT pg_advisory_lock(${ADVISORY_LOCK})`);
    await client.query('RESET lock_timeout');
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError && cause.code === LOCK_NOT_AVAILABLE)) throw cause;
    throw new MigrationError(
      `Another process has held the migration lock of this database for ${timeoutMs / 1000} s. Wait until it is done ` +
        `and start again; SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${ADVISORY_LOCK} names it.`,
      { cause },
    );
  }
}
