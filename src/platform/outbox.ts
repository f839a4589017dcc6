import { ofGuarded, type Parameter, type Row, type RowSource, recordset, sourceOf } from './row-source.js';

/** A job for the worker, enqueued by the same statement that makes the change. */
export interface Job {
  task: string;
  payload: object;
  /** Not before this moment. */
  runAt?: Date;
  /** Jobs of the same queue are done one after the other. */
  queue?: string;
}

const queueTable = 'graphile_worker._private_jobs';

/**
 * What a statement has to do to enqueue jobs, if there is a row in `guard`; and what it has to select for that to happen.
 *
 * It puts them where graphile-worker's `add_job` would, but without its NOTIFY: who notifies holds a lock from before its commit
 * until after it, one for all databases of the server, so that changes would be made to last one after the other. Whoever has
 * enqueued wakes its own worker (`announcing`). A job that has a queue is too rare to be worth it.
 */
export function enqueuing(jobs: readonly Job[], parameter: Parameter): { parts: string[]; selected: string[] } {
  const free = jobs.filter(({ queue }) => queue === undefined).map(toRow);
  const queued = jobs.filter(({ queue }) => queue !== undefined).map(toRow);
  const parts: string[] = [];
  const selected: string[] = [];
  if (free.length > 0) {
    parts.push(insertion(sourceOf(free, parameter, records)));
  }
  if (queued.length > 0) {
    parts.push(`queued AS MATERIALIZED (SELECT graphile_worker.add_job(r.task, r.payload, r.queue, r.run_at)
      FROM ${records(recordset(queued, parameter))}, guard)`);
    // A part that only selects happens only when it is asked for.
    selected.push('(SELECT count(*) FROM queued) AS queued');
  }
  return { parts, selected };
}

/** The same for jobs without a queue of several organizations; `guard` has those that may be written. */
export function enqueuingOfGuarded(
  jobs: readonly (Job & { organizationId: string })[],
  parameter: Parameter,
): string[] {
  if (jobs.length === 0) return [];
  const rows = jobs.map((job) => ({ organization_id: job.organizationId, ...toRow(job) }));
  return [insertion(ofGuarded(rows, parameter, records))];
}

function insertion({ from, value }: RowSource): string {
  return `job AS (INSERT INTO ${queueTable} (task_id, payload, run_at)
    SELECT (SELECT id FROM graphile_worker._private_tasks WHERE identifier = ${value('task')}), ${value('payload')},
      coalesce(${value('run_at')}, now()) FROM ${from})`;
}

/** Whether there are jobs among these that the worker has to be told of. What has its time is found when it has come. */
export function areDue(jobs: readonly Job[]): boolean {
  return jobs.some(({ queue, runAt }) => queue === undefined && runAt === undefined);
}

function records(json: string): string {
  return `jsonb_to_recordset(${json}) AS r(task text, payload json, queue text, run_at timestamptz, organization_id uuid)`;
}

function toRow({ task, payload, queue = null, runAt = null }: { [Field in keyof Job]: Job[Field] | null }): Row {
  return { task, payload, queue, run_at: runAt };
}

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
