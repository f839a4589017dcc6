import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import {
  endServer,
  type Gateway,
  isAlive,
  launchGateway,
  makeCheckout,
  removeScratch,
  scratchFolder,
  serverPid,
  startGateway,
  until,
} from './gateway-process.js';

const settings = { fsync: 'off' };
const scratch = scratchFolder();
const checkout = makeCheckout(join(scratch, 'checkout'));
const unused = join(scratch, 'unused');
const gateways: Gateway[] = [];
const folders: string[] = [];

beforeAll(async () => {
  await (await startEmbeddedPostgres({ dataDir: unused, settings })).stop();
});

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.end('SIGKILL')));
  await Promise.all(folders.splice(0).map(endServer));
});

afterAll(() => removeScratch(scratch));

/** A folder of its own for each test. */
function emptyFolder(): string {
  const folder = join(scratch, `data-${crypto.randomUUID()}`);
  folders.push(folder);
  return folder;
}

/** A folder whose cluster was already created, which spares the test a second. */
function initialisedFolder(): string {
  const folder = emptyFolder();
  cpSync(unused, folder, { recursive: true });
  return folder;
}

async function gatewayOn(dataDir: string): Promise<Gateway> {
  const gateway = await startGateway({ checkout, dataDir });
  gateways.push(gateway);
  return gateway;
}

