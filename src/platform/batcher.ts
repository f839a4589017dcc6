import type { KeyedStatement, Run, Values } from './sql.js';
import { isConnectionLost } from './unavailable.js';

/** The columns of one key. A null column is a key like any other. */
export type Key = readonly (string | null)[];

const mostKeys = 64;
/** With more of them each has fewer keys, and all take longer; with one, nothing is prepared while it runs. */
const mostInFlight = 2;

interface Waiting {
  key: Key;
  resolve(rows: object[]): void;
  reject(error: unknown): void;
}

interface Queue {
  run: Run;
  name: string;
  text: string;
  fixed: Values;
  waiting: Waiting[];
  inFlight: number;
  scheduled: boolean;
}

/**
 * Reads by key for the whole process: everything asked for at about the same moment goes to PostgreSQL as one statement.
 *
 * It remembers nothing. An answer goes to those who waited for it and is gone; a question asked while its statement is
 * already under way goes with the next one, so nobody gets an answer that is older than the question.
 */
export class Batcher {
  readonly #run: Run;
  readonly #runRecent: Run;
  readonly #queues = new Map<string, Queue>();

  /** @param runRecent runs statements whose answer may be a moment old. */
  constructor(run: Run, runRecent = run) {
    this.#run = run;
    this.#runRecent = runRecent;
  }

  /**
   * The rows of one key, in the order of the statement.
   *
   * @param fixed values that follow the keys; only questions with equal ones share a statement.
   */
  load<Row>(statement: KeyedStatement<Row>, key: Key, fixed: Values = []): Promise<Row[]> {
    const queue = this.#queueOf(statement, fixed);
    return new Promise<Row[]>((resolve, reject) => {
      queue.waiting.push({ key, resolve: resolve as (rows: object[]) => void, reject });
      this.#schedule(queue);
    });
  }

  #queueOf({ id, text, mayBeOld }: KeyedStatement<unknown>, fixed: Values): Queue {
    const name = fixed.length === 0 ? `${id}` : `${id} ${JSON.stringify(fixed)}`;
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = {
        run: mayBeOld ? this.#runRecent : this.#run,
        name,
        text,
        fixed,
        waiting: [],
        inFlight: 0,
        scheduled: false,
      };
      this.#queues.set(name, queue);
    }
    return queue;
  }

  #schedule(queue: Queue): void {
    if (queue.scheduled || queue.inFlight >= mostInFlight || queue.waiting.length === 0) return;
    queue.scheduled = true;
    setImmediate(() => {
      queue.scheduled = false;
      const batch = queue.waiting.splice(0, mostKeys);
      queue.inFlight += 1;
      void this.#answer(queue, batch).finally(() => {
        queue.inFlight -= 1;
        // A queue lives only as long as somebody waits in it, so there are as many as the present load needs.
        if (queue.inFlight === 0 && queue.waiting.length === 0) this.#queues.delete(queue.name);
        this.#schedule(queue);
      });
      this.#schedule(queue);
    });
  }

  async #answer(queue: Queue, batch: Waiting[]): Promise<void> {
    try {
      const rows = await this.#read(queue, batch);
      batch.forEach(({ resolve }, index) => {
        resolve(rows[index]!);
      });
    } catch (error) {
      if (batch.length === 1 || isConnectionLost(error)) for (const { reject } of batch) reject(error);
      // One bad key must not fail the others: each is asked again by itself.
      else await Promise.all(batch.map((waiting) => this.#answer(queue, [waiting])));
    }
  }

  async #read(queue: Queue, batch: Waiting[]): Promise<object[][]> {
    // Who asks for the same shares the answer.
    const keys: Key[] = [];
    const places = new Map<string, number>();
    const placeOf = batch.map(({ key }) => {
      const name = JSON.stringify(key);
      const place = places.get(name) ?? keys.push(key) - 1;
      places.set(name, place);
      return place;
    });
    const arrays = Array.from({ length: keys[0]!.length }, (_, column) => keys.map((key) => key[column]));
    const answers: object[][] = keys.map(() => []);
    for (const row of await queue.run<{ ord: number }>(queue.text, [...arrays, ...queue.fixed])) {
      answers[row.ord - 1]!.push(row);
    }
    return placeOf.map((place) => answers[place]!);
  }
}
