import { conflictOf } from '../../auth/conflicts.js';
import type { Scope } from '../../auth/scope.js';
import type { UserRow } from '../../auth/standing.js';
import { guessing } from '../../auth/throttle.js';
import { type AccountToken, Prisma, type User } from '../../generated/prisma/client.js';
import type { AccountTokenPurpose } from '../../generated/prisma/enums.js';
import { DomainError } from '../../platform/errors.js';
import { mailJob } from '../../platform/mail.js';
import { secretHashText } from '../../platform/secret.js';
import { columns, keyed, type Run } from '../../platform/sql.js';
import { Writes } from '../../platform/writes.js';
import { securityMail } from './account.mail.js';
import { accountLinkJob } from './account-link.service.js';
import { hashNewPassword } from './password.service.js';
import { openSession, type SessionTokens } from './session.service.js';
import { withoutHash } from './user.loader.js';

/**
 * Proves an e-mail address by the secret that was mailed to it: the one that an account was made with, or the one that it is
 * to have from now on.
 *
 * Whoever makes an account need not own its address. So unless the caller is signed in to that very account, whatever lets
 * anybody into it goes (password, sessions, API keys), and the owner of the address is mailed a link to choose a password.
 *
 * Nor need whoever wants another address own that one: the same goes for it.
 *
 * @param callerId the user who is signed in, if anybody is.
 * @throws {DomainError} NOT_FOUND for a secret that was never given, was used, or has expired.
 * @throws {DomainError} CONFLICT with EMAIL_TAKEN if the new address got an account meanwhile.
 */
export function verifyEmail(scope: Scope, token: string, callerId: string | null): Promise<UserRow> {
  return withToken(scope, token, ['VERIFY_EMAIL', 'CHANGE_EMAIL'], async ({ account, purpose, email }, writes) => {
    const moves = purpose === 'CHANGE_EMAIL';
    if (!moves && account.emailVerifiedAt) return withoutHash(account);
    const now = new Date();
    // Whoever has an address of one's own is nobody's duplicate.
    const proven = { email, emailVerifiedAt: now, updatedAt: now, duplicateOfId: moves ? null : account.duplicateOfId };
    if (callerId === account.id) {
      if (moves) writes.deleteWhere('account_tokens', { userId: account.id });
      writes.update('users', { id: account.id, ...proven });
    } else {
      lockOut(writes, account.id);
      writes.update('users', { id: account.id, ...proven, passwordHash: null });
      writes.enqueue(accountLinkJob({ purpose: 'RESET_PASSWORD', email }));
    }
    if (moves) {
      const what = `Your account is now signed in to as ${email}, no longer with this address.`;
      writes.enqueue(await mailJob(scope.seal, securityMail({ to: account.email, what })));
    }
    return withoutHash({ ...account, ...proven });
  });
}

/**
 * Sets a password by the secret of a link, which proves the address as well, ends all sessions, and signs in.
 *
 * @throws {DomainError} NOT_FOUND for a secret that was never given, was used, or has expired.
 * @throws {DomainError} BAD_USER_INPUT for a password that is too common.
 */
export async function resetPassword(
  scope: Scope,
  { token, newPassword }: { token: string; newPassword: string },
): Promise<{ session: SessionTokens; user: UserRow }> {
  const [link] = await scope.db.batcher.load(addressOfToken, [secretHashText(token)]);
  // Hashing takes its time, which no connection should be held for.
  const passwordHash = link && (await hashNewPassword(scope, link.email, newPassword));
  return withToken(scope, token, ['RESET_PASSWORD', 'SET_PASSWORD'], async ({ account }, writes) => {
    const now = new Date();
    const changed = { emailVerifiedAt: account.emailVerifiedAt ?? now, updatedAt: now };
    if (account.emailVerifiedAt) {
      writes.updateWhere('sessions', { userId: account.id }, { revokedAt: now });
      writes.deleteWhere('account_tokens', { userId: account.id });
    } else {
      lockOut(writes, account.id);
    }
    writes.update('users', { id: account.id, passwordHash: passwordHash!, ...changed });
    const session = await openSession(scope, writes, account.id);
    return { session, user: { ...withoutHash(account), ...changed } };
  });
}

/** Ends whatever lets anybody into an account, or may later, but for its password. */
export function lockOut(writes: Writes, userId: string): void {
  writes.updateWhere('sessions', { userId }, { revokedAt: new Date() });
  writes.deleteWhere('api_keys', { userId });
  writes.deleteWhere('external_identities', { userId });
  writes.deleteWhere('account_tokens', { userId });
}

const addressOfToken = keyed<{ email: string }>({
  key: ['hash'],
  types: ['bytea'],
  select: 't.email',
  from: 'JOIN account_tokens t ON t.hash = key.hash AND t.used_at IS NULL AND t.expires_at > now()',
});

type Claimed = Pick<AccountToken, 'purpose' | 'email'> & { account: User };

/** Uses a secret up, and does with its account what it is for; both or neither. */
async function withToken<Result>(
  scope: Scope,
  token: string,
  purposes: AccountTokenPurpose[],
  work: (claimed: Claimed, writes: Writes) => Promise<Result>,
): Promise<Result> {
  const result = await guessing(scope.throttle, 'guess', scope, () =>
    scope.db
      .transaction(async (run) => {
        const claimed = await claim(run, token, purposes);
        const writes = new Writes();
        const done = await work(claimed, writes);
        if (!writes.isEmpty) await writes.commit(run);
        await endDuplicates(run, claimed.email);
        return done;
      })
      .catch((error) => {
        throw conflictOf(error);
      }),
  );
  scope.reads.forget();
  return result;
}

/** Marks the secret as used, so that whoever comes with it at the same moment finds it used, and locks the account. */
async function claim(run: Run, token: string, purposes: AccountTokenPurpose[]): Promise<Claimed> {
  const [used] = await run<Pick<AccountToken, 'userId' | 'purpose' | 'email'>>(
    `UPDATE account_tokens t SET used_at = now() FROM users u
     WHERE t.hash = $1::bytea AND t.purpose::text = ANY($2) AND t.used_at IS NULL AND t.expires_at > now()
       AND u.id = t.user_id AND u.status = 'ACTIVE' AND (t.purpose = 'CHANGE_EMAIL' OR lower(u.email) = lower(t.email))
     RETURNING t.user_id AS "userId", t.purpose, t.email`,
    [secretHashText(token), purposes],
  );
  if (!used) throw new DomainError('NOT_FOUND', 'The link is not valid, or no longer. Ask for another one.');
  const [account] = await run<User>(
    `SELECT ${columns('u', Prisma.UserScalarFieldEnum)} FROM users u WHERE u.id = $1 FOR NO KEY UPDATE`,
    [used.userId],
  );
  return { ...used, account: account! };
}

/** Whoever else has registered an address whose owner has come loses whatever lets anybody in. */
export async function endDuplicates(run: Run, email: string): Promise<void> {
  await run(
    `WITH duplicate AS (
       UPDATE users SET password_hash = NULL
       WHERE lower(email) = lower($1) AND duplicate_of_id IS NOT NULL RETURNING id
     ), key AS (DELETE FROM api_keys k USING duplicate d WHERE k.user_id = d.id),
     link AS (DELETE FROM account_tokens t USING duplicate d WHERE t.user_id = d.id)
     UPDATE sessions s SET revoked_at = now() FROM duplicate d WHERE s.user_id = d.id AND s.revoked_at IS NULL`,
    [email],
  );
}
