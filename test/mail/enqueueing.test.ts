import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailTask } from '../../src/platform/mail.js';
import { Writes } from '../../src/platform/writes.js';
import { aWorld } from '../support/world.js';
import * as acts from './acts.js';
import { useMailing } from './mailing.js';

const mailing = useMailing();
let client: pg.Client;
const notified: string[] = [];

beforeAll(async () => {
  client = new pg.Client({ connectionString: mailing().databaseUrl });
  await client.connect();
  client.on('notification', ({ channel }) => notified.push(channel));
  await client.query('LISTEN "jobs:insert"');
});
afterAll(() => client.end());

/** So much less than it takes a worker to look ten times whether there is something to do. */
const soon = 4_000;

describe('a change that enqueues mail', () => {
  it.each([
    ['by itself', () => ({})],
    ['with an Idempotency-Key, whose transaction ends later', () => ({ 'idempotency-key': randomUUID() })],
  ])('%s: wakes the worker, and notifies nobody', async (_, headers: () => Record<string, string>) => {
    const { organization, admin } = await aWorld(mailing().gateway);
    const document = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }';
    const startedAt = performance.now();
    for (let number = 0; number < 10; number += 1) {
      const email = acts.anAddress();
      const input = { organizationId: organization.id, email, role: 'member' };
      expect((await admin.send(document, { input }, headers())).errors).toBeUndefined();
      await mailing().inbox.mailFor(email);
    }
    expect(performance.now() - startedAt).toBeLessThan(soon);
    // Whatever was notified before this has come by its answer.
    await client.query('SELECT');
    expect(notified).toEqual([]);
  });
});

describe('jobs of one change', () => {
  const tomorrow = new Date(Date.now() + 86_400_000);
  const commit = (...tasks: { task: string; queue?: string }[]) => {
    const writes = new Writes();
    for (const job of tasks) writes.enqueue({ ...job, payload: { text: `it's "so"` }, runAt: tomorrow });
    return writes.commit(mailing().gateway.services.db.write);
  };
  const jobs = async () => {
    const { rows } = await client.query(
      `WITH gone AS (DELETE FROM graphile_worker._private_jobs RETURNING id, payload)
       SELECT task_identifier AS task, queue_name AS queue, run_at AS "runAt", gone.payload, max_attempts AS tries
       FROM gone JOIN graphile_worker.jobs USING (id) ORDER BY id`,
    );
    return rows;
  };
  const enqueued = { task: mailTask, queue: null, runAt: tomorrow, payload: { text: `it's "so"` }, tries: 25 };

  it.each([1, 2, 50])('%i of them wait as if graphile-worker had enqueued them itself', async (count) => {
    expect(await commit(...Array.from({ length: count }, () => ({ task: mailTask })))).toBe(true);
    expect(await jobs()).toEqual(Array.from({ length: count }, () => enqueued));
  });

  it('may have a queue, or none', async () => {
    const queue = randomUUID();
    expect(await commit({ task: mailTask }, { task: mailTask, queue }, { task: mailTask, queue })).toBe(true);
    const left = (await jobs()).sort((one, other) => Number(one.queue !== null) - Number(other.queue !== null));
    expect(left).toEqual([enqueued, { ...enqueued, queue }, { ...enqueued, queue }]);
  });

  it('are refused, and the change with them, if nobody has ever worked on such', async () => {
    await expect(commit({ task: mailTask }, { task: 'unheard_of' })).rejects.toThrow('task_id');
    expect(await jobs()).toEqual([]);
  });
});
