// The one PostgreSQL of a comparison, with the data set in it and a role for each server, so that their statements can be told apart.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/platform/embedded-postgres.js';
import { migrate } from '../../dist/platform/migrate.js';
import { prepareJobs } from '../../dist/platform/worker.js';
import { loadDataSet, nameOfDataSet } from './data-set.mjs';

const settings = {
  max_connections: '200',
  // What was written is cleared away between measurements instead, and nothing is flushed in the middle of one.
  autovacuum: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '8GB',
  shared_preload_libraries: 'pg_stat_statements',
};

const password = 'side-by-side';

/** Starts PostgreSQL with the data set. Without a folder to keep it in, it is thrown away at the end. */
export async function openPostgres({ cache, sizes, servers }) {
  const folder = cache
    ? join(cache, await nameOfDataSet(sizes))
    : await mkdtemp(join(tmpdir(), 'tenantry-side-by-side-'));
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
    client = new pg.Client({ connectionString: postgres.url, application_name: 'side by side' });
    await client.connect();
    await loadDataSet(client, sizes);
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await track(client, 'none');
    for (const name of servers) await createRole(client, name);
    return { url: postgres.url, urlFor: (name) => urlFor(postgres.url, name), client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** No role is refused anything, so that none pays for being checked. */
async function createRole(client, name) {
  const { rows } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (rows.length === 0) await client.query(`CREATE ROLE ${name} LOGIN SUPERUSER PASSWORD '${password}'`);
}

function urlFor(url, name) {
  const own = new URL(url);
  own.username = name;
  own.password = password;
  return own.href;
}

/** Counts the statements that a server sends while the work is done, BEGIN and COMMIT among them, but not those of its worker. */
export async function countingStatements(client, name, work) {
  await track(client, 'top');
  await client.query('SELECT pg_stat_statements_reset()');
  try {
    const result = await work();
    const { rows } = await client.query(
      `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements s
       JOIN pg_roles r ON r.oid = s.userid
       WHERE r.rolname = $1 AND s.query NOT LIKE '%"graphile_worker"%' AND s.query NOT LIKE '%pg_advisory%'`,
      [name],
    );
    return { result, statements: rows[0].calls };
  } finally {
    await track(client, 'none');
  }
}

async function track(client, what) {
  await client.query(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await client.query('SELECT pg_reload_conf()');
  // Every connection hears of it by itself.
  await sleep(200);
}

/**
 * Drops mail that the gateway has queued faster than it sends it, and waits until nobody is in the middle of anything: who is
 * stopped in a transaction would keep its locks, and old rows, while others are measured.
 */
export async function settle(client) {
  for (;;) {
    await client.query(`DELETE FROM graphile_worker._private_jobs
      WHERE id IN (SELECT id FROM graphile_worker._private_jobs FOR UPDATE SKIP LOCKED)`);
    const { rows } = await client.query(`SELECT
      (SELECT count(*) FROM graphile_worker._private_jobs) + (SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle') AS "underWay"`);
    if (Number(rows[0].underWay) === 0) return;
    await sleep(20);
  }
}

/** Leaves the tables to the next one as they were: what has been written over is cleared away. */
export async function tidy(client) {
  await client.query('VACUUM (ANALYZE) members, organizations, audit_events, graphile_worker._private_jobs');
}

/** The process from which all connections' processes descend; undefined where there is no /proc. */
export async function postmasterOf(client) {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const status = await readFile(`/proc/${rows[0].pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) || undefined;
}
