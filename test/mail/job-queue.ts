import pg from 'pg';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createLog } from '../../src/platform/log.js';
import { type BatchedTasks, prepareJobs, type Schedule, startWorker, type Tasks } from '../../src/platform/worker.js';
import { createDatabase } from '../support/own-gateway.js';

interface JobRow {
  locked_by: string | null;
  attempts: number;
  last_error: string | null;
}

/** A job queue in a database of its own for each test, and workers on it. */
export function useJobQueue() {
  let url: string;
  let ends: (() => Promise<unknown>)[];
  const tasks: { end(): void }[] = [];

  beforeEach(async () => {
    const database = await createDatabase();
    ({ url } = database);
    ends = [database.drop];
    await prepareJobs(url);
  });
  afterEach(async () => {
    for (const task of tasks.splice(0)) task.end();
    for (const end of ends.reverse()) await end();
  });

  async function sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text, values)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  return {
    url: () => url,
    /** Is done after the test. */
    ends: (end: () => Promise<unknown>) => void ends.push(end),
    sql,

    async worker(
      tasks: Tasks,
      given: { url?: string; batched?: BatchedTasks; schedule?: Schedule } = {},
    ): Promise<{ stop(): Promise<void> }> {
      const started = await startWorker({ url, tasks, schedule: {}, log: createLog('silent'), ...given });
      let stopping: Promise<void> | undefined;
      const stop = () => {
        stopping ??= started.stop();
        return stopping;
      };
      ends.push(stop);
      return { stop };
    },

    enqueue: (task: string, times = 1) =>
      sql("SELECT graphile_worker.add_job($1, json_build_object('n', n)) FROM generate_series(1, $2::int) n", [
        task,
        times,
      ]),

    /** Lets the jobs that are locked have been so for an hour. */
    age: () =>
      sql(`UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 hour' WHERE locked_at IS NOT NULL`),

    jobs: () => sql<JobRow>('SELECT locked_by, attempts, last_error FROM graphile_worker._private_jobs'),

    locks: () =>
      sql(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`),

    /** A task that takes as long as the test wants. */
    slowTask() {
      let runs = 0;
      const ending: (() => void)[] = [];
      const end = () => {
        for (const resolve of ending.splice(0)) resolve();
      };
      tasks.push({ end });
      return {
        task() {
          runs += 1;
          return new Promise<void>((resolve) => ending.push(resolve));
        },
        begun: (times = 1) => vi.waitFor(() => expect(runs).toBe(times), { timeout: 10_000 }),
        runs: () => runs,
        endOne: () => ending.shift()?.(),
        end,
      };
    },
  };
}
