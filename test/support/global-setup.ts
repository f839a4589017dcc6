import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** An empty database for the gateways of this run; its role may create further databases. */
    databaseUrl: string;
    /** The data directory that all gateways of this run share: whose worker sends a mail is all the same. */
    dataDir: string;
  }
}

/** A database of this run's own: on the server of DATABASE_URL where that is set, else on an embedded one. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
  const given = process.env.DATABASE_URL;
  // Nothing of a test outlives it, so nothing has to survive a power failure.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const server = given ? { url: given, stop: async () => {} } : await startEmbeddedPostgres({ dataDir, settings });
  const database = `tenantry_test_${randomBytes(6).toString('hex')}`;
  await onServer(server.url, `CREATE DATABASE ${database}`);
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  provide('databaseUrl', url.toString());
  provide('dataDir', dataDir);
  return async () => {
    await onServer(server.url, `DROP DATABASE ${database} WITH (FORCE)`);
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
