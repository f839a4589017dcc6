import type * as rows from '../generated/prisma/client.js';
import { Prisma } from '../generated/prisma/client.js';

/** Every table that is written here, with what a row of it looks like. */
export interface Tables {
  users: rows.User;
  sessions: rows.Session;
  refresh_tokens: rows.RefreshToken;
  account_tokens: rows.AccountToken;
  external_identities: rows.ExternalIdentity;
  organizations: rows.Organization;
  roles: rows.Role;
  members: rows.Member;
  teams: rows.Team;
  team_memberships: rows.TeamMembership;
  membership_periods: rows.MembershipPeriod;
  invitations: rows.Invitation;
  invitation_teams: rows.InvitationTeam;
  workspaces: rows.Workspace;
  api_keys: rows.ApiKey;
  integration_keys: rows.IntegrationKey;
  integration_tokens: rows.IntegrationToken;
  integration_token_revocations: rows.IntegrationTokenRevocation;
  audit_events: rows.AuditEvent;
  platform_events: rows.PlatformEvent;
}

/** What each table has, so that a row may be written as it was read, with whatever the statement read beside it. */
export const fieldsOf: Record<keyof Tables, Record<string, string>> = {
  users: Prisma.UserScalarFieldEnum,
  sessions: Prisma.SessionScalarFieldEnum,
  refresh_tokens: Prisma.RefreshTokenScalarFieldEnum,
  account_tokens: Prisma.AccountTokenScalarFieldEnum,
  external_identities: Prisma.ExternalIdentityScalarFieldEnum,
  organizations: Prisma.OrganizationScalarFieldEnum,
  roles: Prisma.RoleScalarFieldEnum,
  members: Prisma.MemberScalarFieldEnum,
  teams: Prisma.TeamScalarFieldEnum,
  team_memberships: Prisma.TeamMembershipScalarFieldEnum,
  membership_periods: Prisma.MembershipPeriodScalarFieldEnum,
  invitations: Prisma.InvitationScalarFieldEnum,
  invitation_teams: Prisma.InvitationTeamScalarFieldEnum,
  workspaces: Prisma.WorkspaceScalarFieldEnum,
  api_keys: Prisma.ApiKeyScalarFieldEnum,
  integration_keys: Prisma.IntegrationKeyScalarFieldEnum,
  integration_tokens: Prisma.IntegrationTokenScalarFieldEnum,
  integration_token_revocations: Prisma.IntegrationTokenRevocationScalarFieldEnum,
  audit_events: Prisma.AuditEventScalarFieldEnum,
  platform_events: Prisma.PlatformEventScalarFieldEnum,
};

const globalTables: ReadonlySet<keyof Tables> = new Set([
  'users',
  'sessions',
  'external_identities',
  'organizations',
  'platform_events',
]);

/** What is found by the hash of a secret, and has no other key. */
const secretTables: ReadonlySet<keyof Tables> = new Set(['refresh_tokens', 'account_tokens']);

/** The columns of a table's key. */
export function keyOf(table: keyof Tables): string[] {
  if (secretTables.has(table)) return ['hash'];
  return globalTables.has(table) ? ['id'] : ['organization_id', 'id'];
}
