import { noteNews } from './news.js';
import { areDue, enqueuing, enqueuingOfGuarded, type Job } from './outbox.js';
import { ofGuarded, type Parameter, type Row, recordset, sourceOf } from './row-source.js';
import { keyOf, type Tables } from './tables.js';

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
export interface Write {
  verb: 'insert' | 'update' | 'delete';
  table: keyof Tables;
  /** What is written; of what is deleted only that by which it is found. */
  rows: Row[];
  /** What the rows that are meant have; else they are found by their primary key. */
  match?: Row;
}

/** What there is to write at once. */
export interface Content {
  writes: Write[];
  jobs: Job[];
  users: RequiredUser[];
}

interface Statement {
  text: string;
  values: unknown[];
}

/** One statement that writes everything, or nothing. Its only row says in `guarded` how many it was. */
export function compile({ writes, jobs, users }: Content, guards: readonly Guard[]): Statement {
  const { values, parameter } = parameters();
  // The guards update the organizations' rows, so what else changes in those rows has to be set there.
  const guarded = guards.length > 0;
  const ordinary = writes.filter((write) => !guarded || !isOrganizationUpdate(write));
  const organizations = writes.filter((write) => guarded && isOrganizationUpdate(write));
  const fields = organizations.flatMap(({ rows }) => rows);
  const parts = guarded ? raiseVersions(guards, fields, parameter) : ['raised AS (SELECT 1)'];
  parts.push(...oneRowIfAllStand(users, parameter));
  parts.push(...numbered(ordinary.map((write) => statementOf(write, parameter))));
  const { parts: enqueued, selected } = enqueuing(jobs, parameter);
  noteNews(values, { recorded: recordedBy(writes), hasJobs: areDue(jobs) });
  const wanted = ['(SELECT count(*) FROM guard)::int AS guarded', ...selected];
  return { text: `WITH ${[...parts, ...enqueued].join(', ')} SELECT ${wanted.join(', ')}`, values };
}

/** Changes of one organization each, all of different ones and of the same shape. */
type Changes = readonly { content: Content; guard: Guard }[];

/** What changes have in common that one statement can write; null for one that has to be written by itself. */
export function shapeOf({ writes, jobs, users }: Content, guard: Guard): string | null {
  const isPlain = users.length === 0 && jobs.every(({ queue }) => queue === undefined);
  if (!isPlain || !writes.every((write) => isWithin(write, guard))) return null;
  const shapes = writes.map(({ verb, table, rows }) => `${verb} ${table} ${Object.keys(rows[0]!)}`);
  return `${shapes.join('; ')}; ${jobs.length > 0}`;
}

/** Whether all rows say themselves that they are of this organization; by that they are joined with what may be written. */
function isWithin({ table, rows, match }: Write, { organizationId }: Guard): boolean {
  return !match && table !== 'organizations' && rows.every(({ organization_id: id }) => id === organizationId);
}

/**
 * One statement for several changes: each happens as a whole, or not at all. Its only row has in `written` the organizations of
 * those that did. It waits for nobody, so what somebody else is about to change is left out like what was changed already.
 */
export function compileTogether(changes: Changes): Statement {
  const { values, parameter } = parameters();
  const contents = changes.map(({ content }) => content);
  const first = contents[0]!;
  const jobs = changes.flatMap(({ content, guard }) =>
    content.jobs.map((job) => ({ organizationId: guard.organizationId, ...job })),
  );
  const parts = [
    ...raiseThoseThatStand(
      changes.map(({ guard }) => guard),
      parameter,
    ),
    ...numbered(
      first.writes.map((write, index) => {
        const rows = contents.flatMap(({ writes }) => writes[index]!.rows);
        return statementOf({ ...write, rows }, parameter, ofGuarded);
      }),
    ),
    ...enqueuingOfGuarded(jobs, parameter),
  ];
  const recorded = contents.flatMap(({ writes }) => recordedBy(writes));
  noteNews(values, { recorded, hasJobs: areDue(jobs) });
  return { text: `WITH ${parts.join(', ')} SELECT (SELECT array_agg(id) FROM guard) AS written`, values };
}

function raiseThoseThatStand(guards: readonly Guard[], parameter: Parameter): string[] {
  return [
    held(expected(guards, parameter), 'SKIP LOCKED'),
    `guard AS (UPDATE organizations o SET version = o.version + 1 FROM held WHERE o.id = held.id RETURNING o.id)`,
  ];
}

/** The values of a statement, and how its text names each. */
function parameters(): { values: unknown[]; parameter: Parameter } {
  const values: unknown[] = [];
  // A moment is not left to the driver, which would write it in the time zone of this process.
  return { values, parameter: (value) => `$${values.push(value instanceof Date ? value.toISOString() : value)}` };
}

function numbered(statements: readonly string[]): string[] {
  return statements.map((statement, index) => `write_${index + 1} AS (${statement})`);
}

/** The organizations of which something is put on record. */
function recordedBy(writes: readonly Write[]): string[] {
  const records = writes.filter(({ verb, table }) => verb === 'insert' && table === 'audit_events');
  return records.flatMap(({ rows }) => rows.map((row) => row.organization_id as string));
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
  const those = expected(guards, parameter);
  const changed = fields[0] ? settable('organizations', fields[0]) : [];
  const set = changed.map((column) => `, ${column} = CASE WHEN r.id IS NULL THEN o.${column} ELSE r.${column} END`);
  const join = fields[0]
    ? ` LEFT JOIN ${recordsOf('organizations')(recordset(fields, parameter))} ON r.id = held.id`
    : '';
  const all = `(SELECT count(*) FROM held) = jsonb_array_length(${those})`;
  return [
    held(those),
    `raised AS (UPDATE organizations o SET version = o.version + 1${set.join('')} FROM held${join}
      WHERE o.id = held.id AND ${all} RETURNING 1)`,
  ];
}

function expected(guards: readonly Guard[], parameter: Parameter): string {
  return `${parameter(JSON.stringify(guards.map(({ organizationId: id, version }) => ({ id, version }))))}::jsonb`;
}

/** Locks the organizations that are as expected. */
function held(those: string, skipping = ''): string {
  return `held AS MATERIALIZED (
    SELECT o.id FROM organizations o JOIN jsonb_to_recordset(${those}) AS expected(id uuid, version int)
      ON o.id = expected.id AND o.version = expected.version
    ORDER BY o.id FOR NO KEY UPDATE OF o ${skipping})`;
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

function statementOf({ verb, table, rows, match }: Write, parameter: Parameter, source = sourceOf): string {
  const { from, value } = source(rows, parameter, recordsOf(table));
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
