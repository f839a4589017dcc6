import type { Database } from './database.js';
import { enqueues } from './outbox.js';
import type { Run } from './sql.js';

/** A database that tells whenever jobs have been enqueued, as soon as a worker can see them. */
export function announcing(db: Database, tell: () => void): Database {
  return {
    ...db,
    async write(text, values) {
      const rows = await db.write<never>(text, values);
      if (enqueues(text)) tell();
      return rows;
    },
    async transaction(work) {
      const jobs = new JobsOfTransaction();
      const result = await db.transaction((run) => work(jobs.noted(run)));
      if (jobs.any) tell();
      return result;
    },
    async begin() {
      const opened = await db.begin();
      const jobs = new JobsOfTransaction();
      return {
        ...opened,
        db: {
          ...opened.db,
          write: jobs.noted(opened.db.write),
          transaction: (work) => opened.db.transaction((run) => work(jobs.noted(run))),
        },
        async commit() {
          await opened.commit();
          if (jobs.any) tell();
        },
      };
    },
  };
}

/** Whether a transaction enqueues anything: nobody else sees it before the commit. */
class JobsOfTransaction {
  any = false;

  noted(run: Run): Run {
    return (text, values) => {
      this.any ||= enqueues(text);
      return run(text, values);
    };
  }
}
