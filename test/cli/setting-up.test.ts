import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrationNames } from '../../src/platform/migration-history.js';
import { createDatabase } from '../support/own-gateway.js';
import { called, newFolder, tenantry } from './command-line.js';

const names = migrationNames();
let database: Awaited<ReturnType<typeof createDatabase>>;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createDatabase();
  env = { DATABASE_URL: database.url, TENANTRY_SECRET: randomBytes(32).toString('base64') };
});

afterAll(() => database?.drop());

async function rows(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('an operator sets up a database', () => {
  it('by migrating it, which happens once and is said', async () => {
    const before = await called(['migrate', '--status'], { env });
    expect(before).toMatchObject({ code: 1, stdout: names.map((name) => `missing  ${name}\n`).join('') });
    const early = await called(['create-super-admin', '--email', 'root@example.com', '--password-stdin'], { env });
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toContain('Apply them with "tenantry migrate"');

    const first = await tenantry(['migrate'], { env });
    expect(first).toMatchObject({ code: 0, stdout: `${names.length} of ${names.length} migrations applied.\n` });
    for (const name of names) expect(first.stderr).toContain(`Applied migration ${name}.`);
    expect(await called(['migrate'], { env })).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' });
    const after = await called(['migrate', '--status'], { env });
    expect(after).toMatchObject({ code: 0, stdout: names.map((name) => `applied  ${name}\n`).join('') });
  });

  it('by making a super admin, whose password comes from the standard input', async () => {
    const words = (email: string) => ['create-super-admin', '--email', email, '--password-stdin'];
    const create = (email: string, password: string, ...more: string[]) =>
      called([...words(email), ...more], { env, stdin: `${password}\n` });
    const password = 'nine green bottles';
    expect(await create('nobody', password)).toMatchObject({ code: 2, stderr: 'nobody is not an e-mail address.\n' });
    expect(await create('root@example.com', 'short')).toMatchObject({
      code: 1,
      stderr: 'The password must have 8 to 128 characters.\n',
    });
    expect((await create('root@example.com', 'password')).stderr).toContain('guessed first');
    const { stderr } = await called(['create-super-admin', '--email', 'root@example.com'], { env });
    expect(stderr).toContain('Give it with --password-stdin');
    expect(await rows('SELECT FROM users')).toHaveLength(0);

    const made = await tenantry(words('root@example.com'), { env, stdin: `${password}\n` });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('root@example.com is a super admin now');
    expect((await create('two@example.com', password)).stderr).toContain('add --another');
    expect(await create('two@example.com', password, '--another')).toMatchObject({ code: 0 });
    expect((await create('two@example.com', password, '--another', '--existing')).code).toBe(0);
    expect((await create('TWO@example.com', password, '--another')).stderr).toContain('add --existing');
    expect((await create('two@example.com', 'something else', '--another', '--existing')).stderr).toContain(
      'That is not the password',
    );
    expect((await create('three@example.com', password, '--another', '--existing')).stderr).toContain('has no account');
    expect(await rows('SELECT email FROM users WHERE is_super_admin AND email_verified_at IS NULL ORDER BY 1')).toEqual(
      [{ email: 'root@example.com' }, { email: 'two@example.com' }],
    );
    const recorded = await rows(`SELECT actor_type, actor_user_id, action FROM platform_events ORDER BY at`);
    expect(recorded.slice(0, 2)).toEqual(
      Array(2).fill({ actor_type: 'SYSTEM', actor_user_id: null, action: 'SUPER_ADMIN_CHANGED' }),
    );
  });

  it('but not with demo data, which comes to empty databases only', async () => {
    const { code, stderr } = await called(['seed'], { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining('has users already')]);
    const production = await called(['seed'], { env: { ...env, NODE_ENV: 'production' } });
    expect([production.code, production.stderr]).toEqual([1, expect.stringContaining('no demo data in production')]);
    expect(await rows('SELECT FROM organizations WHERE NOT is_personal')).toHaveLength(0);
  });

  it('or not at all: what only looks makes no database', async () => {
    const dataDir = join(newFolder(), 'not-there');
    const words = [['export', '--organization', 'x'], ['import'], ['migrate', '--status']];
    for (const word of [...words, ['create-super-admin', '--email', 'a@b.example', '--password-stdin']]) {
      const { code, stderr } = await called(word, { env: { TENANTRY_DATA_DIR: dataDir } });
      expect([code, stderr]).toEqual([1, expect.stringContaining(`There is no database in ${dataDir} yet.`)]);
    }
    expect(await called(['doctor'], { env: { TENANTRY_DATA_DIR: dataDir, PORT: '0' } })).toMatchObject({ code: 0 });
    expect(existsSync(dataDir)).toBe(false);
    expect(readdirSync(join(dataDir, '..'))).toEqual([]);
  });
});
