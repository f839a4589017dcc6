import type { Services } from '../../auth/scope.js';
import type { Job } from '../../platform/outbox.js';
import type { Run } from '../../platform/sql.js';
import { recountActivity } from './roll-ups.js';

export const recountTask = 'recount_activity_days';

/** To be enqueued by whatever changes the time zone. One at a time: each holds a connection for as long as it takes. */
export function recountJob(organizationId: string): Job {
  return { task: recountTask, payload: { organizationId }, queue: recountTask };
}

/** Counts the activity of an organization anew, in its present time zone. Until it is done, the days are those of the old one. */
export async function recount({ db }: Pick<Services, 'db'>, payload: unknown): Promise<void> {
  const { organizationId } = payload as { organizationId: string };
  await db.transaction((run) => recountActivity(run, organizationId));
}

/** The same inside of a transaction that is under way, such as an import. */
export function recountWithin(run: Run, organizationId: string): Promise<void> {
  return recountActivity(run, organizationId);
}
