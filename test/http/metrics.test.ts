import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { newId } from '../../src/platform/id.js';
import { createLog } from '../../src/platform/log.js';
import { openLine } from '../contract/line.js';
import { post } from '../contract/requests.js';
import { send } from '../support/client.js';
import { testConfig, useGateway } from '../support/gateway.js';
import { createDatabase, useOwnGateway } from '../support/own-gateway.js';
import { aPerson, aWorld } from '../support/world.js';

/** The value of a sample by its name with labels, as it stands in the text. */
async function sample(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((line) => line.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

/** What is counted when an answer is over comes a moment after it. */
async function expectSample(url: string, name: string, expected: number): Promise<void> {
  await expect.poll(() => sample(url, name), { timeout: 10_000 }).toBe(expected);
}

const counted = (operation: string, code: string) => `tenantry_requests_total{operation="${operation}",code="${code}"}`;

describe('what is counted', () => {
  const gateway = useOwnGateway();
  const url = () => gateway().url;

  it('an operation goes by its kind and its first root field, whatever the client calls it', async () => {
    const person = await aPerson(gateway());
    await person.send('query Canary { mine: me { id } }');
    await person.send('query Other { ...f } fragment f on Query { ... { me { id } } __typename }');
    await expectSample(url(), counted('query me', 'OK'), 2);
    await expectSample(url(), 'tenantry_request_duration_seconds_count{operation="query me"}', 2);
    const text = await (await fetch(`${url()}/metrics`)).text();
    expect(text).not.toMatch(/Canary|mine|Other/);
  });

  it('an operation that fails has the code of its first error', async () => {
    const { organization, admin } = await aWorld(gateway());
    const stranger = await aPerson(gateway());
    await stranger.send(`{ organization(id: "${newId()}") { id } }`);
    await admin.send(`{ organization(id: "${organization.id}") { id } }`);
    await send(url(), '{ me { id } }');
    await expectSample(url(), counted('query organization', 'NOT_FOUND'), 1);
    await expectSample(url(), counted('query organization', 'OK'), 1);
    await expectSample(url(), counted('query me', 'UNAUTHENTICATED'), 1);
  });

  it('what is refused before it is an operation is invalid', async () => {
    const before = async (code: string) => (await sample(url(), counted('invalid', code))) ?? 0;
    const tries: [string, () => Promise<unknown>][] = [
      ['GRAPHQL_PARSE_FAILED', () => post(url(), '{"query":"{ me { "}')],
      ['GRAPHQL_VALIDATION_FAILED', () => post(url(), '{"query":"{ nothingOfTheKind }"}')],
      ['BAD_REQUEST', () => post(url(), '{"query":')],
      ['BAD_REQUEST', () => post(url(), '{}')],
      ['UNAUTHENTICATED', () => post(url(), '{"query":"{ me { id } }"}', { authorization: 'Bearer nonsense' })],
      ['QUERY_TOO_COMPLEX', () => post(url(), JSON.stringify({ query: `{ ${'me { id } '.repeat(60)} }` }))],
    ];
    for (const [code, attempt] of tries) {
      const already = await before(code);
      await attempt();
      await expectSample(url(), counted('invalid', code), already + 1);
    }
  });

  it('a client that goes away is no longer in flight', async () => {
    const socket = connect(Number(new URL(url()).port), '127.0.0.1');
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    // The reading itself is one, too.
    await expectSample(url(), 'tenantry_requests_in_flight', 2);
    socket.destroy();
    await expectSample(url(), 'tenantry_requests_in_flight', 1);
  });

  it('statements are counted by what has become of them', async () => {
    const { db } = gateway().services;
    const ok = (await sample(url(), 'tenantry_sql_statements_total{outcome="ok"}'))!;
    const failed = (await sample(url(), 'tenantry_sql_statements_total{outcome="error"}'))!;
    await db.run('SELECT 1 AS one', []);
    await expect(db.run('SELECT nothing', [])).rejects.toThrow();
    expect(await sample(url(), 'tenantry_sql_statements_total{outcome="ok"}')).toBeGreaterThan(ok);
    await expectSample(url(), 'tenantry_sql_statements_total{outcome="error"}', failed + 1);
    await expectSample(url(), 'tenantry_sql_statement_duration_seconds_count{outcome="error"}', failed + 1);
  });

  it('pools are shown by their names', async () => {
    await expectSample(url(), 'tenantry_pool_connections_maximum{pool="read"}', 8);
    await expectSample(url(), 'tenantry_pool_connections_maximum{pool="write"}', 2);
    expect(await sample(url(), 'tenantry_pool_connections_open{pool="read"}')).toBeGreaterThan(0);
    expect(await sample(url(), 'tenantry_pool_waiting{pool="read"}')).toBe(0);
  });

  it('the outbox is shown: what waits, what was given up, and how old the oldest is', async () => {
    const { db } = gateway().services;
    await expectSample(url(), 'tenantry_outbox_jobs_failed', 0);
    // Of a kind that nobody works on.
    await db.write(`SELECT graphile_worker.add_job('nobody') FROM generate_series(1, 3)`, []);
    await db.write(`SELECT graphile_worker.add_job('nobody', max_attempts => 1, job_key => 'given up')`, []);
    await db.write(
      `UPDATE graphile_worker._private_jobs
       SET attempts = CASE WHEN key = 'given up' THEN 1 ELSE 0 END, created_at = now() - interval '1 hour'
       WHERE task_id = (SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'nobody')`,
      [],
    );
    expect(await sample(url(), 'tenantry_outbox_jobs_waiting')).toBeGreaterThanOrEqual(3);
    await expectSample(url(), 'tenantry_outbox_jobs_failed', 1);
    const age = await sample(url(), 'tenantry_outbox_oldest_job_seconds');
    expect(age).toBeGreaterThanOrEqual(3_600);
    expect(age).toBeLessThan(7_200);
    await db.write(`DELETE FROM graphile_worker._private_jobs WHERE attempts < 2`, []);
  });

  it('every name begins with tenantry_, is explained, and stands there once', async () => {
    const text = await (await fetch(`${url()}/metrics`)).text();
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
    expect(names.filter((name) => !name.startsWith('tenantry_'))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    const helped = [...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name]) => name!);
    expect(helped.sort()).toEqual([...names].sort());
    expect(names).toEqual(
      expect.arrayContaining([
        'tenantry_nodejs_eventloop_lag_p50_seconds',
        'tenantry_nodejs_eventloop_lag_p99_seconds',
        'tenantry_nodejs_eventloop_lag_max_seconds',
        'tenantry_process_cpu_seconds_total',
        'tenantry_process_resident_memory_bytes',
        'tenantry_nodejs_gc_duration_seconds',
        'tenantry_requests_turned_away_total',
        'tenantry_requests_rate_limited_total',
        'tenantry_database_up',
      ]),
    );
  });
});

describe('two gateways in one process', () => {
  const one = useGateway();
  const other = useGateway();

  it('count each for itself', async () => {
    await post(one().url, '{"query":"{ __typename }"}');
    await expectSample(one().url, counted('query __typename', 'OK'), 1);
    expect(await sample(other().url, counted('query __typename', 'OK'))).toBeUndefined();
  });
});

describe('a database that cannot be reached', () => {
  it('is shown as down, with what is known without it', async () => {
    const database = await createDatabase();
    const line = await openLine(database.url);
    let gateway: Gateway | undefined;
    try {
      const urls = { databaseUrl: line.url, databaseDirectUrl: line.url };
      gateway = await startGateway(testConfig(urls), createLog('silent'));
      const { url } = gateway;
      await expectSample(url, 'tenantry_database_up', 1);
      await line.cut();
      await expectSample(url, 'tenantry_database_up', 0);
      expect(await sample(url, 'tenantry_outbox_jobs_waiting')).toBeUndefined();
      expect(await sample(url, 'tenantry_requests_in_flight')).toBe(1);
    } finally {
      await gateway?.stop();
      await line.cut();
      await database.drop();
    }
  });

  it('that does not answer at all does not hold up the numbers', async () => {
    // Its worker must have nothing to do: that would wait, too.
    const database = await createDatabase();
    const urls = { databaseUrl: database.url, databaseDirectUrl: database.url };
    const gateway = await startGateway(testConfig(urls), createLog('silent'));
    try {
      const { db } = gateway.services;
      const { maximum } = db.pools()[0]!;
      const busy = Array.from({ length: maximum }, () => db.run('SELECT pg_sleep(5)', []));
      await sleep(100);
      expect(await sample(gateway.url, 'tenantry_database_up')).toBe(0);
      expect(await sample(gateway.url, 'tenantry_pool_connections_idle{pool="read"}')).toBe(0);
      // However often it is asked, one question waits.
      await sample(gateway.url, 'tenantry_database_up');
      expect(await sample(gateway.url, 'tenantry_pool_waiting{pool="read"}')).toBe(1);
      await Promise.all(busy);
      await expectSample(gateway.url, 'tenantry_database_up', 1);
    } finally {
      await gateway.stop();
      await database.drop();
    }
  });
});

describe('who may see them', () => {
  const token = 'a-token-for-prometheus';
  const secured = useGateway({ metricsToken: token, production: true });
  const production = useGateway({ production: true });

  it('the bearer of the token', async () => {
    const response = await fetch(`${secured().url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([undefined, '', 'Bearer', `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`, token, `Basic ${token}`])(
    'nobody who sends %s instead',
    async (authorization) => {
      const headers = authorization === undefined ? undefined : { authorization };
      const response = await fetch(`${secured().url}/metrics`, headers && { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(text).not.toContain('tenantry_');
    },
  );

  it('nobody in production without a token', async () => {
    const response = await fetch(`${production().url}/metrics`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});
