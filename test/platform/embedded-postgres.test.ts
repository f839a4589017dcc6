import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import {
  endServer,
  isAlive,
  launchGateway,
  query,
  serverPid,
  settings,
  until,
  useGateways,
} from './gateway-process.js';

const { checkout, emptyFolder, initialisedFolder, gatewayOn } = useGateways();

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
    expect(await query(winner.url, 'select 1')).toEqual([[1]]);
  });

  test('takes another port if the chosen one is taken meanwhile', async () => {
    const dataDir = await initialisedFolder();
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
    const dataDir = await initialisedFolder();
    const first = await startEmbeddedPostgres({ dataDir, settings });
    await query(first.url, 'create table kept as select 42 as answer');
    const processes = processesOf(serverPid(dataDir));
    expect(processes.length).toBeGreaterThan(3);

    await Promise.all([first.stop(), first.stop()]);

    // The server is gone; what it had started may take another moment.
    await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    const second = await startEmbeddedPostgres({ dataDir, settings });
    expect(await query(second.url, 'select answer from kept')).toEqual([[42]]);
    await second.stop();
  });

  test('is content when somebody else has stopped the server before', async () => {
    const dataDir = await initialisedFolder();
    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    await endServer(dataDir);

    await expect(postgres.stop()).resolves.toBeUndefined();
  });

  test('leaves a server alone that another gateway has started since', async () => {
    const dataDir = await initialisedFolder();
    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    await endServer(dataDir);
    const other = await gatewayOn(dataDir);

    await postgres.stop();

    expect(await query(other.url, 'select 1')).toEqual([[1]]);
  });
});

test('a password that is not the one of the database is explained', async () => {
  const dataDir = await initialisedFolder();
  writeFileSync(join(dataDir, 'postgres.password'), 'another');

  await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toThrow(/Put the old postgres.password back/);
});

test('a setting that PostgreSQL refuses is shown in its own words', async () => {
  const dataDir = await initialisedFolder();

  const start = startEmbeddedPostgres({ dataDir, settings: { max_connections: 'many' } });

  await expect(start).rejects.toThrow(/invalid value for parameter "max_connections"/);
});

test('a log that has grown large begins anew', async () => {
  const dataDir = await initialisedFolder();
  const log = join(dataDir, 'postgres.log');
  writeFileSync(log, 'x'.repeat(6 * 1024 * 1024));

  await (await startEmbeddedPostgres({ dataDir, settings })).stop();

  expect(statSync(log).size).toBeLessThan(100_000);
});
