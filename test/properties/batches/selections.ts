import fc from 'fast-check';
import { plain, type Selection } from './documents.js';

/** One way to go on, and how often it is taken. */
export interface Choice {
  weight: number;
  arbitrary: fc.Arbitrary<Selection>;
}

/** Mostly there is no condition; `$yes` and `$no` are whatever the request says. */
const condition = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' @include(if: $yes)', ' @skip(if: $yes)', ' @include(if: $no)') },
);
const wrapped = fc.constantFrom<Selection['wrapped'][]>('plain', 'plain', 'plain', 'inline', 'named');

/** A field, in a fragment or not, under a condition or not. */
export function selection(
  on: string,
  key: string,
  call: fc.Arbitrary<string>,
  fields: fc.Arbitrary<Selection[] | null>,
): fc.Arbitrary<Selection> {
  return fc.record({ on: fc.constant(on), key: fc.constant(key), call, condition, wrapped, fields });
}

/** One to so many of these. What comes again, or takes arguments, has a name of its own. */
export function several(choices: Choice[], most: number): fc.Arbitrary<Selection[]> {
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: most, size: 'max' }).map((parts) => {
    const taken = new Set<string>();
    return parts.map((part, index) => {
      const key = part.call === part.key && !taken.has(part.key) ? part.key : `${part.key}${index}`;
      taken.add(key);
      return { ...part, key };
    });
  });
}

/** Mostly one that is there; else of another tenant, in upper case, of nobody, or no id at all. */
export function idOf(kind: 'organization' | 'member' | 'team' | 'workspace', most = 0): fc.Arbitrary<string> {
  const nth = fc.nat(most);
  return fc.oneof(
    { weight: 20, arbitrary: nth.map((n) => `<${kind} ${n}>`) },
    { weight: 2, arbitrary: nth.map((n) => `<other ${kind} ${n}>`) },
    { weight: 1, arbitrary: nth.map((n) => `<upper ${kind} ${n}>`) },
    { weight: 1, arbitrary: fc.oneof(fc.uuid({ version: 7 }), fc.constantFrom('1', '', 'not-an-id')) },
  );
}

/** The cursors of each list and order, by a name such as `Team.members NAME`. */
export type Cursors = ReadonlyMap<string, string[]>;

/** A list that comes in pages. */
export interface Pages {
  on: string;
  field: string;
  /** What its connection and its edges are called after. */
  type: string;
  /** The first of them is that of the list unless told. */
  orders: [string, ...string[]];
  filter?: fc.Arbitrary<string>;
  /** What an edge has beside node and cursor. */
  ofEdge?: string;
}

/** A page of a list: mostly a small one from either end or behind a cursor, now and then out of all bounds. */
export function page(cursors: Cursors, list: Pages, nodes: fc.Arbitrary<Selection[]>): fc.Arbitrary<Selection> {
  const { on, field, orders, filter } = list;
  const order = fc.record({
    by: fc.constantFrom(...orders),
    way: fc.constantFrom('ASC', 'DESC'),
    isTold: fc.boolean(),
  });
  const bounds = fc.record({
    size: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(1, 2, 3, 5) },
      { weight: 1, arbitrary: fc.constantFrom(0, 101) },
    ),
    end: fc.constantFrom('first', 'first', 'last'),
    nth: fc.option(fc.nat(5), { freq: 2 }),
    isOdd: fc.nat(20).map((n) => n === 0),
  });
  const filters = filter ? fc.option(filter, { freq: 3 }) : fc.constant(null);
  const call = fc.tuple(order, bounds, filters).map(([{ by, way, isTold }, { size, end, nth, isOdd }, condition]) => {
    const ordered = isTold || by !== orders[0];
    const own = cursors.get(`${on}.${field} ${by}`) ?? [];
    const cursor = isOdd || own.length === 0 ? 'W10' : own[(nth ?? 0) % own.length];
    return `${field}(${[
      `${end}: ${size}`,
      ...(nth === null ? [] : [`${end === 'first' ? 'after' : 'before'}: "${cursor}"`]),
      ...(ordered ? [`orderBy: { field: ${by}, direction: ${way} }`] : []),
      ...(condition === null ? [] : [`filter: { ${condition} }`]),
    ].join(', ')})`;
  });
  return selection(on, field, call, connection(list, nodes));
}

function connection({ type, ofEdge }: Pages, nodes: fc.Arbitrary<Selection[]>): fc.Arbitrary<Selection[]> {
  const ofConnection = `${type}Connection`;
  const ofEdges = (node: Selection[]) =>
    plain(ofConnection, 'edges', [
      plain(`${type}Edge`, 'cursor'),
      plain(`${type}Edge`, 'node', node),
      ...(ofEdge ? [plain(`${type}Edge`, ofEdge)] : []),
    ]);
  const info = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'].map((part) => plain('PageInfo', part));
  return fc
    .record({ nodes, shape: fc.constantFrom('nodes', 'nodes', 'edges'), counts: fc.boolean(), tells: fc.boolean() })
    .map(({ nodes: node, shape, counts, tells }) => [
      shape === 'nodes' ? plain(ofConnection, 'nodes', node) : ofEdges(node),
      ...(counts ? [plain(ofConnection, 'totalCount')] : []),
      ...(tells ? [plain(ofConnection, 'pageInfo', info)] : []),
    ]);
}
