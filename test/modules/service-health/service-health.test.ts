import pg from 'pg';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { connections, standbys } from '../../../src/modules/service-health/service-health.loader.js';
import { createLog } from '../../../src/platform/log.js';
import { migrationNames } from '../../../src/platform/migration-history.js';
import { openPulse } from '../../../src/platform/pulse.js';
import { version } from '../../../src/platform/version.js';
import { hangingLine } from '../../http/hanging-line.js';
import { codeOf } from '../../support/client.js';
import { graphql } from '../../support/generated/index.js';
import { useOwnGateway } from '../../support/own-gateway.js';
import { aPerson } from '../../support/world.js';

const Health = graphql(`
  query ServiceHealth {
    serviceHealth {
      version startedAt uptimeSeconds
      database { status latencyMilliseconds serverVersion isStandby sizeBytes }
      pools { name maximum open idle waiting }
      connections { total active idle idleInTransaction waiting maximum }
      migrations { applied pending latest }
      replication { applicationName state syncState lagBytes lagSeconds }
      outbox { waiting failed oldestSeconds }
    }
  }
`);

const gateway = useOwnGateway();

async function health() {
  const operator = await aPerson(gateway(), { isSuperAdmin: true });
  const { data, errors } = await operator.send(Health);
  expect(errors).toBeUndefined();
  return data.serviceHealth;
}

const onDatabase = <Row extends object>(text: string) => gateway().services.db.run<Row>(text, []);

async function client(config: pg.ClientConfig & { replication?: string } = {}): Promise<pg.Client> {
  const [{ name } = { name: '' }] = await onDatabase<{ name: string }>('SELECT current_database() AS name');
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  const connected = new pg.Client({ connectionString: url.toString(), ...config });
  connected.on('error', () => {});
  await connected.connect();
  onTestFinished(() => connected.end());
  return connected;
}

