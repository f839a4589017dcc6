import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { useJobQueue } from './job-queue.js';

const { sql, worker, enqueue, jobs, slowTask } = useJobQueue();

const allDone = () => vi.waitFor(async () => expect(await jobs()).toEqual([]), { timeout: 10_000 });

/** A task of which those that are due are done together, and that needs nothing for it. */
const together = (name: string, task: (payload: unknown) => Promise<void>) => ({
  batched: { [name]: async (payload: unknown) => () => task(payload) },
});

/** Lets whatever has begun come to its end until something has come about. */
async function endingAll({ end }: { end(): void }, until: () => Promise<unknown>): Promise<void> {
  const ending = setInterval(end, 50);
  await until().finally(() => clearInterval(ending));
}

/** How many are under way once no other one is begun: of thirty one worker may have locked all. */
async function underWay({ runs }: { runs(): number }): Promise<number> {
  await vi.waitFor(() => expect(runs()).toBeGreaterThanOrEqual(5), { timeout: 10_000 });
  await sleep(500);
  expect(runs()).toBeLessThanOrEqual(10);
  return runs();
}

/** How many transactions this database has seen committed, once it has counted all of them. */
async function commits(): Promise<number> {
  await sleep(1_100);
  const [row] = await sql<{ commits: string }>(
    'SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row!.commits);
}

describe('jobs that are done together', () => {
  it('are all done, each once, in a few transactions', async () => {
    const done: number[] = [];
    await enqueue('greet', 500);
    const before = await commits();
    await worker(
      {},
      together('greet', async (payload) => void done.push((payload as { n: number }).n)),
    );
    await allDone();
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    // One by one they take two each.
    expect((await commits()) - before).toBeLessThan(150);
  });

  it('are begun four at a time beside the one that was given, while those of other tasks are done one by one', async () => {
    const slow = slowTask();
    const other = slowTask();
    await enqueue('slow', 60);
    await worker({ other: other.task }, together('slow', slow.task));
    // Two work.
    await slow.begun(10);
    await endingAll(slow, allDone);
    expect(slow.runs()).toBe(60);
    await enqueue('other', 3);
    await other.begun(2);
    await sleep(300);
    expect(other.runs()).toBe(2);
  });

  it('are prepared all at once, and what fails in that fails by itself', async () => {
    const slow = slowTask();
    const prepared: number[] = [];
    await enqueue('slow', 30);
    await worker(
      {},
      {
        batched: {
          async slow(payload) {
            const { n } = payload as { n: number };
            prepared.push(n);
            if (n === 7 && prepared.filter((one) => one === 7).length === 1)
              throw new Error('Nobody knows the address.');
            return slow.task;
          },
        },
      },
    );
    await underWay(slow);
    expect(prepared).toHaveLength(30);
    await endingAll(slow, allDone);
    expect([slow.runs(), prepared.length]).toEqual([30, 31]);
  });

  it('are not begun any more after five seconds, and are free for others then', async () => {
    const slow = slowTask();
    await enqueue('slow', 30);
    await worker({}, together('slow', slow.task));
    const begun = await underWay(slow);
    await sleep(5_000);
    const next = slowTask();
    await worker({}, together('slow', next.task));
    await sleep(500);
    expect([slow.runs(), next.runs()]).toEqual([begun, 0]);
    slow.end();
    // What was under way came to its end by itself, so that a batch is over without the rest.
    const left = async () => (await jobs()).length;
    await vi.waitFor(async () => expect(await left()).toBe(30 - begun), { timeout: 10_000 });
    await endingAll(slow, () => endingAll(next, allDone));
    expect(slow.runs() + next.runs()).toBe(30);
  });

  it('fail by themselves, and are tried again later', async () => {
    const tried: number[] = [];
    await enqueue('greet', 20);
    await worker(
      {},
      together('greet', async (payload) => {
        const { n } = payload as { n: number };
        tried.push(n);
        if (n === 7 && tried.filter((one) => one === 7).length === 1) throw new Error('Nobody is at home.');
      }),
    );
    const failed = [{ locked_by: null, attempts: 1, last_error: 'Nobody is at home.' }];
    await vi.waitFor(async () => expect(await jobs()).toEqual(failed), { timeout: 10_000 });
    const [row] = await sql<{ seconds: number }>(
      'SELECT extract(epoch FROM run_at - updated_at)::float8 AS seconds FROM graphile_worker._private_jobs',
    );
    expect(row!.seconds).toBeCloseTo(Math.E, 1);
    await allDone();
    expect(tried).toHaveLength(21);
  });

  it('are passed over by other workers meanwhile', async () => {
    const slow = slowTask();
    await enqueue('slow', 30);
    await worker({}, together('slow', slow.task));
    const begun = await underWay(slow);
    await worker({}, together('slow', slow.task));
    await sleep(1_500);
    expect(slow.runs()).toBe(begun);
    await endingAll(slow, allDone);
    expect(slow.runs()).toBe(30);
  });

  it('are done again when the connection that held them is lost', async () => {
    const slow = slowTask();
    await enqueue('slow', 30);
    await worker({}, together('slow', slow.task));
    const begun = await underWay(slow);
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'tenantry worker' AND datname = current_database()`);
    await sleep(500);
    // The one that each of the two was given is theirs still; all others are free.
    const free = (await jobs()).filter(({ locked_by }) => locked_by === null);
    expect(free.length).toBeGreaterThanOrEqual(28);
    await endingAll(slow, allDone);
    // Those of which nobody knew the end were done again.
    expect(slow.runs()).toBeGreaterThanOrEqual(30 + begun - 2);
  });

  it('are given back, within seconds, by a stop that they do not come to an end for', async () => {
    const slow = slowTask();
    const { stop } = await worker({}, together('slow', slow.task));
    await enqueue('slow', 30);
    await vi.waitFor(() => expect(slow.runs()).toBeGreaterThan(1), { timeout: 10_000 });
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect((await jobs()).map(({ locked_by }) => locked_by)).toEqual(Array(30).fill(null));
  });
});
