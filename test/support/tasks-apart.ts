import { vi } from 'vitest';
import type * as Tasks from '../../src/tasks.js';
import { asTasks } from './statements.js';

// For the project's setup files, so that it holds for whatever gateway a test starts.
vi.mock('../../src/tasks.js', async (original) => {
  const { tasksOf, batchedTasksOf, ...rest } = await original<typeof Tasks>();
  const apart: Pick<typeof Tasks, 'tasksOf' | 'batchedTasksOf' | 'schedule'> = {
    tasksOf: (...given) => asTasks(tasksOf(...given)),
    batchedTasksOf: (...given) => asTasks(batchedTasksOf(...given)),
    // A test that looks at the jobs there are would find others every ten minutes.
    schedule: {},
  };
  return { ...rest, ...apart };
});
