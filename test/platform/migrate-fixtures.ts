import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import ts from 'typescript';
import { inject } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An empty database of its own for one test, and a connection to look into it. */
export type TestDatabase = { url: string; client: pg.Client; drop: () => Promise<void> };

export async function createDatabase(): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `migrate_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const drop = async () => {
    await client.end();
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { url, client, drop };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** A migrations folder, written as name → SQL. */
export function writeMigrations(migrations: Record<string, string>, folder = temporaryFolder()): string {
  for (const [name, sql] of Object.entries(migrations)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'migration.sql'), sql);
  }
  return folder;
}

export type MigratingProcess = { child: ChildProcess; result: Promise<{ applied: string[] } | 'killed'> };

/** Runs `migrate` in a process of its own, which a test may kill; compiled by hand, for Node 20 reads no TypeScript. */
export function migrateInProcess(url: string, migrationsDir: string): MigratingProcess {
  const child = fork(compiledMigration(), [url, migrationsDir]);
  const result = new Promise<{ applied: string[] } | 'killed'>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { applied: string[] }));
    child.once('exit', (code, signal) =>
      signal ? resolve('killed') : setImmediate(reject, new Error(`exit code ${code}`)),
    );
  });
  return { child, result };
}

let compiled: string | undefined;

function compiledMigration(): string {
  compiled ??= compile(['migrate', 'migration-history', 'own-client']);
  return compiled;
}

function compile(modules: string[]): string {
  const folder = temporaryFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };
  for (const module of modules) {
    const source = readFileSync(join(ROOT, 'src/platform', `${module}.ts`), 'utf8');
    writeFileSync(join(folder, `${module}.js`), ts.transpileModule(source, { compilerOptions }).outputText);
  }
  writeFileSync(
    join(folder, 'main.js'),
    `import { migrate } from './migrate.js';
     const [url, migrationsDir] = process.argv.slice(2);
     process.send(await migrate({ url, migrationsDir }), () => process.disconnect());`,
  );
  return join(folder, 'main.js');
}

const temporaryFolders: string[] = [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-migrate-'));
  temporaryFolders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of temporaryFolders.splice(0)) rmSync(folder, { recursive: true, force: true });
  compiled = undefined;
}
