import { ChangeBatcher } from './change-batcher.js';
import type { Database } from './database.js';
import { newsIn } from './news.js';
import type { Run } from './sql.js';

/** Who is told of what has been committed, and is visible to everybody by then. */
export interface Told {
  /** There are jobs to do now. */
  jobs(): void;
  /** There is something new on record of these organizations. */
  records(organizationIds: Iterable<string>): void;
}

/** A database that tells of jobs and records as soon as they are committed. Nobody waits for whoever is told. */
export function announcing(db: Database, told: Told): Database {
  const announced: Database = {
    ...db,
    async write<Row extends object>(text: string, values: readonly unknown[]) {
      const news = new Notes();
      const rows = await news.noted(db.write)<Row>(text, values);
      news.tell(told);
      return rows;
    },
    changes: new ChangeBatcher((text, values) => announced.write(text, values)),
    async transaction(work) {
      const news = new Notes();
      const result = await db.transaction((run) => work(news.noted(run)));
      news.tell(told);
      return result;
    },
    async begin() {
      const opened = await db.begin();
      const news = new Notes();
      const write = news.noted(opened.db.write);
      return {
        ...opened,
        db: {
          ...opened.db,
          write,
          changes: new ChangeBatcher(write),
          transaction: (work) => opened.db.transaction((run) => work(news.noted(run))),
        },
        async commit() {
          await opened.commit();
          news.tell(told);
        },
      };
    },
  };
  return announced;
}

/** What there is to tell of a statement or a transaction: nobody else sees it before the commit. */
class Notes {
  #hasJobs = false;
  readonly #recorded = new Set<string>();

  noted(run: Run): Run {
    return (text, values) => {
      const { hasJobs, recorded } = newsIn(values);
      this.#hasJobs ||= hasJobs;
      for (const organizationId of recorded) this.#recorded.add(organizationId);
      return run(text, values);
    };
  }

  tell(told: Told): void {
    if (this.#hasJobs) told.jobs();
    if (this.#recorded.size > 0) told.records(this.#recorded);
  }
}
