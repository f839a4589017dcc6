// Writes migrations, and finds where they and schema.prisma part.
//
//   node scripts/migration.mjs create <name>   writes what schema.prisma has beyond the migrations as a new migration
//   node scripts/migration.mjs drift           prints it instead, and exits with 1 if there is anything
//
// Both replay the migrations on a database that they create and drop: on the server of DATABASE_DIRECT_URL or
// DATABASE_URL, else on a PostgreSQL of their own.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { difference } from './schema-engine.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCHEMA_FILE = join(ROOT, 'prisma/schema.prisma');
const MIGRATIONS_DIR = join(ROOT, 'prisma/migrations');
const STARTER = join(ROOT, 'dist/platform/embedded-postgres.js');
const BY_HAND = '-- schema.prisma asks for nothing new: write this migration by hand.\n';

process.exitCode = await run(process.argv.slice(2)).catch((error) => {
  print(messageOf(error));
  return 2;
});

async function run([command, name]) {
  if (command === 'create' && name) return create(name);
  if (command === 'drift') return drift();
  print('Usage: node scripts/migration.mjs create <name> | drift');
  return 2;
}

async function create(name) {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('Name a migration with small letters, digits and underscores.');
  const sql = (await missingSql()) ?? BY_HAND;
  const folder = join(MIGRATIONS_DIR, `${timestamp()}_${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'migration.sql'), withoutTransactionControl(sql));
  print(`Wrote ${relative(process.cwd(), folder)}/migration.sql: read it before you commit it.`);
  return 0;
}

async function drift() {
  const sql = await missingSql();
  print(sql === null ? 'No drift.' : `schema.prisma differs from the migrations. This SQL is missing:\n\n${sql}`);
  return sql === null ? 0 : 1;
}

function missingSql() {
  return withServer((server) =>
    withThrowAwayDatabase(server, (url) => difference({ url, schemaFile: SCHEMA_FILE, migrationsDir: MIGRATIONS_DIR })),
  );
}

async function withServer(work) {
  const url = process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL;
  return url ? work(url) : withOwnServer(work);
}

/** Uses the compiled starter, and compiles it first where nobody has. */
async function withOwnServer(work) {
  if (!existsSync(STARTER)) execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'inherit' });
  const { startEmbeddedPostgres } = await import(STARTER);
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-migration-'));
  try {
    const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function withThrowAwayDatabase(server, work) {
  const database = `tenantry_migration_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${database} TEMPLATE template0`);
    return await work(Object.assign(new URL(server), { pathname: `/${database}` }).toString());
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await admin.end();
  }
}

/** The engine wraps some changes of enums in BEGIN and COMMIT; a migration already runs in a transaction of its own. */
function withoutTransactionControl(sql) {
  return sql.replace(/^(BEGIN|COMMIT);\n/gm, '');
}

/** Without the engine's own stack, which it puts into the message. */
function messageOf(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n   0: ')[0];
}

function timestamp() {
  return new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
