import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSilence, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkNode } from '../../src/cli/doctor/machine.js';
import { startGateway } from '../../src/gateway.js';
import { createLog } from '../../src/platform/log.js';
import { openSmtpInbox, type SmtpInbox } from '../mail/smtp-inbox.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { called, newFolder, tenantry } from './command-line.js';

interface Report {
  ok: boolean;
  checks: { name: string; status: string; message: string; advice?: string }[];
}

const secret = randomBytes(32);
const dataDir = newFolder();
let database: Awaited<ReturnType<typeof createDatabase>>;
let inbox: SmtpInbox;
let issuer: Server;
let issuerUrl: string;
let well: Record<string, string>;

beforeAll(async () => {
  [database, inbox] = await Promise.all([createDatabase(), openSmtpInbox()]);
  const { url } = database;
  const config = testConfig({ databaseUrl: url, databaseDirectUrl: url, secret: new Uint8Array(secret), dataDir });
  await (await startGateway(config, createLog('silent'))).stop();
  issuer = createServer(({ url: path }, answer) => {
    answer.writeHead(path === '/keys' ? 200 : 404, { 'content-type': 'application/json' });
    answer.end(path === '/keys' ? '{"keys":[{"kty":"EC"}]}' : '{}');
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  issuerUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
  well = {
    DATABASE_URL: url,
    TENANTRY_SECRET: secret.toString('base64'),
    TENANTRY_DATA_DIR: dataDir,
    PORT: '0',
    MAIL_URL: inbox.url,
    MAIL_FROM: 'Acme <no-reply@acme.example>',
    APP_URL: 'https://app.acme.example',
    AUTH_JWKS_URL: `${issuerUrl}/keys`,
    AUTH_ISSUER: 'https://issuer.example',
    AUTH_AUDIENCE: 'tenantry',
  };
});

afterAll(async () => {
  await inbox?.close();
  await new Promise((resolve) => issuer?.close(resolve));
  await database?.drop();
});

/** What the doctor says of each thing, with some of the environment changed. */
async function diagnosed(
  changes: Record<string, string> = {},
): Promise<{ code: number | null; of: Record<string, string> }> {
  const { code, stdout } = await called(['doctor', '--json'], { env: { ...well, ...changes } });
  const { ok, checks } = JSON.parse(stdout) as Report;
  expect(ok).toBe(code === 0);
  const of = Object.fromEntries(
    checks.map(({ name, status, message, advice }) => [name, `${status}: ${message}. ${advice}`]),
  );
  return { code, of };
}

async function change(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describe('the doctor', () => {
  it('finds nothing where all is well, one line a check', async () => {
    const { code, stdout, stderr } = await tenantry(['doctor'], { env: well });
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => /^ok {7}\S/.test(line) || line)).toEqual(lines.map(() => true));
    const named = lines.map((line) => line.slice(9, 26).trim());
    expect(named).toEqual(
      expect.arrayContaining(['configuration', 'Node.js', 'data directory', 'port', 'secret', 'database', 'clock']),
    );
    expect(named).toEqual(
      expect.arrayContaining(['pooler', 'migrations', 'signing keys', 'queue', 'mail', 'APP_URL', 'AUTH_JWKS_URL']),
    );
    expect(inbox.received).toEqual([]);
  });

  it('names everything that is wrong with the configuration, and no value', async () => {
    const { code, stdout } = await called(['doctor'], {
      env: {
        ...well,
        PORT: '123456',
        TENANTRY_SECRET: 'hunter2',
        MAIL_URL: 'ftp://mail',
        TENANTRY_PERMISSIONS: 'users.read',
      },
    });
    expect(code).toBe(1);
    for (const name of ['PORT', 'TENANTRY_SECRET', 'MAIL_URL'])
      expect(stdout).toMatch(new RegExp(`^failed .* ${name} must`, 'm'));
    expect(stdout).not.toContain('hunter2');
    const permissions = await called(['doctor'], { env: { ...well, TENANTRY_PERMISSIONS: 'users.read' } });
    expect([permissions.code, permissions.stdout]).toEqual([
      1,
      expect.stringContaining('TENANTRY_PERMISSIONS: users.read'),
    ]);
  });

  it('fails for another secret, mail that does not go, an issuer without keys and a port that is taken, all at once', async () => {
    const { code, of } = await diagnosed({
      TENANTRY_SECRET: randomBytes(32).toString('base64'),
      MAIL_URL: `smtp://user:hunter2@127.0.0.1:${new URL(issuerUrl).port}`,
      AUTH_JWKS_URL: `${issuerUrl}/nothing`,
      PORT: new URL(issuerUrl).port,
    });
    expect(code).toBe(1);
    expect(of['signing keys']).toMatch(/^failed: TENANTRY_SECRET is not the one/);
    expect(of.mail).toMatch(/^failed: .*Check MAIL_URL/);
    expect(of.AUTH_JWKS_URL).toMatch(/^failed: the answer \(404\) is no key set/);
    expect(of.port).toMatch(/^failed: something else listens at 127\.0\.0\.1:\d+\. Stop it, or set PORT/);
    expect(of.database).toMatch(/^ok/);
    expect(JSON.stringify(of)).not.toContain('hunter2');
  });

  it('fails for a mail server that does not let the user in', async () => {
    const { of } = await diagnosed({ MAIL_URL: inbox.url.replace('smtp://', 'smtp://user:wrong@') });
    expect(of.mail).toMatch(/^failed: /);
    expect(of.mail).not.toContain('wrong');
  });

  it('fails in bounded time for a server that does not answer', async () => {
    const sockets: Socket[] = [];
    const silent = createSilence((socket) => void sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const { code, of } = await diagnosed({
      DATABASE_URL: `postgresql://127.0.0.1:${port}/x`,
      AUTH_JWKS_URL: `http://127.0.0.1:${port}`,
      MAIL_URL: `smtp://127.0.0.1:${port}`,
    });
    silent.close();
    for (const socket of sockets) socket.destroy();
    expect(code).toBe(1);
    for (const name of ['database', 'mail', 'AUTH_JWKS_URL']) expect(of[name]).toMatch(/^failed: /);
    expect(of.migrations).toBeUndefined();
  });

  it('fails for a database that cannot be reached, and for a direct connection to another one', async () => {
    const gone = await diagnosed({ DATABASE_URL: 'postgresql://user:hunter2@127.0.0.1:1/none' });
    expect(gone.of.database).toMatch(/^failed: connect ECONNREFUSED 127\.0\.0\.1:1\. Check DATABASE_URL/);
    const other = new URL(database.url);
    other.pathname = '/postgres';
    const { code, of } = await diagnosed({ DATABASE_DIRECT_URL: other.toString(), DATABASE_READ_URL: database.url });
    expect(code).toBe(1);
    expect(of['direct connection']).toMatch(/^failed: it leads to another database/);
    expect(of.standby).toMatch(/^warning: DATABASE_READ_URL is no standby/);
  });

  it('fails for an encoding other than UTF-8, and for a role that may make nothing', async () => {
    const name = `tenantry_latin_${randomBytes(4).toString('hex')}`;
    const role = `${name}_role`;
    await change(
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc TEMPLATE template0`,
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'`,
    );
    try {
      const latin = new URL(database.url);
      latin.pathname = `/${name}`;
      expect((await diagnosed({ DATABASE_URL: latin.toString() })).of.database).toMatch(
        /^failed: .* is encoded in LATIN1/,
      );
      const weak = new URL(database.url);
      [weak.username, weak.password] = [role, 'x'];
      const { of } = await diagnosed({ DATABASE_URL: weak.toString() });
      expect(of['database rights']).toMatch(/^failed: the role may not make schemas and tables/);
    } finally {
      await change(`DROP DATABASE ${name}`, `DROP ROLE ${role}`);
    }
  });

  it('fails for a secret that others can read, and warns of one that is only in a folder', async () => {
    const open = join(newFolder(), 'data');
    mkdirSync(open);
    writeFileSync(join(open, 'secret'), `${secret.toString('base64')}\n`);
    chmodSync(join(open, 'secret'), 0o644);
    const { code, of } = await diagnosed({ TENANTRY_SECRET: '', TENANTRY_DATA_DIR: open });
    expect(code).toBe(1);
    expect(of['data directory']).toMatch(/secret can be read by other users\. Run: chmod 600/);
    expect(of.secret).toMatch(/^warning: .*Set TENANTRY_SECRET/);
    expect(of['signing keys']).toMatch(/^ok: the secret opens them/);
  });

  it('warns of missing and of newer migrations, old keys and jobs that were given up', async () => {
    await change(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '99990101000000_newer', now())`,
      `UPDATE signing_keys SET created_at = now() - interval '40 days'`,
      `SELECT graphile_worker.add_job('send_mail', '{}', run_at => now() - interval '1 day')`,
      `UPDATE graphile_worker._private_jobs SET created_at = now() - interval '1 day'`,
    );
    const { code, of } = await diagnosed();
    expect(code).toBe(0);
    expect(of.migrations).toMatch(/^warning: a newer version has applied 99990101000000_newer/);
    expect(of['signing keys']).toMatch(/^warning: the newest is 40 days old/);
    expect(of.queue).toMatch(/^warning: 1 jobs wait, the oldest for 14\d\d minutes/);
    await change(
      'UPDATE graphile_worker._private_jobs SET attempts = max_attempts',
      `DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations WHERE id <> 'x')`,
    );
    const later = await diagnosed();
    expect(later.of.queue).toMatch(/^warning: 1 jobs were given up/);
    expect(later.of.migrations).toMatch(/^warning: 1 of \d+ are missing.*tenantry migrate/);
  });

  it('fails for a migration that was edited or never finished', async () => {
    await change(`UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name LIKE '%_domain'`);
    const edited = await diagnosed();
    expect([edited.code, edited.of.migrations]).toEqual([1, expect.stringMatching(/^failed: .*was changed after/)]);
    await change(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%_domain'`);
    expect((await diagnosed()).of.migrations).toMatch(/^failed: .*not finished/);
  });

  it.each([
    ['20.18.9', 'failed'],
    ['18.20.0', 'failed'],
    ['20.19.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('says of Node.js %s: %s', (found, status) => {
    expect(checkNode(found)).toMatchObject({ name: 'Node.js', status });
  });
});
