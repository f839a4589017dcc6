import { mayGrant } from '../../auth/ceiling.js';
import type { Catalogue, RoleAuthority } from '../../auth/permissions.js';
import type { Authority } from '../../auth/standing.js';
import type { InvitationStatus } from '../../generated/prisma/enums.js';
import { conflict, DomainError } from '../../platform/errors.js';

interface Answerable {
  status: InvitationStatus;
  expiresAt: Date;
}

/** What has become of an invitation by now; no job has to run for it to expire. */
export function statusOf({ status, expiresAt }: Answerable, now = new Date()): InvitationStatus {
  return status === 'PENDING' && expiresAt <= now ? 'EXPIRED' : status;
}

/** @throws {DomainError} INVITATION_NOT_PENDING with what has become of it. */
export function assertPending(invitation: Answerable): void {
  const status = statusOf(invitation);
  if (status !== 'PENDING') throw notPending(status);
}

export function notPending(status: InvitationStatus): DomainError {
  return new DomainError('INVITATION_NOT_PENDING', `The invitation is ${status.toLowerCase()}.`, { status });
}

/**
 * Only the invited address may accept (R6). The secret proves it, so it need not have been verified before.
 *
 * @throws {DomainError} FORBIDDEN with the reason EMAIL_MISMATCH.
 */
export function assertAddressedTo(invitation: { email: string }, user: { email: string }): void {
  if (invitation.email.toLowerCase() === user.email.toLowerCase()) return;
  throw new DomainError('FORBIDDEN', 'The invitation is for another e-mail address. Sign in with that one.', {
    reason: 'EMAIL_MISMATCH',
  });
}

/** @throws {DomainError} FORBIDDEN with the reason EMAIL_NOT_VERIFIED: an address alone proves nothing. */
export function assertVerified(user: { emailVerifiedAt: Date | null }): void {
  if (user.emailVerifiedAt) return;
  throw new DomainError('FORBIDDEN', 'Verify your e-mail address first, or use the link in the mail.', {
    reason: 'EMAIL_NOT_VERIFIED',
  });
}

/** @throws {DomainError} CONFLICT with ORGANIZATION_SUSPENDED: nobody joins meanwhile, but the offer stands. */
export function assertInUse(organization: { status: string }): void {
  if (organization.status === 'ACTIVE') return;
  throw conflict('ORGANIZATION_SUSPENDED', 'The organization is suspended. Try again when it is in use.');
}

/** Whether the inviter, as of now, could still make this invitation (R1, R6). */
export function stillMayInvite(inviter: Authority, role: RoleAuthority, catalogue: Catalogue): boolean {
  return inviter.permissions.has('users.invite') && mayGrant(inviter, { role }, catalogue);
}
