import { conflictOf } from '../../auth/conflicts.js';
import type { ExternalClaims } from '../../auth/external-token.js';
import type { Scope } from '../../auth/scope.js';
import { DomainError, unauthenticated } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { keyed } from '../../platform/sql.js';
import { Writes } from '../../platform/writes.js';
import { endDuplicates, lockOut } from './account-proof.service.js';
import { userByEmail } from './user.loader.js';
import { newUser, writeAccount } from './user.service.js';

const identityOf = keyed<{ id: string }>({
  key: ['issuer', 'subject'],
  types: ['text', 'text'],
  select: 'i.id',
  from: 'JOIN external_identities i ON i.issuer = key.issuer AND i.subject = key.subject',
});

/**
 * Gives somebody whom another issuer vouches for an account, or the one that has the address already.
 *
 * An account whose address nobody has proven may be somebody else's: whatever let anybody into it before goes.
 *
 * @throws {DomainError} UNAUTHENTICATED if the issuer has verified no address, or if the account may not sign in.
 */
export async function admit(scope: Scope, claims: ExternalClaims): Promise<void> {
  // The first requests of somebody new often come several at once, and others may want the address at the same moment.
  if (await isAdmitted(scope, claims)) return;
  if (!(await isAdmitted(scope, claims))) throw unauthenticated('Try again: the account was just being made.');
}

/** Whether somebody is known, or has become so now; not if another request came in between. */
async function isAdmitted(scope: Scope, claims: ExternalClaims): Promise<boolean> {
  const { db } = scope;
  const { issuer, subject } = claims;
  const [known] = await db.batcher.load(identityOf, [issuer, subject]);
  if (known) return true;
  if (!claims.email) {
    throw unauthenticated(
      'The issuer of the token has not verified an e-mail address of yours, so there is no account.',
    );
  }
  const writes = new Writes();
  const userId = await accountWith(scope, writes, claims.email, claims.fullName);
  writes.insert('external_identities', { id: newId(), issuer, subject, userId });
  try {
    await writes.commit(db.write);
  } catch (error) {
    if (conflictOf(error) instanceof DomainError) return false;
    throw error;
  }
  await endDuplicates(db.write, claims.email);
  return true;
}

async function accountWith(scope: Scope, writes: Writes, email: string, fullName: string | null): Promise<string> {
  const now = new Date();
  const [account] = await scope.db.batcher.load(userByEmail, [email]);
  if (!account) {
    const handle = email.slice(0, email.indexOf('@'));
    const user = newUser({ email, fullName: fullName ?? handle, passwordHash: null });
    writeAccount(scope, writes, { ...user, emailVerifiedAt: now });
    return user.id;
  }
  if (account.status !== 'ACTIVE') throw unauthenticated('The account is suspended.');
  if (!account.emailVerifiedAt) {
    lockOut(writes, account.id);
    writes.update('users', { id: account.id, passwordHash: null, emailVerifiedAt: now, updatedAt: now });
  }
  return account.id;
}
