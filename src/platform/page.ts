import type { Key } from './batcher.js';
import { badInput } from './errors.js';
import { isId } from './id.js';
import type { Reads } from './reads.js';
import { keyed } from './sql.js';

export const defaultPageSize = 25;
export const largestPageSize = 100;

export interface PageRequest<Field extends string = string> {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  orderBy?: { field: Field; direction: 'ASC' | 'DESC' } | null;
}

/** What lists are ordered by. None of it may be null: a row without a value would be on no page but the first. */
type OrderType = 'timestamptz' | 'text' | 'bigint';

/** A list that can grow: where its rows are, and by what they may be ordered. */
export interface List<Row, Field extends string> {
  /** Tells its cursors from those of other lists. */
  name: string;
  /** The columns of the key that one list belongs to, such as organization_id. */
  key: readonly string[];
  /** The types of these columns, all uuid unless told. */
  types?: readonly string[];
  select: string;
  /** What to read from and how it hangs on `key`: `members m WHERE m.organization_id = key.organization_id`. */
  from: string;
  /** The column that tells apart rows of equal order. */
  id: string;
  order: Readonly<Record<Field, { by: string; type: OrderType }>>;
  defaultOrder: { field: Field; direction: 'ASC' | 'DESC' };
  row?: Row;
}

/** A further condition; it hands its values to `parameter` and gets back how to refer to them. */
export type Condition = (parameter: (value: unknown) => string) => string;

/** That one of the columns contains a text, in any case. What a pattern would take for wildcards stands for itself. */
export function containing(text: string, ...columns: readonly string[]): Condition {
  return (parameter) => {
    const pattern = `${parameter(`%${text.replace(/[\\%_]/g, '\\$&')}%`)}::text`;
    return `(${columns.map((column) => `${column} ILIKE ${pattern}`).join(' OR ')})`;
  };
}

/** One page, in the shape of a Relay connection. */
export interface Page<Row> {
  edges: { node: Row; cursor: string }[];
  nodes: Row[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  /** Counts when asked, and only then. */
  totalCount(): Promise<number>;
}

/**
 * Reads one page by keyset: its cost does not depend on how deep it lies. Pages of the same list under many parents are one
 * statement.
 *
 * @throws {DomainError} BAD_USER_INPUT for sizes out of bounds or a cursor of another list or order.
 */
export async function readPage<Row, Field extends string>(
  reads: Reads,
  list: List<Row, Field>,
  key: Key,
  request: PageRequest<Field>,
  conditions: readonly Condition[] = [],
): Promise<Page<Row>> {
  const { size, backward, cursor } = understand(request);
  const { field, direction } = request.orderBy ?? list.defaultOrder;
  const { by, type } = list.order[field];
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${list.key.length + values.push(value)}`;

  const filters = conditions.map((condition) => ` AND ${condition(parameter)}`).join('');
  const way = (direction === 'ASC') !== backward ? 'ASC' : 'DESC';
  let beyond = '';
  if (cursor) {
    const { value, id } = decode(cursor.text, cursor.path, `${list.name} ${field}`, type);
    beyond = ` AND (${by}, ${list.id}) ${way === 'ASC' ? '>' : '<'} (${parameter(value)}::${type}, ${parameter(id)}::uuid)`;
  }
  const limit = parameter(size + 1);
  const statement = keyed<Row & Positioned>({
    ...keyOf(list),
    select: 'page.*',
    from: `CROSS JOIN LATERAL (
      SELECT ${list.select}, ${by} AS "cursorValue", ${list.id} AS "cursorId" FROM ${list.from}${filters}${beyond}
      ORDER BY ${by} ${way}, ${list.id} ${way} LIMIT ${limit}::int
    ) page ORDER BY key.ord, page."cursorValue" ${way}, page."cursorId" ${way}`,
  });

  const rows = await reads.rows(statement, key, values);
  const more = rows.length > size;
  const nodes = more ? rows.slice(0, size) : [...rows];
  if (backward) nodes.reverse();
  const edges = nodes.map((node) => ({ node, cursor: encode(`${list.name} ${field}`, node) }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: backward ? cursor !== null : more,
      hasPreviousPage: backward ? more : cursor !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: () => count(reads, list, key, conditions),
  };
}

async function count<Row, Field extends string>(
  reads: Reads,
  list: List<Row, Field>,
  key: Key,
  conditions: readonly Condition[],
): Promise<number> {
  const values: unknown[] = [];
  const filters = conditions.map((condition) => {
    return ` AND ${condition((value) => `$${list.key.length + values.push(value)}`)}`;
  });
  const statement = keyed<{ count: number }>({
    ...keyOf(list),
    select: 'counted.count',
    from: `CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM ${list.from}${filters.join('')}) counted`,
  });
  return (await reads.rows(statement, key, values))[0]!.count;
}

function keyOf<Row, Field extends string>({ key, types }: List<Row, Field>) {
  return { key, ...(types && { types }) };
}

interface Positioned {
  cursorValue: string | Date;
  cursorId: string;
}

function understand({ first, after, last, before }: PageRequest) {
  if (first != null && last != null) throw badInput({ path: 'last', message: 'cannot be combined with first' });
  if (after != null && (last != null || before != null))
    throw badInput({ path: 'after', message: 'goes with first only' });
  if (before != null && last == null) throw badInput({ path: 'before', message: 'goes with last only' });
  const backward = last != null;
  const size = first ?? last ?? defaultPageSize;
  if (size < 1 || size > largestPageSize) {
    throw badInput({ path: backward ? 'last' : 'first', message: `must be from 1 to ${largestPageSize}` });
  }
  const text = backward ? before : after;
  return { size, backward, cursor: text == null ? null : { text, path: backward ? 'before' : 'after' } };
}

function encode(order: string, { cursorValue, cursorId }: Positioned): string {
  return Buffer.from(JSON.stringify([order, cursorValue, cursorId])).toString('base64url');
}

function decode(text: string, path: string, order: string, type: OrderType) {
  const [orderedBy, value, id] = parse(text);
  if (orderedBy !== order || typeof value !== 'string' || !isOf[type](value) || !isId(id)) {
    throw badInput({ path, message: 'is not a cursor of this list in this order' });
  }
  return { value, id };
}

/** Whether a text is a value of a type as we write it into cursors: nothing else may reach a statement. */
const isOf: Record<OrderType, (text: string) => boolean> = {
  text: (text) => !text.includes('\0'),
  timestamptz: isMoment,
  // Eighteen digits always fit into 64 bits.
  bigint: (text) => /^(?:0|-?[1-9]\d{0,17})$/.test(text),
};

/** A moment as we write it into cursors. JavaScript knows years that PostgreSQL does not. */
function isMoment(text: string): boolean {
  return /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function parse(text: string): unknown[] {
  // Buffer skips over whatever is not of its alphabet.
  if (!/^[\w-]+$/.test(text)) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
