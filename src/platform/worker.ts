import { Logger, type Runner, run, runMigrations, type TaskList } from 'graphile-worker';
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
  const runner: Runner = await run({
    connectionString: url,
    maxPoolSize: 3,
    taskList: tasks,
    concurrency: 2,
    noHandleSignals: true,
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error') log.error({ message, meta: { error: String(meta?.error ?? '') } }, 'job failed');
    }),
  });
  return { stop: () => runner.stop() };
}
