import type { Key } from './batcher.js';
import { type KeyedStatement, keysAsTable, statement, type Values } from './sql.js';

/** What is asked of one statement: the rows of a key. */
export interface Question<Row = unknown> {
  statement: KeyedStatement<Row>;
  key: Key;
  /** Values that follow the keys. */
  fixed: Values;
}

/** Several questions as one: a statement whose only row has the answers by number. */
export interface Joined {
  statement: KeyedStatement<Record<string, object[] | null>>;
  key: Key;
  fixed: Values;
}

/** Requests of an app ask for the same few combinations; whoever makes up more of them gets a statement for each question. */
const mostCombinations = 300;
const combinations = new Map<string, Joined['statement']>();

/**
 * Puts questions together, so that they take one round trip, and all answers are of one moment.
 *
 * @returns undefined if that cannot be done.
 */
export function together(questions: readonly Question[]): Joined | undefined {
  const name = questions.map(({ statement: { id }, fixed }) => `${id}:${fixed.length}`).join();
  let found = combinations.get(name);
  if (!found) {
    if (combinations.size >= mostCombinations) return undefined;
    found = combined(questions);
    combinations.set(name, found);
  }
  return {
    statement: found,
    key: questions.flatMap(({ key }) => key),
    fixed: questions.flatMap(({ fixed }) => fixed),
  };
}

function combined(questions: readonly Question[]): Joined['statement'] {
  const types = questions.flatMap(({ statement }) => statement.types);
  const key = types.map((_, index) => `k${index}`);
  let columnsBefore = 0;
  let valuesBefore = 0;
  const answers = questions.map(({ statement: { json, key: own }, fixed }, index) => {
    if (json === null) throw new Error('This statement cannot be put together with others.');
    const columns = own.map((_, column) => `key.k${columnsBefore + column}`).join(', ');
    // Its own key under its own names; what follows its keys follows all keys now.
    const answer = `(SELECT ${shifted(json, types.length - own.length + valuesBefore)}
      FROM (SELECT ${columns}) AS key(${own.join(', ')})) AS "${index}"`;
    columnsBefore += own.length;
    valuesBefore += fixed.length;
    return answer;
  });
  return statement({
    key,
    types,
    mayBeOld: false,
    json: null,
    text: `SELECT key.ord::int AS ord, ${answers.join(', ')} ${keysAsTable(key, types)}`,
  });
}

function shifted(sql: string, by: number): string {
  return sql.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + by}`);
}

/** Rows as the driver would have read them: JSON has moments as text. All columns of moments, and no other ones, end in `_at`. */
export function withMoments<Row extends object>(rows: Row[]): Row[] {
  const [first] = rows as readonly Record<string, unknown>[];
  if (!first) return rows;
  const fields = Object.keys(first).filter((field) => /(?:^|\.)at$|At$/.test(field));
  if (fields.length === 0) return rows;
  for (const row of rows as readonly Record<string, unknown>[]) {
    for (const field of fields) {
      const value = row[field];
      if (typeof value === 'string') row[field] = new Date(value);
    }
  }
  return rows;
}
