import { columnName, type Run } from './sql.js';
import { fieldsOf, keyOf, type Tables } from './tables.js';

/** A job for the worker, enqueued by the same statement that makes the change. */
export interface Job {
  task: string;
  payload: object;
  /** Not before this moment. */
  runAt?: Date;
  /** Jobs of the same queue are done one after the other. */
  queue?: string;
}

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

interface Write {
  verb: 'insert' | 'update' | 'updateWhere' | 'delete' | 'deleteWhere';
  table: keyof Tables;
  rows: object[];
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
    this.#add('updateWhere', table, [match, set]);
  }

  /** Rows are found by their primary key. */
  delete<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('delete', table, rows);
  }

  /** All rows that have these values. */
  deleteWhere<T extends keyof Tables>(table: T, match: Partial<Tables[T]>): void {
    this.#add('deleteWhere', table, [match]);
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

  #add(verb: Write['verb'], table: keyof Tables, rows: object[]): void {
    if (rows.length > 0) this.#writes.push({ verb, table, rows: rows.map((row) => writable(table, row)) });
  }

  #compile(guards: readonly Guard[]): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    const parameter = (value: unknown) => `$${values.push(value)}`;
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
      parts.push(`write_${index + 1} AS (${statementOf(write, parameter(toJson(write.rows)))})`);
    });
    let jobs = '0';
    if (this.#jobs.length > 0) {
      parts.push(`job AS MATERIALIZED (${enqueueJobs(parameter(JSON.stringify(this.#jobs)))})`);
      jobs = '(SELECT count(*) FROM job)';
    }
    // A CTE that only selects runs only when it is asked for, hence the count of jobs.
    const text = `WITH ${parts.join(', ')} SELECT (SELECT count(*) FROM guard)::int AS guarded, ${jobs} AS jobs`;
    return { text, values };
  }
}

function isOrganizationUpdate({ verb, table }: Write): boolean {
  return verb === 'update' && table === 'organizations';
}

/**
 * Two steps: lock the rows that still have the version, in the order of their ids, so that two changes of the same
 * organizations never wait for each other; and raise the versions if none is missing.
 */
function raiseVersions(guards: readonly Guard[], fields: object[], parameter: (value: unknown) => string): string[] {
  const expected = parameter(JSON.stringify(guards.map(({ organizationId: id, version }) => ({ id, version }))));
  const changed = fields[0] ? settable('organizations', fields[0]) : [];
  const set = changed.map((column) => `, ${column} = CASE WHEN r.id IS NULL THEN o.${column} ELSE r.${column} END`);
  const join = fields[0] ? ` LEFT JOIN ${recordset('organizations', parameter(toJson(fields)))} ON r.id = held.id` : '';
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
function oneRowIfAllStand(users: readonly RequiredUser[], parameter: (value: unknown) => string): string[] {
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

function statementOf({ verb, table, rows }: Write, json: string): string {
  const fields = Object.keys(rows[0]!).map(columnName);
  const found = keyOf(table)
    .map((column) => `t.${column} = r.${column}`)
    .join(' AND ');
  const source = `${recordset(table, json)}, guard`;
  switch (verb) {
    case 'insert':
      return `INSERT INTO ${table} (${fields.join(', ')}) SELECT ${fields.map((column) => `r.${column}`).join(', ')} FROM ${source}`;
    case 'update': {
      const set = settable(table, rows[0]!)
        .map((column) => `${column} = r.${column}`)
        .join(', ');
      return `UPDATE ${table} t SET ${set} FROM ${source} WHERE ${found}`;
    }
    case 'updateWhere': {
      // The first record says which rows, the second what to set.
      const [match, set] = rows as [object, object];
      const which = `(${json}::jsonb -> 0)`;
      const matching = Object.keys(match).map((field) => `t.${columnName(field)} = m.${columnName(field)}`);
      const setting = Object.keys(set).map((field) => `${columnName(field)} = r.${columnName(field)}`);
      return `UPDATE ${table} t SET ${setting.join(', ')} FROM jsonb_populate_record(NULL::${table}, ${which}) m,
        jsonb_populate_record(NULL::${table}, ${json}::jsonb -> 1) r, guard WHERE ${matching.join(' AND ')}`;
    }
    case 'delete':
      return `DELETE FROM ${table} t USING ${source} WHERE ${found}`;
    case 'deleteWhere':
      return `DELETE FROM ${table} t USING ${source} WHERE ${fields.map((column) => `t.${column} = r.${column}`).join(' AND ')}`;
  }
}

function enqueueJobs(json: string): string {
  return `SELECT graphile_worker.add_job(r.task, r.payload, r.queue, r."runAt") FROM jsonb_to_recordset(${json}::jsonb)
    AS r(task text, payload json, queue text, "runAt" timestamptz), guard`;
}

/** Rows travel as one JSON array, so the text of a statement does not depend on how many there are. */
function recordset(table: keyof Tables, json: string): string {
  return `jsonb_populate_recordset(NULL::${table}, ${json}::jsonb) r`;
}

function settable(table: keyof Tables, row: object): string[] {
  const key = keyOf(table);
  return Object.keys(row)
    .map(columnName)
    .filter((column) => !key.includes(column));
}

function toJson(rows: object[]): string {
  return JSON.stringify(rows.map(toRecord));
}

function toRecord(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      columnName(field),
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value,
    ]),
  );
}

function writable(table: keyof Tables, row: object): object {
  const fields = fieldsOf[table];
  return Object.fromEntries(Object.entries(given(row)).filter(([field]) => field in fields));
}

/** The fields that are given: an absent one keeps what is there, and only null clears it. */
export function given<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
}
