import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { type Cluster, openCluster } from './postgres-cluster.js';
import { type ClusterLock, isInUse, lockCluster, urlOf } from './postgres-lock.js';
import { launchServer, POLL_MS, type RunningServer, runningServer, stopServer } from './postgres-server.js';

export { EmbeddedPostgresError };

const DATABASE = 'tenantry';
// Recovery after a crash may take long and is waited for; a server that neither answers nor recovers is not.
const PATIENCE_MS = 60_000;

/** A PostgreSQL that belongs to this process until it is stopped. */
export interface EmbeddedPostgres {
  url: string;
  /** Stops the server and waits until it is gone. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password and its log. */
  dataDir: string;
  /** Settings of PostgreSQL, in force when it is started, not when a running one is adopted. */
  settings?: Record<string, string>;
  log?: (message: string) => void;
}

interface Claim {
  server: RunningServer;
  lock: ClusterLock;
}

/**
 * Starts the PostgreSQL of a data folder, and makes it this process's own.
 *
 * A server that a killed gateway left running is adopted. The database itself is the lock that keeps a second gateway
 * out, so there is no lock file that could go stale.
 *
 * @throws {EmbeddedPostgresError} if it cannot run here, or another gateway is using the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const dataDir = resolve(options.dataDir);
  const cluster = await openCluster(dataDir, log);
  const { server, lock } = await claimServer(cluster, dataDir, options.settings ?? {}, log);
  const stop = once(() => stopClaimed(cluster, { server, lock }));
  try {
    await lock.ensureDatabase(DATABASE);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlOf(cluster, server.port, DATABASE), stop };
}

/**
 * Uses the PostgreSQL of a data folder beside the gateway that runs it. Where none does, it is started, and belongs to this process
 * until it is stopped.
 *
 * Whoever may read the password in the folder may connect; nothing else protects it from this process. If the gateway ends, its
 * server does so too, whoever else is connected.
 *
 * @throws {EmbeddedPostgresError} if it cannot run here.
 */
export async function shareEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(resolve(options.dataDir), options.log ?? (() => undefined));
  const server = await runningServer(cluster.data);
  if (server?.state === 'ready' && (await isInUse(cluster, server.port))) {
    return { url: urlOf(cluster, server.port, DATABASE), stop: async () => undefined };
  }
  return startEmbeddedPostgres(options);
}

/** Whether a data folder has a database, which was made by a first start. */
export function hasEmbeddedPostgres(dataDir: string): boolean {
  return ['postgres', 'postgres.location'].some((name) => existsSync(join(dataDir, name)));
}

async function claimServer(
  cluster: Cluster,
  dataDir: string,
  settings: Record<string, string>,
  log: (message: string) => void,
): Promise<Claim> {
  let launched = false;
  for (let deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const server = await runningServer(cluster.data);
    if (!server) {
      await launchServer(cluster, settings);
      launched = true;
      continue;
    }
    if (server.state === 'starting') deadline = Date.now() + PATIENCE_MS;
    const lock = server.state === 'ready' ? await lockCluster(cluster, server.port, dataDir) : undefined;
    if (!lock) continue;
    if (!launched) log(`Adopted the PostgreSQL (pid ${server.pid}) that an earlier Tenantry left running`);
    return { server, lock };
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL on ${cluster.data} runs but does not answer. See ${cluster.logFile}, and stop it or try again later.`,
  );
}

/** Stops the server that was claimed, but never one that another gateway has started or taken since. */
async function stopClaimed(cluster: Cluster, { server, lock }: Claim): Promise<void> {
  try {
    if (!lock.isLost()) await stopServer(cluster.data, server.pid);
  } finally {
    await lock.release();
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= action();
    return result;
  };
}
