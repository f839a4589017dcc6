import { auditEvent, platformEvent } from '../../auth/audit.js';
import { changeUnderLock, type Decision } from '../../auth/change-organization.js';
import { type ReadRows, type Scope, standingIn } from '../../auth/scope.js';
import type { Actor, UserRow } from '../../auth/standing.js';
import { userById } from '../../auth/whole-rows.js';
import { badInput, conflict, DomainError, notFound } from '../../platform/errors.js';
import { Writes } from '../../platform/writes.js';
import { activeSuperAdmins, type Belonging, belongingsOfUser } from './user.loader.js';

interface UserChange extends Decision {
  actor: Actor;
  user: UserRow;
  superAdmins: { id: string }[];
  belongings: Belonging[];
}

/**
 * Suspends, reactivates or deletes a user, from the next request on. A deleted user leaves all organizations; those that
 * nobody else belongs to go as well.
 *
 * @throws {DomainError} NOT_FOUND if there is no such user.
 * @throws {DomainError} LAST_ADMINISTRATOR if an organization would be left without one (R3), with its id.
 * @throws {DomainError} CONFLICT with LAST_SUPER_ADMIN, or with USER_DELETED for a user who is gone.
 */
export function setUserStatus(scope: Scope, input: { userId: string; status: UserRow['status'] }): Promise<UserRow> {
  const { userId, status } = input;
  return changeUser(scope, userId, async ({ actor, user, superAdmins, belongings, writes }) => {
    if (user.status === status) return user;
    if (user.status === 'DELETED') throw conflict('USER_DELETED', 'The user was deleted, which is for good.');
    if (status !== 'ACTIVE') {
      if (user.id === actor.id) throw badInput({ path: 'input.userId', message: 'is yourself' });
      assertSuperAdminRemains(user, superAdmins);
      assertAdministratorsRemain(belongings);
      writes.updateWhere('sessions', { userId }, { revokedAt: new Date() });
    }
    const updatedAt = new Date();
    const after = { ...user, status, updatedAt, ...(status === 'DELETED' && { isSuperAdmin: false }) };
    writes.update('users', { id: user.id, status, updatedAt, isSuperAdmin: after.isSuperAdmin });
    const changes = { status: { before: user.status, after: status } };
    const target = { type: 'USER', id: user.id } as const;
    writes.insert('platform_events', platformEvent(scope, actor, { action: 'USER_STATUS_CHANGED', target, changes }));
    for (const belonging of belongings) {
      const { organizationId } = belonging;
      writes.insert(
        'audit_events',
        auditEvent(scope, actor, { organizationId, action: 'USER_STATUS_CHANGED', target, changes }),
      );
    }
    if (status === 'DELETED') leaveAll(scope, actor, writes, belongings);
    return after;
  });
}

/**
 * Makes a user a super admin, or no longer one.
 *
 * @throws {DomainError} NOT_FOUND if there is no such user.
 * @throws {DomainError} CONFLICT with LAST_SUPER_ADMIN, or with USER_NOT_ACTIVE.
 */
export function setSuperAdmin(scope: Scope, input: { userId: string; isSuperAdmin: boolean }): Promise<UserRow> {
  const { userId, isSuperAdmin } = input;
  return changeUser(scope, userId, async ({ actor, user, superAdmins, writes }) => {
    if (user.isSuperAdmin === isSuperAdmin) return user;
    if (isSuperAdmin && user.status !== 'ACTIVE') throw conflict('USER_NOT_ACTIVE', 'The user may not sign in.');
    if (!isSuperAdmin) assertSuperAdminRemains(user, superAdmins);
    const updatedAt = new Date();
    writes.update('users', { id: user.id, isSuperAdmin, updatedAt });
    writes.insert(
      'platform_events',
      platformEvent(scope, actor, {
        action: 'SUPER_ADMIN_CHANGED',
        target: { type: 'USER', id: user.id },
        changes: { isSuperAdmin: { before: user.isSuperAdmin, after: isSuperAdmin } },
      }),
    );
    return { ...user, isSuperAdmin, updatedAt };
  });
}

/** Any number that nobody else locks: changes of super admins and of users' standing happen one after the other. */
const superAdminLock = 8_367_266;

/** Decides on a user together with every organization that this user belongs to, none of which may change meanwhile. */
function changeUser(scope: Scope, userId: string, decide: (change: UserChange) => Promise<UserRow>): Promise<UserRow> {
  const begin = async (read: ReadRows): Promise<UserChange> => {
    const { actor } = await standingIn(scope, null, read);
    if (!actor.isSuperAdmin) throw new DomainError('FORBIDDEN', 'Only super admins may.');
    const [user] = await read(userById, [userId]);
    if (!user) throw notFound('User');
    const belongings = await read(belongingsOfUser, [userId]);
    const superAdmins = await read(activeSuperAdmins, [null]);
    const guards = belongings.map(({ organizationId, version }) => ({ organizationId, version }));
    return { actor, user, belongings, superAdmins, guards, writes: new Writes() };
  };
  return changeUnderLock(scope, decide, begin, { advisory: superAdminLock, userId });
}

function assertSuperAdminRemains(user: UserRow, superAdmins: readonly { id: string }[]): void {
  if (!user.isSuperAdmin || superAdmins.some(({ id }) => id !== user.id)) return;
  throw conflict('LAST_SUPER_ADMIN', 'This is the last super admin. Make another user one first.');
}

/** An organization in which nobody else is left needs no administrator. */
function assertAdministratorsRemain(belongings: readonly Belonging[]): void {
  const left = belongings.filter(({ isLastAdministrator, hasOthers }) => isLastAdministrator && hasOthers);
  if (left.length === 0) return;
  throw new DomainError('LAST_ADMINISTRATOR', 'The user is the last active administrator of an organization.', {
    organizationIds: left.map(({ organizationId }) => organizationId),
  });
}

function leaveAll(scope: Scope, actor: Actor, writes: Writes, belongings: readonly Belonging[]): void {
  const now = new Date();
  const alone = belongings.filter(({ hasOthers }) => !hasOthers);
  writes.update(
    'organizations',
    ...alone.map(({ organizationId: id }) => ({ id, status: 'DELETED' as const, deletedAt: now, updatedAt: now })),
  );
  for (const { organizationId } of alone) {
    const target = { type: 'ORGANIZATION', id: organizationId } as const;
    writes.insert('audit_events', auditEvent(scope, actor, { organizationId, action: 'ORGANIZATION_DELETED', target }));
  }
  const left = belongings.filter(({ hasOthers }) => hasOthers);
  writes.delete('members', ...left.map(({ organizationId, memberId: id }) => ({ organizationId, id })));
}
