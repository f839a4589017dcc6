import { changeOrganizationFromOutside, type OrganizationChange } from '../../auth/change-organization.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import {
  type Actor,
  authorityOf,
  type BriefUser,
  type MemberRow,
  type OrganizationRow,
  type UserRow,
} from '../../auth/standing.js';
import { userStanding } from '../../auth/standing-sql.js';
import { guessing } from '../../auth/throttle.js';
import { roleById } from '../../auth/whole-rows.js';
import type { User, Workspace } from '../../generated/prisma/client.js';
import { badInput, conflict, DomainError, notFound, unauthenticated } from '../../platform/errors.js';
import { secretHashText } from '../../platform/secret.js';
import { memberByUser } from '../member/member.loader.js';
import { membershipOf, newMember } from '../member/member.service.js';
import { assertRoom } from '../plan/plan.service.js';
import { teamsOfMember } from '../team/team.loader.js';
import { hashNewPassword } from '../user/password.service.js';
import { openSession, type SessionTokens } from '../user/session.service.js';
import { accountById, userByEmail, withoutHash } from '../user/user.loader.js';
import { newUser, type Registration, writeAccount } from '../user/user.service.js';
import {
  type InvitationRow,
  invitationById,
  invitationByTokenHash,
  invitationForAddress,
  pendingForAddress,
  previewById,
  previewByTokenHash,
  teamsOfInvitation,
} from './invitation.loader.js';
import {
  assertAddressedTo,
  assertInUse,
  assertPending,
  assertVerified,
  notPending,
  stillMayInvite,
} from './invitation.policy.js';
import { answer, statusChange } from './invitation.service.js';
import type { InvitationPreview } from './invitation.type.js';

/** How an invitation is named by who answers it: by its secret, or by its id for who has proven the address already. */
export interface Answered {
  token?: string | null;
  invitationId?: string | null;
}

/** @throws {DomainError} NOT_FOUND for a secret that no invitation has. */
export function previewInvitation(scope: Scope, token: string): Promise<InvitationPreview> {
  return guessing(scope.throttle, 'guess', scope, async () => {
    const preview = await scope.reads.row(previewByTokenHash, [secretHashText(token)]);
    if (!preview) throw notFound('Invitation');
    return preview;
  });
}

/** The pending invitations for the caller's address, if it is proven: anybody can claim one. */
export async function myInvitations(scope: Scope): Promise<InvitationRow[]> {
  const { user } = await standingIn(scope);
  return user.emailVerifiedAt ? scope.reads.rows(pendingForAddress, [user.email]) : [];
}

/**
 * Makes the caller a member. The secret of the invitation also proves the caller's e-mail address.
 *
 * Accepting once more answers with the membership that is there, so that an answer that got lost does no harm.
 *
 * @throws {DomainError} NOT_FOUND for a secret that no invitation has.
 * @throws {DomainError} FORBIDDEN if it was sent to another address.
 * @throws {DomainError} CONFLICT with ORGANIZATION_SUSPENDED, with LIMIT_REACHED, or with ACCOUNT_EXISTS for a duplicate;
 *   the invitation stays.
 * @throws {DomainError} INVITATION_NOT_PENDING if it was declined or revoked, has expired, or if whoever invited could not
 *   give this role any more: then it is INVALIDATED for good.
 */
export async function acceptInvitation(scope: Scope, answered: Answered): Promise<MemberRow> {
  const { user, actor } = await standingIn(scope);
  const found = await findFor(scope, user, answered);
  const outcome = await changeOrganizationFromOutside(scope, found.organizationId, async (change) => {
    const [invitation, account] = await Promise.all([
      change.row(invitationById, change.organization.id, found.id),
      change.row(accountById, user.id),
    ]);
    if (account?.status !== 'ACTIVE') throw unauthenticated('The session has ended. Sign in again.');
    if (account.duplicateOfId) throw accountExists();
    if (!invitation) throw notFound('Invitation');
    const member = await change.row(memberByUser, change.organization.id, user.id);
    if (member && invitation.status === 'ACCEPTED') return { member };
    const joined = await join(scope, change, invitation, { actor, member });
    if (joined && !member) change.writes.requireUser(user.id);
    if (joined && !account.emailVerifiedAt) {
      change.writes.update('users', { id: user.id, emailVerifiedAt: new Date() });
    }
    return { member: joined };
  });
  if (!outcome.member) throw notPending('INVALIDATED');
  return outcome.member;
}

/**
 * Makes an account for whoever holds the secret of an invitation, which proves the address, and makes it a member. All in one
 * statement.
 *
 * @throws {DomainError} as `acceptInvitation` does; CONFLICT with ACCOUNT_EXISTS if the address has an account: whoever has
 *   the secret owns the address, and may know.
 */
