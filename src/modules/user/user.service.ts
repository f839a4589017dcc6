import { conflictOf } from '../../auth/conflicts.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import type { OrganizationRow, UserRow } from '../../auth/standing.js';
import type { Workspace } from '../../generated/prisma/client.js';
import { unauthenticated } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { hashPassword, passwordMatches } from '../../platform/password.js';
import { given, Writes } from '../../platform/writes.js';
import { foundOrganization, personalSlug } from '../organization/organization.founding.js';
import { openSession, type SessionTokens } from './session.service.js';
import { credentialsByEmail } from './user.loader.js';

export interface Registration {
  email: string;
  password: string;
  fullName: string;
  username?: string | null;
}

/**
 * Makes an account with its personal organization and workspace, and signs it in. All in one statement.
 *
 * @throws {DomainError} CONFLICT with EMAIL_TAKEN or USERNAME_TAKEN.
 */
export async function register(
  scope: Scope,
  { email, password, fullName, username }: Registration,
): Promise<{ session: SessionTokens; user: UserRow; organization: OrganizationRow; workspace: Workspace }> {
  const writes = new Writes();
  const { passwordHash, ...user } = newUser({ email, fullName, username, passwordHash: await hashPassword(password) });
  writes.insert('users', { ...user, passwordHash });
  const founded = foundOrganization(scope, writes, user, {
    name: fullName,
    slug: personalSlug(user.id, username ?? email.slice(0, email.indexOf('@'))),
    isPersonal: true,
  });
  const session = await openSession(scope, writes, user.id);
  await commit(scope, writes);
  return { session, user, organization: founded.organization, workspace: founded.workspace };
}

/**
 * Signs in.
 *
 * @throws {DomainError} UNAUTHENTICATED, the same and after the same time for a wrong password and an unknown address.
 */
export async function login(
  scope: Scope,
  { email, password }: { email: string; password: string },
): Promise<{ session: SessionTokens; user: UserRow }> {
  const [account] = await scope.db.batcher.load(credentialsByEmail, [email]);
  const matches = await passwordMatches(password, account?.passwordHash);
  if (!account || !matches) throw unauthenticated('The e-mail address or the password is wrong.');
  const { passwordHash: _, ...user } = account;
  const writes = new Writes();
  const session = await openSession(scope, writes, user.id);
  await commit(scope, writes);
  return { session, user };
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
  const { user } = await standingIn(scope);
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
}): UserRow & { passwordHash: string | null } {
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
    createdAt: now,
    updatedAt: now,
  };
}

async function commit(scope: Scope, writes: Writes): Promise<void> {
  try {
    await writes.commit(scope.db.write);
  } catch (error) {
    throw conflictOf(error);
  }
}
