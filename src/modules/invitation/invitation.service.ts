import { assertMayGrant } from '../../auth/ceiling.js';
import {
  changeOrganization,
  changeOrganizationFromOutside,
  type MemberChange,
  type OrganizationChange,
} from '../../auth/change-organization.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import { authorityOf, type MemberRow, type RoleRow, type UserRow, userStanding } from '../../auth/standing.js';
import { conflict, notFound, unauthenticated } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { mailJob } from '../../platform/mail.js';
import { hashSecret, newSecret } from '../../platform/secret.js';
import { memberByUser } from '../member/member.loader.js';
import { membershipOf, newMember, roleNamed, teamsWith } from '../member/member.service.js';
import { roleById } from '../role/role.loader.js';
import { teamsOfMember } from '../team/team.loader.js';
import { userByEmail, userById } from '../user/user.loader.js';
import {
  type InvitationRow,
  invitationById,
  invitationByTokenHash,
  pendingInvitationOf,
  previewByTokenHash,
  teamsOfInvitation,
} from './invitation.loader.js';
import { invitationMail } from './invitation.mail.js';
import {
  assertAddressedTo,
  assertInUse,
  assertPending,
  notPending,
  statusOf,
  stillMayInvite,
} from './invitation.policy.js';
import type { InvitationPreview } from './invitation.type.js';

const lifetimeDays = 7;

/**
 * Offers membership to an e-mail address. The secret goes to that address and nowhere else.
 *
 * @throws {DomainError} NOT_FOUND if there is no such role or team.
 * @throws {DomainError} ROLE_CEILING if the role holds more than the actor does (R1).
 * @throws {DomainError} CONFLICT with ALREADY_MEMBER, or with ALREADY_INVITED and the pending invitation's id.
 */
export function inviteMember(
  scope: Scope,
  input: { organizationId?: string | null; email: string; role: string; teamIds?: string[] | null },
): Promise<InvitationRow> {
  return changeOrganization(scope, input.organizationId, 'users.invite', async (change) => {
    const { organization, actor, writes, tell } = change;
    const role = await roleNamed(change, input.role);
    assertMayGrant(actor, { role }, scope.catalogue);
    await assertNotYetInvited(scope, change, input.email);
    const teams = await teamsWith(change, input.teamIds ?? []);
    const token = newSecret();
    const invitation = newInvitation(change, input.email, role);
    const { id, organizationId } = invitation;
    writes.insert('invitations', { ...invitation, tokenHash: hashSecret(token) });
    writes.insert(
      'invitation_teams',
      ...teams.map((team) => ({ organizationId, id: newId(), invitationId: id, teamId: team.id })),
    );
    tell(
      'INVITATION_SENT',
      { type: 'INVITATION', id },
      {
        email: { before: null, after: invitation.email },
        role: { before: null, after: role.key },
        teamIds: { before: [], after: teams.map((team) => team.id) },
      },
    );
    const mail = invitationMail({
      to: invitation.email,
      inviterName: actor.user.fullName,
      organizationName: organization.name,
      roleName: role.name,
      url: `${scope.appUrl}/invitations/${token}`,
      expiresAt: invitation.expiresAt,
    });
    writes.enqueue(await mailJob(scope.seal, mail));
    return invitation;
  });
}

/**
 * Takes an invitation back. Its secret is worthless from then on.
 *
 * @throws {DomainError} INVITATION_NOT_PENDING if it was answered, revoked, or has expired.
 */
export function revokeInvitation(
  scope: Scope,
  input: { organizationId?: string | null; invitationId: string },
): Promise<InvitationRow> {
  return changeOrganization(scope, input.organizationId, 'users.invite', async (change) => {
    const invitation = await change.row(invitationById, change.organization.id, input.invitationId);
    if (!invitation) throw notFound('Invitation');
    assertPending(invitation);
    const revoked = answer(change, invitation, 'REVOKED');
    change.tell('INVITATION_REVOKED', { type: 'INVITATION', id: invitation.id }, statusChange('REVOKED'));
    return revoked;
  });
}

/** @throws {DomainError} NOT_FOUND for a secret that no invitation has. */
export async function previewInvitation(scope: Scope, token: string): Promise<InvitationPreview> {
  const preview = await scope.reads.row(previewByTokenHash, [hexOf(token)]);
  if (!preview) throw notFound('Invitation');
  return preview;
}