async function query(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

function processesOf(server: number): number[] {
  const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8');
  return [server, ...children.trim().split(' ').map(Number)];
}

describe('a first start', () => {
  test('creates a database that only this machine and only the password can open', async () => {
    const dataDir = emptyFolder();
    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    const shown = await query(
      postgres.url,
      `select current_database(), current_setting('listen_addresses'), current_setting('server_encoding'),
              current_setting('unix_socket_directories')`,
    );
    expect(shown).toEqual([['tenantry', '127.0.0.1', 'UTF8', '']]);
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    await postgres.stop();
  });

  test('that is killed while the cluster is being created leaves no half of it', async () => {
    const dataDir = emptyFolder();
    const child = launchGateway({ checkout, dataDir });
    await until(() => halfMade(dataDir).length > 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(halfMade(dataDir)).toHaveLength(1);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(await query(postgres.url, 'select 1')).toEqual([[1]]);
    expect(halfMade(dataDir)).toEqual([]);
    await postgres.stop();
  });

  test('of two gateways at the same moment succeeds for exactly one', async () => {
    const dataDir = emptyFolder();
    const [one, two] = await Promise.all([gatewayOn(dataDir), gatewayOn(dataDir)]);

    const [winner, loser] = one.url ? [one, two] : [two, one];
    expect(loser.failure).toContain(`Another Tenantry (pid ${winner.pid}) is already using ${dataDir}.`);
    expect(await query(winner.url!, 'select 1')).toEqual([[1]]);
  });

  test('takes another port if the chosen one is taken meanwhile', async () => {
    const dataDir = initialisedFolder();
    const occupier = net.createServer().listen(0, '127.0.0.1');
    await once(occupier, 'listening');
    const taken = occupier.address() as net.AddressInfo;
    const address = vi.spyOn(net.Server.prototype, 'address').mockReturnValueOnce(taken).mockReturnValueOnce(taken);

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(address).toHaveBeenCalledTimes(3);
    expect(Number(new URL(postgres.url).port)).not.toBe(taken.port);
    await postgres.stop();
    vi.restoreAllMocks();
    occupier.close();
  });

  function halfMade(dataDir: string): string[] {
    const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
    return names.filter((name) => existsSync(join(dataDir, name, 'cluster')));
  }
});

describe('a stop', () => {
  test('keeps the data, ends every process, and may be asked for twice', async () => {
    const dataDir = initialisedFolder();
    const first = await startEmbeddedPostgres({ dataDir, settings });
    await query(first.url, 'create table kept as select 42 as answer');
    const processes = processesOf(serverPid(dataDir));
    expect(processes.length).toBeGreaterThan(3);

    await Promise.all([first.stop(), first.stop()]);

    expect(processes.filter(isAlive)).toEqual([]);
    const second = await startEmbeddedPostgres({ dataDir, settings });
    expect(await query(second.url, 'select answer from kept')).toEqual([[42]]);
    await second.stop();
  });

  test('is content when somebody else has stopped the server before', async () => {
    const dataDir = initialisedFolder();
    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    await endServer(dataDir);

    await expect(postgres.stop()).resolves.toBeUndefined();
  });

  test('leaves a server alone that another gateway has started since', async () => {
    const dataDir = initialisedFolder();
    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    await endServer(dataDir);
    const other = await gatewayOn(dataDir);

    await postgres.stop();

    expect(await query(other.url!, 'select 1')).toEqual([[1]]);
  });
});

describe('after a gateway was killed', () => {
  test('the next one adopts its server, and can stop it', async () => {
    const dataDir = initialisedFolder();
    const killed = await gatewayOn(dataDir);
    const server = serverPid(dataDir);
    await killed.end('SIGKILL');
    expect(isAlive(server)).toBe(true);

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(postgres.url).toBe(killed.url);
    expect(serverPid(dataDir)).toBe(server);
    await postgres.stop();
    expect(isAlive(server)).toBe(false);
  });

  test('and its server too, the next one recovers the data', async () => {
    const dataDir = initialisedFolder();
    const killed = await gatewayOn(dataDir);
    await query(killed.url!, 'create table kept as select 42 as answer');
    const server = serverPid(dataDir);
    await killed.end('SIGKILL');
    process.kill(server, 'SIGKILL');
    await until(() => !isAlive(server));

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(serverPid(dataDir)).not.toBe(server);
    expect(await query(postgres.url, 'select answer from kept')).toEqual([[42]]);
    await postgres.stop();
  });

  test('and the number of its server went to another process, that process is left alone', async () => {
    const dataDir = initialisedFolder();
    const unrelated: ChildProcess = spawn('sleep', ['60'], { cwd: join(dataDir, 'postgres') });
    const lines = [unrelated.pid, join(dataDir, 'postgres'), 1_700_000_000, 5432, '', '127.0.0.1', '1 1', 'ready   '];
    writeFileSync(join(dataDir, 'postgres/postmaster.pid'), `${lines.join('\n')}\n`);

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(await query(postgres.url, 'select 1')).toEqual([[1]]);
    await postgres.stop();
    expect(isAlive(unrelated.pid!)).toBe(true);
    unrelated.kill();
  });

  test('and the number of its server went to that of another folder, both run', async () => {
    const [dataDir, otherDir] = [initialisedFolder(), initialisedFolder()];
    const other = await gatewayOn(otherDir);
    cpSync(join(otherDir, 'postgres/postmaster.pid'), join(dataDir, 'postgres/postmaster.pid'));

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(postgres.url).not.toBe(other.url);
    await postgres.stop();
    expect(await query(other.url!, 'select 1')).toEqual([[1]]);
  });

  test('by Ctrl-C in its terminal, the server has not heard of it', async () => {
    const dataDir = initialisedFolder();
    const gateway = launchGateway({ checkout, dataDir, detached: true });
    await once(gateway.stdout!, 'data');
    const server = serverPid(dataDir);

    process.kill(-gateway.pid!, 'SIGINT');
    await once(gateway, 'exit');

    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    expect(serverPid(dataDir)).toBe(server);
    await postgres.stop();
  });
});

describe('a second gateway on the same folder', () => {
  test('is told who uses it and what to do', async () => {
    const dataDir = initialisedFolder();
    const first = await gatewayOn(dataDir);

    const second = startEmbeddedPostgres({ dataDir, settings });

    await expect(second).rejects.toThrow(EmbeddedPostgresError);
    await expect(second).rejects.toThrow(
      `Another Tenantry (pid ${first.pid}) is already using ${dataDir}. ` +
        'Stop it, or set TENANTRY_DATA_DIR to another folder.',
    );
    expect(await query(first.url!, 'select 1')).toEqual([[1]]);
  });

  test('is still kept out after PostgreSQL has restarted itself', async () => {
    const dataDir = initialisedFolder();
    const first = await gatewayOn(dataDir);
    const locks = `select pid from pg_locks where locktype = 'advisory'`;
    const [[holder]] = (await query(first.url!, locks)) as [[number]];

    process.kill(holder, 'SIGKILL');
    await until(async () => {
      const [row] = await query(first.url!, locks).catch(() => []);
      return row !== undefined && row[0] !== holder;
    });

    await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toThrow(`(pid ${first.pid})`);
    expect(isAlive(first.pid)).toBe(true);
  });
});

test('a password that is not the one of the database is explained', async () => {
  const dataDir = initialisedFolder();
  writeFileSync(join(dataDir, 'postgres.password'), 'another');

  await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toThrow(/Put the old postgres.password back/);
});

test('a setting that PostgreSQL refuses is shown in its own words', async () => {
  const dataDir = initialisedFolder();

  const start = startEmbeddedPostgres({ dataDir, settings: { max_connections: 'many' } });

  await expect(start).rejects.toThrow(/invalid value for parameter "max_connections"/);
});

test('a log that has grown large begins anew', async () => {
  const dataDir = initialisedFolder();
  const log = join(dataDir, 'postgres.log');
  writeFileSync(log, 'x'.repeat(6 * 1024 * 1024));

  await (await startEmbeddedPostgres({ dataDir, settings })).stop();

  expect(statSync(log).size).toBeLessThan(100_000);
});
