import type { Database } from './database.js';
import { enqueues } from './outbox.js';
import { recordedIn } from './recorded.js';
import type { Run } from './sql.js';

/** Who is told of what has been committed, and is visible to everybody by then. */
export interface Told {
  /** There are jobs to do. */
  jobs(): void;
  /** There is something new on record of these organizations. */
  records(organizationIds: Iterable<string>): void;
}

/** A database that tells of jobs and records as soon as they are committed. Nobody waits for whoever is told. */
export function announcing(db: Database, told: Told): Database {
  return {
    ...db,
    async write<Row extends object>(text: string, values: readonly unknown[]) {
      const news = new News();
      const rows = await news.noted(db.write)<Row>(text, values);
      news.tell(told);
      return rows;
    },
    async transaction(work) {
      const news = new News();
      const result = await db.transaction((run) => work(news.noted(run)));
      news.tell(told);
      return result;
    },
    async begin() {
      const opened = await db.begin();
      const news = new News();
      return {
        ...opened,
        db: {
          ...opened.db,
          write: news.noted(opened.db.write),
          transaction: (work) => opened.db.transaction((run) => work(news.noted(run))),
        },
        async commit() {
          await opened.commit();
          news.tell(told);
        },
      };
    },
  };
}

/** What there is to tell of a statement or a transaction: nobody else sees it before the commit. */
class News {
  #hasJobs = false;
  readonly #recorded = new Set<string>();

  noted(run: Run): Run {
    return (text, values) => {
      this.#hasJobs ||= enqueues(text);
      for (const organizationId of recordedIn(values)) this.#recorded.add(organizationId);
      return run(text, values);
    };
  }

  tell(told: Told): void {
    if (this.#hasJobs) told.jobs();
    if (this.#recorded.size > 0) told.records(this.#recorded);
  }
}
