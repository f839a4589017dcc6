import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MigrateOptions, MigrationError, migrate, pendingMigrations } from '../../src/platform/migrate.js';
import { migrationNames } from '../../src/platform/migration-history.js';
import {
  createDatabase,
  migrateInProcess,
  removeTemporaryFolders,
  type TestDatabase,
  writeMigrations,
} from './migrate-fixtures.js';

const PRISMA_LOCK = 72707369;
const FIRST = { '20260101000000_people': 'CREATE TABLE people (name TEXT);' };
const SECOND = { '20260102000000_ada': "INSERT INTO people VALUES ('Ada'); INSERT INTO people VALUES ('Semi;colon');" };
const BOTH: Record<string, string> = { ...SECOND, ...FIRST };
const NAMES = Object.keys(BOTH).sort();

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await database.drop();
});
afterAll(removeTemporaryFolders);

const run = (migrationsDir: string, options: Partial<MigrateOptions> = {}) =>
  migrate({ url: database.url, migrationsDir, ...options });

async function select(sql: string): Promise<Record<string, unknown>[]> {
  return (await database.client.query(sql)).rows;
}

const appliedNames = async () =>
  (await select('SELECT migration_name AS name FROM _prisma_migrations ORDER BY started_at')).map(({ name }) => name);

async function recordUnfinished(name: string): Promise<void> {
  await database.client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES (gen_random_uuid(), 'x', $1)`,
    [name],
  );
}

async function eventually(sql: string): Promise<void> {
  while ((await select(sql)).length === 0) await sleep(20);
}

describe('migrate', () => {
  it('applies everything in the order of the names', async () => {
    const messages: string[] = [];
    const result = await run(writeMigrations(BOTH), { log: (message) => messages.push(message) });
    expect(result).toEqual({ applied: NAMES, total: 2 });
    expect(messages).toEqual(NAMES.map((name) => `Applied migration ${name}.`));
    expect(await select('SELECT name FROM people')).toEqual([{ name: 'Ada' }, { name: 'Semi;colon' }]);
  });

  it('asks an up-to-date database one thing only', async () => {
    const folder = writeMigrations(BOTH);
    await run(folder);
    const query = vi.spyOn(pg.Client.prototype, 'query');
    expect(await run(folder)).toEqual({ applied: [], total: 2 });
    expect(query).toHaveBeenCalledTimes(1);
  });

  it('applies only what is new', async () => {
    await run(writeMigrations(FIRST));
    expect(await run(writeMigrations(BOTH))).toEqual({ applied: Object.keys(SECOND), total: 2 });
  });

  it("records what Prisma's engine would record, and each goes on where the other stopped", async () => {
    // @ts-expect-error: a script in plain JavaScript
    const { deploy } = await import('../../scripts/schema-engine.mjs');
    const folder = writeMigrations(FIRST);
    await run(folder);
    expect(await deploy({ url: database.url, migrationsDir: folder })).toEqual([]);
    expect(await deploy({ url: database.url, migrationsDir: writeMigrations(SECOND, folder) })).toEqual(
      Object.keys(SECOND),
    );
    expect((await run(folder)).applied).toEqual([]);
    const checksum = (sql: string) => createHash('sha256').update(sql).digest('hex');
    const common = { finished: true, logs: null, rolled_back_at: null, applied_steps_count: 1 };
    expect(
      await select(`SELECT migration_name, checksum, finished_at >= started_at AS finished, logs, rolled_back_at,
                    applied_steps_count FROM _prisma_migrations ORDER BY migration_name`),
    ).toEqual(NAMES.map((name) => ({ migration_name: name, checksum: checksum(BOTH[name]!), ...common })));
  });

  it('applies each migration once when four processes start on an empty database', async () => {
    const folder = writeMigrations({ ...BOTH, '20260103000000_slow': 'SELECT pg_sleep(0.3);' });
    const results = await Promise.all([1, 2, 3, 4].map(() => migrateInProcess(database.url, folder).result));
    expect(results.flatMap((result) => (result === 'killed' ? [] : result.applied))).toHaveLength(3);
    expect(await appliedNames()).toHaveLength(3);
  });

  it('heals after a kill in the middle of a migration', async () => {
    const slow = { '20260102000000_slow': 'ALTER TABLE people ADD COLUMN age INT; SELECT pg_sleep(300);' };
    const folder = writeMigrations({ ...FIRST, ...slow });
    const { child, result } = migrateInProcess(database.url, folder);
    await eventually(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`);
    child.kill('SIGKILL');
    expect(await result).toBe('killed');

    const quick = { '20260102000000_slow': 'ALTER TABLE people ADD COLUMN age INT;' };
    expect((await run(writeMigrations(quick, folder))).applied).toEqual(['20260102000000_slow']);
    expect(await appliedNames()).toEqual([...Object.keys(FIRST), '20260102000000_slow']);
  });

  it('rolls a failing migration back and says which, where and why', async () => {
    const broken = { '20260102000000_broken': "INSERT INTO people VALUES ('Ada');\nINSERT INTO nobody VALUES (1);" };
    const folder = writeMigrations({ ...FIRST, ...broken });
    const error = await run(folder).catch((error) => error);
    expect(error).toBeInstanceOf(MigrationError);
    expect(error.message).toBe(
      'Migration 20260102000000_broken failed at line 2 and was rolled back: relation "nobody" does not exist',
    );
    expect(await select('SELECT * FROM people')).toEqual([]);
    expect(await appliedNames()).toEqual(Object.keys(FIRST));
    expect((await run(writeMigrations({ '20260102000000_broken': 'SELECT 1;' }, folder))).applied).toHaveLength(1);
  });

  it('keeps nothing of a migration that it could not record', async () => {
    const sql = 'CREATE TABLE pets (); ALTER TABLE _prisma_migrations ADD CHECK (false) NOT VALID;';
    await expect(run(writeMigrations({ '20260101000000_pets': sql }))).rejects.toThrow('20260101000000_pets failed');
    expect(await select(`SELECT to_regclass('pets') AS pets`)).toEqual([{ pets: null }]);
  });

  it('refuses a migration that would end its own transaction, but not a PL/pgSQL body', async () => {
    const body = 'CREATE FUNCTION f() RETURNS INT LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$;';
    const committing = { '20260102000000_commit': 'BEGIN;\nSELECT 1;\nCOMMIT;' };
    await expect(run(writeMigrations({ '20260101000000_body': body, ...committing }))).rejects.toThrow(
      'Migration 20260102000000_commit contains "BEGIN;". Remove it',
    );
    expect(await appliedNames()).toEqual(['20260101000000_body']);
  });
});

