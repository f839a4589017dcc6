import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import type { Config } from '../../src/platform/config.js';
import { createLog, type Log } from '../../src/platform/log.js';
import { testConfig } from './gateway.js';

/** A gateway on a database that nothing else uses, so that a digest of all its tables means something. */
export function useOwnGateway(changes: Partial<Config> = {}, log: Log = createLog('silent')): () => Gateway {
  let gateway: Gateway | undefined;
  let database: OwnDatabase | undefined;
  beforeAll(async () => {
    database = await createDatabase();
    const { url } = database;
    gateway = await startGateway(testConfig({ databaseUrl: url, databaseDirectUrl: url, ...changes }), log);
  });
  afterAll(async () => {
    await gateway?.stop();
    await database?.drop();
  });
  return () => gateway!;
}

/** Where the database of a gateway is, for whoever connects to it beside. */
export async function urlOf({ run }: Pick<Gateway['services']['db'], 'run'>): Promise<string> {
  const [row] = await run<{ name: string }>('SELECT current_database() AS name', []);
  return Object.assign(new URL(inject('databaseUrl')), { pathname: `/${row!.name}` }).toString();
}

interface OwnDatabase {
  url: string;
  drop(): Promise<void>;
}

/** An empty database beside the one of this run, on the same server. */
export async function createDatabase(): Promise<OwnDatabase> {
  const name = `tenantry_contract_${randomBytes(6).toString('hex')}`;
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  await onServer(`CREATE DATABASE ${name}`);
  return { url: url.toString(), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('databaseUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Table by table, how many rows there are and a hash of all they hold, apart from records of what was refused. */
export async function digest({ services }: Gateway): Promise<Record<string, string>> {
  const tables = await services.db.run<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`,
    [],
  );
  const parts = tables.map(
    ({ name }) => `SELECT '${name}' AS name, count(*) || ' ' || coalesce(
      md5(string_agg(row::text, '' ORDER BY row::text)), '') AS content FROM ${name} row
      WHERE to_jsonb(row) ->> 'action' IS DISTINCT FROM 'ACCESS_REFUSED'`,
  );
  const contents = await services.db.run<{ name: string; content: string }>(parts.join(' UNION ALL '), []);
  return Object.fromEntries(contents.map(({ name, content }) => [name, content]));
}
