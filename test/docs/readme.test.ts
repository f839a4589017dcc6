import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { demoAccount } from '../../src/demo-data.js';
import { newDataDir, removeDataDir, type StartedGateway, startTenantry } from '../examples/started-gateway.js';
import { send } from '../support/client.js';
import { fencedBlocks, readDocument, root, tableRows } from './documents.js';

const readme = readDocument('README.md');
const { scripts } = JSON.parse(readDocument('package.json')) as { scripts: Record<string, string> };
const blocks = fencedBlocks(readme);
const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
const documents = blocks.filter(({ language }) => language === 'graphql').map(({ text }) => text);

describe('the README', () => {
  it('opens with the two commands', () => {
    expect(blocks.slice(0, 2)).toEqual([
      { language: 'sh', text: 'npm ci && npm start' },
      { language: 'sh', text: 'npm ci && npm test' },
    ]);
    expect(readme.indexOf('```sh')).toBeLessThan(600);
  });

  it('names scripts that exist', () => {
    const named = [...readme.matchAll(/npm (?:run )?(?!ci\b)([a-z]+)/g)].map(([, script]) => script!);
    expect(named).toContain('start');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('lists the variables that the configuration reads, and no others', () => {
    const read = [...readDocument('src/platform/environment.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(
      ([, name]) => name,
    );
    expect(read).toContain('DATABASE_URL');
    expect(tableRows(readme, 'variable').map(([variable]) => variable)).toEqual(read.map((name) => `\`${name}\``));
  });

  it('links to what is there', () => {
    const targets = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
    const folders = /```text\n([\s\S]*?)```/.exec(readme)![1]!.trim().split('\n');
    expect(folders.filter((line) => !existsSync(join(root, line.split(/\s+/)[0]!)))).toEqual([]);
  });

  it('has documents that fit the schema', () => {
    const schema = buildSchema(readDocument('schema.graphql'));
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) expect(validate(schema, parse(document))).toEqual([]);
  });
});

describe('what the README says to type', () => {
  const dataDir = newDataDir();
  let gateway: StartedGateway;
  let authorization: string;

  beforeAll(async () => {
    gateway = await startTenantry({ dataDir });
    const { data } = await send<{ login: { session: { accessToken: string } } }, typeof demoAccount>(
      gateway.url,
      `mutation ($email: String!, $password: String!) {
        login(input: { email: $email, password: $password }) { session { accessToken } }
      }`,
      demoAccount,
    );
    authorization = `Bearer ${data.login.session.accessToken}`;
  });

  afterAll(async () => {
    await gateway?.stop();
    removeDataDir(dataDir);
  });

  const commands = shell.filter((text) => text.includes('curl'));

  /** Only the port differs: the usual one may be taken on the machine that runs the tests. */
  const typed = (command: string) =>
    execFileSync('sh', ['-c', command.replaceAll('http://127.0.0.1:4000', gateway.url)]).toString();

  it('answers the first query', () => {
    expect(JSON.parse(typed(commands[0]!))).toMatchObject({
      data: {
        me: { fullName: 'Ada Lindqvist' },
        organizations: { nodes: expect.arrayContaining([expect.objectContaining({ slug: 'northwind' })]) },
      },
    });
  });

  it('does once what is sent twice with an Idempotency-Key', () => {
    expect(commands).toHaveLength(2);
    const [, first, second] = typed(commands.join('\n')).trim().split('\n');
    expect(JSON.parse(first!)).toMatchObject({ data: { createOrganization: { organization: { slug: 'once-only' } } } });
    expect(second).toBe(first);
  });

  it.each(documents.map((document) => ({ name: nameOf(document), document })))(
    'answers $name',
    async ({ document }) => {
      const { data, errors } = await send<Record<string, unknown>, object>(
        gateway.url,
        document,
        {},
        { authorization },
      );
      expect(errors).toBeUndefined();
      expect(Object.values(data)).not.toContain(null);
    },
  );

  it('lets every demo user sign in whom it names', async () => {
    const emails = [...readme.matchAll(/`(\w+@example\.com)`/g)].map(([, email]) => email!);
    expect(emails.length).toBeGreaterThan(0);
    for (const email of emails) {
      const login = `mutation { login(input: { email: "${email}", password: "${demoAccount.password}" }) { user { id } } }`;
      expect((await send(gateway.url, login)).errors).toBeUndefined();
    }
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

  it('starts with the variable that the README names, without a database and demo people of its own', async () => {
    const [, variable] = shell.map((text) => /^(\w+)=postgresql:\/\/\S+ npm start$/.exec(text)).find(Boolean)!;
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

function nameOf(document: string): string | undefined {
  return getOperationAST(parse(document))?.name?.value;
}
