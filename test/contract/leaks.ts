import type { Gateway } from '../../src/gateway.js';

/** What an answer must never show of what is behind it. */
const inside: readonly RegExp[] = [
  /\b(SELECT|INSERT INTO|DELETE FROM|RETURNING|LATERAL|unnest)\b/,
  /\bUPDATE \w+ SET\b/,
  /\\n\s+at |\bat \w+ \(|\.[cm]?[jt]s:\d+|file:\/\/|node_modules|\/(src|dist|test)\//,
  /duplicate key|violates|relation \\?"|syntax error at|SQLSTATE|invalid byte sequence|invalid input (syntax|value)/i,
  /prisma|postgres|graphile|\bpg\b|errno|terminating connection/i,
  /\bE(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND|HOSTUNREACH)\b/,
  /\$argon2|-----BEGIN/,
];

/** The first thing in an answer that gives away how the gateway works inside. */
export function insideOf(text: string, names: readonly string[] = []): string | undefined {
  const shown = inside.find((pattern) => pattern.test(text));
  return shown ? String(shown) : names.find((name) => text.includes(name));
}

/** The names of tables, columns, constraints and indexes that could not be taken for words. */
export async function databaseNames({ services }: Gateway): Promise<string[]> {
  const rows = await services.db.run<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
     UNION SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
    [],
  );
  return rows.map(({ name }) => name).filter((name) => name.includes('_'));
}

/** Every row of every table, with those of the job queue, as one text. */
export async function dump({ services }: Gateway): Promise<string> {
  const tables = await services.db.run<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    [],
  );
  const contents = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await services.db.run<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`, []);
      return `${name}\n${rows.map(({ row }) => row).join('\n')}`;
    }),
  );
  return contents.join('\n');
}

/** The forms in which a secret could lie somewhere. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)];
}
