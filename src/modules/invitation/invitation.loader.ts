import { type Scope, standingIn } from '../../auth/scope.js';
import type { OrganizationRow } from '../../auth/standing.js';
import { type Invitation, type InvitationStatus, Prisma } from '../../generated/prisma/client.js';
import { notFound } from '../../platform/errors.js';
import type { List } from '../../platform/list.js';
import type { Condition } from '../../platform/page.js';
import { columns, columnsOf, keyed, selecting, without } from '../../platform/sql.js';
import { loadOrganization } from '../organization/organization.loader.js';
import { roleOf } from '../role/role.loader.js';
import type { TeamRow } from '../team/team.loader.js';
import { userOf } from '../user/user.loader.js';
import type { InvitationFilter, InvitationOrderField } from './invitation.input.js';
import type { InvitationPreview } from './invitation.type.js';

/** An invitation without the hash of its secret. */
export type InvitationRow = Omit<Invitation, 'tokenHash'>;

const invitationColumns = columnsOf('i', without(Prisma.InvitationScalarFieldEnum, 'tokenHash'));
const select = selecting(invitationColumns);

/** What has become of an invitation: whoever waits too long needs no job to find it expired. */
const status = `CASE WHEN i.status = 'PENDING' AND i.expires_at <= now() THEN 'EXPIRED' ELSE i.status::text END`;

export const invitationById = keyed<InvitationRow>({
  key: ['organization_id', 'id'],
  select,
  from: 'JOIN invitations i ON i.organization_id = key.organization_id AND i.id = key.id',
});

/** Finds an invitation by the SHA-256 of its secret, in the hexadecimal form that PostgreSQL reads. */
export const invitationByTokenHash = keyed<InvitationRow>({
  key: ['token_hash'],
  types: ['bytea'],
  select,
  from: `JOIN invitations i ON i.token_hash = key.token_hash
    JOIN organizations o ON o.id = i.organization_id AND o.status <> 'DELETED'`,
});

const preview = `o.name AS "organizationName", o.logo_url AS "organizationLogoUrl", r.name AS "roleName",
    u.full_name AS "inviterName", i.email, ${status} AS status, i.expires_at AS "expiresAt"`;

const ofInvitation = `
    JOIN organizations o ON o.id = i.organization_id AND o.status <> 'DELETED'
    JOIN roles r ON r.organization_id = i.organization_id AND r.id = i.role_id
    JOIN users u ON u.id = i.invited_by_id`;

export const previewByTokenHash = keyed<InvitationPreview>({
  key: ['token_hash'],
  types: ['bytea'],
  select: preview,
  from: `JOIN invitations i ON i.token_hash = key.token_hash ${ofInvitation}`,
});

export const previewById = keyed<InvitationPreview>({
  key: ['organization_id', 'id'],
  select: preview,
  from: `JOIN invitations i ON i.organization_id = key.organization_id AND i.id = key.id ${ofInvitation}`,
});

/** An invitation by its id, for whoever has proven the invited address. */
export const invitationForAddress = keyed<InvitationRow>({
  key: ['email', 'id'],
  types: ['text', 'uuid'],
  select,
  from: `JOIN invitations i ON lower(i.email) = lower(key.email) AND i.id = key.id
    JOIN organizations o ON o.id = i.organization_id AND o.status = 'ACTIVE'`,
});

/** What is waiting for an address, the latest first. */
export const pendingForAddress = keyed<InvitationRow>({
  key: ['email'],
  types: ['text'],
  select,
  from: `JOIN invitations i ON lower(i.email) = lower(key.email) AND i.status = 'PENDING' AND i.expires_at > now()
    JOIN organizations o ON o.id = i.organization_id AND o.status = 'ACTIVE'
    ORDER BY key.ord, i.created_at DESC, i.id`,
});

/** What an address is to an organization that wants to invite it. */
export interface Invitee {
  /** In lower case. */
  email: string;
  memberId: string | null;
  pending: { id: string; status: InvitationStatus; expiresAt: Date } | null;
}

