import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { isPostgresRunning, newDataDir, removeDataDir } from '../examples/started-gateway.js';
import { called, launch, newFolder, parsed, tenantry } from './command-line.js';

// The embedded PostgreSQL of a data directory, with a gateway on it and without.

const [dataDir, other] = [newDataDir(), newDataDir()];
const file = join(newFolder(), 'northwind.ndjson');
const env = { TENANTRY_DATA_DIR: dataDir, PORT: '0' };

let running: ReturnType<typeof launch> | undefined;

afterAll(async () => {
  running?.child.kill('SIGTERM');
  await running?.ended;
  for (const folder of [dataDir, other]) removeDataDir(folder);
});

it('commands work beside the gateway that runs the database', async () => {
  running = launch(['start'], { env, script: 'bin/tenantry.mjs' });
  while (!/Tenantry is ready/.test(running.run.stdout)) {
    if (running.child.exitCode !== null) throw new Error(running.run.stderr);
    await sleep(20);
  }
  const url = /ready at (\S+)\/graphql/.exec(running.run.stdout)![1]!;
  const port = new URL(url).port;
  const [exported, doctor] = await Promise.all([
    tenantry(['export', '--organization', 'northwind', '--output', file], { env }),
    called(['doctor'], { env: { ...env, PORT: port } }),
  ]);
  expect(exported.code).toBe(0);
  expect(doctor).toMatchObject({ code: 0 });
  expect(doctor.stdout).toContain(`a gateway runs at 127.0.0.1:${port}`);
  expect(await called(['migrate'], { env })).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' });
  const copied = await called(['import', '--input', file, '--as-copy', '--slug', 'copy'], { env });
  expect(copied.code).toBe(0);
  const [answer, second] = [await fetch(`${url}/readyz`), await called(['seed'], { env })];
  expect(answer.status).toBe(200);
  expect(second.stderr).toContain('has users already');
});

it('and start it for as long as they take, where no gateway runs', async () => {
  running!.child.kill('SIGTERM');
  expect((await running!.ended).code).toBe(0);
  expect(isPostgresRunning(dataDir)).toBe(false);
  const { code, stdout } = await tenantry(['export', '--organization', 'copy'], { env });
  expect(code).toBe(0);
  expect(parsed(stdout).filter(({ type }) => type === 'member')).toHaveLength(24);
  expect(isPostgresRunning(dataDir)).toBe(false);
});

it('a new data directory is made by migrate, and by nothing that only reads', async () => {
  const there = { TENANTRY_DATA_DIR: other, PORT: '0' };
  expect((await called(['import', '--input', file], { env: there })).code).toBe(1);
  expect(existsSync(join(other, 'postgres'))).toBe(false);
  expect((await called(['migrate'], { env: there })).code).toBe(0);
  expect(await called(['import', '--input', file], { env: there })).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(file, 'utf8')).toContain('"trailer"');
  expect(isPostgresRunning(other)).toBe(false);
});
