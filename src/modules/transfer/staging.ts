import { columnName, type Run } from '../../platform/sql.js';
import { wrongLine } from './file-lines.js';
import { type RecordName, recordNames, recordTypes } from './transfer.records.js';

// Lines wait in a table that only this transaction sees, with the ids that they have in the file and those that they get here.
// So the memory that an import takes does not grow with the file, and references are resolved by joins.

/** A line that was checked, with the columns of its table. */
export interface Staged {
  id: string;
  line: number;
  body: Record<string, unknown>;
}

/** Under which name something can be referred to: whoever is named as a person is a user, too. */
export function referredAs(name: RecordName): RecordName {
  return name === 'person' ? 'user' : name;
}

export async function openStaging(run: Run): Promise<void> {
  await run(
    `CREATE TEMPORARY TABLE incoming (
      type text, id uuid, here uuid NOT NULL, line bigint NOT NULL, body jsonb NOT NULL, PRIMARY KEY (type, id)
    ) ON COMMIT DROP`,
    [],
  );
}

/** Tells the planner how many lines wait. Nobody else does for a temporary table, and it would take them for a few. */
export async function measure(run: Run): Promise<void> {
  await run('ANALYZE incoming', []);
}

/** A new id with the time of the old one, so that the order by id stays. */
const renewed = '(left(i.id::text, 15) || substr(gen_random_uuid()::text, 16))::uuid';

/** @throws {DomainError} BAD_USER_INPUT for an id that another line of the kind has. */
export async function stage(run: Run, name: RecordName, staged: readonly Staged[]): Promise<void> {
  if (staged.length === 0) return;
  const rows = await run<{ line: string }>(
    `INSERT INTO incoming (type, id, here, line, body)
     SELECT $1, r.id, r.id, r.line, r.body FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, line bigint, body jsonb)
     ON CONFLICT DO NOTHING RETURNING line`,
    [referredAs(name), JSON.stringify(staged)],
  );
  if (rows.length === staged.length) return;
  const fresh = new Set(rows.map(({ line }) => Number(line)));
  throw wrongLine(staged.find(({ line }) => !fresh.has(line))!.line, `is that of another ${referredAs(name)}`, 'id');
}

/** The row with the columns that it has in the database. */
export function toBody(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([field, value]) => [columnName(field), value]));
}

/**
 * Decides which ids the lines of a kind get here: their own, unless something of another organization has it already.
 *
 * @param all gives every line a new one.
 */
export async function chooseIds(run: Run, name: RecordName, all: boolean): Promise<void> {
  const { table } = recordTypes[name];
  await measure(run);
  const taken = all ? 'true' : `EXISTS (SELECT FROM ${table} x WHERE x.id = i.id)`;
  await run(`UPDATE incoming i SET here = ${renewed} WHERE i.type = $1 AND ${taken}`, [name]);
}

/**
 * Writes the lines of a kind into their table.
 *
 * @throws {DomainError} BAD_USER_INPUT for a line that refers to nothing, or that has what may be there only once.
 */
export async function writeStaged(run: Run, name: RecordName, organizationId: string): Promise<void> {
  await measure(run);
  await assertReferences(run, name);
  const { table, unique } = recordTypes[name];
  const { columns, values, joins } = selectionOf(name);
  const [refused] = await run<{ line: string }>(
    `WITH written AS (
      INSERT INTO ${table} (organization_id, ${columns.join(', ')})
      SELECT $2::uuid, ${values.join(', ')} FROM incoming i CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, i.body) p
      ${joins.join(' ')}
      WHERE i.type = $1 ORDER BY i.line
      ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT i.line FROM incoming i WHERE i.type = $1 AND NOT EXISTS (SELECT FROM written w WHERE w.id = i.here)
    ORDER BY i.line LIMIT 1`,
    [name, organizationId],
  );
  if (refused)
    throw wrongLine(refused.line, `has the ${['id', ...(unique ? [unique] : [])].join(' or ')} of another ${name}`);
}

/** Lets go of lines that are written, and to which nothing refers. */
export async function forgetStaged(run: Run, name: RecordName): Promise<void> {
  await run('DELETE FROM incoming WHERE type = $1', [name]);
}

/** Where each column of a kind comes from. */
function selectionOf(name: RecordName): { columns: string[]; values: string[]; joins: string[] } {
  const { fields, references = {}, traces = {}, given = {} } = recordTypes[name];
  const joins: string[] = [];
  const sourceOf = (field: string) => {
    const column = columnName(field);
    if (field === 'id') return 'i.here';
    if (name === 'auditEvent' && field === 'targetId') return `coalesce(target.here, p.${column})`;
    const referred = references[field] ?? traces[field];
    if (!referred) return `p.${column}`;
    const alias = `to_${column}`;
    joins.push(`LEFT JOIN incoming ${alias} ON ${alias}.type = '${referred}' AND ${alias}.id = p.${column}`);
    return `coalesce(${alias}.here, p.${column})`;
  };
  const ofFile = Object.keys(fields.shape);
  const values = [...ofFile.map(sourceOf), ...Object.values(given)];
  if (name === 'auditEvent') {
    const types = recordNames.map((type) => `'${type}'`).join(', ');
    joins.push(`LEFT JOIN incoming target ON target.type = lower(p.target_type) AND target.type IN (${types})
      AND target.id = p.target_id`);
  }
  return { columns: [...ofFile.map(columnName), ...Object.keys(given)], values, joins };
}

async function assertReferences(run: Run, name: RecordName): Promise<void> {
  const { references = {} } = recordTypes[name];
  const missing = Object.entries(references).map(([field, referred]) => {
    const value = `i.body ->> '${columnName(field)}'`;
    return `SELECT i.line, '${field}' AS field, '${referred}' AS referred FROM incoming i
      LEFT JOIN incoming r ON r.type = '${referred}' AND r.id = (${value})::uuid
      WHERE i.type = $1 AND ${value} IS NOT NULL AND r.id IS NULL`;
  });
  if (missing.length === 0) return;
  const [first] = await run<{ line: string; field: string; referred: string }>(
    `SELECT * FROM (${missing.join(' UNION ALL ')}) missing ORDER BY line LIMIT 1`,
    [name],
  );
  if (first) throw wrongLine(first.line, `names a ${first.referred} that stands nowhere in the file`, first.field);
}
