import type { Key } from './batcher.js';
import { type KeyedStatement, keysAsTable, statement, type Values } from './sql.js';

/** What is asked of one statement: the rows of a key. */
export interface Question<Row = unknown> {
  statement: KeyedStatement<Row>;
  key: Key;
  /** Values that follow the keys. */
  fixed: Values;
}

/** A question about what another one is going to find: its key lacks the first column, which is a field of that one's first row. */
export type FollowUp = Question;

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
  return joined(questions, () => combined(questions), '');
}

/**
 * Puts a question together with others about what it finds. Where its first row has nothing in the field, or there is none, the others
 * are not asked, and their answers are null.
 *
 * @returns undefined if that cannot be done.
 */
export function withFollowUps(question: Question, field: string, followUps: readonly FollowUp[]): Joined | undefined {
  return joined([question, ...followUps], () => leading(question, field, followUps), field);
}

function joined(questions: readonly Question[], make: () => Joined['statement'], kind: string): Joined | undefined {
  const parts = questions.map(({ statement: { id }, fixed }) => `${id}:${fixed.length}`);
  const name = [kind, ...parts].join();
  let found = combinations.get(name);
  if (!found) {
    if (combinations.size >= mostCombinations) return undefined;
    found = make();
    combinations.set(name, found);
  }
  return {
    statement: found,
    key: questions.flatMap(({ key }) => key),
    fixed: questions.flatMap(({ fixed }) => fixed),
  };
}

function combined(questions: readonly Question[]): Joined['statement'] {
  const parts = new Parts(questions.flatMap(({ statement }) => statement.types));
  const answers = questions.map((question) => parts.answer(question));
  return parts.statement(answers, '');
}

/** What the others need of the first answer is there before they are asked. */
function leading({ statement, fixed }: Question, field: string, followUps: readonly FollowUp[]): Joined['statement'] {
  const parts = new Parts([...statement.types, ...followUps.flatMap(({ statement: { types } }) => types.slice(1))]);
  const first = parts.answer({ statement, fixed });
  const others = followUps.map((followUp) => {
    const found = `lead.value_found::${followUp.statement.types[0]}`;
    return `CASE WHEN lead.value_found IS NOT NULL THEN ${parts.answer(followUp, found)} END`;
  });
  const lead = `CROSS JOIN LATERAL (
    SELECT answer, answer -> 0 ->> '${field}' AS value_found FROM (SELECT ${first} AS answer OFFSET 0) asked OFFSET 0) lead`;
  return parts.statement(['lead.answer', ...others], lead);
}

/** Numbers keys and parameters of several statements on, as they come. */
class Parts {
  readonly #types: readonly string[];
  readonly #key: readonly string[];
  #columns = 0;
  #values = 0;

  constructor(types: readonly string[]) {
    this.#types = types;
    this.#key = types.map((_, index) => `k${index}`);
  }

  /** @param found what its key begins with, if that is not sent. */
  answer({ statement: { json, key }, fixed }: Pick<Question, 'statement' | 'fixed'>, found?: string): string {
    if (json === null) throw new Error('This statement cannot be put together with others.');
    const sent = this.#key.slice(this.#columns, this.#columns + key.length - (found ? 1 : 0));
    const columns = [...(found ? [found] : []), ...sent.map((column) => `key.${column}`)];
    // Its own key under its own names; what follows its keys follows all keys now.
    const answer = `(SELECT ${shifted(json, this.#types.length - key.length + this.#values)}
      FROM (SELECT ${columns.join(', ')}) AS key(${key.join(', ')}))`;
    this.#columns += sent.length;
    this.#values += fixed.length;
    return answer;
  }

  statement(answers: readonly string[], lead: string): Joined['statement'] {
    const listed = answers.map((answer, index) => `${answer} AS "${index}"`).join(', ');
    const [key, types] = [this.#key, this.#types];
    const text = `SELECT key.ord::int AS ord, ${listed} ${keysAsTable(key, types)} ${lead}`;
    return statement({ key, types, mayBeOld: false, json: null, text });
  }
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
