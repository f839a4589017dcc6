import { type AuditTarget, platformEvent } from '../../auth/audit.js';
import type { Scope } from '../../auth/scope.js';
import { ConfigurationError } from '../../platform/config.js';
import { badInput, conflict } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { hashPassword, passwordMatches } from '../../platform/password.js';
import { Writes } from '../../platform/writes.js';
import { foundOrganization, personalSlug } from '../organization/organization.founding.js';
import { hashNewPassword, saltOf } from './password.service.js';
import { activeSuperAdmins, credentialsByEmail, userByEmail } from './user.loader.js';
import { newUser } from './user.service.js';

type Services = Pick<Scope, 'db' | 'plans' | 'seal'>;

interface Credentials {
  email: string;
  password: string;
}

/**
 * Sees to the first super admin, whom the configuration names: makes the account if there is none, and raises it if nobody
 * is a super admin yet. From then on super admins make super admins.
 *
 * @throws {ConfigurationError} if somebody else has registered the address before: it takes the account's password.
 */
export async function ensureSuperAdmin(services: Services, credentials: Credentials): Promise<void> {
  const [existing] = await services.db.batcher.load(activeSuperAdmins, [null]);
  if (existing) return;
  const { db, seal } = services;
  const { email, password } = credentials;
  const writes = new Writes();
  if (await isTaken(services, email)) {
    const id = await accountOpenedBy(services, credentials);
    if (!id) {
      throw new ConfigurationError([
        'TENANTRY_SUPER_ADMIN_EMAIL belongs to an account that may not sign in with TENANTRY_SUPER_ADMIN_PASSWORD',
      ]);
    }
    writes.update('users', { id, isSuperAdmin: true, updatedAt: new Date() });
  } else {
    writeSuperAdmin(services, writes, email, await hashPassword(password, saltOf({ seal }, email)));
  }
  await writes.commit(db.write);
}

/**
 * Makes a super admin at an operator's word, and records it.
 *
 * @param given.another also where there is a super admin already, who could do it through the API.
 * @param given.existing raises an account that is there; it takes its password all the same.
 * @returns what was done.
 * @throws {DomainError} CONFLICT with SUPER_ADMIN_EXISTS, ACCOUNT_EXISTS, NO_ACCOUNT or WRONG_PASSWORD.
 * @throws {DomainError} BAD_USER_INPUT for a password that is among the first that anybody would guess.
 */
export async function createSuperAdmin(
  services: Services,
  credentials: Credentials,
  given: { another: boolean; existing: boolean },
): Promise<'MADE' | 'RAISED'> {
  const { db } = services;
  const { email } = credentials;
  const [superAdmin] = await db.batcher.load(activeSuperAdmins, [null]);
  if (superAdmin && !given.another) {
    throw conflict(
      'SUPER_ADMIN_EXISTS',
      'There is a super admin already. To make another one all the same, add --another.',
    );
  }
  const isThere = await isTaken(services, email);
  if (isThere && !given.existing) {
    throw conflict('ACCOUNT_EXISTS', `${email} has an account. To raise it, add --existing and give its own password.`);
  }
  if (!isThere && given.existing)
    throw conflict('NO_ACCOUNT', `${email} has no account. Leave out --existing to make one.`);
  const writes = new Writes();
  const id = isThere
    ? await accountOpenedBy(services, credentials)
    : writeSuperAdmin(services, writes, email, await hashForCommandLine(services, credentials));
  if (!id) throw conflict('WRONG_PASSWORD', `That is not the password of ${email}, or the account may not sign in.`);
  if (isThere) writes.update('users', { id, isSuperAdmin: true, updatedAt: new Date() });
  recordSuperAdmin(writes, id);
  await writes.commit(db.write);
  return isThere ? 'RAISED' : 'MADE';
}

async function isTaken({ db }: Services, email: string): Promise<boolean> {
  return (await db.batcher.load(userByEmail, [email])).length > 0;
}

/** The account of an address, if the password opens it; never a duplicate. */
async function accountOpenedBy({ db }: Services, { email, password }: Credentials): Promise<string | undefined> {
  const accounts = await db.batcher.load(credentialsByEmail, [email]);
  const account = accounts.find(({ duplicateOfId }) => duplicateOfId === null);
  const isOpened = account?.passwordHash && (await passwordMatches(password, account.passwordHash));
  return isOpened ? account.id : undefined;
}

function writeSuperAdmin({ plans }: Services, writes: Writes, email: string, passwordHash: string): string {
  const user = newUser({ email, fullName: 'Super Admin', passwordHash });
  writes.insert('users', { ...user, isSuperAdmin: true });
  const request = { id: newId(), ip: null, userAgent: null };
  const slug = personalSlug(user.id, 'super-admin');
  const founder = { ...user, isSuperAdmin: true };
  foundOrganization({ request, plans }, writes, founder, { name: user.fullName, slug, isPersonal: true });
  return user.id;
}

async function hashForCommandLine(services: Services, { email, password }: Credentials): Promise<string> {
  try {
    return await hashNewPassword(services, email, password);
  } catch (error) {
    const [issue] = ((error as { facts?: { issues?: { message: string }[] } }).facts?.issues ?? []) as {
      message: string;
    }[];
    throw issue ? badInput({ path: 'The password', message: issue.message }) : error;
  }
}

/** Nobody who is known to the gateway has done it. */
function recordSuperAdmin(writes: Writes, id: string): void {
  const target: AuditTarget = { type: 'USER', id };
  const request = { id: newId(), ip: null, userAgent: null };
  const changes = { isSuperAdmin: { before: false, after: true } };
  const event = platformEvent(
    { request },
    { id, isSuperAdmin: false },
    { action: 'SUPER_ADMIN_CHANGED', target, changes },
  );
  writes.insert('platform_events', { ...event, actorType: 'SYSTEM', actorUserId: null });
}
