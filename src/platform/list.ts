import { type Columns, type KeyedStatement, keyed, keysAsTable, selecting, statement } from './sql.js';

/** What lists are ordered by. None of it may be null: a row without a value would be on no page but the first. */
export type OrderType = 'timestamptz' | 'text' | 'bigint';

/** A list that can grow: where its rows are, and by what they may be ordered. */
export interface List<Row, Field extends string> {
  /** Tells its cursors from those of other lists. */
  name: string;
  /** The columns of the key that one list belongs to, such as organization_id. */
  key: readonly string[];
  /** The types of these columns, all uuid unless told. */
  types?: readonly string[];
  /** Where the fields of a row come from. */
  columns: Columns;
  /** What to read from: `members m`. */
  from: string;
  /** How it hangs on `key`: `m.organization_id = key.organization_id`. */
  where: string;
  /** Joins by the alias that they are for; each is made only where its alias is used. */
  joins?: Readonly<Record<string, string>>;
  /** Rows of other tables that may come along, by the name that they have in `included`. */
  includes?: Readonly<Record<string, Include>>;
  /** How many rows there are without any condition, if somebody keeps count. */
  total?: string;
  /** The column that tells apart rows of equal order. */
  id: string;
  order: Readonly<Record<Field, { by: string; type: OrderType }>>;
  defaultOrder: { field: Field; direction: 'ASC' | 'DESC' };
  row?: Row;
}

/** Rows of another table to which the rows of a list lead. Each is read once a page, however many rows lead there. */
export interface Include {
  /** Whose rows they are. */
  columns: Columns & { readonly id: string };
  /** What to read from and how it hangs on `key`, up to the comparison with an id: `roles r WHERE … AND r.id`. */
  from: string;
  /** The id to which a row of the list leads; a text of ids with commas if there may be `many`. */
  ids: string;
  many?: boolean;
}

/** What is going to be looked at, so that nothing else has to be read. */
export interface Wanted {
  /** Fields of the rows; null for all. */
  fields: readonly string[] | null;
  /** What comes along, and which fields of it; null for all. */
  includes: Readonly<Record<string, readonly string[] | null>>;
  /** Whether anybody asks for cursors. */
  cursors: boolean;
}

export const everything: Wanted = { fields: null, includes: {}, cursors: true };

/** A page as PostgreSQL answers it. */
export interface RawPage {
  rows: Record<string, unknown>[] | null;
  /** The rows that came along, by include. */
  [include: `with ${string}`]: (Record<string, unknown> & { id: string })[] | null;
}

/** Everything but the values of a page's statement. */
export interface PageShape {
  by: string;
  way: 'ASC' | 'DESC';
  /** Conditions in SQL, with numbered parameters. */
  conditions: readonly string[];
  /** The parameter with the number of rows. */
  limit: string;
  wanted: Wanted;
}

/** Apps ask for the same few pages; whoever makes up more of them gets pages with everything, of which there are few. */
const mostSpecial = 200;
let special = 0;
const statements = new WeakMap<object, Map<string, PageStatement>>();

export type PageStatement = KeyedStatement<{ page: RawPage }>;

/** The statement that reads a page of a list. It may bring less along than is wanted, but no field is missing. */
export function pageStatement<Row, Field extends string>(list: List<Row, Field>, shape: PageShape): PageStatement {
  const made = statements.get(list) ?? new Map<string, PageStatement>();
  statements.set(list, made);
  const name = JSON.stringify(shape);
  const known = made.get(name);
  if (known) return known;
  if (shape.wanted !== everything) {
    // What a client has made up must not grow without end, neither here nor as prepared statements in PostgreSQL.
    if (special >= mostSpecial) return pageStatement(list, { ...shape, wanted: everything });
    special += 1;
  }
  const statement = makeStatement(list, shape);
  made.set(name, statement);
  return statement;
}

function makeStatement<Row, Field extends string>(
  list: List<Row, Field>,
  { by, way, conditions, limit, wanted }: PageShape,
) {
  const { key, types = key.map(() => 'uuid'), includes = {} } = list;
  const fields = wanted.fields ?? Object.keys(list.columns);
  const columns = Object.fromEntries(fields.map((field) => [field, list.columns[field]!]));
  const along = Object.entries(wanted.includes).map(([name, wantedFields]) => ({
    name,
    wantedFields,
    ...includes[name]!,
  }));
  const select = selecting({
    ...columns,
    ...Object.fromEntries(along.map(({ name, ids }) => [`with ${name}`, ids])),
    ...(wanted.cursors && { cursorValue: `(${by})`, cursorId: list.id }),
    // A row without columns would be no row.
    ...(fields.length + along.length === 0 && !wanted.cursors && { cursorId: list.id }),
  });
  const where = [list.where, ...conditions].join(' AND ');
  const rows = `SELECT ${select} FROM ${tables(list, `${select} ${where} ${by}`)}
    WHERE ${where} ORDER BY ${by} ${way}, ${list.id} ${way} LIMIT ${limit}::int`;
  const parts = [`'rows', json_agg(page)`, ...along.map(dictionary)];
  const page = `(SELECT json_build_object(${parts.join(', ')}) FROM (${rows}) page)`;
  return statement<{ page: RawPage }>({
    key,
    types,
    mayBeOld: false,
    text: `SELECT key.ord::int AS ord, ${page} AS page ${keysAsTable(key, types)}`,
    json: `json_build_array(json_build_object('page', ${page}))`,
  });
}

/** The statement that counts a whole list. */
export function countStatement<Row, Field extends string>(list: List<Row, Field>, conditions: readonly string[]) {
  const { key, types = key.map(() => 'uuid') } = list;
  const where = [list.where, ...conditions].join(' AND ');
  const made = counts.get(list) ?? new Map<string, KeyedStatement<{ count: number }>>();
  counts.set(list, made);
  const known = made.get(where);
  if (known) return known;
  const counted = `SELECT count(*)::int AS count FROM ${tables(list, where)} WHERE ${where}`;
  const statement = keyed<{ count: number }>({
    key,
    types,
    joinable: true,
    select: list.total && conditions.length === 0 ? `${list.total} AS count` : 'counted.count',
    from: list.total && conditions.length === 0 ? '' : `CROSS JOIN LATERAL (${counted}) counted`,
  });
  made.set(where, statement);
  return statement;
}

const counts = new WeakMap<object, Map<string, KeyedStatement<{ count: number }>>>();

/** What a statement reads from: the list's own table, and those of the joins that it uses. */
function tables<Row, Field extends string>({ from, joins = {} }: List<Row, Field>, sql: string): string {
  const used = Object.entries(joins).filter(([alias]) => uses(sql, alias));
  return [from, ...used.map(([, join]) => join)].join(' ');
}

function uses(sql: string, alias: string): boolean {
  return new RegExp(`\\b${alias}\\.`).test(sql);
}

/** The rows that came along, each once. */
function dictionary({
  name,
  wantedFields,
  columns,
  from,
  many,
}: Include & { name: string; wantedFields: readonly string[] | null }) {
  const fields = new Set(['id', ...(wantedFields ?? Object.keys(columns))]);
  const select = selecting(Object.fromEntries([...fields].map((field) => [field, columns[field]!])));
  // Ids in a text are taken apart once, not for every row that they are compared with.
  const ids = many
    ? `IN (SELECT unnest(string_to_array(string_agg(page."with ${name}", ','), ',')::uuid[]))`
    : `= ANY(array_agg(page."with ${name}"))`;
  return `'with ${name}', (SELECT json_agg(found) FROM (SELECT ${select} FROM ${from} ${ids}) found)`;
}
