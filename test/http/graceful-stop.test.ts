import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { isPostgresRunning, newDataDir, removeDataDir } from '../examples/started-gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { hangingLine } from './hanging-line.js';
import { launch, type Process } from './process.js';

const processes: Process[] = [];
const secret = randomBytes(32).toString('base64');
let database: Awaited<ReturnType<typeof createDatabase>>;

beforeAll(async () => {
  database = await createDatabase();
  return () => database.drop();
});

afterEach(async () => {
  for (const process of processes.splice(0)) {
    if (!process.hasEnded()) process.kill('SIGKILL');
    await process.ended;
  }
});

function start(env: Record<string, string>): Process {
  const dataDir = newDataDir();
  onTestFinished(() => removeDataDir(dataDir));
  const shared = { DATABASE_URL: database.url, TENANTRY_DATA_DIR: dataDir, TENANTRY_SECRET: secret };
  const process = launch({ ...shared, ...env });
  processes.push(process);
  return process;
}

const post = (url: string, query: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });

/** Takes as long as the users are locked. */
async function register(url: string): Promise<{ answer: Promise<Response>; email: string }> {
  const email = `${crypto.randomUUID()}@example.com`;
  const answer = post(
    url,
    `mutation { register(input: { email: "${email}", password: "slow but certain 27", fullName: "Sam" }) { user { email } } }`,
  );
  answer.catch(() => {});
  await until(async () => {
    const { rows } = await query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'users'`);
    return rows.length > 0;
  });
  return { answer, email };
}

/** Keeps everybody from the users until it is told to let go. */
async function lockUsers(): Promise<() => Promise<void>> {
  return hold('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
}

async function hold(statement: string): Promise<() => Promise<void>> {
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query('BEGIN');
  await client.query(statement);
  let held = true;
  const letGo = async () => {
    if (held) await client.end();
    held = false;
  };
  onTestFinished(letGo);
  return letGo;
}

async function query(statement: string) {
  const client = new pg.Client(database.url);
  await client.connect();
  return client.query(statement).finally(() => client.end());
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await sleep(20);
}

async function isListening(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

it('serves on while it says that it is not ready, then finishes what is under way, and ends well', async () => {
  const gateway = start({ TENANTRY_DRAIN_SECONDS: '2' });
  const url = await gateway.url();
  const unused = connect(Number(new URL(url).port), '127.0.0.1');
  await once(unused, 'connect');
  const letGo = await lockUsers();
  const { answer, email } = await register(url);

  gateway.kill('SIGTERM');
  await until(async () => (await fetch(`${url}/readyz`)).status === 503);
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
    status: 'not ready',
    checks: { database: 'ok', migrations: 'ok', draining: 'failing' },
  });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const late = await post(url, '{ __typename }');
  expect([late.status, await late.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
  expect(late.headers.get('connection')).toBe('close');

  await until(async () => !(await isListening(url)));
  expect(gateway.hasEnded()).toBe(false);
  await letGo();
  const answered = await answer;
  expect(await answered.json()).toEqual({ data: { register: { user: { email } } } });
  expect(answered.headers.get('connection')).toBe('close');
  expect(await gateway.ended).toBe(0);
});

it('cuts off what takes longer than a stop may, and says by its exit code that it did', async () => {
  const gateway = start({ TENANTRY_DRAIN_SECONDS: '0', TENANTRY_STOP_SECONDS: '1' });
  const url = await gateway.url();
  const letGo = await lockUsers();
  const { answer } = await register(url);
  gateway.kill('SIGTERM');
  await expect(answer).rejects.toThrow();
  await letGo();
  expect(await gateway.ended).toBe(1);
});

it('ends within its time also if the database hangs in the middle of a request', async () => {
  const line = await hangingLine(database.url);
  onTestFinished(() => line.close());
  const urls = { DATABASE_URL: line.url, DATABASE_DIRECT_URL: line.url };
  const gateway = start({ ...urls, TENANTRY_DRAIN_SECONDS: '0', TENANTRY_STOP_SECONDS: '1' });
  const url = await gateway.url();
  line.hang();
  const answer = post(url, '{ invitationByToken(token: "x") { email } }');
  answer.catch(() => {});
  await sleep(500);
  const begun = performance.now();
  gateway.kill('SIGTERM');
  expect(await gateway.ended).toBe(1);
  // No drain, one second for requests, and fifteen for the rest: this is the promise itself.
  expect(performance.now() - begun).toBeLessThan(17_000);
});

it('ends at once when it is told a second time', async () => {
  const gateway = start({ TENANTRY_DRAIN_SECONDS: '300' });
  const url = await gateway.url();
  gateway.kill('SIGTERM');
  await until(async () => (await fetch(`${url}/readyz`)).status === 503);
  gateway.kill('SIGINT');
  expect(await gateway.ended).toBe(1);
});

it('is called off while it is only starting, and never says that it is ready', async () => {
  // Replicas that start take turns; this one has to wait for its own.
  const letGo = await hold('SELECT pg_advisory_lock(8367265)');
  const gateway = start({ TENANTRY_DRAIN_SECONDS: '300' });
  await until(async () => {
    const { rows } = await query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 8367265 AND NOT granted`,
    );
    return rows.length > 0;
  });
  gateway.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
  expect(gateway.output()).not.toContain('ready');
  await letGo();
});

it('takes an embedded PostgreSQL with it that was only starting', async () => {
  const dataDir = newDataDir();
  onTestFinished(() => removeDataDir(dataDir));
  const gateway = launch({ TENANTRY_DATA_DIR: dataDir });
  processes.push(gateway);
  await until(() => isPostgresRunning(dataDir));
  gateway.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
  expect(isPostgresRunning(dataDir)).toBe(false);
  expect(gateway.output()).not.toContain('ready');
});

/** Has a gateway fail by itself, in a way that nothing in it catches, when it gets SIGUSR2. */
function failing(error: string): Record<string, string> {
  const code = `process.on('SIGUSR2', () => void Promise.reject(${error}))`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` };
}

it('an error that nobody has caught ends it like a signal, except that it is told by the exit code', async () => {
  const gateway = start({ TENANTRY_DRAIN_SECONDS: '1', ...failing(`new TypeError('planted')`) });
  const url = await gateway.url();
  const letGo = await lockUsers();
  const { answer, email } = await register(url);
  gateway.kill('SIGUSR2');
  await until(async () => !(await isListening(url)));
  await letGo();
  expect(await (await answer).json()).toEqual({ data: { register: { user: { email } } } });
  expect(await gateway.ended).toBe(1);
  expect(gateway.output()).toMatch(/"level":60.*planted/);
});

it('a lost connection that nobody has caught does not end it', async () => {
  const lost = `Object.assign(new Error('planted'), { code: 'ECONNRESET' })`;
  const gateway = start({ TENANTRY_DRAIN_SECONDS: '0', ...failing(lost) });
  const url = await gateway.url();
  gateway.kill('SIGUSR2');
  await until(() => gateway.output().includes('planted'));
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  gateway.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
});
