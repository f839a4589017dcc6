/** A row with the columns that it has in the database. */
export type Row = Record<string, unknown>;

/** Takes a value of a statement, and says how its text names it. */
export type Parameter = (value: unknown) => string;

/** Where a statement takes rows from, once it may be written at all: the table `guard` has one row then, else none. */
export interface RowSource {
  /** What follows FROM. */
  from: string;
  /** How a column of the rows is named. */
  value(column: string): string;
}

/**
 * Makes rows something that a statement can select from.
 *
 * One row, by far the usual case, is given value by value: PostgreSQL knows the types by where the values go, and how many rows
 * there are. More rows travel as one array in JSON, so that the text does not depend on how many.
 *
 * @param records makes a table with the name `r` of JSON.
 */
export function sourceOf(rows: readonly Row[], parameter: Parameter, records: (json: string) => string): RowSource {
  const [row, ...more] = rows;
  if (more.length > 0) {
    return { from: `${records(recordset(rows, parameter))}, guard`, value: (column) => `r.${column}` };
  }
  return { from: 'guard', value: (column) => parameter(row![column]) };
}

/** The same for rows of several organizations, of which the table `guard` has those that may be written. */
export function ofGuarded(rows: readonly Row[], parameter: Parameter, records: (json: string) => string): RowSource {
  const from = `${records(recordset(rows, parameter))} JOIN guard ON guard.id = r.organization_id`;
  return { from, value: (column) => `r.${column}` };
}

/** Rows as one parameter of type jsonb. */
export function recordset(rows: readonly Row[], parameter: Parameter): string {
  return `${parameter(JSON.stringify(rows.map(toRecord)))}::jsonb`;
}

function toRecord(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value,
    ]),
  );
}
