import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { createLog } from '../../src/platform/log.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { type HangingLine, hangingLine } from './hanging-line.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let line: HangingLine;
let gateway: Gateway;

beforeAll(async () => {
  database = await createDatabase();
  line = await hangingLine(database.url);
  const urls = { databaseUrl: line.url, databaseDirectUrl: database.url };
  gateway = await startGateway(testConfig(urls), createLog('silent'));
});

afterAll(async () => {
  line?.resume();
  await gateway?.stop();
  await line?.close();
  await database?.drop();
});

const ask = (path: string, init?: RequestInit) => fetch(`${gateway.url}${path}`, init);

async function ready(): Promise<{ status: number; body: unknown }> {
  const answer = await ask('/readyz');
  return { status: answer.status, body: await answer.json() };
}

const readyWhen = (checks: object) =>
  vi.waitFor(async () => expect((await ready()).body).toMatchObject({ checks }), { timeout: 10_000, interval: 100 });

async function onDatabase(statement: string): Promise<void> {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

it('a gateway that runs says so to anybody, and nobody keeps the answer', async () => {
  const alive = await ask('/healthz');
  expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }]);
  expect(alive.headers.get('cache-control')).toBe('no-store');

  const answer = await ask('/readyz');
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { status: 'ready', checks: { database: 'ok', migrations: 'ok', draining: 'ok' } },
  ]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('HEAD has the status and no content', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const answer = await ask(path, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  }
});

it('however many ask at once, the database is asked at most once a second', async () => {
  const begun = performance.now();
  const { statements } = await countingStatements(() => Promise.all(Array.from({ length: 200 }, ready)));
  const seconds = Math.ceil((performance.now() - begun) / 1_000);
  const asked = statements.filter((text) => text.includes('_prisma_migrations'));
  expect(asked.length).toBeLessThanOrEqual(seconds);
});

it('a database without a migration of this version is not ready, and one with those of a newer version is', async () => {
  await onDatabase(
    `UPDATE _prisma_migrations SET rolled_back_at = now()
     WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`,
  );
  await readyWhen({ database: 'ok', migrations: 'failing' });
  expect((await ready()).status).toBe(503);
  await onDatabase('UPDATE _prisma_migrations SET rolled_back_at = NULL');
  await onDatabase(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
     VALUES ('newer', 'newer', '99990101000000_newer', now())`,
  );
  await readyWhen({ database: 'ok', migrations: 'ok' });
  expect((await ready()).status).toBe(200);
});

it('a database that hangs makes the gateway unready within seconds, but does not end its life, and tells nothing of itself', async () => {
  line.hang();
  try {
    await readyWhen({ database: 'failing', migrations: 'unknown', draining: 'ok' });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const begun = performance.now();
    const answers = await Promise.all([ready(), ...Array.from({ length: 20 }, () => ask('/healthz'))]);
    expect(answers.map(({ status }) => status)).toEqual([503, ...Array(20).fill(200)]);
    // It is a promise that load balancers rely on, so time counts here: two seconds, and as long again for a busy machine.
    expect(performance.now() - begun).toBeLessThan(4_000);

    const alive = performance.now();
    await ask('/healthz');
    expect(performance.now() - alive).toBeLessThan(1_000);

    const text = await (await ask('/readyz')).text();
    expect(Object.keys(JSON.parse(text))).toEqual(['status', 'checks']);
    for (const part of [new URL(line.url).port, '127.0.0.1', database.url.split('/').at(-1)!]) {
      expect(text).not.toContain(part);
    }
  } finally {
    line.resume();
  }
  await readyWhen({ database: 'ok', migrations: 'ok' });
});

it('what readiness costs is not taken from requests: it is known also when they have all connections', async () => {
  const { db } = gateway.services;
  const busy = Array.from({ length: 8 }, () => db.run('SELECT pg_sleep(3)', []));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect((await ready()).status).toBe(200);
  expect(db.pools().find(({ name }) => name === 'read')).toMatchObject({ idle: 0 });
  await Promise.all(busy);
});
