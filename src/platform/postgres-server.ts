import { spawn } from 'node:child_process';
import { link, open, readFile, readlink, rename, rm, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { commandAs, giveTo, runAs } from './postgres-account.js';
import type { Cluster } from './postgres-cluster.js';

/** A PostgreSQL that runs on a cluster, as it describes itself in `postmaster.pid`. */
export interface RunningServer {
  pid: number;
  port: number;
  state: 'starting' | 'ready' | 'stopping';
}

export const POLL_MS = 20;
const LAUNCH_TRIES = 20;
const LOG_LIMIT_BYTES = 5 * 1024 * 1024;
const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

// What passes by itself: the port was taken since we chose it, another start was faster, or the processes of a killed
// server are still leaving.
const PASSING_FAULT = /could not bind|lock file .* already exists|shared memory block .* is still in use/;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  log_checkpoints: 'off',
  logging_collector: 'off',
  timezone: 'UTC',
};

/** Finds the server that runs on this data, whoever started it. */
export async function runningServer(data: string): Promise<RunningServer | undefined> {
  const lines = (await readFile(pidFileOf(data), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 0) || !(await isServerOn(data, pid))) return undefined;
  return { pid, port: Number(lines[3]), state: stateOf(lines[7]?.trim()) };
}

/**
 * Starts a server on the cluster, and returns when it accepts connections or another start was faster.
 *
 * It gets a session of its own: Ctrl-C in a terminal must reach the gateway first, which drains and then stops it.
 */
export async function launchServer(cluster: Cluster, settings: Record<string, string>): Promise<void> {
  await giveTo(cluster.account, cluster.data);
  for (let attempt = 1; ; attempt++) {
    await setStalePidFileAside(cluster.data);
    const complaint = await tryLaunch(cluster, { ...SETTINGS, ...settings, port: String(await freePort()) });
    if (complaint === undefined || (await runningServer(cluster.data))) return;
    if (attempt === LAUNCH_TRIES || !PASSING_FAULT.test(complaint)) throw launchFailed(cluster, complaint);
    await sleep(POLL_MS * attempt);
  }
}

/** Stops a server: at first kindly, rolling back what is open; then at once, leaving recovery to the next start. */
export async function stopServer(data: string, pid: number): Promise<void> {
  if (await endsAfter('SIGINT', data, pid, FAST_SHUTDOWN_MS)) return;
  if (await endsAfter('SIGQUIT', data, pid, IMMEDIATE_SHUTDOWN_MS)) return;
  throw new EmbeddedPostgresError(`PostgreSQL (pid ${pid}) does not stop. End it by hand: kill -9 ${pid}`);
}

/** Tries one launch. Returns what the server wrote to its log if it ended before it was ready. */
async function tryLaunch(cluster: Cluster, settings: Record<string, string>): Promise<string | undefined> {
  const log = await openLog(cluster.logFile);
  const logStart = (await log.stat()).size;
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = commandAs(cluster.account, cluster.binaries.postgres, ['-D', cluster.data, ...options]);
  try {
    const child = spawn(command.file, command.args, {
      ...command.options,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.unref();
    let failure: string | undefined;
    child.once('error', (error) => {
      failure = error.message;
    });
    child.once('exit', (code, signal) => {
      failure ??= `it ended with ${signal ?? `code ${code}`}`;
    });
    while (failure === undefined) {
      const server = await runningServer(cluster.data);
      if (server?.pid === child.pid && server?.state === 'ready') return undefined;
      await sleep(POLL_MS);
    }
    return `${failure}\n${(await readFile(cluster.logFile)).subarray(logStart)}`;
  } finally {
    await log.close();
  }
}

function launchFailed(cluster: Cluster, complaint: string): EmbeddedPostgresError {
  const tail = complaint.trim().split('\n').slice(-8).join('\n');
  return new EmbeddedPostgresError(
    `PostgreSQL does not start on ${cluster.data}:\n${tail}\n` +
      `See ${cluster.logFile}, and repair that, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

async function openLog(path: string) {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await truncate(path);
  return open(path, 'a', 0o600);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new EmbeddedPostgresError('No free port on 127.0.0.1');
  return address.port;
}

/**
 * Moves away a `postmaster.pid` whose pid belongs to an unrelated process by now: PostgreSQL would not dare to start.
 *
 * If another start has put its own file there meanwhile, that file goes back.
 */
async function setStalePidFileAside(data: string): Promise<void> {
  const pidFile = pidFileOf(data);
  const judged = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (judged === undefined || (await runningServer(data))) return;
  const aside = `${pidFile}.stale-${process.pid}`;
  try {
    await rename(pidFile, aside);
    if ((await readFile(aside, 'utf8')) !== judged) await link(aside, pidFile);
  } catch {
    // It is gone, or replaced: then the server that replaced it is found by the caller.
  } finally {
    await rm(aside, { force: true });
  }
}

async function endsAfter(signal: NodeJS.Signals, data: string, pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  if (await isServerOn(data, pid)) sendSignal(pid, signal);
  while (await isServerOn(data, pid)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Whether this process is a server on this data, and not one that merely got the number of a dead one.
 *
 * A server's working directory is its data folder; a process that has ended and is not yet reaped has none.
 */
async function isServerOn(data: string, pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return isServerByCommand(data, pid);
  try {
    const [expected, actual, program] = await Promise.all([
      stat(data),
      stat(`/proc/${pid}/cwd`),
      readlink(`/proc/${pid}/exe`),
    ]);
    return expected.ino === actual.ino && expected.dev === actual.dev && basename(program).startsWith('postgres');
  } catch {
    return false;
  }
}

async function isServerByCommand(data: string, pid: number): Promise<boolean> {
  const command = ['-c', 'ps -ww -o command= -p "$0" | grep -F postgres | grep -qF -- "$1"', String(pid), data];
  return runAs({ prefix: [] }, 'sh', command).then(
    () => true,
    () => false,
  );
}

function stateOf(word: string | undefined): RunningServer['state'] {
  return word === 'ready' || word === 'stopping' ? word : 'starting';
}

function pidFileOf(data: string): string {
  return join(data, 'postmaster.pid');
}
