import type pg from 'pg';
import { Batcher } from './batcher.js';
import type { Database } from './database.js';
import type { Run, Values } from './sql.js';

/**
 * One transaction that is there to be handed around as a database: whatever is read and written through `db` happens in it,
 * one statement after the other, until it is committed or rolled back.
 *
 * A statement that fails, and a transaction inside of this one, are undone by themselves, as they would be on a database. So a
 * service that expects a unique violation, or decides again after a lost race, need not know.
 */
export class OpenTransaction {
  readonly db: Database;
  readonly #client: pg.PoolClient;
  readonly #run: Run;
  #turn: Promise<unknown> = Promise.resolve();
  #isInner = false;
  #isOver = false;

  private constructor(client: pg.PoolClient, run: Run, outside: Database) {
    this.#client = client;
    this.#run = run;
    const read: Run = (text, values) => this.#statement(text, values, false);
    this.db = {
      ...outside,
      run: read,
      write: (text, values) => this.#statement(text, values, true),
      batcher: new Batcher(read),
      transaction: (work) => this.#inner(work),
      begin: () => Promise.reject(new Error('A transaction is open already.')),
      close: () => Promise.reject(new Error('Only the database itself can be closed.')),
    };
  }

  /** @param run statements on that very connection. */
  static async begin(client: pg.PoolClient, run: Run, outside: Database): Promise<OpenTransaction> {
    try {
      await client.query('BEGIN; SAVEPOINT step');
      return new OpenTransaction(client, run, outside);
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
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

  #inner<T>(work: (run: Run) => Promise<T>): Promise<T> {
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

/**
 * Commits what a connection has begun.
 *
 * @throws also where a statement had failed before: PostgreSQL then rolls back, and sees no error in it.
 */
export async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back, because a statement in it had failed.');
}
