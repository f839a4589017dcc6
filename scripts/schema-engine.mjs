// Prisma's schema engine as WebAssembly: it comes with npm, where the native one would be downloaded on first use.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/** PostgreSQL's object ids of the catalogs' one-byte "char" type and of text. */
const CHAR = 18;
const TEXT = 25;
const LOCKFILE = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' };

const NO_FILTERS = { externalTables: [], externalEnums: [] };

let engineClass;

/**
 * Replays the migrations on an empty database and returns the SQL that leads from there to the schema, or null.
 *
 * The engine compares only what a datamodel can say. Measured with this version, on PostgreSQL 15 and 18:
 *
 * - Written by hand in a migration, these are not seen, so never drift: indexes with an expression, with a WHERE clause
 *   or both, unique or not; check and exclusion constraints; triggers, functions, views, sequences, policies, comments;
 *   NULLS FIRST/LAST, NULLS NOT DISTINCT, COLLATE and DEFERRABLE on what is declared; every schema but "public".
 * - These are seen, and are drift until schema.prisma declares them: every other index (GIN with `type: Gin` and
 *   `ops: raw("gin_trgm_ops")`, DESC with `sort: Desc`), enums, tables, foreign keys, defaults, and generated columns,
 *   which stand as `@default(dbgenerated())`.
 * - These cannot be declared and stay drift: a B-tree with INCLUDE or with text_pattern_ops. A WHERE clause that holds
 *   for every row, such as IS NOT NULL on a required column, makes the engine look away.
 * - Beware: an index with a WHERE clause passes for a plain @@unique or @@index of the same columns, and the preview
 *   feature "partialIndexes" would make drift of every such index that is not declared.
 */
export async function difference({ url, schemaFile, migrationsDir }) {
  const schema = { path: schemaFile, content: readFileSync(schemaFile, 'utf8') };
  const { exitCode, stdout } = await withEngine(url, schema, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...migrationList(migrationsDir) },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    }),
  );
  return exitCode === 0 ? null : stdout;
}

/** Does what `prisma migrate deploy` does, by the same code; for the test that both read each other's history. */
export async function deploy({ url, migrationsDir }) {
  const schema = { path: 'schema.prisma', content: 'datasource db { provider = "postgresql" }' };
  const request = { migrationsList: migrationList(migrationsDir), filters: NO_FILTERS };
  return (await withEngine(url, schema, (engine) => engine.applyMigrations(request))).appliedMigrationNames;
}

async function withEngine(url, { path, content }, work) {
  const pool = new pg.Pool({ connectionString: url });
  try {
    const factory = bindMigrationAwareSqlAdapterFactory(adapterFactory(pool));
    return await work(await loadEngine().new({ datamodels: [[path, content]] }, () => {}, factory));
  } finally {
    await pool.end();
  }
}

function migrationList(baseDir) {
  const entries = existsSync(baseDir) ? readdirSync(baseDir, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = names.sort().map((path) => {
    const value = readFileSync(join(baseDir, path, 'migration.sql'), 'utf8');
    return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
  });
  return { baseDir, lockfile: LOCKFILE, shadowDbInitScript: '', migrationDirectories };
}

/** Once for each process: the bindings hold a single instance, and a second one would pull the memory from under it. */
function loadEngine() {
  if (engineClass) return engineClass;
  // The bindings report a panic of the engine to this global; without it the message is lost in a TypeError.
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => process.stderr.write(`${message}\n`) };
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const code = new WebAssembly.Module(readFileSync(join(dirname(entry), 'schema_engine_bg.wasm')));
  const { exports } = new WebAssembly.Instance(code, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  engineClass = bindings.SchemaEngine;
  return engineClass;
}

/** Both connections that the engine asks for lead to the same database: being thrown away, it can be its own shadow. */
function adapterFactory(pool) {
  const connect = () => openAdapter(pool);
  return { provider: 'postgres', adapterName: '@prisma/adapter-pg', connect, connectToShadowDb: connect };
}

async function openAdapter(pool) {
  const adapter = await new PrismaPg(pool, { schema: 'public' }).connect();
  const { queryRaw } = adapter;
  return Object.assign(adapter, {
    queryRaw: (query) => queryCatalog(adapter, queryRaw, query),
    executeScript: (sql) => executeWhole(adapter, pool, sql),
  });
}

/** The stock adapter refuses columns of type "char", which the engine's questions to the catalogs return. */
async function queryCatalog(adapter, queryRaw, query) {
  const result = await adapter.performIO(query);
  const fields = result.fields.map((field) => ({
    ...field,
    dataTypeID: field.dataTypeID === CHAR ? TEXT : field.dataTypeID,
  }));
  const readable = { performIO: async () => ({ ...result, fields }), pgOptions: adapter.pgOptions };
  const answer = await queryRaw.call(readable, query);
  result.fields.forEach((field, column) => {
    if (field.dataTypeID === CHAR) answer.columnTypes[column] = ColumnTypeEnum.Character;
  });
  return answer;
}

/** The stock adapter cuts a script at every semicolon, also within function bodies and literals. */
async function executeWhole(adapter, pool, sql) {
  try {
    await pool.query(sql);
  } catch (error) {
    adapter.onError(error);
  }
}
