import type { Services } from '../../auth/scope.js';
import { newId } from '../../platform/id.js';
import { type Deliver, letter } from '../../platform/mail.js';
import type { Job } from '../../platform/outbox.js';
import { keyed } from '../../platform/sql.js';

export const roleChangeTask = 'send_role_change';

/** Who has another role where. The address is for the worker to find, so that the change need not read it. */
export interface RoleChange {
  userId: string;
  organizationName: string;
  roleName: string;
}

const recipient = keyed<{ email: string }>({
  key: ['id'],
  select: 'u.email AS "email"',
  from: `JOIN users u ON u.id = key.id AND u.status = 'ACTIVE'`,
});

/** Nobody waits for it, so that those of many changes can be sent together. */
const pauseMs = 1_000;

export function roleChangeJob(change: RoleChange): Job {
  return { task: roleChangeTask, payload: { id: newId(), ...change }, runAt: new Date(Date.now() + pauseMs) };
}

/** Finds the address of a member, to be told of its other role then. Somebody who is no longer there is not told. */
export async function prepareRoleChange(
  services: Services,
  deliver: Deliver,
  payload: unknown,
): Promise<() => Promise<void>> {
  const { id, userId, organizationName, roleName } = payload as RoleChange & { id: string };
  const [user] = await services.db.batcher.load(recipient, [userId]);
  if (!user) return async () => {};
  const mail = letter({
    to: user.email,
    subject: `Your role in ${organizationName} has changed`,
    paragraphs: [`You are now ${roleName} in ${organizationName}.`],
    closing: 'If you have questions about it, ask an administrator of the organization.',
  });
  return () => deliver(id, mail);
}
