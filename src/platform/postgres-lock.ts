import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { type Cluster, SUPERUSER } from './postgres-cluster.js';

/** `pg` has these two, its types do not. */
type Connection = pg.Client & { ref(): void; unref(): void };

// Advisory locks count within one database; this one always exists.
const LOCK_DATABASE = 'postgres';
const LOCK_KEYS = [0x74656e61, 1];
// A gateway that was killed a moment ago: its server process needs a moment to notice.
const PATIENCE_MS = 1_000;
const RETRY_MS = 50;
const RELOCK_MS = 500;

const HOLDER = `
  select activity.application_name as holder
  from pg_locks held join pg_stat_activity activity using (pid)
  where held.locktype = 'advisory' and held.granted and held.classid = $1 and held.objid = $2 and held.objsubid = 2`;

/** The right to use a cluster, held by one gateway at a time. */
export interface ClusterLock {
  /** Whether another gateway has taken the cluster while this one had lost its connection. */
  isLost(): boolean;
  /** Creates a database if it is not there yet. */
  ensureDatabase(name: string): Promise<void>;
  release(): Promise<void>;
}

export function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/**
 * Takes the cluster for this process, for as long as the process lives.
 *
 * The lock is a session's: the kernel ends the session of a gateway that is killed, so no lock is ever left behind.
 *
 * @returns `undefined` if the server cannot be asked now, because it is starting, stopping or gone: look again.
 * @throws {EmbeddedPostgresError} if another gateway holds it, or the password is not the one of this cluster.
 */
export async function lockCluster(cluster: Cluster, port: number, dataDir: string): Promise<ClusterLock | undefined> {
  const client = await connect(cluster, port);
  if (!client) return undefined;
  try {
    await acquire(client, dataDir);
    return holdLock(client, () => connect(cluster, port));
  } catch (error) {
    await client.end().catch(() => undefined);
    if (isPassing(error)) return undefined;
    throw error;
  }
}

/** Whether a gateway holds the cluster at this moment. */
export async function isInUse(cluster: Cluster, port: number): Promise<boolean> {
  const client = await connect(cluster, port);
  if (!client) return false;
  try {
    return (await client.query(HOLDER, LOCK_KEYS)).rowCount !== 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(cluster: Cluster, port: number): Promise<Connection | undefined> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, LOCK_DATABASE),
    application_name: `tenantry gateway, pid ${process.pid}`,
    connectionTimeoutMillis: 5_000,
  }) as Connection;
  // Without a listener, a server that ends would end this process too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw isWrongPassword(error) ? wrongPassword(cluster, error) : error;
  }
}

async function acquire(client: pg.Client, dataDir: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await tryLock(client))) {
    if (Date.now() > deadline) throw inUse(await holderOf(client), dataDir);
    await sleep(RETRY_MS);
  }
}

/** Keeps the lock, and takes it again when PostgreSQL restarts after a crash of one of its processes. */
function holdLock(first: Connection, reconnect: () => Promise<Connection | undefined>): ClusterLock {
  let client = first;
  let released = false;
  let lost = false;

  const hold = (next: Connection) => {
    client = next;
    // The lock alone does not keep the process alive.
    client.unref();
    client.once('end', () => void takeAgain());
  };
  const takeAgain = async () => {
    while (!released && !lost) {
      await sleep(RELOCK_MS, undefined, { ref: false });
      const next = released ? undefined : await reconnect().catch(() => undefined);
      if (!next) continue;
      const locked = !released && (await tryLock(next).catch(() => undefined));
      if (locked && !released) return hold(next);
      lost = locked === false && !released;
      await next.end().catch(() => undefined);
    }
  };
  hold(first);

  return {
    isLost: () => lost,
    ensureDatabase: async (name) => {
      client.ref();
      await ensureDatabase(client, name);
      client.unref();
    },
    release: async () => {
      released = true;
      client.ref();
      await client.end().catch(() => undefined);
    },
  };
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', LOCK_KEYS);
  return rows[0]?.locked === true;
}

async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ holder: string }>(HOLDER, LOCK_KEYS);
  return /pid (\d+)/.exec(rows[0]?.holder ?? '')?.[1] ?? 'unknown';
}

async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
}

function inUse(pid: string, dataDir: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Another Tenantry (pid ${pid}) is already using ${dataDir}. Stop it, or set TENANTRY_DATA_DIR to another folder.`,
  );
}

function wrongPassword(cluster: Cluster, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The password file beside ${cluster.logFile} does not open the database in ${cluster.data}. ` +
      'Put the old postgres.password back, or move the database away to begin with an empty one.',
    { cause },
  );
}

/** Starting, stopping, restarting after a crash, or the connection broke. */
function isPassing(error: unknown): boolean {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const known = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'].includes(code);
  return known || /Connection terminated|timeout expired|not queryable/.test(message);
}

function isWrongPassword(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === '28P01';
}
