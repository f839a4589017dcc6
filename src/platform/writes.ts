import type { Job } from './outbox.js';
import type { Row } from './row-source.js';
import { columnName, type Run } from './sql.js';
import { fieldsOf, type Tables } from './tables.js';
import { type Content, compile, type Guard, type Write } from './writes-sql.js';

export type { Guard } from './writes-sql.js';

/**
 * A set of writes that reaches PostgreSQL as one statement: all of it happens, or none.
 *
 * With a guard nothing is written unless the organization still has that version, which is raised in the same breath. So a
 * decision in TypeScript, on rows that were read before, is as safe as one that was taken behind a lock.
 */
export class Writes {
  readonly #writes: Write[] = [];
  readonly #jobs: Job[] = [];
  readonly #users: Content['users'] = [];

  get isEmpty(): boolean {
    return this.#writes.length === 0 && this.#jobs.length === 0;
  }

  /** What there is to write, for whoever writes it. */
  get content(): Content {
    return { writes: this.#writes, jobs: this.#jobs, users: this.#users };
  }

  insert<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('insert', table, rows);
  }

  /** Rows are found by their primary key; every other field that is given is set. */
  update<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('update', table, rows);
  }

  /** Sets fields of all rows that have these values. */
  updateWhere<T extends keyof Tables>(table: T, match: Partial<Tables[T]>, set: Partial<Tables[T]>): void {
    this.#add('update', table, [set], match);
  }

  /** Rows are found by their primary key. */
  delete<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    this.#add('delete', table, rows);
  }

  /** All rows that have these values. */
  deleteWhere<T extends keyof Tables>(table: T, match: Partial<Tables[T]>): void {
    this.#add('delete', table, [match], match);
  }

  /** Writes nothing if this user has been deleted meanwhile; who is going to be a member must not be gone. */
  requireUser(id: string): void {
    this.#users.push({ id, password_hash: null });
  }

  /** Writes nothing if this user may not sign in any more, or has another password than the one that was checked. */
  requirePassword(id: string, passwordHash: string): void {
    this.#users.push({ id, password_hash: passwordHash });
  }

  enqueue(job: Job): void {
    this.#jobs.push(job);
  }

  /**
   * Writes everything in one statement.
   *
   * @param guards the organizations that are changed; none for rows that no decision depends on.
   * @returns false, with nothing written, if one of them has changed or gone meanwhile.
   */
  async commit(run: Run, ...guards: Guard[]): Promise<boolean> {
    const { text, values } = compile(this.content, guards);
    const [outcome] = await run<{ guarded: number }>(text, values);
    return outcome?.guarded === 1;
  }

  #add(verb: Write['verb'], table: keyof Tables, rows: object[], match?: object): void {
    if (rows.length === 0) return;
    this.#writes.push({
      verb,
      table,
      rows: rows.map((row) => writable(table, row)),
      ...(match && { match: writable(table, match) }),
    });
  }
}

function writable(table: keyof Tables, row: object): Row {
  const fields = fieldsOf[table];
  return Object.fromEntries(
    Object.entries(given(row))
      .filter(([field]) => field in fields)
      .map(([field, value]) => [columnName(field), value]),
  );
}

/** The fields that are given: an absent one keeps what is there, and only null clears it. */
export function given<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
}
