import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { deployed } from './deployed.mjs';
import { freePort, lastLines, until } from './processes.mjs';

const run = promisify(execFile);

/** What passes by itself: the processes of a server that was stopped at once are still leaving. */
const passing = /shared memory block .* is still in use|lock file .* already exists/;

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_checkpoints: 'off',
  wal_level: 'replica',
  wal_keep_size: '512MB',
};

/**
 * Creates a PostgreSQL out of the binaries that npm installed, with the role and the database of `deploy/database.sql`.
 */
export async function createPrimary({ folder, processes, platform }) {
  const { openCluster } = await platform('postgres-cluster');
  const cluster = await openCluster(join(folder, 'primary'), () => {});
  const primary = serverOn('postgres', cluster, await freePort(), {}, { processes, platform });
  await primary.start();
  const password = randomBytes(18).toString('base64url');
  for (const statement of deployed('database.sql')
    .replace(":'password'", `'${password}'`)
    .split(/;\s*\n/)) {
    if (statement.trim()) await primary.query(statement);
  }
  return {
    ...primary,
    cluster,
    password,
    /** The address of a database, for the gateways' own role; on another port for those who go through a pooler. */
    gatewayUrl: (database = 'tenantry', port = primary.port) =>
      `postgresql://gateway:${password}@127.0.0.1:${port}/${database}`,
  };
}

/** Creates a streaming standby of it: a copy of its data while it runs, which then follows what it writes. */
export async function createStandby(primary, { folder, processes, platform }) {
  const data = join(folder, 'standby');
  const password = randomBytes(18).toString('base64url');
  await primary.query(`CREATE ROLE standby REPLICATION LOGIN PASSWORD '${password}'`);
  const client = new pg.Client({ connectionString: primary.urlOf() });
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('standby', fast => true)");
    await run('cp', ['-a', primary.cluster.data, data]);
    const { rows } = await client.query('SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)');
    await writeFile(join(data, 'backup_label'), rows[0].labelfile);
  } finally {
    await client.end();
  }
  for (const file of ['postmaster.pid', 'postmaster.opts']) await rm(join(data, file), { force: true });
  await writeFile(join(data, 'standby.signal'), '');
  const { giveTo } = await platform('postgres-account');
  await giveTo(primary.cluster.account, data);
  const follow = {
    primary_conninfo: `host=127.0.0.1 port=${primary.port} user=standby password=${password} application_name=standby`,
    hot_standby: 'on',
  };
  const standby = serverOn('standby', { ...primary.cluster, data }, await freePort(), follow, { processes, platform });
  await standby.start();
  await until('the standby follows', async () => {
    const rows = await primary.query("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'");
    return rows.length === 1;
  });
  return { ...standby, readUrl: primary.gatewayUrl('tenantry', standby.port) };
}

function serverOn(name, cluster, port, more, { processes, platform }) {
  const options = Object.entries({ ...settings, ...more, port }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const urlOf = (database = 'postgres') =>
    `postgresql://tenantry:${encodeURIComponent(cluster.password)}@127.0.0.1:${port}/${database}`;
  let server;

  /** Whether it has come up; if not, it ended before it accepted connections. */
  async function comesUp() {
    const { commandAs } = await platform('postgres-account');
    server = processes.start(
      name,
      commandAs(cluster.account, cluster.binaries.postgres, ['-D', cluster.data, ...options]),
    );
    while (!server.hasEnded()) {
      if (await answers(urlOf())) return true;
      await sleep(20);
    }
    return false;
  }

  return {
    port,
    urlOf,
    async start() {
      for (let attempt = 1; !(await comesUp()); attempt += 1) {
        const complaint = lastLines(server.output());
        if (attempt === 20 || !passing.test(complaint)) throw new Error(`PostgreSQL does not start:\n${complaint}`);
        await sleep(50);
      }
    },
    async stop(signal) {
      await server.end(signal);
    },
    async query(text, values = [], database = 'postgres') {
      const client = new pg.Client({ connectionString: urlOf(database) });
      client.on('error', () => {});
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

async function answers(url) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