describe('the health of the service', () => {
  it('tells a super admin of the process and of its database', async () => {
    const { uptimeSeconds, startedAt, database, pools, connections, ...rest } = await health();
    expect(Date.parse(startedAt) + uptimeSeconds * 1_000).toBeLessThanOrEqual(Date.now());
    const [server] = await onDatabase<{ server_version: string }>('SHOW server_version');
    expect(database).toMatchObject({ status: 'UP', serverVersion: server?.server_version, isStandby: false });
    expect(database.latencyMilliseconds).toBeGreaterThan(0);
    expect(database.sizeBytes).toBeGreaterThan(1_000_000);
    expect(pools).toMatchObject([
      { name: 'read', maximum: 8, waiting: 0 },
      { name: 'write', maximum: 2, waiting: 0 },
      { name: 'request', maximum: 2, waiting: 0 },
      { name: 'aside', maximum: 2, waiting: 0 },
      { name: 'statistics', maximum: 2, waiting: 0 },
    ]);
    expect(connections!.total).toBeGreaterThanOrEqual(connections!.active + connections!.idle);
    expect(connections!.maximum).toBeGreaterThanOrEqual(connections!.total);
    const known = migrationNames();
    expect(rest).toMatchObject({
      version,
      migrations: { applied: known.length, pending: [], latest: known.at(-1) },
      replication: [],
    });
  });

  it('is nobody else’s', async () => {
    const somebody = await aPerson(gateway());
    expect(codeOf(await somebody.send(Health))).toBe('FORBIDDEN');
  });

  it('counts who holds a transaction open, and who waits for a lock', async () => {
    const [holder, waiter] = [await client(), await client()];
    await holder.query('BEGIN');
    await holder.query('SELECT pg_advisory_xact_lock(77)');
    const waiting = waiter.query('SELECT pg_advisory_lock(77)');
    await vi.waitFor(async () => expect((await health()).connections).toMatchObject({ waiting: 1 }));
    expect((await health()).connections).toMatchObject({ idleInTransaction: 1 });
    await holder.query('COMMIT');
    await waiting;
    await vi.waitFor(async () =>
      expect((await health()).connections).toMatchObject({ waiting: 0, idleInTransaction: 0 }),
    );
  });

  it('names migrations that are missing', async () => {
    const latest = migrationNames().at(-1)!;
    await onDatabase(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${latest}'`);
    expect((await health()).migrations).toMatchObject({ pending: [latest] });
    await onDatabase('UPDATE _prisma_migrations SET rolled_back_at = NULL');
    expect((await health()).migrations).toMatchObject({ pending: [] });
  });

  it('counts jobs that wait, and those that have failed for good', async () => {
    const before = (await health()).outbox!;
    // Nobody here knows such a task, so nobody does it.
    const enqueue = "SELECT graphile_worker.add_job('unknown', run_at := now() - interval '1 hour', max_attempts := 1)";
    for (const _ of Array(3)) await onDatabase(enqueue);
    await onDatabase(
      `UPDATE graphile_worker._private_jobs SET attempts = 1
       WHERE id = (SELECT max(id) FROM graphile_worker._private_jobs)`,
    );
    await onDatabase(
      `UPDATE graphile_worker._private_jobs SET created_at = now() - interval '1 hour' WHERE attempts = 0`,
    );
    const { waiting, failed, oldestSeconds } = (await health()).outbox!;
    expect({ waiting, failed }).toEqual({ waiting: before.waiting + 2, failed: before.failed + 1 });
    expect(oldestSeconds).toBeGreaterThanOrEqual(3_600);
    await onDatabase('SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker._private_jobs');
  });

  it('shows a standby that receives what is written, and how far behind it is', async () => {
    const standby = await client({ replication: 'true', application_name: 'a standby' });
    const { rows } = await standby.query<{ xlogpos: string }>('IDENTIFY_SYSTEM');
    // It never ends, and it never confirms anything.
    standby.query(`START_REPLICATION PHYSICAL ${rows[0]!.xlogpos}`).catch(() => {});
    await vi.waitFor(async () => {
      const [shown] = (await health()).replication!;
      expect(shown).toMatchObject({ applicationName: 'a standby', syncState: 'async' });
      expect(['catchup', 'streaming']).toContain(shown!.state);
    });
  });

  it('shows a role of few rights only that connections and standbys are there', async () => {
    await client({ replication: 'true' }).then((standby) =>
      standby.query('IDENTIFY_SYSTEM').then(({ rows }) => {
        standby.query(`START_REPLICATION PHYSICAL ${(rows[0] as { xlogpos: string }).xlogpos}`).catch(() => {});
      }),
    );
    await vi.waitFor(async () => expect((await health()).replication).toHaveLength(1));
    const plain = await client();
    const role = `plain_${crypto.randomUUID().replaceAll('-', '')}`;
    await plain.query(`CREATE ROLE ${role}`);
    try {
      await plain.query(`SET ROLE ${role}`);
      expect((await plain.query(standbys)).rows).toEqual([expect.objectContaining({ state: null, lagBytes: null })]);
      expect((await plain.query(connections)).rows[0].total).toBeGreaterThan(1);
    } finally {
      await plain.query('RESET ROLE');
      await plain.query(`DROP ROLE ${role}`);
    }
  });

  it('has nothing where the database does not answer, and still has the rest', async () => {
    const operator = await aPerson(gateway(), { isSuperAdmin: true });
    const line = await hangingLine(inject('databaseUrl'));
    const { services } = gateway();
    const { pulse } = services;
    services.pulse = openPulse(line.url, createLog('silent'));
    onTestFinished(async () => {
      services.pulse = pulse;
      await line.close();
    });
    line.hang();
    const { data, errors } = await operator.send(Health);
    expect(errors).toBeUndefined();
    expect(data.serviceHealth).toMatchObject({
      version,
      database: { status: 'DOWN', latencyMilliseconds: null, serverVersion: null, isStandby: null, sizeBytes: null },
      pools: [{ name: 'read' }, { name: 'write' }, { name: 'request' }, { name: 'aside' }, { name: 'statistics' }],
      ...{ connections: null, migrations: null, replication: null, outbox: null },
    });
  });
});
