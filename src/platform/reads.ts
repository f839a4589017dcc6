import DataLoader from 'dataloader';
import type { Batcher, Key } from './batcher.js';
import type { KeyedStatement, Values } from './sql.js';
import { type FollowUp, type Joined, type Question, together, withFollowUps, withMoments } from './together.js';
import { isConnectionLost } from './unavailable.js';

/** So many questions make one statement at most: the planner takes longer the more there is in one. */
const mostTogether = 8;

type Answer = unknown[] | Error;

/** What is asked together with a question, about what it finds. */
interface Ahead {
  field: string;
  followUps(): readonly FollowUp[];
}

/**
 * The reads of one request: a DataLoader in front of the batcher that all requests share.
 *
 * Within the request each key is read once. What is asked at the same moment of different statements goes as one, where that can
 * be done. Nothing outlives the request, and a mutation forgets everything first.
 */
export class Reads {
  readonly #batcher: Batcher;
  readonly #loader: DataLoader<Question, unknown[]>;
  /** What was asked before. DataLoader's own cache would let a known answer wait for the statements that are under way. */
  readonly #asked = new Map<string, Promise<unknown[]>>();
  /** Which questions were answered by one statement, and so as of one moment. */
  readonly #moments = new Map<string, object>();
  /** By the question that is about to be asked. */
  readonly #ahead = new Map<string, Ahead>();

  constructor(batcher: Batcher) {
    this.#batcher = batcher;
    this.#loader = new DataLoader((questions) => this.#answer(questions), { cache: false });
  }

  /** All rows of one key. */
  rows<Row>(statement: KeyedStatement<Row>, key: Key, fixed: Values = []): Promise<Row[]> {
    const question = { statement, key, fixed };
    const name = nameOf(question);
    let answer = this.#asked.get(name);
    if (!answer) {
      answer = this.#loader.load(question);
      this.#asked.set(name, answer);
    }
    return answer as Promise<Row[]>;
  }

  /** The only row of one key, or null. */
  async row<Row>(statement: KeyedStatement<Row>, key: Key): Promise<Row | null> {
    return (await this.rows(statement, key))[0] ?? null;
  }

  /**
   * The rows of a key as of the moment at which another question was answered.
   *
   * @returns undefined unless one statement has answered both.
   */
  together<Row>(other: Question, statement: KeyedStatement<Row>, key: Key): Promise<Row[]> | undefined {
    const moment = this.#moments.get(nameOf(other));
    const sameMoment = moment && this.#moments.get(nameOf({ statement, key, fixed: [] })) === moment;
    return sameMoment ? this.rows(statement, key) : undefined;
  }

  /**
   * Lets questions be answered together with another one that is asked at this moment, if that takes no statement of their own.
   *
   * @param field of the first row that answers the question: with it begin the keys of the others.
   * @param followUps is called when the statement is made.
   */
  ahead(question: Question, field: string, followUps: () => readonly FollowUp[]): void {
    this.#ahead.set(nameOf(question), { field, followUps });
  }

  /** Takes note of rows that came with others, so that nobody asks for them again. */
  note<Row>(statement: KeyedStatement<Row>, key: Key, rows: Row[]): void {
    this.#asked.set(nameOf({ statement, key, fixed: [] }), Promise.resolve(rows));
  }

  /** Forgets all that was read, so that what follows a change sees it. */
  forget(): void {
    this.#asked.clear();
    this.#moments.clear();
  }

  async #answer(questions: readonly Question[]): Promise<Answer[]> {
    if (questions.length === 1 && this.#ahead.size === 0) return [await this.#ask(questions[0]!)];
    const answers = new Map<Question, Promise<Answer>>();
    for (const question of this.#ahead.size > 0 ? questions : []) {
      const ahead = this.#ahead.get(nameOf(question));
      if (ahead) answers.set(question, this.#askAhead(question, ahead));
    }
    this.#ahead.clear();
    const left = questions.filter((question) => !answers.has(question));
    for (const joined of joinable(left)) {
      const all = this.#askTogether(joined);
      for (const [index, question] of joined.entries())
        answers.set(
          question,
          all.then((each) => each[index]!),
        );
    }
    for (const question of left) if (!answers.has(question)) answers.set(question, this.#ask(question));
    return Promise.all(questions.map((question) => answers.get(question)!));
  }

  #ask({ statement, key, fixed }: Question): Promise<Answer> {
    return this.#batcher.load(statement, key, fixed).catch(asError);
  }

  async #askTogether(questions: readonly Question[]): Promise<Answer[]> {
    const row = await this.#rowOf(together(questions));
    if (row instanceof Error) return questions.map(() => row);
    // What is wrong with one of them is not to fail the others.
    if (row === undefined) return Promise.all(questions.map((question) => this.#ask(question)));
    const moment = {};
    for (const question of questions) this.#moments.set(nameOf(question), moment);
    return questions.map((_, index) => withMoments(row[index] ?? []));
  }

  async #askAhead(question: Question, { field, followUps }: Ahead): Promise<Answer> {
    const others = followUps()
      .filter(({ statement }) => isJoinable(statement))
      .slice(0, mostTogether - 1);
    const row = others.length > 0 ? await this.#rowOf(withFollowUps(question, field, others)) : undefined;
    if (row instanceof Error) return row;
    if (row === undefined) return this.#ask(question);
    const answer = withMoments(row[0] ?? []);
    const found = (answer as Record<string, string | null>[])[0]?.[field] ?? null;
    for (const [index, { statement, key, fixed }] of found === null ? [] : others.entries()) {
      const rows = withMoments(row[index + 1] ?? []);
      this.#asked.set(nameOf({ statement, key: [found, ...key], fixed }), Promise.resolve(rows));
    }
    return answer;
  }

  /** The answers of questions that are one statement; undefined where they have to be asked one by one. */
  async #rowOf(joined: Joined | undefined): Promise<Record<string, object[] | null> | Error | undefined> {
    try {
      return joined && (await this.#batcher.load(joined.statement, joined.key, joined.fixed))[0];
    } catch (error) {
      return isConnectionLost(error) ? asError(error) : undefined;
    }
  }
}

/**
 * Which questions to put together: those about the same key, such as two lists of each of three organizations, which then share
 * a statement by key; and all that there is only one of.
 */
function joinable(questions: readonly Question[]): Question[][] {
  const byKey = new Map<string, Question[]>();
  for (const question of questions) {
    const { statement, key } = question;
    if (!isJoinable(statement)) continue;
    const name = `${statement.key.join()}\n${key.join('\n')}`;
    byKey.set(name, [...(byKey.get(name) ?? []), question]);
  }
  const alike = new Map<string, Question[][]>();
  for (const group of byKey.values()) {
    // In whatever order they were asked, it is the same statement.
    group.sort((a, b) => a.statement.id - b.statement.id);
    const name = group.map(({ statement: { id } }) => id).join();
    alike.set(name, [...(alike.get(name) ?? []), group]);
  }
  const groups = [...alike.values()];
  const single = groups.filter(({ length }) => length === 1).flat(2);
  const several = groups.filter(({ length }) => length > 1).flat();
  single.sort((a, b) => a.statement.id - b.statement.id);
  return [single, ...several].map((group) => group.slice(0, mostTogether)).filter(({ length }) => length > 1);
}

function isJoinable({ json, mayBeOld }: KeyedStatement<unknown>): boolean {
  return json !== null && !mayBeOld;
}

function nameOf({ statement: { id }, key, fixed }: Question): string {
  const name = `${id}\n${key.join('\n')}`;
  return fixed.length === 0 ? name : `${name}\n${JSON.stringify(fixed)}`;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
