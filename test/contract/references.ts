import { getNamedType } from 'graphql';
import { newId } from '../../src/platform/id.js';
import { type Position, positionsOf, schema } from './positions.js';
import type { Scene } from './scene.js';

export interface Reference {
  /** What another organization has there. */
  foreign(scene: Scene): string;
  /** What nobody has. Left out, a new UUID. */
  unknown?(): string;
  /** Why it is no secret whether this exists. Then only the other organization has to stay as it is. */
  isPublic?: string;
}

const member: Reference = { foreign: ({ member }) => member.memberId };
const team: Reference = { foreign: ({ teamId }) => teamId };
const organization: Reference = { foreign: ({ organizationId }) => organizationId };
const invitation: Reference = { foreign: ({ invitationId }) => invitationId };
const workspace: Reference = { foreign: ({ workspaceId }) => workspaceId };
const role: Reference = { foreign: ({ customRole }) => customRole, unknown: () => `custom_${newId().slice(-12)}` };

/** Every place where a caller names something that belongs to an organization. */
export const references: Record<string, Reference> = {
  'Query.organization(id)': organization,
  'Query.myPermissions(organizationId)': organization,
  'Subscription.organizationEvents(organizationId)': organization,
  'Query.checkPermission(organizationId)': organization,
  'Query.checkPermission(userId)': { foreign: ({ teammate }) => teammate.user.id },
  'Query.checkPermission(teamId)': team,
  'Query.organizationBySlug(slug)': { foreign: ({ slug }) => slug, unknown: () => `org-${newId()}` },
  'Organization.member(id)': member,
  'Organization.team(id)': team,
  'Organization.workspace(id)': workspace,
  'Organization.engagement(teamId)': team,
  'MemberDirectoryFilter.teamId': team,
  'RecordActivityInput.organizationId': organization,
  'ActivityEntryInput.memberId': { foreign: ({ teammate }) => teammate.memberId },
  'ActivityEntryInput.userId': { foreign: ({ teammate }) => teammate.user.id },
  'ActivityEntryInput.teamId': team,
  'AuditEventFilter.actorUserId': { foreign: ({ teammate }) => teammate.user.id },
  'AuditEventFilter.targetId': organization,
  'MemberFilter.teamId': team,
  'MemberFilter.role': role,
  'AddMemberInput.organizationId': organization,
  'AddMemberInput.userId': {
    foreign: ({ outsider }) => outsider.user.id,
    isPublic: 'users belong to no organization, and adding one tells whether there is one',
  },
  'AddMemberInput.role': role,
  'AddMemberInput.teamIds': team,
  'UpdateMemberRoleInput.organizationId': organization,
  'UpdateMemberRoleInput.memberId': member,
  'UpdateMemberRoleInput.role': role,
  'UpdateMemberInput.organizationId': organization,
  'UpdateMemberInput.memberId': member,
  'UpdateMemberInput.role': role,
  'UpdateMemberInput.targetOrganizationId': organization,
  'UpdateMemberInput.teamId': team,
  'SuspendMemberInput.organizationId': organization,
  'SuspendMemberInput.memberId': member,
  'ReinstateMemberInput.organizationId': organization,
  'ReinstateMemberInput.memberId': member,
  'RemoveMemberInput.organizationId': organization,
  'RemoveMemberInput.memberId': member,
  'UpdateOrganizationInput.organizationId': organization,
  'DeleteOrganizationInput.organizationId': organization,
  'DeleteOrganizationInput.confirmSlug': { foreign: ({ slug }) => slug, unknown: () => `org-${newId()}` },
  'RestoreOrganizationInput.organizationId': organization,
  'SetUserStatusInput.userId': { foreign: ({ teammate }) => teammate.user.id },
  'SetSuperAdminInput.userId': { foreign: ({ teammate }) => teammate.user.id },
  'CreateRoleInput.organizationId': organization,
  'UpdateRoleInput.organizationId': organization,
  'UpdateRoleInput.roleId': { foreign: ({ customRoleId }) => customRoleId },
  'DeleteRoleInput.organizationId': organization,
  'DeleteRoleInput.roleId': { foreign: ({ customRoleId }) => customRoleId },
  'DeleteRoleInput.reassignTo': role,
  'CreateTeamInput.organizationId': organization,
  'UpdateTeamInput.organizationId': organization,
  'UpdateTeamInput.teamId': team,
  'DeleteTeamInput.organizationId': organization,
  'DeleteTeamInput.teamId': team,
  'UpdateTeamMemberInput.organizationId': organization,
  'UpdateTeamMemberInput.teamId': team,
  'UpdateTeamMemberInput.memberId': { foreign: ({ teammate }) => teammate.memberId },
  'AddTeamMemberInput.organizationId': organization,
  'AddTeamMemberInput.teamId': team,
  'AddTeamMemberInput.memberId': member,
  'RemoveTeamMemberInput.organizationId': organization,
  // Of a team member, so that together with the team it names a membership that there is.
  'RemoveTeamMemberInput.memberId': { foreign: ({ teammate }) => teammate.memberId },
  'RemoveTeamMemberInput.teamId': team,
  'InviteMemberInput.organizationId': organization,
  'InviteMemberInput.role': role,
  'InviteMemberInput.teamIds': team,
  'InviteMembersInput.organizationId': organization,
  'InvitationInput.role': role,
  'InvitationInput.teamIds': team,
  'ResendInvitationInput.organizationId': organization,
  'ResendInvitationInput.invitationId': invitation,
  'RevokeInvitationInput.organizationId': organization,
  'RevokeInvitationInput.invitationId': invitation,
  'AcceptInvitationInput.invitationId': invitation,
  'DeclineInvitationInput.invitationId': invitation,
  'UpdateOrganizationPlanInput.organizationId': organization,
  'CreateWorkspaceInput.organizationId': organization,
  'UpdateWorkspaceInput.organizationId': organization,
  'UpdateWorkspaceInput.workspaceId': workspace,
  'DeleteWorkspaceInput.organizationId': organization,
  'DeleteWorkspaceInput.workspaceId': workspace,
  'SwitchOrganizationInput.organizationId': organization,
  'CreateApiKeyInput.organizationId': organization,
  'DeleteApiKeyInput.organizationId': organization,
  'DeleteApiKeyInput.apiKeyId': { foreign: ({ apiKeyId }) => apiKeyId },
  'VerifyIntegrationTokenInput.organizationId': organization,
  'IssueIntegrationTokenInput.organizationId': organization,
  'RotateIntegrationTokenInput.organizationId': organization,
  'RotateIntegrationKeyInput.organizationId': organization,
  'RevokeIntegrationTokenInput.organizationId': organization,
  'RevokeIntegrationTokenInput.jti': { foreign: ({ integrationJti }) => integrationJti },
  'IntegrationTokenFilter.issuedById': { foreign: ({ admin }) => admin.user.id },
  'IntegrationTokenRevocationFilter.jti': { foreign: ({ revokedJti }) => revokedJti },
  'IntegrationTokenRevocationFilter.revokedById': { foreign: ({ admin }) => admin.user.id },
};

/** Texts that are looked up in an organization, or find one. */
const referringTexts = new Set(['role', 'reassignTo', 'confirmSlug']);

function isReference({ coordinate, name, type }: Position): boolean {
  const named = getNamedType(type);
  if (named === schema.getType('ID')) return true;
  if (named !== schema.getType('String')) return false;
  return referringTexts.has(name) || (name === 'slug' && coordinate.startsWith('Query.'));
}

/** The places of a call at which something is named. A list is tried at its first entry. */
export function referencesOf(coordinate: string): Position[] {
  const positions = positionsOf(coordinate).filter(isReference);
  return positions.filter(({ path }) => !positions.some((other) => other.path === `${path}.0`));
}

export function referenceAt({ coordinate }: Position): Reference {
  const reference = references[coordinate];
  if (!reference) throw new Error(`What does ${coordinate} name? Say so in the table of references.`);
  return reference;
}
