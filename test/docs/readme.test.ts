import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { demoAccount } from '../../src/demo-data.js';
import { newDataDir, removeDataDir, type StartedGateway, startTenantry } from '../examples/started-gateway.js';
import { send } from '../support/client.js';
import { blocksOf, readDocument, tableRows } from './documents.js';

const readme = readDocument('README.md');

describe('the README', () => {
  it('opens with the two commands', () => {
    expect(blocksOf('README.md').slice(0, 2)).toMatchObject([
      { language: 'sh', text: 'npm ci && npm start' },
      { language: 'sh', text: 'npm ci && npm test' },
    ]);
    expect(readme.indexOf('```sh')).toBeLessThan(600);
  });

  it('is short: what is looked up stands elsewhere', () => {
    expect(readme.split('\n').length).toBeLessThan(250);
  });
});

describe('the page on configuration', () => {
  it('lists the variables that the configuration reads, and no others', () => {
    const read = [...readDocument('src/platform/environment.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(
      ([, name]) => name,
    );
    expect(read).toContain('DATABASE_URL');
    const rows = tableRows(readDocument('docs/configuration.md'), 'variable');
    expect(rows.map(([variable]) => variable)).toEqual(read.map((name) => `\`${name}\``));
  });
});

describe('on a PostgreSQL of one’s own', () => {
  const database = `tenantry_readme_${process.pid}`;
  const dataDir = newDataDir();
  let gateway: StartedGateway | undefined;

  afterAll(async () => {
    await gateway?.stop();
    await administer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    removeDataDir(dataDir);
  });

  it('starts with the variable that the page on configuration names, without a database and demo people of its own', async () => {
    const [, variable] = blocksOf('docs/configuration.md')
      .map(({ text }) => /^(\w+)=postgresql:\/\/\S+ npm start$/.exec(text))
      .find(Boolean)!;
    await administer(`CREATE DATABASE ${database}`);
    const url = new URL(inject('databaseUrl'));
    url.pathname = `/${database}`;

    gateway = await startTenantry({ dataDir, env: { [variable!]: url.toString() } });
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    expect(gateway.output()).not.toContain('Demo log-in');
    const { email, password } = demoAccount;
    const account = `input: { email: "${email}", password: "${password}"`;
    const login = await send(gateway.url, `mutation { login(${account} }) { user { id } } }`);
    expect(login.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const register = await send(gateway.url, `mutation { register(${account}, fullName: "Ada" }) { user { id } } }`);
    expect(register.errors).toBeUndefined();
  });

  async function administer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: inject('databaseUrl') });
    await client.connect();
    await client.query(statement);
    await client.end();
  }
});
