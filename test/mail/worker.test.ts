import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../src/platform/log.js';
import { prepareJobs, startWorker, type Tasks } from '../../src/platform/worker.js';
import { createDatabase } from '../support/own-gateway.js';
import { severable } from './severable.js';

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

async function worker(tasks: Tasks, given = url): Promise<{ stop(): Promise<void> }> {
  const started = await startWorker({ url: given, tasks, schedule: {}, log: createLog('silent') });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= started.stop();
    return stopping;
  };
  ends.push(stop);
  return { stop };
}

const enqueue = (task: string) => sql('SELECT graphile_worker.add_job($1)', [task]);

/** Lets the jobs that are locked have been so for an hour. */
const age = () =>
  sql(`UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 hour' WHERE locked_at IS NOT NULL`);

interface JobRow {
  locked_by: string | null;
  attempts: number;
  last_error: string | null;
}

const jobs = () => sql<JobRow>('SELECT locked_by, attempts, last_error FROM graphile_worker._private_jobs');

const locks = () =>
  sql(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);

/** A task that takes as long as the test wants. */
function slowTask() {
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
    end,
  };
}

describe('the jobs of a worker', () => {
  it('are given back when it is dead', async () => {
    let runs = 0;
    await enqueue('greet');
    await sql(
      `UPDATE graphile_worker._private_jobs SET locked_by = 'pool-of-the-dead', locked_at = now(), attempts = 1`,
    );
    await age();
    await worker({
      async greet() {
        runs += 1;
      },
    });
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), { timeout: 10_000 });
    expect(runs).toBe(1);
  });

  it('are its own as long as it lives, however long they take', async () => {
    const slow = slowTask();
    await worker({ slow: slow.task });
    await enqueue('slow');
    await slow.begun();
    await age();
    // A worker that begins looks for dead ones at once; and all do every five seconds.
    await worker({ slow: slow.task });
    await sleep(6_000);
    expect(slow.runs()).toBe(1);
    expect(await jobs()).toMatchObject([{ locked_by: expect.any(String) }]);
    slow.end();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), { timeout: 10_000 });
    expect(slow.runs()).toBe(1);
  });

  it('stay its own after the connection that proves its life was lost, for it gets another one', async () => {
    const slow = slowTask();
    await worker({ slow: slow.task });
    await vi.waitFor(async () => expect(await locks()).toHaveLength(1));
    const [before] = await locks();
    await enqueue('slow');
    await slow.begun();
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'tenantry worker liveness' AND datname = current_database()`);
    await vi.waitFor(
      async () => {
        const after = await locks();
        expect(after).toHaveLength(1);
        expect(after).not.toEqual([before]);
      },
      { timeout: 2_000 },
    );
    await age();
    await worker({ slow: slow.task });
    await sleep(1_000);
    expect(slow.runs()).toBe(1);
    slow.end();
  });
});

describe('a worker whose database is away for a while', () => {
  it('works on afterwards, and does again what it could not tell the end of', async () => {
    const way = await severable(url);
    ends.push(way.close);
    const slow = slowTask();
    await worker({ slow: slow.task }, way.url);
    await enqueue('slow');
    await slow.begun();
    way.sever();
    slow.end();
    await sleep(500);
    await age();
    way.restore();
    await slow.begun(2);
    slow.end();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), { timeout: 10_000 });
  });

  it('can be stopped meanwhile, within seconds', async () => {
    const way = await severable(url);
    ends.push(way.close);
    const { stop } = await worker({ greet: async () => {} }, way.url);
    way.sever();
    await sleep(500);
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('stopping', () => {
  it('finishes what is under way, and leaves no lock', async () => {
    const slow = slowTask();
    const { stop } = await worker({ slow: slow.task });
    await enqueue('slow');
    await slow.begun();
    const stopped = stop();
    await sleep(1_000);
    slow.end();
    await stopped;
    expect(await jobs()).toEqual([]);
    expect(await locks()).toEqual([]);
  });

  it('gives back what does not come to an end, within seconds', async () => {
    const slow = slowTask();
    const { stop } = await worker({ slow: slow.task });
    await enqueue('slow');
    await slow.begun();
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await jobs()).toMatchObject([{ locked_by: null, attempts: 1 }]);
    expect(await locks()).toEqual([]);
    slow.end();
  });

  it('begins no other job', async () => {
    const slow = slowTask();
    const { stop } = await worker({ slow: slow.task });
    for (let number = 0; number < 5; number += 1) await enqueue('slow');
    await slow.begun(2);
    const stopped = stop();
    await sleep(100);
    slow.end();
    await stopped;
    expect(slow.runs()).toBe(2);
    expect(await jobs()).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ locked_by: null, attempts: 0 })),
    );
  });
});
