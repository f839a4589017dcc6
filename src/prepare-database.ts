import type { Services } from './auth/scope.js';
import { rotateSigningKeys } from './auth/signing-keys.js';
import { seedDemoData } from './demo-data.js';
import { ensureSuperAdmin } from './modules/user/first-super-admin.service.js';
import type { Log } from './platform/log.js';
import { migrate } from './platform/migrate.js';
import { withOwnClient } from './platform/own-client.js';
import { prepareJobs } from './platform/worker.js';
import { enqueuedTasks } from './tasks.js';

/** Any number that nobody else locks; the same for all replicas. */
const preparationLock = 8_367_265;

/**
 * Makes a database ready for use: migrations, job queue, signing key, demo data, first super admin.
 *
 * Several replicas may start at once on an empty database: they take turns, and those who come later find it done.
 */
export async function prepareDatabase(options: {
  url: string;
  /** How long to wait for a connection, in milliseconds. */
  patienceMs: number;
  services: Pick<Services, 'db' | 'seal' | 'plans'>;
  demo: boolean;
  superAdmin: { email: string; password: string } | undefined;
  log: Log;
}): Promise<void> {
  const { url, patienceMs, services, demo, superAdmin, log } = options;
  await inTurn(url, patienceMs, async () => {
    await migrate({ url, log: (message) => log.info(message) });
    await prepareJobs(url, enqueuedTasks);
    await rotateSigningKeys(services.db, services.seal);
    if (demo) await seedDemoData(services);
    if (superAdmin) await ensureSuperAdmin(services, superAdmin);
  });
}

/** Brings a database to this version's state, and nothing else. Returns the migrations that were applied. */
export async function migrateDatabase(
  url: string,
  patienceMs: number,
  log: (message: string) => void,
): Promise<string[]> {
  return inTurn(url, patienceMs, async () => {
    const { applied } = await migrate({ url, log });
    await prepareJobs(url, enqueuedTasks);
    return applied;
  });
}

async function inTurn<T>(url: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: patienceMs,
    application_name: 'tenantry preparation',
  };
  return withOwnClient(connection, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [preparationLock]);
    return await work();
  });
}
