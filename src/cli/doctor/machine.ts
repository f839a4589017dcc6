import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../../platform/config.js';
import { type Checked, check, failed, ok, patienceMs, warning } from './check.js';

const leastNode = [20, 19] as const;

/** What can be said without a database: Node.js, the data directory and the port. */
export async function checkMachine(config: Config): Promise<Checked[]> {
  return [checkNode(), await checkDataDir(config), await checkPort(config)].flat();
}

export function checkNode(found = process.versions.node): Checked {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  const isEnough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return {
    name: 'Node.js',
    ...(isEnough ? ok(found) : failed(found, `Install Node.js ${leastNode.join('.')} or later.`)),
  };
}

/** Files in the data directory with which one could read everything else. */
const secretFiles = ['secret', 'postgres.password'];

function checkDataDir({ dataDir }: Config): Promise<Checked> {
  return check(
    'data directory',
    `Give ${dataDir} to the user that runs the gateway, or set TENANTRY_DATA_DIR.`,
    async () => {
      const folder = await statOf(dataDir);
      if (!folder) return ok(`${dataDir} is made by the first start`);
      if (!folder.isDirectory()) return failed(`${dataDir} is no directory`, 'Set TENANTRY_DATA_DIR to a directory.');
      for (const name of secretFiles) {
        const file = join(dataDir, name);
        const { mode = 0 } = (await statOf(file)) ?? {};
        if ((mode & 0o077) !== 0) return failed(`${file} can be read by other users`, `Run: chmod 600 ${file}`);
      }
      return ok(dataDir);
    },
  );
}

async function statOf(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function checkPort({ host, port }: Config): Promise<Checked> {
  return check('port', 'Set HOST and PORT to where the gateway can listen.', async () => {
    if (port === 0) return ok('any that is free');
    const fault = await listeningFault(host, port);
    if (!fault) return ok(`${host}:${port} is free`);
    if (fault.code !== 'EADDRINUSE') throw fault;
    if (await isGateway(host, port)) return ok(`a gateway runs at ${host}:${port}`);
    return failed(`something else listens at ${host}:${port}`, 'Stop it, or set PORT to another one.');
  });
}

function listeningFault(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function isGateway(host: string, port: number): Promise<boolean> {
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const name = local.includes(':') ? `[${local}]` : local;
  return fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(patienceMs / 2) }).then(
    async (answer) => answer.ok && /"status"/.test(await answer.text()),
    () => false,
  );
}

/** Whether whoever runs several replicas, or loses the directory, would be left without the key to what is sealed. */
export function checkSecret({ secret, databaseUrl, dataDir }: Config): Checked {
  const name = 'secret';
  if (secret) return { name, ...ok('TENANTRY_SECRET has 32 bytes') };
  if (!databaseUrl) return { name, ...ok(`kept in ${dataDir}`) };
  return {
    name,
    ...warning(
      `it is in ${dataDir}, and the database is elsewhere`,
      'Set TENANTRY_SECRET: all replicas need the same, and nothing that is sealed can be read without it.',
    ),
  };
}
