import type { Run } from './sql.js';

/** What lies in the job queue. */
export interface Outbox {
  /** Jobs that are to be done or tried again. */
  waiting: number;
  /** Jobs that were given up after their last try. */
  failed: number;
  /** Since when the oldest job waits that is due or failed before; 0 if there is none. */
  oldestSeconds: number;
}

// A job under way counts as tried already, so its last try looks like a failure but for the lock.
const givenUp = 'attempts >= max_attempts AND locked_at IS NULL';

const text = `SELECT count(*) FILTER (WHERE NOT (${givenUp}))::int AS waiting,
    count(*) FILTER (WHERE ${givenUp})::int AS failed,
    coalesce(extract(epoch FROM now() - min(created_at)
      FILTER (WHERE NOT (${givenUp}) AND (attempts > 0 OR run_at <= now()))), 0)::float8 AS "oldestSeconds"
  FROM graphile_worker.jobs`;

export async function readOutbox(run: Run): Promise<Outbox> {
  const [outbox] = await run<Outbox>(text, []);
  return outbox!;
}
