import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { isAlive, launchGateway, query, serverPid, settings, until, useGateways } from './gateway-process.js';

const { checkout, initialisedFolder, gatewayOn } = useGateways();

describe('after a gateway was killed', () => {
  test('the next one adopts its server, and can stop it', async () => {
    const dataDir = await initialisedFolder();
    const killed = await gatewayOn(dataDir);
    const server = serverPid(dataDir);
    await killed.end('SIGKILL');
    expect(isAlive(server)).toBe(true);

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(postgres.url).toBe(killed.url);
    expect(serverPid(dataDir)).toBe(server);
    await postgres.stop();
    // Nobody may have reaped it yet: whoever started it was killed.
    await until(() => !isAlive(server));
  });

  test('and its server too, the next one recovers the data', async () => {
    const dataDir = await initialisedFolder();
    const killed = await gatewayOn(dataDir);
    await query(killed.url, 'create table kept as select 42 as answer');
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
    const dataDir = await initialisedFolder();
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
    const [dataDir, otherDir] = [await initialisedFolder(), await initialisedFolder()];
    const other = await gatewayOn(otherDir);
    cpSync(join(otherDir, 'postgres/postmaster.pid'), join(dataDir, 'postgres/postmaster.pid'));

    const postgres = await startEmbeddedPostgres({ dataDir, settings });

    expect(postgres.url).not.toBe(other.url);
    await postgres.stop();
    expect(await query(other.url, 'select 1')).toEqual([[1]]);
  });

  test('by Ctrl-C in its terminal, the server has not heard of it', async () => {
    const dataDir = await initialisedFolder();
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
    const dataDir = await initialisedFolder();
    const first = await gatewayOn(dataDir);

    const second = startEmbeddedPostgres({ dataDir, settings });

    await expect(second).rejects.toThrow(EmbeddedPostgresError);
    await expect(second).rejects.toThrow(
      `Another Tenantry (pid ${first.pid}) is already using ${dataDir}. ` +
        'Stop it, or set TENANTRY_DATA_DIR to another folder.',
    );
    expect(await query(first.url, 'select 1')).toEqual([[1]]);
  });

  test('is still kept out after PostgreSQL has restarted itself', async () => {
    const dataDir = await initialisedFolder();
    const first = await gatewayOn(dataDir);
    const locks = `select pid from pg_locks where locktype = 'advisory'`;
    const [[holder]] = (await query(first.url, locks)) as [[number]];

    process.kill(holder, 'SIGKILL');
    await until(async () => {
      const [row] = await query(first.url, locks).catch(() => []);
      return row !== undefined && row[0] !== holder;
    });

    await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toThrow(`(pid ${first.pid})`);
    expect(isAlive(first.pid)).toBe(true);
  });
});
