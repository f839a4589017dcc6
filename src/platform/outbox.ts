/** What lies in the job queue. */
export interface Outbox {
  /** Jobs that are to be done or tried again. */
  waiting: number;
  /** Jobs that were given up after their last try. */
  failed: number;
  /** Since when the oldest job waits that is due or failed before; null if there is none. */
  oldestSeconds: number | null;
}

// A job under way counts as tried already, so its last try looks like a failure but for the lock.
const givenUp = 'attempts >= max_attempts AND locked_at IS NULL';

/** Reads an `Outbox`. */
export const outboxStatement = `SELECT count(*) FILTER (WHERE NOT (${givenUp}))::int AS waiting,
    count(*) FILTER (WHERE ${givenUp})::int AS failed,
    extract(epoch FROM now() - min(created_at)
      FILTER (WHERE NOT (${givenUp}) AND (attempts > 0 OR run_at <= now())))::float8 AS "oldestSeconds"
  FROM graphile_worker.jobs`;
