import { sealOf } from '../configured.js';
import { demoAccount } from '../demo-data.js';
import { readConfig } from '../platform/config.js';
import { createLog } from '../platform/log.js';
import { migrateDatabase, prepareDatabase } from '../prepare-database.js';
import { CommandFailed, exitCodes, say, type Terminal } from './command.js';
import { withDatabase, withPools } from './connection.js';
import { plansOf } from './services.js';

/** Everybody in the demo has a password that everybody knows, so it comes to an empty database only, and never in production. */
export async function seed({ env, stdout }: Terminal): Promise<number> {
  const config = readConfig(env);
  if (config.production) throw new CommandFailed('There is no demo data in production: everybody knows its password.');
  const patienceMs = config.databaseTimeouts.connect;
  return withDatabase(config, { mayMake: true }, (connection) =>
    withPools(config, connection, async (db) => {
      const url = connection.directUrl;
      await migrateDatabase(url, patienceMs, () => {});
      if (await db.prisma.user.findFirst({ select: { id: true } })) {
        throw new CommandFailed(
          'The database has users already. Demo data goes only into an empty one: set another DATABASE_URL or TENANTRY_DATA_DIR.',
        );
      }
      const services = { db, seal: await sealOf(config), plans: plansOf(config) };
      await prepareDatabase({ url, patienceMs, services, demo: true, superAdmin: undefined, log: createLog('silent') });
      say(stdout, `The demo is there. Sign in as ${demoAccount.email} with the password ${demoAccount.password}.`);
      return exitCodes.fine;
    }),
  );
}
