import type { Services } from '../../auth/scope.js';
import { userById } from '../../auth/whole-rows.js';
import { newId } from '../../platform/id.js';
import { type Deliver, letter } from '../../platform/mail.js';
import type { Job } from '../../platform/outbox.js';

export const roleChangeTask = 'send_role_change';

/** Who has another role where. The address is for the worker to find, so that the change need not read it. */
export interface RoleChange {
  userId: string;
  organizationName: string;
  roleName: string;
}

/** Nobody waits for it, so that those of many changes can be sent together. */
const pauseMs = 1_000;

export function roleChangeJob(change: RoleChange): Job {
  return { task: roleChangeTask, payload: { id: newId(), ...change }, runAt: new Date(Date.now() + pauseMs) };
}

/** Tells a member of its other role. */
export async function sendRoleChange(services: Services, deliver: Deliver, payload: unknown): Promise<void> {
  const { id, userId, organizationName, roleName } = payload as RoleChange & { id: string };
  const [user] = await services.db.batcher.load(userById, [userId]);
  if (user?.status !== 'ACTIVE') return;
  const mail = letter({
    to: user.email,
    subject: `Your role in ${organizationName} has changed`,
    paragraphs: [`You are now ${roleName} in ${organizationName}.`],
    closing: 'If you have questions about it, ask an administrator of the organization.',
  });
  await deliver(id, mail);
}
