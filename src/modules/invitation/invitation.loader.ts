import { type Invitation, Prisma } from '../../generated/prisma/client.js';
import type { Condition, List } from '../../platform/page.js';
import { columns, keyed, without } from '../../platform/sql.js';
import type { TeamRow } from '../team/team.loader.js';
import type { InvitationFilter, InvitationOrderField } from './invitation.input.js';
import type { InvitationPreview } from './invitation.type.js';

/** An invitation without the hash of its secret. */
export type InvitationRow = Omit<Invitation, 'tokenHash'>;

const select = columns('i', without(Prisma.InvitationScalarFieldEnum, 'tokenHash'));

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

export const previewByTokenHash = keyed<InvitationPreview>({
  key: ['token_hash'],
  types: ['bytea'],
  select: `o.name AS "organizationName", o.logo_url AS "organizationLogoUrl", r.name AS "roleName",
    u.full_name AS "inviterName", i.email, ${status} AS status, i.expires_at AS "expiresAt"`,
  from: `JOIN invitations i ON i.token_hash = key.token_hash
    JOIN organizations o ON o.id = i.organization_id AND o.status <> 'DELETED'
    JOIN roles r ON r.organization_id = i.organization_id AND r.id = i.role_id
    JOIN users u ON u.id = i.invited_by_id`,
});

export const pendingInvitationOf = keyed<InvitationRow>({
  key: ['organization_id', 'email'],
  types: ['uuid', 'text'],
  select,
  from: `JOIN invitations i ON i.organization_id = key.organization_id
    AND lower(i.email) = lower(key.email) AND i.status = 'PENDING'`,
});

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
  select,
  from: 'invitations i WHERE i.organization_id = key.organization_id',
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
