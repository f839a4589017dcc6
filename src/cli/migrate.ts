import { readConfig } from '../platform/config.js';
import { pendingMigrations } from '../platform/migrate.js';
import { migrationNames } from '../platform/migration-history.js';
import { withOwnClient } from '../platform/own-client.js';
import { migrateDatabase } from '../prepare-database.js';
import { exitCodes, type Given, say, type Terminal } from './command.js';
import { withDatabase } from './connection.js';

/** Applies what is missing, or only tells. */
export async function migrate({ env, stdout, stderr }: Terminal, given: Given): Promise<number> {
  const config = readConfig(env);
  const patienceMs = config.databaseTimeouts.connect;
  return withDatabase(config, { mayMake: !given.status }, async ({ directUrl }) => {
    if (given.status) {
      const pending = await missingIn(directUrl, patienceMs);
      const names = migrationNames();
      say(stdout, ...names.map((name) => `${pending.includes(name) ? 'missing' : 'applied'}  ${name}`));
      return pending.length > 0 ? exitCodes.failed : exitCodes.fine;
    }
    const applied = await migrateDatabase(directUrl, patienceMs, (message) => say(stderr, message));
    const total = migrationNames().length;
    say(
      stdout,
      applied.length > 0 ? `${applied.length} of ${total} migrations applied.` : 'The database is up to date.',
    );
    return exitCodes.fine;
  });
}

function missingIn(url: string, patienceMs: number): Promise<string[]> {
  const connection = { connectionString: url, connectionTimeoutMillis: patienceMs };
  return withOwnClient(connection, (client) => pendingMigrations(client, migrationNames()));
}
