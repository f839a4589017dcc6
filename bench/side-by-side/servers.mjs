// Starts the servers that are compared, each in a process of its own. Only one is awake at a time: the others are stopped by
// a signal, so that nothing they do by themselves is measured as another one's.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nodeSettings } from '../../scripts/node-settings.mjs';
import { bodyFor } from './workloads.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const competitors = join(here, 'competitors');
const patienceMs = 60_000;

/** The secret that seals the signing keys of a database that holds nothing secret. */
export const secret = createHash('sha256').update('side by side').digest('base64');

/** In production mode, with nothing turned away: no limit is what is measured. */
function gatewayEnvironment({ url, connections, folder }) {
  // A quarter as many connections for writes come on top of those for reads.
  const poolSize = Math.floor((connections * 4) / 5);
  return {
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: String(poolSize),
    TENANTRY_SECRET: secret,
    TENANTRY_DATA_DIR: join(folder, 'gateway'),
    TENANTRY_RATE_LIMIT_CALLER: '0',
    TENANTRY_RATE_LIMIT_NETWORK: '0',
    TENANTRY_MOST_REQUESTS: '100000',
    TENANTRY_MOST_DELAY_MS: '60000',
    TENANTRY_DRAIN_SECONDS: '0',
    LOG_LEVEL: 'warn',
  };
}

/** Node.js 22, which PostGraphile needs: this one, if it is new enough, or the one that was installed with the others. */
export function nodeForAll() {
  const installed = join(competitors, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  throw new Error('PostGraphile 5 needs Node.js 22 or later: run this comparison with it');
}

/** Installs the others, from their own lockfile, unless that has been done. */
export async function installCompetitors() {
  const [wanted, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
      readFile(join(competitors, file), 'utf8').catch(() => undefined),
    ),
  );
  if (installed && isInstalled(JSON.parse(wanted), JSON.parse(installed))) return;
  const child = spawn('npm', ['ci', '--loglevel=error'], {
    cwd: competitors,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`npm ci in ${competitors} failed`);
}

function isInstalled({ packages: wanted }, { packages: installed }) {
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || installed[path]?.version === version || optional,
  );
}

/** Starts a server, and says how long it took until the first answer. */
export async function startServer(name, options) {
  const { node, gatewayNode, connections, folder, content, token } = options;
  const isGateway = name === 'gateway';
  const url = options.urlFor(name);
  const main = isGateway
    ? [join(here, '../../dist/main.js')]
    : [join(competitors, `${name}.mjs`), url, String(connections)];
  // The others get the same as the gateway.
  const args = [...nodeSettings, ...main];
  const own = isGateway
    ? gatewayEnvironment({ ...options, url })
    : { NODE_ENV: 'production', GRAPHILE_ENV: 'production' };
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const startedAt = performance.now();
  const child = spawn(isGateway ? (gatewayNode ?? node) : node, args, {
    env: own,
    stdio: ['ignore', 'pipe', log],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // However this process ends, no server stays behind.
  const endAtOnce = () => child.kill('SIGKILL');
  process.once('exit', endAtOnce);
  void ended.then(() => process.off('exit', endAtOnce));
  const stop = async () => {
    child.kill('SIGCONT');
    child.kill(isGateway ? 'SIGTERM' : 'SIGKILL');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  };
  try {
    const address = new URL(await addressOf(name, child, ended));
    const server = {
      name,
      pid: child.pid,
      address: { host: address.hostname, port: Number(address.port), path: address.pathname },
      wake: () => child.kill('SIGCONT'),
      rest: () => child.kill('SIGSTOP'),
      stop,
    };
    await ask(server, 'W2', content, token);
    return { ...server, startUpMs: performance.now() - startedAt };
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
  }
}

/** All of them print where they listen. */
async function addressOf(name, child, ended) {
  let printed = '';
  const address = new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      const url = /ready (?:at )?(http:\S+)/.exec(printed)?.[1];
      if (url) resolve(url);
    });
  });
  const failed = async (why) => {
    throw new Error(`${name} does not start: ${await why}`);
  };
  return Promise.race([
    address,
    failed(ended.then(() => 'it has ended')),
    failed(sleep(patienceMs, 'it takes too long', { ref: false })),
  ]);
}

/** Asks a server for one thing, and returns its data. */
export async function ask({ name, address: { host, port, path } }, workload, content, token) {
  const response = await fetch(`http://${host}:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(name === 'gateway' && { authorization: `Bearer ${token}` }) },
    body: bodyFor(name, workload, content),
  });
  const { data, errors } = await response.json();
  if (errors || !response.ok) throw new Error(`${name} ${workload}: ${errors?.[0].message ?? response.status}`);
  return data;
}
