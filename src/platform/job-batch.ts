import type { PoolClient } from 'pg';
import type { Log } from './log.js';

/** How many jobs are done beside the one that the worker was given. */
const most = 50;
/** How many of them at once; what they wait for (a mail server, say) has little more room. */
const atOnce = 4;
/** No other one is begun after so long: a transaction that lasts keeps PostgreSQL from clearing away what is old. */
const longestMs = 5_000;

// Quoted like the statements of the worker itself, so that whoever counts statements can tell both apart from others.
const jobs = '"graphile_worker"._private_jobs';
const tasks = '"graphile_worker"._private_tasks';

/** Those that nobody has tried. Whoever else looks for jobs meanwhile passes them over, and finds them again if this process dies. */
const lockOthers = `SELECT j.id, j.payload FROM ${jobs} j
  WHERE j.is_available AND j.attempts = 0 AND j.job_queue_id IS NULL AND j.run_at <= now()
    AND j.task_id = (SELECT id FROM ${tasks} WHERE identifier = $1)
  ORDER BY j.priority, j.run_at LIMIT ${most} FOR UPDATE SKIP LOCKED`;

/** What has failed waits as long as graphile-worker has it wait, which tries it again by itself. */
const crossOff = `WITH done AS (DELETE FROM ${jobs} WHERE id = ANY($1::bigint[]))
  UPDATE ${jobs} j SET attempts = j.attempts + 1, last_error = failed.error, updated_at = now(),
    run_at = greatest(now(), j.run_at) + exp(least(j.attempts + 1, 10)) * interval '1 second'
  FROM unnest($2::bigint[], $3::text[]) AS failed(id, error) WHERE j.id = failed.id`;

/**
 * A task of which there may be many at once: it finds out what it needs, which may take a statement for all of them, and answers
 * with what is left to do.
 */
export type BatchedTask = (payload: unknown) => Promise<() => Promise<void>>;

interface Surroundings {
  prepare: BatchedTask;
  /** Ends the waiting for jobs that do not come to an end; they are done again, by another worker. */
  givenUp: AbortSignal;
  log: Log;
}

/**
 * Does other jobs of the same task that are due. They are locked by a transaction until it is written down what has become of
 * them: four statements, however many jobs there are, where each would take two by itself. All are prepared at once, and done
 * a few at a time. What was not begun in time is free again.
 *
 * Like every job each is done at least once: again, if the process dies before that.
 */
export async function doOthers(client: PoolClient, task: string, surroundings: Surroundings): Promise<void> {
  await client.query('BEGIN');
  try {
    const { rows } = await client.query<{ id: string; payload: unknown }>(lockOthers, [task]);
    if (rows.length > 0) {
      const { done, failed } = await doAll(rows, surroundings);
      await client.query(crossOff, [done, failed.map(({ id }) => id), failed.map(({ error }) => error)]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function doAll(rows: readonly { id: string; payload: unknown }[], { prepare, givenUp, log }: Surroundings) {
  const done: string[] = [];
  const failed: { id: string; error: string }[] = [];
  const waiting = rows.map(({ id, payload }) => ({ id, prepared: prepare(payload) }));
  // What fails before its turn is told in its turn.
  for (const { prepared } of waiting) prepared.catch(() => {});
  const until = performance.now() + longestMs;
  async function doOneAfterTheOther(): Promise<void> {
    while (performance.now() < until && !givenUp.aborted) {
      const job = waiting.shift();
      if (!job) return;
      try {
        const work = await job.prepared;
        await work();
        done.push(job.id);
      } catch (reason) {
        const error = reason instanceof Error ? reason.message : String(reason);
        failed.push({ id: job.id, error });
        log.error({ meta: { error } }, 'job failed');
      }
    }
  }
  await Promise.race([Promise.all(Array.from({ length: atOnce }, doOneAfterTheOther)), aborted(givenUp)]);
  // What comes to an end after this is done again.
  return { done: [...done], failed: [...failed] };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
