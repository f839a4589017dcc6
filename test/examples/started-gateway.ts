import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, serverPid } from '../platform/gateway-process.js';

// Gateways that are started as a person starts them: with `npm start`'s own script, in a process of their own.

const root = join(import.meta.dirname, '../..');

export interface StartedGateway {
  url: string;
  /** All that it has printed so far. */
  output(): string;
  /** The pid of its embedded PostgreSQL, if it has one. */
  postgres: number | undefined;
  /** Ends it with SIGTERM, as a service manager would, and returns its exit code. */
  stop(): Promise<number | null>;
}

export interface Start {
  dataDir: string;
  env?: Record<string, string>;
}

/** Starts a gateway, and returns when it says that it is ready. */
export async function startTenantry(start: Start): Promise<StartedGateway> {
  const { child, output } = launch(start);
  const ready = /^Tenantry is ready at (.+)\/graphql$/m;
  for (const deadline = Date.now() + 55_000; !ready.test(output()); await sleep(20)) {
    if (hasEnded(child)) throw new Error(`The gateway has ended:\n${output()}`);
    if (Date.now() > deadline) {
      child.kill();
      throw new Error(`The gateway is not ready after 55 s:\n${output()}`);
    }
  }
  return {
    url: ready.exec(output())![1]!,
    output,
    postgres: start.env?.DATABASE_URL ? undefined : serverPid(clusterFolder(start.dataDir)),
    async stop() {
      if (!hasEnded(child)) {
        child.kill('SIGTERM');
        await once(child, 'close');
      }
      return child.exitCode;
    },
  };
}

/** Starts a gateway that is expected not to come up, and returns how it ended. */
export async function failToStart(start: Start): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(start);
  const giveUp = setTimeout(() => child.kill(), 60_000);
  await once(child, 'close');
  clearTimeout(giveUp);
  return { code: child.exitCode, output: output() };
}

/** Whether anything of the embedded PostgreSQL of this folder still runs. */
export function isPostgresRunning(dataDir: string, pid?: number): boolean {
  return existsSync(join(clusterFolder(dataDir), 'postgres/postmaster.pid')) || (pid !== undefined && isAlive(pid));
}

/** A data directory of the test's own. */
export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'tenantry-start-'));
}

export function removeDataDir(dataDir: string): void {
  for (const folder of new Set([clusterFolder(dataDir), dataDir])) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Where the cluster of a data directory lies: in it, or where a file in it says, if nobody but root can reach it. */
function clusterFolder(dataDir: string): string {
  const pointer = join(dataDir, 'postgres.location');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : dataDir;
}

function launch({ dataDir, env }: Start): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    // Nothing else of the environment: neither a DATABASE_URL of the test run nor what Vitest sets.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', TENANTRY_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return { child, output: () => output };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