/**
 * Makes the caller a member by the secret of an invitation, which also proves the caller's e-mail address.
 *
 * Accepting once more answers with the membership that is there, so that an answer that got lost does no harm.
 *
 * @throws {DomainError} NOT_FOUND for a secret that no invitation has.
 * @throws {DomainError} FORBIDDEN if it was sent to another address.
 * @throws {DomainError} CONFLICT with ORGANIZATION_SUSPENDED; the invitation stays.
 * @throws {DomainError} INVITATION_NOT_PENDING if it was declined or revoked, has expired, or if whoever invited could not
 *   give this role any more: then it is INVALIDATED for good.
 */
export async function acceptInvitation(scope: Scope, token: string): Promise<MemberRow> {
  const { user } = await standingIn(scope);
  const found = await scope.reads.row(invitationByTokenHash, [hexOf(token)]);
  if (!found) throw notFound('Invitation');
  assertAddressedTo(found, user);
  const outcome = await changeOrganizationFromOutside(scope, found.organizationId, (change) =>
    accept(scope, change, found.id, user),
  );
  if (!outcome.member) throw notPending('INVALIDATED');
  return outcome.member;
}

async function accept(
  scope: Scope,
  change: OrganizationChange,
  invitationId: string,
  user: UserRow,
): Promise<{ member: MemberRow | null }> {
  const { organization, writes } = change;
  const [invitation, member, account] = await Promise.all([
    change.row(invitationById, organization.id, invitationId),
    change.row(memberByUser, organization.id, user.id),
    change.row(userById, user.id),
  ]);
  if (account?.status !== 'ACTIVE') throw unauthenticated('The session has ended. Sign in again.');
  if (!invitation) throw notFound('Invitation');
  if (member && invitation.status === 'ACCEPTED') return { member };
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
    change.record(user, 'INVITATION_INVALIDATED', target, statusChange('INVALIDATED'));
    return { member: null };
  }

  const joining = member ?? newMember(organization.id, user.id, role.id, invitation.invitedById);
  const joined = member ? await change.rows(teamsOfMember, organization.id, member.id) : [];
  const joins = teams.filter(({ id }) => !joined.some((team) => team.id === id));
  answer(change, invitation, 'ACCEPTED');
  if (!user.emailVerifiedAt) writes.update('users', { id: user.id, emailVerifiedAt: new Date() });
  if (!member) {
    writes.requireUser(user.id);
    writes.insert('members', joining);
  }
  writes.insert('team_memberships', ...joins.map((team) => membershipOf(joining, team.id)));
  change.record(user, 'INVITATION_ACCEPTED', target, {
    ...statusChange('ACCEPTED'),
    memberId: { before: member?.id ?? null, after: joining.id },
    ...(member ? {} : { role: { before: null, after: role.key } }),
    teamIds: { before: joined.map(({ id }) => id), after: [...joined, ...joins].map(({ id }) => id) },
  });
  return { member: joining };
}

/** One pending invitation for an address in an organization, and none for a member. An expired one makes way. */
async function assertNotYetInvited(scope: Scope, change: MemberChange, email: string): Promise<void> {
  const { id: organizationId } = change.organization;
  const user = await change.row(userByEmail, email);
  if (user && (await change.row(memberByUser, organizationId, user.id))) {
    throw conflict('ALREADY_MEMBER', 'This person is already a member of the organization.');
  }
  const pending = await change.row(pendingInvitationOf, organizationId, email);
  if (!pending) return;
  if (statusOf(pending) === 'PENDING') {
    throw conflict('ALREADY_INVITED', 'There is already a pending invitation for this e-mail address.', {
      invitationId: pending.id,
    });
  }
  // Time has decided this one already; writing it down is nobody's change, and lets the unique index accept a successor.
  await scope.db.write(
    `UPDATE invitations SET status = 'EXPIRED' WHERE organization_id = $1 AND id = $2 AND status = 'PENDING' AND expires_at <= now()`,
    [organizationId, pending.id],
  );
}

function newInvitation({ organization, actor }: MemberChange, email: string, role: RoleRow): InvitationRow {
  const now = new Date();
  return {
    organizationId: organization.id,
    id: newId(),
    email,
    roleId: role.id,
    status: 'PENDING',
    invitedById: actor.user.id,
    expiresAt: new Date(now.getTime() + lifetimeDays * 86_400_000),
    sentAt: now,
    sendCount: 1,
    respondedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

function answer(change: OrganizationChange, invitation: InvitationRow, status: InvitationRow['status']): InvitationRow {
  const now = new Date();
  const { organizationId, id } = invitation;
  change.writes.update('invitations', { organizationId, id, status, respondedAt: now, updatedAt: now });
  return { ...invitation, status, respondedAt: now, updatedAt: now };
}

function statusChange(after: InvitationRow['status']) {
  return { status: { before: 'PENDING', after } };
}

function hexOf(token: string): string {
  return `\\x${Buffer.from(hashSecret(token)).toString('hex')}`;
}