export async function registerInvited(
  scope: Scope,
  registration: Registration,
  token: string,
): Promise<{
  session: SessionTokens;
  user: UserRow;
  organization: OrganizationRow;
  workspace: Workspace;
  member: MemberRow;
}> {
  const { email, password } = registration;
  await scope.throttle.take('registration', { request: scope.request, account: email });
  const found = await findBySecret(scope, token);
  assertAddressedTo(found, registration);
  assertPending(found);
  const passwordHash = await hashNewPassword(scope, email, password, 'password');
  const outcome = await changeOrganizationFromOutside(scope, found.organizationId, async (change) => {
    const { organization: inviting, writes } = change;
    const [invitation, existing] = await Promise.all([
      change.row(invitationById, inviting.id, found.id),
      change.row(userByEmail, email),
    ]);
    if (!invitation) throw notFound('Invitation');
    if (existing) throw accountExists();
    const account: User = { ...newUser({ ...registration, passwordHash }), emailVerifiedAt: new Date() };
    const actor = { id: account.id, isSuperAdmin: false };
    const member = await join(scope, change, invitation, { actor, member: null, isNew: true });
    if (!member) return null;
    const { organization, workspace } = writeAccount(scope, writes, account);
    const session = await openSession(scope, writes, account.id);
    return { session, user: withoutHash(account), organization, workspace, member };
  }).catch((error) => {
    // Somebody has registered the address at the same moment.
    throw error instanceof DomainError && error.facts.reason === 'EMAIL_TAKEN' ? accountExists() : error;
  });
  if (!outcome) throw notPending('INVALIDATED');
  return outcome;
}

/**
 * Says no. Whoever holds the secret may, signed in or not; nothing comes of it but a status.
 *
 * @throws {DomainError} NOT_FOUND, FORBIDDEN or INVITATION_NOT_PENDING as `acceptInvitation` does.
 */
export async function declineInvitation(scope: Scope, answered: Answered): Promise<InvitationPreview> {
  const caller = scope.principal.kind === 'anonymous' ? null : await standingIn(scope);
  const found = await findFor(scope, caller?.user ?? null, answered);
  await changeOrganizationFromOutside(scope, found.organizationId, async (change) => {
    const [invitation, [account]] = await Promise.all([
      change.row(invitationById, change.organization.id, found.id),
      change.rows(userByEmail, found.email),
    ]);
    if (!invitation) throw notFound('Invitation');
    assertPending(invitation);
    answer(change, invitation, 'DECLINED');
    const actor = caller?.actor ?? (account ? { id: account.id, isSuperAdmin: false } : null);
    const target = { type: 'INVITATION', id: invitation.id } as const;
    change.record(actor, 'INVITATION_DECLINED', target, statusChange('DECLINED'));
  });
  const preview = await scope.db.batcher.load(previewById, [found.organizationId, found.id]);
  return preview[0]!;
}

/** Whom an invitation makes a member, as of now; null if it has turned out that nobody could invite so any more. */
async function join(
  scope: Scope,
  change: OrganizationChange,
  invitation: InvitationRow,
  { actor, member, isNew = false }: { actor: Actor; member: MemberRow | null; isNew?: boolean },
): Promise<MemberRow | null> {
  const { organization, writes } = change;
  assertPending(invitation);
  assertInUse(organization);
  const target = { type: 'INVITATION', id: invitation.id } as const;
  const [role, inviter, teams] = await Promise.all([
    change.row(roleById, organization.id, invitation.roleId),
    change.row(userStanding, organization.id, invitation.invitedById),
    change.rows(teamsOfInvitation, organization.id, invitation.id),
  ]);
  const mayStill =
    role !== null &&
    role.deletedAt === null &&
    inviter !== null &&
    stillMayInvite(authorityOf(scope.catalogue, inviter), role, scope.catalogue);
  if (!mayStill) {
    answer(change, invitation, 'INVALIDATED');
    // Then no account is made either, and nobody is on record who was never there.
    change.record(isNew ? null : actor, 'INVITATION_INVALIDATED', target, statusChange('INVALIDATED'));
    return null;
  }

  if (!member) await assertRoom(scope, change, 'members');
  const joining = member ?? newMember(organization.id, actor.id, role.id, invitation.invitedById);
  const joined = member ? await change.rows(teamsOfMember, organization.id, member.id) : [];
  const joins = teams.filter(({ id }) => !joined.some((team) => team.id === id));
  answer(change, invitation, 'ACCEPTED');
  if (!member) writes.insert('members', joining);
  writes.insert('team_memberships', ...joins.map((team) => membershipOf(joining, team.id)));
  change.record(actor, 'INVITATION_ACCEPTED', target, {
    ...statusChange('ACCEPTED'),
    memberId: { before: member?.id ?? null, after: joining.id },
    ...(member ? {} : { role: { before: null, after: role.key } }),
    teamIds: { before: joined.map(({ id }) => id), after: [...joined, ...joins].map(({ id }) => id) },
  });
  return joining;
}

/** @throws {DomainError} BAD_USER_INPUT unless it is named in exactly one way. */
async function findFor(
  scope: Scope,
  user: BriefUser | null,
  { token, invitationId }: Answered,
): Promise<InvitationRow> {
  if ((token == null) === (invitationId == null)) {
    throw badInput({ path: 'input.token', message: 'name the invitation either by token or by invitationId' });
  }
  if (token != null) {
    const found = await findBySecret(scope, token);
    if (user) assertAddressedTo(found, user);
    return found;
  }
  if (!user) throw unauthenticated('Sign in, or send the secret of the invitation.');
  assertVerified(user);
  const found = await scope.reads.row(invitationForAddress, [user.email, invitationId!]);
  if (!found) throw notFound('Invitation');
  return found;
}

function findBySecret(scope: Scope, token: string): Promise<InvitationRow> {
  return guessing(scope.throttle, 'guess', scope, async () => {
    const found = await scope.reads.row(invitationByTokenHash, [secretHashText(token)]);
    if (!found) throw notFound('Invitation');
    return found;
  });
}

function accountExists() {
  return conflict('ACCOUNT_EXISTS', 'This address has an account already. Sign in to it to accept.');
}
