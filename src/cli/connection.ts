import type { Config } from '../platform/config.js';
import { type Database, openDatabase } from '../platform/database.js';
import { hasEmbeddedPostgres, shareEmbeddedPostgres } from '../platform/embedded-postgres.js';
import { createLog } from '../platform/log.js';
import { pendingMigrations } from '../platform/migrate.js';
import { migrationNames } from '../platform/migration-history.js';
import { CommandFailed } from './command.js';

/** Where the database of a configuration is, while a command works on it. */
export interface Connection {
  url: string;
  directUrl: string;
}

/**
 * Lends a command the database that the gateway uses: the one that is configured, or the embedded one, beside a gateway that runs
 * it or else started for as long as the command takes.
 *
 * @param mayMake makes the embedded one if it is not there yet.
 * @throws {CommandFailed} if it is not there.
 */
export async function withDatabase<T>(
  config: Config,
  { mayMake }: { mayMake: boolean },
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { databaseUrl: url, databaseDirectUrl, dataDir } = config;
  if (url) return work({ url, directUrl: databaseDirectUrl ?? url });
  if (!mayMake && !hasEmbeddedPostgres(dataDir)) {
    throw new CommandFailed(
      `There is no database in ${dataDir} yet. Make one with "tenantry migrate" or "tenantry start", or set TENANTRY_DATA_DIR or ` +
        'DATABASE_URL to the one that you mean.',
    );
  }
  const postgres = await shareEmbeddedPostgres({ dataDir });
  try {
    return await work({ url: postgres.url, directUrl: postgres.url });
  } finally {
    await postgres.stop();
  }
}

/** The database as services use it, closed after the work. */
export async function withPools<T>(
  config: Config,
  { directUrl }: Connection,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const log = createLog('silent');
  // A running gateway finds within seconds what is enqueued and put on record.
  const db = openDatabase({ url: directUrl, poolSize: 2, timeouts: config.databaseTimeouts, log });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** @throws {CommandFailed} unless the database has all migrations of this version. */
export async function assertMigrated(db: Pick<Database, 'run'>): Promise<void> {
  const query = async (text: string) => ({ rows: await db.run(text, []) });
  const pending = await pendingMigrations({ query } as never, migrationNames());
  if (pending.length === 0) return;
  throw new CommandFailed(
    `The database lacks ${pending.length} migration(s) of this version, from ${pending[0]} on. Apply them with "tenantry migrate".`,
  );
}
