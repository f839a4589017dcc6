/** The values of a statement's parameters. */
export type Values = readonly unknown[];

/** Runs one statement somewhere: on any free connection, or inside a transaction. */
export type Run = <Row extends object>(text: string, values: Values) => Promise<Row[]>;

/** How a camelCase field is called in the database. */
export function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The columns of a row, named as its fields: `m.user_id AS "userId"`.
 *
 * Pass Prisma's scalar field enum, so that rows read here have the very type that Prisma gives them.
 *
 * @param prefix is put before the name of the field, for rows that share one select.
 */
export function columns(alias: string, fields: Readonly<Record<string, string>>, prefix = ''): string {
  return Object.values(fields)
    .map((field) => `${alias}.${columnName(field)} AS "${prefix}${field}"`)
    .join(', ');
}

/** Takes a row out of one that several share: the fields that were selected by `columns` with this prefix. */
export function part<Row>(
  prefix: string,
  fields: Readonly<Record<string, string>>,
): (row: Record<string, unknown>) => Row {
  const names = Object.values(fields).map((field) => [field, `${prefix}${field}`] as const);
  return (row) => {
    const found: Record<string, unknown> = {};
    for (const [field, column] of names) found[field] = row[column];
    return found as Row;
  };
}

/** The fields of a row apart from some, such as hashes that no reader needs. */
export function without<F extends string>(fields: Readonly<Record<string, F>>, ...left: F[]): Record<string, F> {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => !left.includes(field)));
}

/** One SQL text that reads rows for many keys at once, and says of each row which key it belongs to. */
export interface KeyedStatement<Row> {
  readonly text: string;
  /** How many columns a key has; each travels as one array. */
  readonly width: number;
  /** Whether a standby may answer, which is a moment behind. */
  readonly mayBeOld?: boolean;
  /** Only for the compiler: what a row looks like. */
  readonly row?: Row;
}

/**
 * A statement that reads rows by key: `key` may be used in `from` like a table of the keys that were asked for.
 *
 * The keys travel as arrays, so one prepared statement serves any number of them.
 *
 * @param options.key the columns of `key` and their types, all uuid unless told.
 * @param options.from what follows `FROM keys AS key`: joins, conditions, order. `$n` counts on from the key's columns.
 */
export function keyed<Row>(options: {
  key: readonly string[];
  types?: readonly string[];
  select: string;
  from: string;
  mayBeOld?: boolean;
}): KeyedStatement<Row> {
  const { key, types, select, from, mayBeOld = false } = options;
  const arrays = key.map((_, index) => `$${index + 1}::${types?.[index] ?? 'uuid'}[]`).join(', ');
  return {
    width: key.length,
    mayBeOld,
    text: `SELECT key.ord::int AS ord, ${select} FROM unnest(${arrays}) WITH ORDINALITY AS key(${key.join(', ')}, ord) ${from}`,
  };
}
