import type { Key } from './batcher.js';
import { badInput } from './errors.js';
import { isId } from './id.js';
import {
  countStatement,
  everything,
  type List,
  type OrderType,
  pageStatement,
  type RawPage,
  type Wanted,
} from './list.js';
import type { Reads } from './reads.js';
import { withMoments } from './together.js';

export const defaultPageSize = 25;
export const largestPageSize = 100;

export interface PageRequest<Field extends string = string> {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  orderBy?: { field: Field; direction: 'ASC' | 'DESC' } | null;
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

/** A row with rows of other tables that may have come along with it. */
export type With<Row, Included> = Row & { included?: Partial<Included> };

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
 * @param wanted what is going to be looked at; all of it, unless told.
 * @throws {DomainError} BAD_USER_INPUT for sizes out of bounds or a cursor of another list or order.
 */
export async function readPage<Row extends object, Field extends string>(
  reads: Reads,
  list: List<Row, Field>,
  key: Key,
  request: PageRequest<Field>,
  conditions: readonly Condition[] = [],
  wanted: Wanted = everything,
): Promise<Page<Row>> {
  const { size, backward, cursor } = understand(request);
  const { field, direction } = request.orderBy ?? list.defaultOrder;
  const { by, type } = list.order[field];
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${list.key.length + values.push(value)}`;

  const all = conditions.map((condition) => condition(parameter));
  const way = (direction === 'ASC') !== backward ? 'ASC' : 'DESC';
  const order = `${list.name} ${field}`;
  if (cursor) {
    const { value, id } = decode(cursor.text, cursor.path, order, type);
    all.push(`(${by}, ${list.id}) ${way === 'ASC' ? '>' : '<'} (${parameter(value)}::${type}, ${parameter(id)}::uuid)`);
  }
  const shape = { by, way, conditions: all, limit: parameter(size + 1), wanted } as const;
  const [answer] = await reads.rows(pageStatement(list, shape), key, values);
  const rows = rowsOf(answer!.page, list, key) as (Row & Positioned)[];

  const more = rows.length > size;
  const nodes = more ? rows.slice(0, size) : rows;
  const place = (row: Row & Positioned) => encode(order, type, row);
  return new LoadedPage<Row>(
    backward ? nodes.toReversed() : nodes,
    { hasNextPage: backward ? cursor !== null : more, hasPreviousPage: backward ? more : cursor !== null },
    place as (row: Row) => string,
    () => count(reads, list, key, conditions),
  );
}

/** What is made of a page only as far as somebody looks at it. */
class LoadedPage<Row> implements Page<Row> {
  constructor(
    readonly nodes: Row[],
    private readonly more: { hasNextPage: boolean; hasPreviousPage: boolean },
    private readonly place: (row: Row) => string,
    readonly totalCount: () => Promise<number>,
  ) {}

  get edges() {
    return this.nodes.map((node) => new Edge(node, this.place));
  }

  get pageInfo() {
    return new LoadedPageInfo(this.more, (index) => {
      const node = this.nodes.at(index);
      return node === undefined ? null : this.place(node);
    });
  }
}

class LoadedPageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;

  constructor(
    { hasNextPage, hasPreviousPage }: { hasNextPage: boolean; hasPreviousPage: boolean },
    private readonly cursor: (index: number) => string | null,
  ) {
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = hasPreviousPage;
  }

  get startCursor(): string | null {
    return this.cursor(0);
  }

  get endCursor(): string | null {
    return this.cursor(-1);
  }
}

class Edge<Row> {
  constructor(
    readonly node: Row,
    private readonly place: (row: Row) => string,
  ) {}

  get cursor(): string {
    return this.place(this.node);
  }
}

/** The rows of each answer once, also for those who share it. */
const read = new WeakMap<RawPage, object[]>();

/** The rows of a page, with what came along as `included`. */
function rowsOf<Row, Field extends string>(page: RawPage, list: List<Row, Field>, [owner]: Key): object[] {
  const known = read.get(page);
  if (known) return known;
  const rows = withMoments(page.rows ?? []) as Record<string, unknown>[];
  // Whoever is asked about a row has to know whose it is.
  if (list.key[0] === 'organization_id') for (const row of rows) row.organizationId = owner;
  const along = Object.entries(list.includes ?? {}).filter(([name]) => `with ${name}` in page);
  const found = along.map(([name, { many }]) => {
    const others = withMoments(page[`with ${name}`] ?? []);
    return { name, many, byId: new Map(others.map((other) => [other.id, other])) };
  });
  for (const row of found.length > 0 ? rows : []) {
    const included: Record<string, unknown> = {};
    for (const { name, many, byId } of found) {
      const ids = row[`with ${name}`] as string | null;
      if (many) included[name] = ids === null ? [] : ids.split(',').map((id) => byId.get(id));
      else included[name] = ids === null ? null : byId.get(ids);
    }
    row.included = included;
  }
  read.set(page, rows);
  return rows;
}

async function count<Row, Field extends string>(
  reads: Reads,
  list: List<Row, Field>,
  key: Key,
  conditions: readonly Condition[],
): Promise<number> {
  const values: unknown[] = [];
  const all = conditions.map((condition) => condition((value) => `$${list.key.length + values.push(value)}`));
  const [counted] = await reads.rows(countStatement(list, all), key, values);
  return counted!.count;
}

interface Positioned {
  cursorValue: string | number;
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

function encode(order: string, type: OrderType, { cursorValue, cursorId }: Positioned): string {
  const value = type === 'timestamptz' ? new Date(cursorValue).toISOString() : String(cursorValue);
  return Buffer.from(JSON.stringify([order, value, cursorId])).toString('base64url');
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
