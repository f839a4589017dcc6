import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, makeWorkerUtils, run, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import pg from 'pg';
import { type BatchedTask, doOthers } from './job-batch.js';
import type { Log } from './log.js';
import { WorkerLiveness } from './worker-liveness.js';

/** How long a stop waits for jobs that are under way; what is not done by then is done again, by another worker. */
const stopPatienceMs = 5_000;
const restartPauseMs = 1_000;

/** How long a job waits at most that nobody was woken for: that of a process that has died, or one whose moment has come. */
const pollEveryMs = 1_000;

/**
 * Makes or updates the tables of the job queue. To be called by one process at a time.
 *
 * @param tasks what may be enqueued. A worker makes its own tasks known, but the first change may come before it has begun.
 */
export async function prepareJobs(url: string, tasks: readonly string[] = []): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: url, logger: new Logger(() => () => {}) });
  try {
    await utils.migrate();
    await utils.withPgClient((client) =>
      client.query(
        'INSERT INTO graphile_worker._private_tasks (identifier) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
        [tasks],
      ),
    );
  } finally {
    await utils.release();
  }
}

export type Tasks = Record<string, (payload: unknown) => Promise<void>>;

export type BatchedTasks = Record<string, BatchedTask>;

/** Tasks that begin by themselves, once over all replicas, with the time of each as cron has it, in UTC. */
export type Schedule = Record<string, string>;

interface WorkerOptions {
  url: string;
  tasks: Tasks;
  /** Tasks of which whoever does one does what else is due with it. */
  batched?: BatchedTasks;
  schedule: Schedule;
  log: Log;
}

export interface Worker {
  /** Tells it that there may be something to do. */
  wake(): void;
  stop(): Promise<void>;
}

/** Works through the jobs that changes have enqueued, retrying with growing pauses, until it is stopped. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { url, log } = options;
  const pool = openPool(url, log);
  const stopping = new AbortController();
  const { signal } = stopping;

  /** The worker gives up when it cannot tell the database what has become of a job. */
  async function beginAgain(): Promise<RunningWorker | undefined> {
    while (!signal.aborted) {
      log.warn('the worker has ended, and begins again');
      try {
        return await begin(options, pool);
      } catch (err) {
        log.warn({ err }, 'the worker could not begin');
        await sleep(restartPauseMs, undefined, { signal }).catch(() => {});
      }
    }
    return undefined;
  }

  let running: Promise<RunningWorker | undefined> = begin(options, pool);
  const first = await running.catch(async (error) => {
    await pool.end();
    throw error;
  });
  void (async () => {
    for (let worker = first; worker; worker = await running) {
      await worker.ended;
      running = beginAgain();
    }
  })();
  return {
    wake() {
      void running.then((worker) => worker?.wake());
    },
    async stop() {
      stopping.abort();
      await (await running)?.stop();
      await pool.end();
    },
  };
}

interface RunningWorker {
  /** When it has stopped, by itself or because it was told to. */
  ended: Promise<void>;
  wake(): void;
  stop(): Promise<void>;
}

async function begin(options: WorkerOptions, pool: pg.Pool): Promise<RunningWorker> {
  const { url, schedule, log } = options;
  const givingUp = new AbortController();
  const events: WorkerEvents = new EventEmitter();
  let jobPool!: WorkerPool;
  events.on('pool:create', ({ workerPool }) => {
    jobPool = workerPool;
  });
  const underWay = new Set<string>();
  events.on('job:start', ({ job }) => underWay.add(job.id));
  events.on('job:complete', ({ job }) => underWay.delete(job.id));
  const runner = await run({
    events,
    pgPool: pool,
    taskList: taskListOf(options, givingUp.signal),
    crontab: Object.entries(schedule)
      .map(([task, time]) => `${time} ${task}`)
      .join('\n'),
    concurrency: 2,
    pollInterval: pollEveryMs,
    noHandleSignals: true,
    // Without a batch nobody waits for what becomes of a job to be written down, nor hears that it could not be.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error') log.error({ message, meta: { error: String(meta?.error ?? '') } }, 'job failed');
    }),
  });
  let stopping: Promise<void> | undefined;
  const stopOnce = () => {
    stopping ??= runner.stop().catch((err) => log.warn({ err }, 'the worker had ended already'));
    return stopping;
  };
  events.once('pool:gracefulShutdown', async () => {
    while (underWay.size > 0) await once(events, 'job:complete');
    // Whoever could not tell the database what has become of a job may wait for it for ever (graphile/worker#636).
    if (!(await isOverWithin(stopPatienceMs, runner.promise))) await forceToEnd(jobPool, 'It did not end by itself.');
  });
  // Jobs are locked in the name of the pool, not of the workers in it. Whoever sees that it has ended begins again.
  const liveness = new WorkerLiveness(url, { name: jobPool.id, underWay, beginAgain: stopOnce }, log);
  liveness.start();
  return {
    ended: runner.promise.finally(() => liveness.stop()),
    wake() {
      try {
        jobPool.nudge(1);
      } catch {
        // It is about to end. Whoever comes after it looks first of all what there is to do.
      }
    },
    async stop() {
      if (!(await isOverWithin(stopPatienceMs, stopOnce()))) {
        log.warn('what is under way is given back, for another worker to do again');
        givingUp.abort();
        await forceToEnd(jobPool, 'The gateway was stopped meanwhile.');
      }
      await liveness.stop();
    },
  };
}

/** @param reason is kept with the jobs that are given back. */
async function forceToEnd(jobPool: WorkerPool, reason: string): Promise<void> {
  await isOverWithin(stopPatienceMs, jobPool.forcefulShutdown(reason));
}

/** One batch for a job that was given, and no more, so that all tasks have their turn. */
function taskListOf({ tasks, batched = {}, log }: WorkerOptions, givenUp: AbortSignal): TaskList {
  const together: TaskList = {};
  for (const [task, prepare] of Object.entries(batched)) {
    together[task] = async (payload, { withPgClient }) => {
      const own = prepare(payload).then((work) => work());
      own.catch(() => {});
      await withPgClient((client) => doOthers(client, task, { prepare, givenUp, log }));
      await own;
    };
  }
  return { ...tasks, ...together };
}

function isOverWithin(ms: number, work: unknown): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const over = () => {
      clearTimeout(timer);
      resolve(true);
    };
    Promise.resolve(work).then(over, over);
  });
}

/** The worker's own pool would take its listeners off before its last connection has closed; one that breaks in between ended the process. */
function openPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 3, application_name: 'tenantry worker' });
  const lost = (err: Error) => log.warn({ err }, 'a database connection of the worker was lost');
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}
