import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { useJobQueue } from './job-queue.js';
import { severable } from './severable.js';

const { url, ends, sql, worker, enqueue, age, jobs, locks, slowTask } = useJobQueue();

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

  it('do not keep it from others, nor does it begin again for them', async () => {
    const slow = slowTask();
    let greeted = 0;
    await worker({
      slow: slow.task,
      async greet() {
        greeted += 1;
      },
    });
    await enqueue('slow');
    await slow.begun();
    await age();
    const [before] = await jobs();
    // It looks every five seconds for jobs in its name that it does not know of, and believes it the second time.
    await sleep(11_000);
    await enqueue('greet');
    await vi.waitFor(() => expect(greeted).toBe(1), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ locked_by: before!.locked_by }]));
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
    const way = await severable(url());
    ends(way.close);
    const slow = slowTask();
    await worker({ slow: slow.task }, { url: way.url });
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

  it('does what it was given by an answer that was lost', async () => {
    const way = await severable(url());
    ends(way.close);
    const greeted: unknown[] = [];
    await worker({ greet: async (payload) => void greeted.push(payload) }, { url: way.url });
    way.loseAnswer('somebody');
    await sql(`SELECT graphile_worker.add_job('greet', '{"whom":"somebody"}')`);
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ attempts: 1 }]), { timeout: 5_000 });
    await sleep(500);
    expect(greeted).toEqual([]);
    await age();
    await vi.waitFor(() => expect(greeted).toEqual([{ whom: 'somebody' }]), { timeout: 30_000 });
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), { timeout: 10_000 });
  });

  it('begins again, also if another job comes to its end just when it has failed to tell of one', async () => {
    const way = await severable(url());
    ends(way.close);
    const slow = slowTask();
    await worker({ slow: slow.task }, { url: way.url });
    await enqueue('slow', 2);
    await slow.begun(2);
    // graphile-worker counts wrongly what it waits for if the other end is told before it has stopped to listen.
    way.loseAnswer('DELETE 1');
    way.delayAnswers('UNLISTEN', 1_000);
    slow.endOne();
    await sleep(50);
    slow.endOne();
    await sleep(2_000);
    await enqueue('slow');
    await slow.begun(3);
    slow.end();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]), { timeout: 10_000 });
  });

  it('can be stopped meanwhile, within seconds', async () => {
    const way = await severable(url());
    ends(way.close);
    const { stop } = await worker({ greet: async () => {} }, { url: way.url });
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
