import { enqueuing, type Job } from './outbox.js';
import { noteRecorded } from './recorded.js';
import { type Parameter, type Row, recordset, sourceOf } from './row-source.js';
import { columnName, type Run } from './sql.js';
import { fieldsOf, keyOf, type Tables } from './tables.js';

/** The organization and the version that a decision was taken on. */
export interface Guard {
  organizationId: string;
  version: number;
}

/** A user on whose account the writes depend; with a password, if it is that which was checked. */
interface RequiredUser {
  id: string;
  password_hash: string | null;
}

/** One write, in the words of the database: rows have columns. */
interface Write {
  verb: 'insert' | 'update' | 'delete';
  table: keyof Tables;
  /** What is written; of what is deleted only that by which it is found. */
  rows: Row[];
  /** What the rows that are meant have; else they are found by their primary key. */
  match?: Row;
}

/**
 * A set of writes that reaches PostgreSQL as one statement: all of it happens, or none.
 *
 * With a guard nothing is written unless the organization still has that version, which is raised in the same breath. So a
 * decision in TypeScript, on rows that were read before, is as safe as one that was taken behind a lock.
 */
export class Writes {
  readonly #writes: Write[] = [];
  readonly #jobs: Job[] = [];
  readonly #users: RequiredUser[] = [];

  get isEmpty(): boolean {
    return this.#writes.length === 0 && this.#jobs.length === 0;
  }

