import { assertMayGrant } from '../../auth/ceiling.js';
import { changeOrganization, type MemberChange, type OrganizationChange } from '../../auth/change-organization.js';
import { isRefusal, recordRefusal } from '../../auth/refusal.js';
import type { Scope } from '../../auth/scope.js';
import type { RoleRow } from '../../auth/standing.js';
import { roleById } from '../../auth/whole-rows.js';
import { conflict, DomainError, notFound } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { mailJob } from '../../platform/mail.js';
import { hashSecret, newSecret } from '../../platform/secret.js';
import { limitReached, type Room, roomFor } from '../plan/plan.service.js';
import { rolesOfOrganization } from '../role/role.loader.js';
import { type TeamRow, teamsAmong } from '../team/team.loader.js';
import { type InvitationRow, type Invitee, invitationById, inviteeOf, inviteesAmong } from './invitation.loader.js';
import { invitationMail, reminderMail } from './invitation.mail.js';
import { assertPending, statusOf } from './invitation.policy.js';

const dayMs = 86_400_000;
/** A person gets no more than one mail a minute about an invitation. */
const resendAfterMs = 60_000;

/** Whom to invite, and as what. */
export interface Invite {
  email: string;
  role: string;
  teamIds?: string[] | null;
}

/** What has become of one of several invitations: either the one or the other. */
export interface InviteOutcome {
  email: string;
  invitation: InvitationRow | null;
  error: DomainError | null;
}

/**
 * Offers membership to an e-mail address. The secret goes to that address and nowhere else.
 *
 * @throws {DomainError} NOT_FOUND if there is no such role or team.
 * @throws {DomainError} ROLE_CEILING if the role holds more than the actor does (R1).
 * @throws {DomainError} CONFLICT with ALREADY_MEMBER, with ALREADY_INVITED and the pending invitation's id, or with
 *   LIMIT_REACHED.
 */
export function inviteMember(
  scope: Scope,
  { organizationId, ...invite }: Invite & { organizationId?: string | null },
): Promise<InvitationRow> {
  return changeOrganization(scope, organizationId, 'users.invite', async (change) => {
    return send(scope, change, await factsFor(scope, change, [invite]), invite);
  });
}

/**
 * Invites several people in one transaction. What is wrong with one of them does not keep the others from being invited.
 *
 * @param invites as they are, or what was found wrong with one already.
 * @returns what has become of each, in order.
 */
export async function inviteMembers(
  scope: Scope,
  organizationId: string | null | undefined,
  invites: readonly (Invite | { email: string; error: DomainError })[],
): Promise<InviteOutcome[]> {
  const results = await changeOrganization(scope, organizationId, 'users.invite', async (change) => {
    const facts = await factsFor(
      scope,
      change,
      invites.filter((invite): invite is Invite => !('error' in invite)),
    );
    const outcomes: InviteOutcome[] = [];
    for (const invite of invites) {
      const { email } = invite;
      try {
        if ('error' in invite) throw invite.error;
        outcomes.push({ email, invitation: await send(scope, change, facts, invite), error: null });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        outcomes.push({ email, invitation: null, error });
      }
    }
    return outcomes;
  });
  // The mutation as a whole was not refused, so nobody else records that a part of it was (R9).
  const error = results.find((result) => result.error && isRefusal(result.error))?.error;
  if (error) {
    await recordRefusal(scope, { organizationId: organizationId ?? null, operation: 'inviteMembers', error });
  }
  return results;
}

/** What inviting is decided on, read for all at once. What is decided for one changes it for the next. */
interface Facts {
  roles: ReadonlyMap<string, RoleRow>;
  teams: ReadonlyMap<string, TeamRow>;
  invitees: Map<string, Invitee>;
  room: Room;
}

async function factsFor(scope: Scope, change: MemberChange, invites: readonly Invite[]): Promise<Facts> {
  const { id } = change.organization;
  const teamIds = [...new Set(invites.flatMap((invite) => invite.teamIds ?? []))];
  const emails = invites.map(({ email }) => email.toLowerCase());
  const [roles, teams, invitees, room] = await Promise.all([
    change.rows(rolesOfOrganization, id),
    teamIds.length > 0 ? change.rows(teamsAmong, id, JSON.stringify(teamIds)) : [],
    change.rows(inviteesAmong, id, JSON.stringify(emails)).then((rows) => rows.map(inviteeOf)),
    roomFor(scope, change, 'pendingInvitations'),
  ]);
  await expire(scope, change, invitees);
  return {
    roles: new Map(roles.map((role) => [role.key, role])),
    teams: new Map(teams.map((team) => [team.id, team])),
    invitees: new Map(invitees.map((invitee) => [invitee.email, invitee])),
    room,
  };
}

/** Time has decided these already; writing it down is nobody's change, and lets the unique index accept a successor. */
async function expire(scope: Scope, change: MemberChange, invitees: readonly Invitee[]): Promise<void> {
  const over = invitees.flatMap(({ pending }) => (pending && statusOf(pending) === 'EXPIRED' ? [pending.id] : []));
  if (over.length === 0) return;
  await scope.db.write(
    `UPDATE invitations SET status = 'EXPIRED'
     WHERE organization_id = $1 AND id = ANY($2::uuid[]) AND status = 'PENDING' AND expires_at <= now()`,
    [change.organization.id, over],
  );
}

