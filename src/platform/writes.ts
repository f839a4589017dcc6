import type * as rows from '../generated/prisma/client.js';
import { columnName, type Run } from './sql.js';

/** Every table that is written here, with what a row of it looks like. */
export interface Tables {
  users: rows.User;
  sessions: rows.Session;
  refresh_tokens: rows.RefreshToken;
  organizations: rows.Organization;
  roles: rows.Role;
  members: rows.Member;
  teams: rows.Team;
  team_memberships: rows.TeamMembership;
  invitations: rows.Invitation;
  invitation_teams: rows.InvitationTeam;
  workspaces: rows.Workspace;
  audit_events: rows.AuditEvent;
}

const globalTables: ReadonlySet<keyof Tables> = new Set(['users', 'sessions', 'organizations']);

/** A job for the worker, enqueued by the same statement that makes the change. */
export interface Job {
  task: string;
  payload: object;
}

/** The organization and the version that a decision was taken on. */
export interface Guard {
  organizationId: string;
  version: number;
}

interface Write {
  verb: 'insert' | 'update' | 'delete';
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

  /** Rows are found by their primary key. */
  delete<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('delete', table, rows);
  }

  enqueue(job: Job): void {
    this.#jobs.push(job);
  }

  /**
   * Writes everything in one statement.
   *
   * @returns false, with nothing written, if the guard's organization has changed or gone meanwhile.
   */
  async commit(run: Run, guard?: Guard): Promise<boolean> {
    const { text, values } = this.#compile(guard);
    const [outcome] = await run<{ guarded: number }>(text, values);
    return outcome?.guarded === 1;
  }

  #add(verb: Write['verb'], table: keyof Tables, rows: object[]): void {
    if (rows.length > 0) this.#writes.push({ verb, table, rows: rows.map(given) });
  }

  #compile(guard: Guard | undefined): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const parts = [`guard AS (${guard ? raiseVersion(guard, this.#organizationFields(), parameter) : 'SELECT 1'})`];
    const ordinary = guard ? this.#writes.filter((write) => !isOrganizationUpdate(write)) : this.#writes;
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

  #organizationFields(): object {
    return Object.assign({}, ...this.#writes.filter(isOrganizationUpdate).flatMap(({ rows }) => rows));
  }
}

function isOrganizationUpdate({ verb, table }: Write): boolean {
  return verb === 'update' && table === 'organizations';
}

/** The guard is an update of the organization's row, so what else changes in that row has to be set here. */
function raiseVersion(guard: Guard, fields: object, parameter: (value: unknown) => string): string {
  const changed = settable('organizations', fields);
  const row = changed.length === 0 ? '' : ` FROM ${recordset('organizations', parameter(toJson([fields])))}`;
  const set = ['version = o.version + 1', ...changed.map((column) => `${column} = r.${column}`)].join(', ');
  const id = parameter(guard.organizationId);
  const version = parameter(guard.version);
  return `UPDATE organizations o SET ${set}${row} WHERE o.id = ${id}::uuid AND o.version = ${version}::int RETURNING 1`;
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
    case 'delete':
      return `DELETE FROM ${table} t USING ${source} WHERE ${found}`;
  }
}

function enqueueJobs(json: string): string {
  return `SELECT graphile_worker.add_job(r.task, r.payload) FROM jsonb_to_recordset(${json}::jsonb) AS r(task text, payload json), guard`;
}

/** Rows travel as one JSON array, so the text of a statement does not depend on how many there are. */
function recordset(table: keyof Tables, json: string): string {
  return `jsonb_populate_recordset(NULL::${table}, ${json}::jsonb) r`;
}

function keyOf(table: keyof Tables): string[] {
  if (table === 'refresh_tokens') return ['hash'];
  return globalTables.has(table) ? ['id'] : ['organization_id', 'id'];
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

/** An absent field keeps what the column has; only null clears it. */
function given(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
