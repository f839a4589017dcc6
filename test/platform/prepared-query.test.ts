import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { runPrepared } from '../../src/platform/prepared-query.js';

let client: pg.Client;
let described: number;

async function connect(more: pg.ClientConfig = {}): Promise<void> {
  client = new pg.Client({ connectionString: inject('databaseUrl'), ...more });
  await client.connect();
  described = 0;
  (client as unknown as { connection: pg.Connection }).connection.on('rowDescription' as 'end', () => {
    described += 1;
  });
}

beforeEach(() => connect());
afterEach(() => client.end());

const types: pg.CustomTypesConfig = { getTypeParser: pg.types.getTypeParser as pg.CustomTypesConfig['getTypeParser'] };

const run = <Row extends object>(text: string, ...values: unknown[]) =>
  runPrepared<Row>(client, { name: text.slice(0, 50), text, values, types });

/** A value of each kind, and nothing of each. */
const kinds = `SELECT n, n * 2.5::float8 AS "float8", n::text AS text, n % 2 = 0 AS bool, n::numeric AS numeric,
    jsonb_build_object('n', n) AS jsonb, ARRAY[n::text, NULL, 'a,"b'] AS texts, '\\x00ff'::bytea AS bytes,
    CASE WHEN n > 1 THEN timestamptz '2026-11-30 12:00:00.123+02' END AS at, NULL::uuid AS nothing
  FROM generate_series(1, $1::int) n`;

describe('a prepared statement', () => {
  it('has the rows that pg itself reads, when it is first run and afterwards', async () => {
    const { rows } = await client.query(kinds, [3]);
    for (let times = 0; times < 3; times += 1) expect(await run(kinds, 3)).toEqual(rows);
    expect(await run(kinds, 0)).toEqual([]);
  });

  it('is described once to a connection', async () => {
    for (let count = 1; count <= 5; count += 1) expect(await run(kinds, count)).toHaveLength(count);
    expect(described).toBe(1);
    await client.end();
    await connect();
    expect(await run(kinds, 1)).toHaveLength(1);
    expect(described).toBe(1);
  });

  it('takes whatever pg takes for a value', async () => {
    const text =
      'SELECT $1::text[] AS texts, $2::bytea AS bytes, $3::timestamptz AS at, $4::jsonb AS json, $5::int AS n';
    const values = [['a', null, '"{,}\\'], Buffer.from([0, 255]), new Date('2026-11-30T12:00:00Z'), { a: ['ü'] }, null];
    const row = { texts: values[0], bytes: values[1], at: values[2], json: values[3], n: null };
    for (let times = 0; times < 2; times += 1) expect(await run(text, ...values)).toEqual([row]);
  });

  it('may have no rows at all', async () => {
    await client.query('CREATE TEMPORARY TABLE things (n int CHECK (n >= 0))');
    await expect(run('INSERT INTO things VALUES ($1)', -1)).rejects.toMatchObject({ code: '23514' });
    for (let n = 0; n < 3; n += 1) expect(await run('INSERT INTO things VALUES ($1)', n)).toEqual([]);
    expect(await run('SELECT n FROM things ORDER BY n')).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it('fails by itself, and runs the next time', async () => {
    const text = 'SELECT n / (n - $1) AS quotient FROM generate_series(1, 4) n';
    await expect(run(text, 3)).rejects.toMatchObject({ code: '22012' });
    expect(await run(text, 5)).toHaveLength(4);
    await expect(run(text, 3)).rejects.toMatchObject({ code: '22012' });
    expect(await run(text, 5)).toHaveLength(4);
    await expect(run('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
    await expect(run('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
    expect(await run(text, 5)).toHaveLength(4);
  });

  it('is not sent with a value that cannot be, and the connection is as good as before', async () => {
    const bad = {
      toPostgres: () => {
        throw new Error('It has no words.');
      },
    };
    await expect(run('SELECT $1::text AS text', bad)).rejects.toThrow('It has no words.');
    expect(await run('SELECT $1::text AS text', 'good')).toEqual([{ text: 'good' }]);
  });

  it('tells what goes wrong with reading a value, and the connection is as good as before', async () => {
    const failing: pg.CustomTypesConfig = {
      getTypeParser: () => () => {
        throw new Error('It cannot be read.');
      },
    };
    const statement = { name: 'unreadable', text: 'SELECT 1 AS n FROM generate_series(1, 3)', values: [] };
    await expect(runPrepared(client, { ...statement, types: failing })).rejects.toThrow('It cannot be read.');
    expect(await run('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('is refused when its columns have changed, rather than read wrongly', async () => {
    await client.query('CREATE TEMPORARY TABLE things AS SELECT 1 AS a, 2 AS b');
    const text = 'SELECT * FROM things';
    expect(await run(text)).toEqual([{ a: 1, b: 2 }]);
    await client.query('ALTER TABLE things DROP COLUMN a, ADD COLUMN c text');
    await expect(run(text)).rejects.toMatchObject({ code: '0A000' });
  });

  it('is given up after the time that the connection has for it', async () => {
    await client.end();
    await connect({ query_timeout: 300 });
    await expect(run('SELECT n, pg_sleep(0.1) FROM generate_series(1, 8) n')).rejects.toThrow('Query read timeout');
    // What still comes of it is nobody's, and no part of the next answer.
    await sleep(700);
    expect(await run('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('is an error when the connection is lost meanwhile', async () => {
    const [{ pid }] = (await client.query('SELECT pg_backend_pid() AS pid')).rows;
    client.on('error', () => {});
    const other = new pg.Client({ connectionString: inject('databaseUrl') });
    await other.connect();
    const asleep = run('SELECT pg_sleep(20)');
    const lost = expect(asleep).rejects.toMatchObject({ code: '57P01' });
    await other.query('SELECT pg_terminate_backend($1)', [pid]);
    await lost;
    await other.end();
  });
});
