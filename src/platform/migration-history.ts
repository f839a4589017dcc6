import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** `src/platform` and `dist/platform` lie equally deep, so one path serves both. */
const DEFAULT_MIGRATIONS_DIR = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Column for column what Prisma creates, so that its own tools can take over at any time. */
const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

const READ = `
  SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`;

const RECORD = `
  INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
  VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`;

const UNDEFINED_TABLE = '42P01';

export type Queryable = Pick<pg.ClientBase, 'query'>;
export type Migration = { name: string; sql: string };
export type HistoryRow = { name: string; checksum: string; finished: boolean };

/** The migrations and the database cannot be brought together; the message says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** Names the migrations in the folder, in the order in which they apply. */
export function migrationNames(migrationsDir = DEFAULT_MIGRATIONS_DIR): string[] {
  if (!existsSync(migrationsDir)) throw new MigrationError(`There is no migrations folder at ${migrationsDir}.`);
  const folders = readdirSync(migrationsDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map((entry) => entry.name).sort();
}

export function readMigrations(migrationsDir = DEFAULT_MIGRATIONS_DIR): Migration[] {
  return migrationNames(migrationsDir).map((name) => {
    const file = join(migrationsDir, name, 'migration.sql');
    if (existsSync(file)) return { name, sql: readFileSync(file, 'utf8') };
    throw new MigrationError(`Migration ${name} has no migration.sql: restore the file or delete the folder.`);
  });
}

/** Reads what the database says was applied; a database without the table has no history. */
export async function readHistory(database: Queryable): Promise<HistoryRow[]> {
  try {
    return (await database.query<HistoryRow>(READ)).rows;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return [];
    throw error;
  }
}

export async function createHistory(database: Queryable): Promise<void> {
  await database.query(CREATE_TABLE);
}

export async function record(database: Queryable, { name, sql }: Migration): Promise<void> {
  await database.query(RECORD, [randomUUID(), checksum(sql), name]);
}

export function unapplied(migrations: Migration[], history: HistoryRow[]): Migration[] {
  const known = new Set(history.map((row) => row.name));
  return migrations.filter((migration) => !known.has(migration.name));
}

/** Names what a newer version of the application has applied. */
export function unknown(migrations: Migration[], history: HistoryRow[]): string[] {
  const known = new Set(migrations.map((migration) => migration.name));
  return history.map((row) => row.name).filter((name) => !known.has(name));
}

/** @throws {MigrationError} if Prisma began a migration and never finished it. */
export function assertNothingUnfinished(history: HistoryRow[]): void {
  const row = history.find(({ finished }) => !finished);
  if (!row) return;
  throw new MigrationError(
    `Migration ${row.name} was begun by Prisma and not finished. Look at what it left in the database, then run ` +
      `"npx prisma migrate resolve --rolled-back ${row.name}" to have it applied again, or --applied if it is complete.`,
  );
}

/** @throws {MigrationError} if the file of an applied migration is no longer what was applied. */
export function assertNothingEdited(migrations: Migration[], history: HistoryRow[]): void {
  const recorded = new Map(history.map((row) => [row.name, row.checksum]));
  const edited = migrations.find(
    ({ name, sql }) => recorded.has(name) && !checksums(sql).includes(recorded.get(name)!),
  );
  if (!edited) return;
  throw new MigrationError(
    `Migration ${edited.name} was changed after it had been applied. ` +
      `Restore its migration.sql and put the change into a new migration.`,
  );
}

function checksum(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** Accepts either kind of line ending, as Prisma does: a checkout on Windows changes nothing else. */
function checksums(sql: string): string[] {
  const unix = sql.replaceAll('\r\n', '\n');
  return [sql, unix, unix.replaceAll('\n', '\r\n')].map(checksum);
}
