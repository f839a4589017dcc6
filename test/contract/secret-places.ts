import pg from 'pg';
import type { Gateway } from '../../src/gateway.js';

/** Something that nobody but its holder may have. */
export interface Secret {
  name: string;
  value: string;
}

/** Every form in which a secret could lie somewhere, of its letters and of the bytes that they stand for. */
function formsOf(value: string): string[] {
  const letters = Buffer.from(value);
  const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...encodingsOf(letters)];
  // Of a JWT the claims are no secret, but whoever has the signature as well has the token.
  const random = value.includes('.') ? value.split('.').at(-1)! : value.replace(/^tnt_/, '');
  if (!/^[\w-]{22,}$/.test(random)) return forms;
  const bytes = Buffer.from(random, 'base64url');
  return [...forms, random, bytes.toString('latin1'), ...encodingsOf(bytes)];
}

function encodingsOf(bytes: Buffer): string[] {
  const [hex, base64] = [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '')];
  return [hex, hex.toUpperCase(), base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
}

/** The names of the secrets that a text holds. */
export function secretsIn(text: string, secrets: readonly Secret[]): string[] {
  return secrets.filter(({ value }) => formsOf(value).some((form) => text.includes(form))).map(({ name }) => name);
}

/** What a value looks like to whoever searches for a secret: bytes as they are, and as they are written. */
export function readable(value: unknown): string {
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return [bytes.toString('latin1'), bytes.toString('hex'), bytes.toString('base64')].join('\n');
  }
  if (Array.isArray(value)) return value.map(readable).join('\n');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Every value in every column of every table of every schema, by column, with what the server itself tells of statements. */
export async function everyColumn({ services }: Gateway): Promise<Map<string, string>> {
  const { run } = services.db;
  const tables = await run<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') UNION
     SELECT 'pg_catalog.' || view FROM unnest(ARRAY['pg_stat_activity', 'pg_prepared_statements', 'pg_stats']) view`,
    [],
  );
  const columns = new Map<string, string>();
  for (const { name } of tables) {
    for (const row of await run<Record<string, unknown>>(`SELECT * FROM ${name}`, [])) {
      for (const [column, value] of Object.entries(row)) {
        const where = `${name}.${column}`;
        columns.set(where, `${columns.get(where) ?? ''}\n${readable(value)}`);
      }
    }
  }
  return columns;
}

/** Keeps a copy of every job, which is gone as soon as it is done, as it waits to be done. */
export async function keepJobs({ services }: Gateway): Promise<void> {
  const statements = [
    'CREATE TABLE kept_jobs (payload json)',
    `CREATE FUNCTION keep_job() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN INSERT INTO public.kept_jobs VALUES (NEW.payload); RETURN NULL; END $$`,
    'CREATE TRIGGER keep AFTER INSERT ON graphile_worker._private_jobs FOR EACH ROW EXECUTE FUNCTION keep_job()',
  ];
  for (const statement of statements) await services.db.prisma.$executeRawUnsafe(statement);
}

/** Everything that was sealed while it lay in the database, opened. */
export async function openedSeals({ services }: Gateway): Promise<string> {
  const { db, seal } = services;
  const jobs = await db.run<{ sealed: string }>(
    `SELECT payload ->> 'sealed' AS sealed FROM kept_jobs WHERE payload ->> 'sealed' IS NOT NULL`,
    [],
  );
  const [keys, integrationKeys] = await Promise.all([
    db.prisma.signingKey.findMany(),
    db.prisma.integrationKey.findMany(),
  ]);
  const sealed = [
    ...jobs.map((job) => job.sealed),
    ...keys.map(({ privateJwk }) => privateJwk),
    ...integrationKeys.map(({ privateJwk }) => privateJwk!),
  ];
  return (await Promise.all(sealed.map((text) => seal.open(text)))).join('\n');
}

/** Keeps all that is sent to the database from now on: statements, which a server may log, and their parameters. */
export function recordStatements(): { statements: string[]; parameters: string[]; end(): void } {
  const statements: string[] = [];
  const parameters: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function recorded(this: pg.Client, ...args: unknown[]) {
    const [first, second] = args;
    const { text, values } = typeof first === 'string' ? { text: first, values: second } : (first as pg.QueryConfig);
    statements.push(text);
    if (Array.isArray(values)) parameters.push(readable(values));
    return (query as (...rest: unknown[]) => unknown).apply(this, args);
  } as typeof query;
  return {
    statements,
    parameters,
    end() {
      pg.Client.prototype.query = query;
    },
  };
}