async function send(scope: Scope, change: MemberChange, facts: Facts, invite: Invite): Promise<InvitationRow> {
  const { actor, writes, tell } = change;
  const role = facts.roles.get(invite.role);
  if (!role) throw notFound('Role');
  assertMayGrant(actor, { role }, scope.catalogue);
  const invitee = facts.invitees.get(invite.email.toLowerCase())!;
  assertNotYetInvited(invitee);
  const teams = [...new Set(invite.teamIds ?? [])].map((id) => {
    const team = facts.teams.get(id);
    if (!team) throw notFound('Team');
    return team;
  });
  const { room } = facts;
  if (room.maximum !== null && room.used >= room.maximum) throw limitReached('pendingInvitations', room);

  const token = newSecret();
  const invitation = newInvitation(scope, change, invite.email, role);
  const { id, organizationId, status, expiresAt } = invitation;
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
  const mail = invitationMail(letterOf(scope, change, invitation, role, token));
  writes.enqueue(await mailJob(scope.seal, mail));
  room.used += 1;
  invitee.pending = { id, status, expiresAt };
  return invitation;
}

/** One pending invitation for an address in an organization, and none for a member. An expired one makes way. */
function assertNotYetInvited({ memberId, pending }: Invitee): void {
  if (memberId) throw conflict('ALREADY_MEMBER', 'This person is already a member of the organization.');
  if (!pending || statusOf(pending) !== 'PENDING') return;
  throw conflict('ALREADY_INVITED', 'There is already a pending invitation for this e-mail address.', {
    invitationId: pending.id,
  });
}

/**
 * Mails an invitation again, with a new secret: the one that was mailed before is worthless from then on. It holds as long as
 * a new one.
 *
 * @throws {DomainError} INVITATION_NOT_PENDING if it was answered, revoked, or has expired.
 * @throws {DomainError} RATE_LIMITED within a minute of the mail before.
 */
export function resendInvitation(
  scope: Scope,
  input: { organizationId?: string | null; invitationId: string },
): Promise<InvitationRow> {
  return changeOrganization(scope, input.organizationId, 'users.invite', async (change) => {
    const invitation = await invitationNamed(change, input.invitationId);
    assertPending(invitation);
    const wait = invitation.sentAt.getTime() + resendAfterMs - Date.now();
    if (wait > 0) {
      const retryAfter = Math.ceil(wait / 1000);
      throw new DomainError('RATE_LIMITED', `It was just sent. Try again in ${retryAfter} seconds.`, { retryAfter });
    }
    const role = await change.row(roleById, change.organization.id, invitation.roleId);
    if (!role || role.deletedAt) throw notFound('Role');
    const token = newSecret();
    const now = new Date();
    const sent = { sentAt: now, sendCount: invitation.sendCount + 1, expiresAt: expiryOf(scope, now), updatedAt: now };
    const { organizationId, id } = invitation;
    change.writes.update('invitations', { organizationId, id, ...sent, tokenHash: hashSecret(token) });
    const changes = { sendCount: { before: invitation.sendCount, after: sent.sendCount } };
    change.tell('INVITATION_RESENT', { type: 'INVITATION', id }, changes);
    const resent = { ...invitation, ...sent };
    const mail = reminderMail(letterOf(scope, change, resent, role, token));
    change.writes.enqueue(await mailJob(scope.seal, mail));
    return resent;
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
    const invitation = await invitationNamed(change, input.invitationId);
    assertPending(invitation);
    const revoked = answer(change, invitation, 'REVOKED');
    change.tell('INVITATION_REVOKED', { type: 'INVITATION', id: invitation.id }, statusChange('REVOKED'));
    return revoked;
  });
}

async function invitationNamed(change: OrganizationChange, id: string): Promise<InvitationRow> {
  const invitation = await change.row(invitationById, change.organization.id, id);
  if (!invitation) throw notFound('Invitation');
  return invitation;
}

function newInvitation(
  scope: Scope,
  { organization, actor }: MemberChange,
  email: string,
  role: RoleRow,
): InvitationRow {
  const now = new Date();
  return {
    organizationId: organization.id,
    id: newId(),
    email,
    roleId: role.id,
    status: 'PENDING',
    invitedById: actor.user.id,
    expiresAt: expiryOf(scope, now),
    sentAt: now,
    sendCount: 1,
    respondedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

function expiryOf({ invitationDays }: Scope, sentAt: Date): Date {
  return new Date(sentAt.getTime() + invitationDays * dayMs);
}

function letterOf(
  scope: Scope,
  { actor, organization }: MemberChange,
  { email, expiresAt }: InvitationRow,
  role: RoleRow,
  token: string,
) {
  return {
    to: email,
    inviterName: actor.user.fullName,
    organizationName: organization.name,
    roleName: role.name,
    url: `${scope.appUrl}/invitations/${token}`,
    expiresAt,
  };
}

/** Writes down what has become of an invitation. */
export function answer(
  change: OrganizationChange,
  invitation: InvitationRow,
  status: InvitationRow['status'],
): InvitationRow {
  const now = new Date();
  const { organizationId, id } = invitation;
  change.writes.update('invitations', { organizationId, id, status, respondedAt: now, updatedAt: now });
  return { ...invitation, status, respondedAt: now, updatedAt: now };
}

/** The same for the record. */
export function statusChange(after: InvitationRow['status']) {
  return { status: { before: 'PENDING', after } };
}