describe('a history that does not fit', () => {
  it('refuses an applied migration that was changed, but accepts other line endings', async () => {
    const name = '20260101000000_people';
    const folder = writeMigrations({ [name]: 'CREATE TABLE people (\n  name TEXT\n);\n' });
    await run(folder);
    await run(writeMigrations({ [name]: 'CREATE TABLE people (\r\n  name TEXT\r\n);\r\n' }, folder));
    writeMigrations({ [name]: 'CREATE TABLE people (name TEXT);' }, folder);
    await expect(run(folder)).rejects.toThrow(`Migration ${name} was changed after it had been applied`);
    await expect(run(writeMigrations(SECOND, folder))).rejects.toThrow(MigrationError);
  });

  it('refuses to go on after a migration that Prisma left unfinished, until it is resolved', async () => {
    const folder = writeMigrations(BOTH);
    await run(writeMigrations(FIRST));
    await recordUnfinished('20260102000000_ada');
    await expect(run(folder)).rejects.toThrow('prisma migrate resolve --rolled-back 20260102000000_ada');
    expect(await pendingMigrations(database.client, migrationNames(folder))).toEqual(['20260102000000_ada']);
    await database.client.query('UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL');
    expect((await run(folder)).applied).toEqual(['20260102000000_ada']);
  });

  it('only warns of migrations that a newer version applied', async () => {
    const messages: string[] = [];
    await run(writeMigrations(BOTH));
    await run(writeMigrations(FIRST), { log: (message) => messages.push(message) });
    expect(messages).toEqual([expect.stringContaining('20260102000000_ada')]);
  });

  it('refuses a folder without migration.sql, and a missing folder', async () => {
    const folder = writeMigrations({ '20260101000000_x/inner': '' });
    await expect(run(folder)).rejects.toThrow('Migration 20260101000000_x has no migration.sql');
    await expect(run(`${folder}/missing`)).rejects.toThrow('There is no migrations folder');
  });
});

describe('another process that is migrating', () => {
  beforeEach(() => database.client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`));

  it('is waited for only so long', async () => {
    const waiting = run(writeMigrations(BOTH), { lockTimeoutMs: 200 });
    await expect(waiting).rejects.toThrow('Another process has held the migration lock of this database for 0.2 s');
  });

  it('is not mistaken for one that failed', async () => {
    const folder = writeMigrations(FIRST);
    await database.client.query('CREATE TABLE people (name TEXT)');
    await database.client.query(`CREATE TABLE _prisma_migrations (id TEXT, checksum TEXT, finished_at TIMESTAMPTZ,
      migration_name TEXT, logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ, applied_steps_count INT)`);
    await recordUnfinished('20260101000000_people');
    const waiting = run(folder);
    await eventually(`SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database
      WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`);
    await database.client.query('UPDATE _prisma_migrations SET finished_at = now(), checksum = $1', [
      createHash('sha256').update(FIRST['20260101000000_people']).digest('hex'),
    ]);
    await database.client.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`);
    expect(await waiting).toEqual({ applied: [], total: 1 });
  });
});

describe('pendingMigrations', () => {
  it('names what is not applied yet', async () => {
    const folder = writeMigrations(BOTH);
    expect(await pendingMigrations(database.client, migrationNames(folder))).toEqual(NAMES);
    await run(folder);
    expect(await pendingMigrations(database.client, migrationNames(folder))).toEqual([]);
  });
});
