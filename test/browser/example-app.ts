import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// The example app as it is deployed: built, and served beside the gateway.

const folder = join(import.meta.dirname, '../../examples/web');
const vite = join(folder, 'node_modules/vite/bin/vite.js');

export interface ServedApp {
  stop(): Promise<void>;
}

export interface AppToServe {
  port: number;
  gatewayUrl: string;
  /** Whether the app sends the hashes of its documents in the place of their texts. */
  persisted?: boolean | undefined;
}

/** Builds the app into a folder of its own, and serves it at a port until it is stopped. */
export async function serveApp({ port, gatewayUrl, persisted = false }: AppToServe): Promise<ServedApp> {
  if (!existsSync(vite)) throw new Error('The example app is not installed: run `npm ci` in examples/web.');
  const outDir = mkdtempSync(join(tmpdir(), 'tenantry-app-'));
  const env = { PATH: process.env.PATH, VITE_GATEWAY_URL: gatewayUrl, VITE_PERSISTED: persisted ? 'on' : 'off' };
  const build = spawnSync(process.execPath, [vite, 'build', '--outDir', outDir], { cwd: folder, env });
  if (build.status !== 0) throw new Error(`The example app does not build:\n${build.stdout}${build.stderr}`);

  const server = await start(['preview', '--outDir', outDir], port, env);
  return {
    async stop() {
      await server.stop();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** Serves the app as `npm run dev` does, which examples/web/README.md says to type. */
export function serveSources({ port, gatewayUrl }: AppToServe): Promise<ServedApp> {
  return start(['dev'], port, { PATH: process.env.PATH, VITE_GATEWAY_URL: gatewayUrl });
}

async function start(command: string[], port: number, env: NodeJS.ProcessEnv): Promise<ServedApp> {
  const args = [...command, '--host', '127.0.0.1', '--port', String(port), '--strictPort'];
  const child = spawn(process.execPath, [vite, ...args], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'close');
  };
  await untilServed(child, `http://127.0.0.1:${port}`).catch(async (error) => {
    await stop();
    throw error;
  });
  return { stop };
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

async function untilServed(child: ChildProcess, url: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`The server of the app has ended with ${child.exitCode}.`);
    if (Date.now() > deadline) throw new Error('The server of the app does not answer after 30 s.');
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
  }
}