interface InviteeRow {
  email: string;
  memberId: string | null;
  pendingId: string | null;
  expiresAt: Date | null;
}

/** What each of several addresses, a JSON array in lower case, is to the organization. */
export const inviteesAmong = keyed<InviteeRow>({
  key: ['organization_id', 'emails'],
  types: ['uuid', 'text'],
  select: `wanted.email, m.id AS "memberId", i.id AS "pendingId", i.expires_at AS "expiresAt"`,
  from: `CROSS JOIN LATERAL jsonb_array_elements_text(key.emails::jsonb) AS wanted(email)
    LEFT JOIN users u ON lower(u.email) = wanted.email AND u.status <> 'DELETED' AND u.duplicate_of_id IS NULL
    LEFT JOIN members m ON m.organization_id = key.organization_id AND m.user_id = u.id
    LEFT JOIN invitations i
      ON i.organization_id = key.organization_id AND lower(i.email) = wanted.email AND i.status = 'PENDING'`,
});

export function inviteeOf({ email, memberId, pendingId, expiresAt }: InviteeRow): Invitee {
  const pending = pendingId && expiresAt ? { id: pendingId, status: 'PENDING' as const, expiresAt } : null;
  return { email, memberId, pending };
}

export const teamsOfInvitation = keyed<TeamRow>({
  key: ['organization_id', 'invitation_id'],
  select: columns('t', Prisma.TeamScalarFieldEnum),
  from: `JOIN invitation_teams it ON it.organization_id = key.organization_id AND it.invitation_id = key.invitation_id
    JOIN teams t ON t.organization_id = it.organization_id AND t.id = it.team_id
    ORDER BY key.ord, lower(t.name), t.id`,
});

export const invitationsOfOrganization: List<InvitationRow, InvitationOrderField> = {
  name: 'invitations',
  key: ['organization_id'],
  columns: invitationColumns,
  from: 'invitations i',
  where: 'i.organization_id = key.organization_id',
  includes: { role: roleOf('i.role_id'), invitedBy: userOf('i.invited_by_id') },
  id: 'i.id',
  order: { CREATED_AT: { by: 'i.created_at', type: 'timestamptz' }, EMAIL: { by: 'lower(i.email)', type: 'text' } },
  defaultOrder: { field: 'CREATED_AT' as InvitationOrderField, direction: 'DESC' },
};

export function matching(filter: InvitationFilter | null | undefined): Condition[] {
  switch (filter?.status) {
    case null:
    case undefined:
      return [];
    case 'PENDING':
      return [() => `i.status = 'PENDING' AND i.expires_at > now()`];
    case 'EXPIRED':
      return [() => `(i.status = 'EXPIRED' OR i.status = 'PENDING' AND i.expires_at <= now())`];
    default: {
      const wanted = filter!.status;
      return [(parameter) => `i.status = ${parameter(wanted)}::invitation_status`];
    }
  }
}

const organizationOf = keyed<OrganizationRow>({
  key: ['organization_id', 'id', 'email'],
  types: ['uuid', 'uuid', 'text'],
  select: columns('o', Prisma.OrganizationScalarFieldEnum),
  from: `JOIN invitations i ON i.organization_id = key.organization_id AND i.id = key.id AND lower(i.email) = lower(key.email)
    JOIN organizations o ON o.id = i.organization_id AND o.status <> 'DELETED'`,
});

/**
 * The organization of an invitation, for its members and for the invited person, who has proven the address.
 *
 * @throws {DomainError} NOT_FOUND for everybody else.
 */
export async function loadInviting(scope: Scope, { organizationId, id }: InvitationRow): Promise<OrganizationRow> {
  const standing = await standingIn(scope, organizationId);
  if (standing.organization || !standing.user.emailVerifiedAt) return loadOrganization(scope, organizationId);
  const organization = await scope.reads.row(organizationOf, [organizationId, id, standing.user.email]);
  if (!organization) throw notFound('Organization');
  return organization;
}
