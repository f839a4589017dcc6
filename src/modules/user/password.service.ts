import { type Scope, type Services, standingIn } from '../../auth/scope.js';
import type { BriefUser } from '../../auth/standing.js';
import { guessing } from '../../auth/throttle.js';
import { badInput } from '../../platform/errors.js';
import { mailJob } from '../../platform/mail.js';
import { hashPassword, passwordMatches } from '../../platform/password.js';
import { Writes } from '../../platform/writes.js';
import { securityMail } from './account.mail.js';
import { accountLinkJob } from './account-link.service.js';
import { isCommonPassword } from './common-passwords.js';
import { openSession, type SessionTokens } from './session.service.js';
import { credentialsById } from './user.loader.js';

/**
 * The salt of an address. Accounts that were registered with the same one share it, so that a log-in hashes once however
 * many there are.
 */
export function saltOf({ seal }: Pick<Services, 'seal'>, email: string): Uint8Array {
  return seal.digest(`password salt of ${email.toLowerCase()}`).subarray(0, 16);
}

/**
 * The hash of a password that somebody chooses.
 *
 * @param field where the password stands in the input.
 * @throws {DomainError} BAD_USER_INPUT if it is among the first that anybody would guess.
 */
export async function hashNewPassword(
  services: Pick<Services, 'seal'>,
  email: string,
  password: string,
  field = 'newPassword',
): Promise<string> {
  const path = `input.${field}`;
  if (password.toLowerCase() === email.toLowerCase()) throw badInput({ path, message: 'is your e-mail address' });
  if (await isCommonPassword(password)) {
    throw badInput({ path, message: 'is one of the passwords that are guessed first; choose another one' });
  }
  return hashPassword(password, saltOf(services, email));
}

/**
 * Changes the caller's password, ends all sessions and links to change it otherwise, and begins a new session.
 *
 * @throws {DomainError} BAD_USER_INPUT if the current password is wrong, or the new one too common.
 * @throws {DomainError} RATE_LIMITED after too many wrong ones.
 */
export async function changePassword(
  scope: Scope,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
): Promise<{ session: SessionTokens }> {
  const { user } = await standingIn(scope);
  await assertPassword(scope, user, currentPassword);
  const passwordHash = await hashNewPassword(scope, user.email, newPassword);
  const writes = new Writes();
  const now = new Date();
  writes.updateWhere('sessions', { userId: user.id }, { revokedAt: now });
  writes.update('users', { id: user.id, passwordHash, updatedAt: now });
  for (const purpose of ['RESET_PASSWORD', 'SET_PASSWORD', 'CHANGE_EMAIL'] as const) {
    writes.deleteWhere('account_tokens', { userId: user.id, purpose });
  }
  const what = 'The password of your account was changed, and all other sessions have ended.';
  writes.enqueue(await mailJob(scope.seal, securityMail({ to: user.email, what })));
  const session = await openSession(scope, writes, user.id);
  await scope.db.transaction(async (run) => {
    // A log-in at the same moment has its turn first, so that its session is seen and ended; or it finds another password.
    await run('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [user.id]);
    await writes.commit(run);
  });
  scope.reads.forget();
  return { session };
}

/** Mails a link to choose a new password, if there is an account. The answer is the same, and as quick, if there is none. */
export async function requestPasswordReset(scope: Scope, email: string): Promise<void> {
  await scope.throttle.take('accountMail', { request: scope.request, account: email });
  const writes = new Writes();
  writes.enqueue(accountLinkJob({ purpose: 'RESET_PASSWORD', email }));
  await writes.commit(scope.db.write);
}

/** Mails the caller a link that proves the address of the account. */
export async function requestEmailVerification(scope: Scope): Promise<void> {
  const { user } = await standingIn(scope);
  if (user.emailVerifiedAt) return;
  await mailLink(scope, user, { purpose: 'VERIFY_EMAIL', userId: user.id });
}

/**
 * Mails a link to the address that the account is to have. Nothing changes until it is used.
 *
 * @throws {DomainError} BAD_USER_INPUT if the password is wrong.
 */
export async function requestEmailChange(
  scope: Scope,
  { newEmail, currentPassword }: { newEmail: string; currentPassword: string },
): Promise<void> {
  const { user } = await standingIn(scope);
  await assertPassword(scope, user, currentPassword);
  await mailLink(scope, user, { purpose: 'CHANGE_EMAIL', userId: user.id, email: newEmail });
}

async function mailLink(scope: Scope, user: BriefUser, request: Parameters<typeof accountLinkJob>[0]): Promise<void> {
  await scope.throttle.take('accountMail', { request: scope.request, account: user.email });
  const writes = new Writes();
  writes.enqueue(accountLinkJob(request));
  await writes.commit(scope.db.write);
}

/** Whoever has only found a session open must not get further: the password is asked for again, and counted like a log-in. */
function assertPassword(scope: Scope, user: BriefUser, password: string): Promise<void> {
  return guessing(scope.throttle, 'password', { request: scope.request, account: user.email }, async () => {
    const [account] = await scope.db.batcher.load(credentialsById, [user.id]);
    if (account?.passwordHash && (await passwordMatches(password, account.passwordHash))) return;
    const message = account?.passwordHash
      ? 'is not your password'
      : 'is not your password: you have none yet; ask for a link to choose one';
    throw badInput({ path: 'input.currentPassword', message });
  });
}
