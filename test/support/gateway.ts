import { afterAll, beforeAll, inject } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { type Config, readConfig } from '../../src/platform/config.js';
import { createLog, type Log } from '../../src/platform/log.js';

/** The configuration of a gateway for tests, on the database of this run. */
export function testConfig(changes: Partial<Config> = {}): Config {
  return {
    ...readConfig({ PORT: '0', TENANTRY_SEED: 'none', DATABASE_POOL_SIZE: '8' }),
    databaseUrl: inject('databaseUrl'),
    databaseDirectUrl: inject('databaseUrl'),
    dataDir: inject('dataDir'),
    // All tests come from one machine, many of them at once; those of the limits set their own.
    rateLimits: { caller: 0, network: 0 },
    overload: { mostRequests: 10_000, mostDelayMs: 60_000 },
    // So that a test can come from a network of its own.
    trustProxy: ['127.0.0.1'],
    ...changes,
  };
}

/** A gateway for the tests of one file, listening on a free port, and stopped after them. */
export function useGateway(changes: Partial<Config> = {}, log: Log = createLog('silent')): () => Gateway {
  let gateway: Gateway | undefined;
  beforeAll(async () => {
    gateway = await startGateway(testConfig(changes), log);
  });
  afterAll(() => gateway?.stop());
  return () => gateway!;
}
