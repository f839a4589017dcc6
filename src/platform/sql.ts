/** The values of a statement's parameters. */
export type Values = readonly unknown[];

/** Runs one statement somewhere: on any free connection, or inside a transaction. */
export type Run = <Row extends object>(text: string, values: Values) => Promise<Row[]>;

/** How a camelCase field is called in the database. */
export function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Where the fields of a row come from: SQL by field. */
export type Columns = Readonly<Record<string, string>>;

/**
 * The columns of a table by their fields.
 *
 * Pass Prisma's scalar field enum, so that rows read here have the very type that Prisma gives them.
 */
export function columnsOf(alias: string, fields: Readonly<Record<string, string>>): Columns {
  return Object.fromEntries(Object.values(fields).map((field) => [field, `${alias}.${columnName(field)}`]));
}

/** What to select, named as the fields of the row: `m.user_id AS "userId"`. */
export function selecting(columns: Columns): string {
  return Object.entries(columns)
    .map(([field, sql]) => `${sql} AS "${field}"`)
    .join(', ');
}

/** The same columns by names with a prefix, for rows that share one select. */
export function prefixed(prefix: string, columns: Columns): Columns {
  return Object.fromEntries(Object.entries(columns).map(([field, sql]) => [`${prefix}${field}`, sql]));
}

/** What to select of a table, named as the fields of its rows, with a prefix if they share one select. */
export function columns(alias: string, fields: Readonly<Record<string, string>>, prefix = ''): string {
  return selecting(prefixed(prefix, columnsOf(alias, fields)));
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

/**
 * Joins what an index finds, `table alias`, looked up apart for each row so far.
 *
 * Joined plainly it depends on sizes: PostgreSQL would rather read all of a table of a few hundred rows than look up one, or all
 * that an index has for one of two columns than what another has for both, be it thousands for the one at hand.
 */
export function lookingUp(what: string, where: string, join: 'JOIN' | 'LEFT JOIN' = 'JOIN'): string {
  const [, alias] = what.split(' ');
  return `${join} LATERAL (SELECT ${alias}.* FROM ${what} WHERE ${where} OFFSET 0) ${alias} ON true`;
}

/** Some fields of a row, as Prisma's enums have all of them. */
export function fields<F extends string>(...names: F[]): Record<F, F> {
  return Object.fromEntries(names.map((name) => [name, name])) as Record<F, F>;
}

/** One SQL text that reads rows for many keys at once, and says of each row which key it belongs to. */
export interface KeyedStatement<Row> {
  /** Tells statements apart at less cost than their texts. */
  readonly id: number;
  readonly text: string;
  /** The columns of a key and their types; each travels as one array. */
  readonly key: readonly string[];
  readonly types: readonly string[];
  /** All rows of one `key` as a JSON array, if the statement can be put together with others. */
  readonly json: string | null;
  /** Whether a standby may answer, which is a moment behind. */
  readonly mayBeOld: boolean;
  /** Only for the compiler: what a row looks like. */
  readonly row?: Row;
}

let statements = 0;

/** Makes what `keyed` and the like have put together a statement. */
export function statement<Row>(parts: Omit<KeyedStatement<Row>, 'id' | 'row'>): KeyedStatement<Row> {
  statements += 1;
  return { ...parts, id: statements };
}

/** `FROM` of a statement with keys: the arrays of the columns as one table `key`, in which `ord` counts the keys. */
export function keysAsTable(key: readonly string[], types: readonly string[]): string {
  const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
  return `FROM unnest(${arrays}) WITH ORDINALITY AS key(${key.join(', ')}, ord)`;
}

/**
 * A statement that reads rows by key: `key` may be used in `from` like a table of the keys that were asked for.
 *
 * The keys travel as arrays, so one prepared statement serves any number of them.
 *
 * @param options.key the columns of `key` and their types, all uuid unless told.
 * @param options.from what follows `FROM keys AS key`: joins, conditions, order. `$n` counts on from the key's columns.
 * @param options.joinable whether it may be put together with others; then its columns have to survive JSON: no bytea or bigint.
 */
export function keyed<Row>(options: {
  key: readonly string[];
  types?: readonly string[];
  select: string;
  from: string;
  mayBeOld?: boolean;
  joinable?: boolean;
}): KeyedStatement<Row> {
  const { key, types = key.map(() => 'uuid'), select, from, mayBeOld = false, joinable = false } = options;
  const text = `SELECT key.ord::int AS ord, ${select} ${keysAsTable(key, types)} ${from}`;
  return statement({ key, types, mayBeOld, text, json: joinable ? asJson(select, key, from) : null });
}

/** The rows of the one key at hand, which is a table of its own again inside. */
function asJson(select: string, key: readonly string[], from: string): string {
  const one = key.map((column) => `key.${column}`).join(', ');
  return `(SELECT json_agg(found) FROM (
    SELECT ${select} FROM (SELECT ${one}, 1) AS key(${key.join(', ')}, ord) ${from}) found)`;
}
