import type pg from 'pg';
import { begun, commit } from './connections.js';
import type { Run, Values } from './sql.js';

/**
 * One transaction that may be used like a database, by whoever is given it: one statement after the other, until it is
 * committed or rolled back.
 *
 * A statement that fails, and a transaction inside of this one, are undone by themselves, as they would be on a database. So a
 * service that expects a unique violation, or decides again after a lost race, need not know.
 */
export class OpenTransaction {
  readonly #client: pg.PoolClient;
  readonly #run: Run;
  #turn: Promise<unknown> = Promise.resolve();
  #isInner = false;
  #isOver = false;

  private constructor(client: pg.PoolClient, run: Run) {
    this.#client = client;
    this.#run = run;
  }

  /**
   * @param begin the text that begins a transaction.
   * @param run statements on that very connection.
   */
  static async begin(client: pg.PoolClient, begin: string, run: Run): Promise<OpenTransaction> {
    try {
      await begun(client, `${begin}; SAVEPOINT step`);
      return new OpenTransaction(client, run);
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  readonly read: Run = (text, values) => this.#statement(text, values, false);

  readonly write: Run = (text, values) => this.#statement(text, values, true);

  /** Runs work that is kept or undone as a whole. */
  inner<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#step(async () => {
      this.#isInner = true;
      try {
        const result = await work(this.#run);
        await this.#keep();
        return result;
      } finally {
        this.#isInner = false;
      }
    });
  }

  /** @throws if anything of it may not have been written. */
  async commit(): Promise<void> {
    await this.#end(() => commit(this.#client));
  }

  /** Undoes everything; nothing happens if the transaction is over. */
  async rollback(): Promise<void> {
    // With the connection the transaction ends as well.
    await this.#end(() => this.#client.query('ROLLBACK')).catch(() => {});
  }

  /** What belongs to an inner transaction at that moment shares its fate, whoever asks for it. */
  #statement<Row extends object>(text: string, values: Values, isWrite: boolean): Promise<Row[]> {
    if (this.#isInner) return this.#run<Row>(text, values);
    return this.#step(async () => {
      const rows = await this.#run<Row>(text, values);
      if (isWrite) await this.#keep();
      return rows;
    });
  }

  #keep(): Promise<unknown> {
    return this.#client.query('RELEASE SAVEPOINT step; SAVEPOINT step');
  }

  #step<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      if (this.#isOver) throw new Error('The transaction is over.');
      try {
        return await work();
      } catch (error) {
        // Where this fails, so does all that follows.
        await this.#client.query('ROLLBACK TO SAVEPOINT step').catch(() => {});
        throw error;
      }
    });
  }

  #end(finish: () => Promise<unknown>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isOver) return;
      this.#isOver = true;
      let broken: Error | undefined;
      try {
        await finish();
      } catch (error) {
        broken = error as Error;
        throw error;
      } finally {
        this.#client.release(broken);
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
