import DataLoader from 'dataloader';
import type { Batcher, Key } from './batcher.js';
import type { KeyedStatement, Values } from './sql.js';
import { type Question, together, withMoments } from './together.js';
import { isConnectionLost } from './unavailable.js';

/** So many questions make one statement at most: the planner takes longer the more there is in one. */
const mostTogether = 8;

type Answer = unknown[] | Error;

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
    if (questions.length === 1) return [await this.#ask(questions[0]!)];
    const answers = new Map<Question, Promise<Answer>>();
    for (const joined of joinable(questions)) {
      const all = this.#askTogether(joined);
      for (const [index, question] of joined.entries())
        answers.set(
          question,
          all.then((each) => each[index]!),
        );
    }
    for (const question of questions) if (!answers.has(question)) answers.set(question, this.#ask(question));
    return Promise.all(questions.map((question) => answers.get(question)!));
  }

  #ask({ statement, key, fixed }: Question): Promise<Answer> {
    return this.#batcher.load(statement, key, fixed).catch(asError);
  }

  async #askTogether(questions: readonly Question[]): Promise<Answer[]> {
    const asked = together(questions);
    if (asked) {
      try {
        const [row] = await this.#batcher.load(asked.statement, asked.key, asked.fixed);
        const moment = {};
        for (const question of questions) this.#moments.set(nameOf(question), moment);
        return questions.map((_, index) => withMoments(row![index] ?? []));
      } catch (error) {
        if (isConnectionLost(error)) return questions.map(() => asError(error));
      }
    }
    // What is wrong with one of them is not to fail the others.
    return Promise.all(questions.map((question) => this.#ask(question)));
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
    if (statement.json === null || statement.mayBeOld) continue;
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

function nameOf({ statement: { id }, key, fixed }: Question): string {
  const name = `${id}\n${key.join('\n')}`;
  return fixed.length === 0 ? name : `${name}\n${JSON.stringify(fixed)}`;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
