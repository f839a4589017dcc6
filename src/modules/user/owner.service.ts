import type { Scope } from '../../auth/scope.js';
import type { Actor } from '../../auth/standing.js';
import { conflict } from '../../platform/errors.js';
import { mailJob } from '../../platform/mail.js';
import type { Writes } from '../../platform/writes.js';
import { handedOverMail } from './account.mail.js';
import { accountLinkJob } from './account-link.service.js';
import { lockOut } from './account-proof.service.js';
import { userByEmail } from './user.loader.js';
import { newUser, writeAccount } from './user.service.js';

/** Who is to own an organization. */
export interface NewOwner {
  email: string;
  fullName: string;
}

/**
 * Finds or makes the account of somebody who is to own an organization, and tells that person by mail.
 *
 * The organization is for whoever owns the address. Where nobody has proven that yet, whatever let anybody into the account
 * goes, and the link in the mail is the way in.
 *
 * @throws {DomainError} CONFLICT with USER_NOT_ACTIVE for an account that is suspended.
 */
export async function writeOwner(
  scope: Scope,
  writes: Writes,
  { email, fullName }: NewOwner,
  organizationName: string,
): Promise<Actor> {
  const [account] = await scope.db.batcher.load(userByEmail, [email]);
  const newcomer = newUser({ email, fullName, passwordHash: null });
  const { id } = account ?? newcomer;
  if (!account) {
    writeAccount(scope, writes, newcomer);
  } else {
    if (account.status !== 'ACTIVE') throw conflict('USER_NOT_ACTIVE', 'The owner has an account that is suspended.');
    writes.requireUser(id);
  }
  if (account?.emailVerifiedAt) {
    writes.enqueue(await mailJob(scope.seal, handedOverMail({ to: account.email, organizationName })));
    return { id, isSuperAdmin: false };
  }
  if (account) {
    lockOut(writes, id);
    writes.update('users', { id, passwordHash: null, updatedAt: new Date() });
  }
  writes.enqueue(accountLinkJob({ purpose: 'SET_PASSWORD', userId: id, organizationName }));
  return { id, isSuperAdmin: false };
}
