import { forgetAnswers } from './auth/idempotency.js';
import type { Services } from './auth/scope.js';
import { rotateSigningKeys } from './auth/signing-keys.js';
import { recount, recountTask } from './modules/engagement/recount.service.js';
import { forgetPrivateKeys } from './modules/integration-token/integration-key.service.js';
import { prepareRoleChange, roleChangeTask } from './modules/member/member.mail.js';
import { accountLinkTask, type LinkRequest, sendAccountLink } from './modules/user/account-link.service.js';
import type { Database } from './platform/database.js';
import { type Deliver, mailTask, sendMail } from './platform/mail.js';
import type { BatchedTasks, Schedule, Tasks } from './platform/worker.js';

/** The tasks that changes enqueue. */
export const enqueuedTasks = [mailTask, accountLinkTask, roleChangeTask, recountTask];

/** What is done in the background: what changes have enqueued, and what has its hour. */
export function tasksOf(services: Services, deliver: Deliver): Tasks {
  return {
    [mailTask]: (payload) => sendMail(services.seal, deliver, payload),
    [accountLinkTask]: (payload) => sendAccountLink(services, payload as LinkRequest),
    [recountTask]: (payload) => recount(services, payload),
    rotate_signing_keys: () => rotateSigningKeys(services.db, services.seal),
    forget_private_keys: () => forgetPrivateKeys(services),
    forget_what_is_over: () => forgetWhatIsOver(services.db),
    forget_answers: () => forgetAnswers(services.db),
  };
}

/** Of these there are as many as a busy app has changes. */
export function batchedTasksOf(services: Services, deliver: Deliver): BatchedTasks {
  return { [roleChangeTask]: (payload) => prepareRoleChange(services, deliver, payload) };
}

export const schedule: Schedule = {
  rotate_signing_keys: '17 * * * *',
  forget_private_keys: '23 * * * *',
  forget_what_is_over: '43 3 * * *',
  forget_answers: '*/10 * * * *',
};

/** A week after its end nobody asks for a session, a link or a counter any more. */
async function forgetWhatIsOver({ write }: Database): Promise<void> {
  await write(`DELETE FROM sessions WHERE least(expires_at, revoked_at) < now() - interval '7 days'`, []);
  await write(`DELETE FROM account_tokens WHERE expires_at < now() - interval '7 days'`, []);
  await write('DELETE FROM rate_limits WHERE expire < $1', [Date.now()]);
}
