// The PostgreSQL with the data set that grows.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/platform/embedded-postgres.js';
import { migrate } from '../../dist/platform/migrate.js';
import { prepareJobs } from '../../dist/platform/worker.js';
import { loadDataSet, nameOfDataSet } from './data-set.mjs';

/** As the gateway starts it, but for what makes loading slow and would disturb a measurement. */
const settings = { autovacuum: 'off', checkpoint_timeout: '1h', max_wal_size: '8GB', fsync: 'off' };

/** Starts PostgreSQL with the data set. Without a folder to keep it in, it is thrown away at the end. */
export async function openPostgres({ cache, members }) {
  const folder = cache
    ? join(cache, `growth-${await nameOfDataSet(members)}`)
    : await mkdtemp(join(tmpdir(), 'tenantry-growth-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, settings });
  let client;
  const stop = async () => {
    await client?.end();
    await postgres.stop();
    if (!cache) await rm(folder, { recursive: true, force: true });
  };
  try {
    await migrate({ url: postgres.url });
    await prepareJobs(postgres.url);
    client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await loadDataSet(client, members);
    return { url: postgres.url, client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
