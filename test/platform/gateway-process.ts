import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';

// Gateways that live in processes of their own, so that a test can kill one the hard way.

export const settings = { fsync: 'off' };

const SOURCES = join(import.meta.dirname, '../../src/platform');
const NODE_MODULES = join(import.meta.dirname, '../../node_modules');

const GATEWAY = `
import { startEmbeddedPostgres } from './platform/embedded-postgres.js';
const say = (message) => process.stdout.write(JSON.stringify(message) + '\\n');
try {
  const postgres = await startEmbeddedPostgres({
    dataDir: process.argv[2],
    settings: { fsync: 'off' },
    log: (text) => say({ log: text }),
  });
  process.on('SIGTERM', async () => {
    await postgres.stop();
    process.exit(0);
  });
  setInterval(() => {}, 60_000);
  say({ url: postgres.url });
} catch (error) {
  say({ failure: error.name + ': ' + error.message });
  process.exitCode = 1;
}
`;

/** An ordinary user that every machine has. */
export const SYSTEM_USER = { uid: 65_534, gid: 65_534 };

export interface Gateway {
  pid: number;
  url?: string;
  failure?: string;
  logs: string[];
  /** Ends it with a signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface GatewayOptions {
  checkout: string;
  dataDir: string;
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number };
  /** In a process group of its own, like a command in a terminal. */
  detached?: boolean;
}

/** Gives a test file folders and gateways, and clears all of them. */
export function useGateways() {
  const scratch = join(tmpdir(), `tenantry-test-${crypto.randomUUID()}`);
  const checkout = join(scratch, 'checkout');
  const unused = join(scratch, 'unused');
  const gateways: Promise<Gateway>[] = [];
  const folders: string[] = [];

  beforeAll(() => {
    mkdirSync(scratch);
    chmodSync(scratch, 0o755);
    makeCheckout(checkout);
  });
  afterEach(async () => {
    for (const gateway of await Promise.all(gateways.splice(0))) await gateway.end('SIGKILL');
    await Promise.all(folders.splice(0).map(endServer));
  });
  afterAll(() => removeScratch(scratch));

  function emptyFolder(): string {
    const folder = join(scratch, `data-${crypto.randomUUID()}`);
    folders.push(folder);
    return folder;
  }

  /** A folder whose cluster was already created, which spares the test a second. */
  async function initialisedFolder(): Promise<string> {
    const folder = emptyFolder();
    if (!existsSync(unused)) await (await startEmbeddedPostgres({ dataDir: unused, settings })).stop();
    cpSync(unused, folder, { recursive: true });
    return folder;
  }

  function gateway(options: GatewayOptions): Promise<Gateway> {
    const started = startGateway(options);
    gateways.push(started);
    folders.push(options.dataDir);
    return started;
  }

  const gatewayOn = (dataDir: string) => gateway({ checkout, dataDir });

  return { scratch, checkout, emptyFolder, initialisedFolder, gateway, gatewayOn };
}

export async function query(url: string | undefined, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

/** Compiles what the embedded PostgreSQL consists of into a checkout that plain Node can run. */
export function makeCheckout(folder: string): string {
  mkdirSync(join(folder, 'platform'), { recursive: true });
  for (const name of readdirSync(SOURCES).filter(isPartOfIt)) {
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(readFileSync(join(SOURCES, name), 'utf8'), { compilerOptions });
    writeFileSync(join(folder, 'platform', `${basename(name, '.ts')}.js`), outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'gateway.js'), GATEWAY);
  symlinkSync(NODE_MODULES, join(folder, 'node_modules'));
  return folder;
}

/** Starts a gateway, and returns when it runs or has failed. */
async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const child = launchGateway(options);
  const logs: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    const message = JSON.parse(line) as { log?: string; url?: string; failure?: string };
    if (message.log === undefined) return { pid: child.pid!, logs, ...message, end: (signal) => end(child, signal) };
    logs.push(message.log);
  }
  throw new Error(`The gateway ended with code ${child.exitCode} and said nothing`);
}

/** Starts a gateway without waiting for it. */
export function launchGateway({ checkout, dataDir, env, user, detached = false }: GatewayOptions): ChildProcess {
  return spawn(process.execPath, [join(checkout, 'gateway.js'), dataDir], {
    cwd: '/',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached,
    ...user,
  });
}

/** The pid of the server whose cluster lies in this folder, by its own word. */
export function serverPid(folder: string): number {
  return Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** Ends the server of a folder, if one runs, and waits until it is gone. */
export async function endServer(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'postgres/postmaster.pid'))) return;
  const pid = serverPid(folder);
  if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) return;
  process.kill(pid, 'SIGINT');
  await until(() => !isAlive(pid));
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 15_000; !(await condition()); await sleep(10)) {
    if (Date.now() > deadline) throw new Error('Waited for 15 seconds in vain');
  }
}

export function removeScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function isPartOfIt(name: string): boolean {
  return /^(embedded-postgres|postgres-).*\.ts$/.test(name);
}