  insert<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('insert', table, rows);
  }

  /** Rows are found by their primary key; every other field that is given is set. */
  update<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('update', table, rows);
  }

  /** Sets fields of all rows that have these values. */
  updateWhere<T extends keyof Tables>(table: T, match: Partial<Tables[T]>, set: Partial<Tables[T]>): void {
    this.#add('update', table, [set], match);
  }

  /** Rows are found by their primary key. */
  delete<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('delete', table, rows);
  }

  /** All rows that have these values. */
  deleteWhere<T extends keyof Tables>(table: T, match: Partial<Tables[T]>): void {
    this.#add('delete', table, [match], match);
  }

  /** Writes nothing if this user has been deleted meanwhile; who is going to be a member must not be gone. */
  requireUser(id: string): void {
    this.#users.push({ id, password_hash: null });
  }

  /** Writes nothing if this user may not sign in any more, or has another password than the one that was checked. */
  requirePassword(id: string, passwordHash: string): void {
    this.#users.push({ id, password_hash: passwordHash });
  }

  enqueue(job: Job): void {
    this.#jobs.push(job);
  }

  /**
   * Writes everything in one statement.
   *
   * @param guards the organizations that are changed; none for rows that no decision depends on.
   * @returns false, with nothing written, if one of them has changed or gone meanwhile.
   */
  async commit(run: Run, ...guards: Guard[]): Promise<boolean> {
    const { text, values } = this.#compile(guards);
    const [outcome] = await run<{ guarded: number }>(text, values);
    return outcome?.guarded === 1;
  }

  #add(verb: Write['verb'], table: keyof Tables, rows: object[], match?: object): void {
    if (rows.length === 0) return;
    this.#writes.push({
      verb,
      table,
      rows: rows.map((row) => writable(table, row)),
      ...(match && { match: writable(table, match) }),
    });
  }

  /** The organizations of which something is put on record. */
  #recorded(): string[] {
    const records = this.#writes.filter(({ verb, table }) => verb === 'insert' && table === 'audit_events');
    return records.flatMap(({ rows }) => rows.map((row) => row.organization_id as string));
  }

  #compile(guards: readonly Guard[]): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    // A moment is not left to the driver, which would write it in the time zone of this process.
    const parameter: Parameter = (value) => `$${values.push(value instanceof Date ? value.toISOString() : value)}`;
    // The guards update the organizations' rows, so what else changes in those rows has to be set there.
    const guarded = guards.length > 0;
    const ordinary = this.#writes.filter((write) => !guarded || !isOrganizationUpdate(write));
    const organizations = this.#writes.filter((write) => guarded && isOrganizationUpdate(write));
    const parts = guarded
      ? raiseVersions(
          guards,
          organizations.flatMap(({ rows }) => rows),
          parameter,
        )
      : ['raised AS (SELECT 1)'];
    parts.push(...oneRowIfAllStand(this.#users, parameter));
    ordinary.forEach((write, index) => {
      parts.push(`write_${index + 1} AS (${statementOf(write, parameter)})`);
    });
    const { parts: jobs, selected } = enqueuing(this.#jobs, parameter);
    noteRecorded(values, this.#recorded());
    const wanted = ['(SELECT count(*) FROM guard)::int AS guarded', ...selected];
    return { text: `WITH ${[...parts, ...jobs].join(', ')} SELECT ${wanted.join(', ')}`, values };
  }
}

function isOrganizationUpdate({ verb, table, match }: Write): boolean {
  return verb === 'update' && table === 'organizations' && !match;
}

function raiseVersions(guards: readonly Guard[], fields: Row[], parameter: Parameter): string[] {
  const [guard, ...more] = guards;
  return more.length === 0 ? raiseVersion(guard!, fields[0], parameter) : raiseInOrder(guards, fields, parameter);
}

/** Where another one has changed the row meanwhile, PostgreSQL waits for it, and looks at the version again. */
function raiseVersion({ organizationId, version }: Guard, fields: Row | undefined, parameter: Parameter): string[] {
  const changed = fields ? settable('organizations', fields) : [];
  const set = changed.map((column) => `, ${column} = ${parameter(fields![column])}`);
  return [
    `raised AS (UPDATE organizations SET version = version + 1${set.join('')}
      WHERE id = ${parameter(organizationId)} AND version = ${parameter(version)} RETURNING 1)`,
  ];
}

/**
 * Two steps: lock the rows that still have the version, in the order of their ids, so that two changes of the same
 * organizations never wait for each other; and raise the versions if none is missing.
 */
function raiseInOrder(guards: readonly Guard[], fields: Row[], parameter: Parameter): string[] {
  const expected = parameter(JSON.stringify(guards.map(({ organizationId: id, version }) => ({ id, version }))));
  const changed = fields[0] ? settable('organizations', fields[0]) : [];
  const set = changed.map((column) => `, ${column} = CASE WHEN r.id IS NULL THEN o.${column} ELSE r.${column} END`);
  const join = fields[0]
    ? ` LEFT JOIN ${recordsOf('organizations')(recordset(fields, parameter))} ON r.id = held.id`
    : '';
  const all = `(SELECT count(*) FROM held) = jsonb_array_length(${expected}::jsonb)`;
  return [
    `held AS MATERIALIZED (
      SELECT o.id FROM organizations o
      JOIN jsonb_to_recordset(${expected}::jsonb) AS expected(id uuid, version int)
        ON o.id = expected.id AND o.version = expected.version
      ORDER BY o.id FOR NO KEY UPDATE OF o)`,
    `raised AS (UPDATE organizations o SET version = o.version + 1${set.join('')} FROM held${join}
      WHERE o.id = held.id AND ${all} RETURNING 1)`,
  ];
}

/**
 * One row for the writes to join if the versions were raised and the users are still there, else none. The users' rows are
 * locked after those of the organizations, here as everywhere, so that nobody waits in a circle.
 */
function oneRowIfAllStand(users: readonly RequiredUser[], parameter: Parameter): string[] {
  const raised = '(SELECT count(*) FROM raised) > 0';
  if (users.length === 0) return [`guard AS (SELECT 1 WHERE ${raised})`];
  const required = `${parameter(JSON.stringify(users))}::jsonb`;
  return [
    `standing AS MATERIALIZED (
      SELECT u.id FROM users u JOIN jsonb_to_recordset(${required}) AS required(id uuid, password_hash text) ON u.id = required.id
      WHERE ${raised} AND CASE WHEN required.password_hash IS NULL THEN u.status <> 'DELETED'
        ELSE u.status = 'ACTIVE' AND u.password_hash = required.password_hash END
      ORDER BY u.id FOR NO KEY UPDATE OF u)`,
    `guard AS (SELECT 1 WHERE ${raised} AND (SELECT count(*) FROM standing) = jsonb_array_length(${required}))`,
  ];
}

function statementOf({ verb, table, rows, match }: Write, parameter: Parameter): string {
  const { from, value } = sourceOf(rows, parameter, recordsOf(table));
  const columns = Object.keys(rows[0]!);
  const where = () => {
    const found = match
      ? Object.entries(match).map(([column, expected]) => `t.${column} = ${parameter(expected)}`)
      : keyOf(table).map((column) => `t.${column} = ${value(column)}`);
    return `WHERE ${found.join(' AND ')}`;
  };
  switch (verb) {
    case 'insert':
      return `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map(value).join(', ')} FROM ${from}`;
    case 'update': {
      const set = (match ? columns : settable(table, rows[0]!)).map((column) => `${column} = ${value(column)}`);
      return `UPDATE ${table} t SET ${set.join(', ')} FROM ${from} ${where()}`;
    }
    case 'delete':
      return `DELETE FROM ${table} t USING ${from} ${where()}`;
  }
}

/** Rows `r` of a table, out of JSON. */
function recordsOf(table: keyof Tables): (json: string) => string {
  return (json) => `jsonb_populate_recordset(NULL::${table}, ${json}) r`;
}

function settable(table: keyof Tables, row: Row): string[] {
  const key = keyOf(table);
  return Object.keys(row).filter((column) => !key.includes(column));
}

function writable(table: keyof Tables, row: object): Row {
  const fields = fieldsOf[table];
  return Object.fromEntries(
    Object.entries(given(row))
      .filter(([field]) => field in fields)
      .map(([field, value]) => [columnName(field), value]),
  );
}

/** The fields that are given: an absent one keeps what is there, and only null clears it. */
export function given<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
}
