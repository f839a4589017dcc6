import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { newDataDir, removeDataDir, type StartedGateway, startTenantry } from '../examples/started-gateway.js';
import { launchBrowser } from '../support/browser.js';
import { freePort, type ServedApp, serveApp } from './example-app.js';

export interface RunningApp {
  browser: Browser;
  gateway: StartedGateway;
  /** The data directory of the gateway, with the mail that it has sent. */
  dataDir: string;
  /** Where the app is, and where links in mail lead. */
  url: string;
}

/** A gateway with the demo data, the example app before it, and a browser, for all tests of a file. */
export function useExampleApp(options: { env?: Record<string, string>; persisted?: boolean } = {}): () => RunningApp {
  const dataDir = newDataDir();
  let running: RunningApp;
  let app: ServedApp | undefined;
  let browser: Browser | undefined;
  let gateway: StartedGateway | undefined;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    browser = await launchBrowser();
    gateway = await startTenantry({ dataDir, env: { ...options.env, APP_URL: url } });
    app = await serveApp({ port, gatewayUrl: gateway.url, persisted: options.persisted });
    running = { browser, gateway, dataDir, url };
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await gateway?.stop();
    removeDataDir(dataDir);
  });

  return () => running;
}
