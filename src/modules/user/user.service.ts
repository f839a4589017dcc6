import { conflictOf } from '../../auth/conflicts.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import type { OrganizationRow, UserRow } from '../../auth/standing.js';
import { guessing } from '../../auth/throttle.js';
import { wholeUser } from '../../auth/whole-rows.js';
import type { User, Workspace } from '../../generated/prisma/client.js';
import { DomainError, unauthenticated } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { accountOf, hashPassword, isCurrent } from '../../platform/password.js';
import { given, Writes } from '../../platform/writes.js';
import { type Founded, foundOrganization, personalSlug } from '../organization/organization.founding.js';
import { accountLinkJob } from './account-link.service.js';
import { hashNewPassword, saltOf } from './password.service.js';
import { openSession, type SessionTokens } from './session.service.js';
import { credentialsByEmail, userByEmail, withoutHash } from './user.loader.js';

export interface Registration {
  email: string;
  password: string;
  fullName: string;
  username?: string | null;
}

interface SignedUp {
  session: SessionTokens;
  user: UserRow;
  organization: OrganizationRow;
  workspace: Workspace;
}

/**
 * Makes an account with its personal organization and workspace, signs it in, and mails a link that proves the address.
 *
 * An address that has an account already gets one all the same, a duplicate that leads to nothing: else the answer would
 * tell who has an account. The owner of the address learns of it by mail.
 *
 * @throws {DomainError} CONFLICT with USERNAME_TAKEN.
 * @throws {DomainError} BAD_USER_INPUT for a password that is too common.
 * @throws {DomainError} RATE_LIMITED for too many accounts from one network or with one address.
 */
export async function register(scope: Scope, registration: Registration): Promise<SignedUp> {
  const { email, password } = registration;
  await scope.throttle.take('registration', { request: scope.request, account: email });
  const passwordHash = await hashNewPassword(scope, email, password, 'password');
  try {
    return await signUp(scope, registration, passwordHash);
  } catch (error) {
    // Somebody else has registered the address at the same moment.
    if (!(error instanceof DomainError && error.facts.reason === 'EMAIL_TAKEN')) throw error;
    return signUp(scope, registration, passwordHash);
  }
}

async function signUp(scope: Scope, registration: Registration, passwordHash: string): Promise<SignedUp> {
  const { email } = registration;
  const [owner] = await scope.db.batcher.load(userByEmail, [email]);
  const writes = new Writes();
  const account = { ...newUser({ ...registration, passwordHash }), duplicateOfId: owner?.id ?? null };
  const { organization, workspace } = writeAccount(scope, writes, account);
  writes.enqueue(accountLinkJob({ purpose: 'VERIFY_EMAIL', userId: account.id }));
  const session = await openSession(scope, writes, account.id);
  await commit(scope, writes);
  return { session, user: withoutHash(account), organization, workspace };
}

/** Writes a new user with a personal organization. */
export function writeAccount(scope: Pick<Scope, 'request' | 'plans'>, writes: Writes, account: User): Founded {
  const { username, email, fullName } = account;
  writes.insert('users', account);
  return foundOrganization(scope, writes, account, {
    name: fullName,
    slug: personalSlug(account.id, username ?? email.slice(0, email.indexOf('@'))),
    isPersonal: true,
  });
}

/**
 * Signs in.
 *
 * @throws {DomainError} UNAUTHENTICATED, the same and after the same time for a wrong password and an unknown address.
 * @throws {DomainError} RATE_LIMITED after too many wrong passwords.
 */
export function login(
  scope: Scope,
  { email, password }: { email: string; password: string },
): Promise<{ session: SessionTokens; user: UserRow }> {
  return guessing(scope.throttle, 'password', { request: scope.request, account: email }, async () => {
    // Once more if there is another hash by now: of another password, or of this one, by a log-in at the same moment.
    const signedIn = (await tryLogin(scope, email, password)) ?? (await tryLogin(scope, email, password));
    if (!signedIn) throw wrongCredentials();
    return signedIn;
  });
}

/**
 * @returns null if the hash of the password was replaced meanwhile.
 * @throws {DomainError} UNAUTHENTICATED if the password is wrong.
 */
async function tryLogin(
  scope: Scope,
  email: string,
  password: string,
): Promise<{ session: SessionTokens; user: UserRow } | null> {
  const accounts = await scope.db.batcher.load(credentialsByEmail, [email]);
  const salt = saltOf(scope, email);
  const account = await accountOf(password, accounts, salt);
  if (!account) throw wrongCredentials();
  const writes = new Writes();
  if (!isCurrent(account.passwordHash!, salt)) {
    writes.update('users', { id: account.id, passwordHash: await hashPassword(password, salt) });
  }
  writes.requirePassword(account.id, account.passwordHash!);
  const session = await openSession(scope, writes, account.id);
  return (await commit(scope, writes)) ? { session, user: withoutHash(account) } : null;
}

function wrongCredentials(): DomainError {
  return unauthenticated('The e-mail address or the password is wrong.');
}

/**
 * Changes the caller's own profile. What is absent stays.
 *
 * @throws {DomainError} CONFLICT with USERNAME_TAKEN.
 */
export async function updateMe(
  scope: Scope,
  changes: Partial<Pick<UserRow, 'username' | 'fullName' | 'avatarUrl' | 'timezone'>>,
): Promise<UserRow> {
  const user = await wholeUser(scope, await standingIn(scope));
  const updatedAt = new Date();
  const writes = new Writes();
  writes.update('users', { id: user.id, ...changes, updatedAt });
  await commit(scope, writes);
  scope.reads.forget();
  return { ...user, ...given(changes), updatedAt };
}

/** The row of a new user. */
export function newUser(given: {
  email: string;
  fullName: string;
  username?: string | null | undefined;
  passwordHash: string | null;
}): User {
  const now = new Date();
  return {
    id: newId(),
    email: given.email,
    username: given.username ?? null,
    fullName: given.fullName,
    avatarUrl: null,
    timezone: 'UTC',
    status: 'ACTIVE',
    isSuperAdmin: false,
    passwordHash: given.passwordHash,
    emailVerifiedAt: null,
    lastActiveAt: null,
    duplicateOfId: null,
    createdAt: now,
    updatedAt: now,
  };
}

async function commit(scope: Scope, writes: Writes): Promise<boolean> {
  try {
    return await writes.commit(scope.db.write);
  } catch (error) {
    throw conflictOf(error);
  }
}
