import { Logger, run, runMigrations, type TaskList } from 'graphile-worker';
import pg from 'pg';
import type { Log } from './log.js';

/** Makes or updates the tables of the job queue. To be called by one process at a time. */
export async function prepareJobs(url: string): Promise<void> {
  await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
}

/** Works through the jobs that changes have enqueued, retrying with growing pauses, until it is stopped. */
export async function startWorker(options: {
  url: string;
  tasks: TaskList;
  log: Log;
}): Promise<{ stop(): Promise<void> }> {
  const { url, tasks, log } = options;
  const pool = openPool(url, log);
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    concurrency: 2,
    noHandleSignals: true,
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error') log.error({ message, meta: { error: String(meta?.error ?? '') } }, 'job failed');
    }),
  });
  return {
    async stop() {
      await runner.stop();
      await pool.end();
    },
  };
}

/** The worker's own pool would take its listeners off before its last connection has closed; one that breaks in between ended the process. */
function openPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 3, application_name: 'tenantry worker' });
  const lost = (err: Error) => log.warn({ err }, 'a database connection of the worker was lost');
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}
