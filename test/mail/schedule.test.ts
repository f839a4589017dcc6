import { expect, it, vi } from 'vitest';
import type { Services } from '../../src/auth/scope.js';
import type * as Tasks from '../../src/tasks.js';
import { useJobQueue } from './job-queue.js';

const { sql, worker } = useJobQueue();

it('holds tasks that there are, each with a time that the worker understands', async () => {
  const { schedule, tasksOf } = await vi.importActual<typeof Tasks>('../../src/tasks.js');
  expect(Object.keys(schedule).length).toBeGreaterThan(0);
  expect(Object.keys(tasksOf({} as Services, async () => {}))).toEqual(expect.arrayContaining(Object.keys(schedule)));
  await worker({}, { schedule });
  const known = await sql<{ identifier: string }>('SELECT identifier FROM graphile_worker._private_known_crontabs');
  expect(known.map(({ identifier }) => identifier).sort()).toEqual(Object.keys(schedule).sort());
});
