import { randomUUID } from 'node:crypto';
import { newId } from '../../src/platform/id.js';
import { partner } from '../support/integrations.js';
import type { Operation } from './matrix.table.js';
import { otherPlan, password, type Scene, type World } from './matrix.worlds.js';

/** How a row of the table is asked for in a world, such that whoever may, can. */
export interface Call {
  /** Left out by what only reads, to which any world is the same. */
  scene?: Scene;
  document(world: World): string;
  variables?(world: World): object;
  headers?(world: World): Record<string, string> | null;
  /** Whether it changes the organization, and so leaves an event in it when it is done. */
  changes?: boolean;
  /** Whether what it changes is nothing to leave an event of: what people do, not what the organization is. */
  unrecorded?: boolean;
  /** Whether it names the organization, so that a refusal leaves an event there. */
  named?: boolean;
}

/** The caller is invited, and has proven the address. */
const ownAddress: Scene = { invited: 'caller', isVerified: true };
const ofAnother: Scene = { invited: 'another', isVerified: true };

const newPassword = 'another horse, another battery';

type Text = (world: World) => string;
type Input = (world: World) => object;

function query(field: Text): Call {
  return { document: (world) => `{ ${field(world)} }` };
}

/** A field of the organization, on the way that is open to whoever belongs to it. */
function ofOrganization(field: Text): Call {
  return query(
    (world) => `myPermissions(organizationId: "${world.organizationId}") { organization { ${field(world)} } }`,
  );
}

const ofTeam = (field: string) => ofOrganization(({ teamId }) => `team(id: "${teamId}") { ${field} }`);
const ofMember = (field: string) => ofOrganization(({ target }) => `member(id: "${target.memberId}") { ${field} }`);
const ofTeamsEngagement = (field: string) =>
  ofOrganization(({ teamId }) => `engagement(teamId: "${teamId}") { ${field} }`);
const ofInvitation = (field: string) => ofOrganization(() => `invitations { nodes { ${field} } }`);
const ofWorkspace = (field: string) =>
  ofOrganization(({ workspaceId }) => `workspace(id: "${workspaceId}") { ${field} }`);
const ofOwnInvitations = (field: string): Call => ({ ...query(() => `myInvitations { ${field} }`), scene: ownAddress });
const ofOwnMemberships = (field: string) => query(() => `me { memberships { nodes { ${field} } } }`);

/** A mutation that is about no organization that its input would name. */
function mutation(name: string, input: Input, scene: Scene = {}): Call {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return {
    scene,
    document: () => `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`,
    variables: (world) => ({ input: input(world) }),
  };
}

/** A mutation of the organization. */
function change(name: string, input: Input, scene: Scene = {}): Call {
  const named: Input = (world) => ({ organizationId: world.organizationId, ...input(world) });
  return { ...mutation(name, named, scene), changes: true, named: true };
}

const memberId = ({ target }: World) => ({ memberId: target.memberId });
const answered = ({ invitationId }: World) => ({ invitationId });
const holder = ({ integrationToken: token }: World) => ({ token });
const teamMember = ({ teamId, target }: World) => ({ teamId, memberId: target.memberId });

export const calls: Record<Operation, Call> = {
  'Query.me': query(() => 'me { id }'),
  'Query.organizations': query(() => 'organizations { totalCount }'),
  'Query.permissionCatalogue': query(() => 'permissionCatalogue { permission }'),
  'User.memberships (own)': ofOwnMemberships('id'),
  'User.memberships (of another)': ofMember('user { memberships { totalCount } }'),
  'Mutation.register': mutation('register', () => ({
    email: `${randomUUID()}@example.com`,
    password,
    fullName: 'Ada',
  })),
  'Mutation.login': mutation('login', ({ self }) => ({ email: self.user.email, password })),
  'Mutation.refreshSession': mutation('refreshSession', ({ self }) => ({ refreshToken: self.refreshToken })),
  'Mutation.logout': mutation('logout', () => ({ everywhere: true })),
  'Mutation.switchOrganization': { ...change('switchOrganization', () => ({})), changes: false },
  'Mutation.updateMe': mutation('updateMe', () => ({ fullName: 'Ada King' })),
  'Mutation.changePassword': mutation('changePassword', () => ({ currentPassword: password, newPassword })),
  'Mutation.requestPasswordReset': mutation('requestPasswordReset', ({ self }) => ({ email: self.user.email })),
  'Mutation.resetPassword': mutation('resetPassword', ({ self }) => ({ token: self.resetToken, newPassword })),
  'Mutation.requestEmailVerification': { scene: {}, document: () => 'mutation { requestEmailVerification { ok } }' },
  'Mutation.verifyEmail': mutation('verifyEmail', ({ self }) => ({ token: self.verificationToken })),
  'Mutation.requestEmailChange': mutation('requestEmailChange', () => ({
    newEmail: `${randomUUID()}@example.com`,
    currentPassword: password,
  })),

  'Query.organization': query(({ organizationId }) => `organization(id: "${organizationId}") { id }`),
  'Query.organizationBySlug': query(({ slug }) => `organizationBySlug(slug: "${slug}") { id }`),
  'Query.currentOrganization': {
    ...query(() => 'currentOrganization { id }'),
    headers: ({ organizationId }) => ({ 'x-organization-id': organizationId }),
  },
  'Organization.memberCount': ofOrganization(() => 'memberCount'),
  'Mutation.createOrganization': mutation('createOrganization', () => ({ name: 'Analytical Engines' })),
  'Mutation.createOrganization (for an owner)': mutation('createOrganization', ({ stranger }) => ({
    name: 'Analytical Engines',
    owner: { email: stranger.email, fullName: 'Ada' },
  })),
  'Mutation.updateOrganization': change('updateOrganization', () => ({ name: 'Analytical Engines' })),
  'Mutation.deleteOrganization': change('deleteOrganization', ({ slug }) => ({ confirmSlug: slug })),

  'Query.allOrganizations': query(() => 'allOrganizations { nodes { id } }'),
  // As long as it is deleted, nobody's events are recorded in it.
  'Mutation.restoreOrganization': {
    ...change('restoreOrganization', () => ({}), { deleted: true }),
    named: false,
  },
  'Mutation.setUserStatus': {
    ...mutation('setUserStatus', ({ target }) => ({ userId: target.userId, status: 'SUSPENDED' })),
    changes: true,
  },
  'Mutation.setSuperAdmin': mutation('setSuperAdmin', ({ target }) => ({ userId: target.userId, isSuperAdmin: true })),

  'Query.myPermissions': query(
    ({ organizationId }) => `myPermissions(organizationId: "${organizationId}") { granted }`,
  ),
  'Query.checkPermission (of oneself)': query(
    ({ organizationId }) =>
      `checkPermission(organizationId: "${organizationId}", permission: "teams.read") { granted }`,
  ),
  'Query.checkPermission (of another)': query(
    ({ organizationId, target: { userId } }) =>
      `checkPermission(organizationId: "${organizationId}", userId: "${userId}", permission: "teams.read") { granted }`,
  ),

  'Organization.members': ofOrganization(() => 'members { nodes { id } }'),
  'Organization.member': ofMember('id'),
  'Member.user': ofMember('user { id }'),
  'Member.role': ofMember('role { id }'),
  'Member.invitedBy': ofMember('invitedBy { id }'),
  'Member.organization': ofMember('organization { id }'),
  'Member.organization (of an own membership)': ofOwnMemberships('organization { name }'),
  'Mutation.addMember': change('addMember', ({ stranger }) => ({ userId: stranger.id, role: 'viewer' })),
  'Mutation.updateMemberRole': change('updateMemberRole', (world) => ({ ...memberId(world), role: 'member' })),
  'Mutation.suspendMember': change('suspendMember', memberId),
  'Mutation.reinstateMember': change('reinstateMember', memberId, { targetStatus: 'SUSPENDED' }),
  'Mutation.removeMember': change('removeMember', memberId),
  // Whoever has no membership to give up names another one.
  'Mutation.removeMember (oneself)': change('removeMember', ({ memberId, target }) => ({
    memberId: memberId ?? target.memberId,
  })),

  'Mutation.updateMember (role)': change('updateMember', (world) => ({ ...memberId(world), role: 'member' })),
  'Mutation.updateMember (role and team)': change(
    'updateMember',
    (world) => ({ ...memberId(world), role: 'member', teamId: null }),
    { targetInTeam: 'MEMBER' },
  ),
  'Mutation.updateMember (out of the team)': change('updateMember', (world) => ({ ...memberId(world), teamId: null }), {
    targetInTeam: 'MEMBER',
  }),
  'Mutation.updateMember (into another team)': change(
    'updateMember',
    (world) => ({ ...memberId(world), teamId: world.otherTeamId }),
    { targetInTeam: 'MEMBER' },
  ),
  'Mutation.updateMember (to an organization where one has the same role)': transfer({ elsewhere: 'same' }),
  'Mutation.updateMember (to an organization where one is but a member)': transfer({ elsewhere: 'member' }),
  'Mutation.updateMember (to an organization of others)': transfer({}),

  'Organization.roles': ofOrganization(() => 'roles { id }'),
  'Organization.viewerRole': query(
    ({ organizationId }) => `organization(id: "${organizationId}") { viewerRole { id } }`,
  ),
  'Role.memberCount': query(
    ({ organizationId }) => `myPermissions(organizationId: "${organizationId}") { role { memberCount } }`,
  ),
  'Mutation.createRole': change('createRole', () => ({
    ...{ key: 'pilot', name: 'Pilot', rank: 5, permissions: ['organization.read'] },
  })),
  'Mutation.createRole (in the place of a system role)': change('createRole', () => ({
    ...{ key: 'developer', name: 'Pilot', rank: 5, permissions: ['organization.read'] },
  })),
  'Mutation.updateRole': change('updateRole', ({ roleId }) => ({ roleId, name: 'Pilot', permissions: [] })),
  'Mutation.deleteRole': change('deleteRole', ({ roleId }) => ({ roleId })),

  'Organization.teams': ofOrganization(() => 'teams { nodes { id } }'),
  'Organization.team': ofTeam('id'),
  'Team.organization': ofTeam('organization { id }'),
  'Team.memberCount': ofTeam('memberCount'),
  'Team.members': ofTeam('members { nodes { id } }'),
  'Member.teams': ofMember('teams { id }'),
  'Member.teams (own)': ofOwnMemberships('teams { id }'),
  'Member.teamMemberships': ofMember('teamMemberships { id }'),
  'Member.teamMemberships (own)': ofOwnMemberships('teamMemberships { id }'),
  'Mutation.createTeam': change('createTeam', () => ({ name: 'Green' })),
  'Mutation.updateTeam': change('updateTeam', ({ teamId }) => ({ teamId, name: 'Green' })),
  'Mutation.deleteTeam': change('deleteTeam', ({ teamId }) => ({ teamId })),
  'Mutation.addTeamMember': change('addTeamMember', teamMember),
  'Mutation.addTeamMember (as a manager)': change('addTeamMember', (world) => ({
    ...teamMember(world),
    role: 'MANAGER',
  })),
  'Mutation.updateTeamMember': change('updateTeamMember', (world) => ({ ...teamMember(world), role: 'MANAGER' }), {
    targetInTeam: 'MEMBER',
  }),
  'Mutation.removeTeamMember': change('removeTeamMember', teamMember, { targetInTeam: 'MEMBER' }),
  'Mutation.removeTeamMember (a manager)': change('removeTeamMember', teamMember, { targetInTeam: 'MANAGER' }),

  'Organization.invitations': ofInvitation('id'),
  'Invitation.organization': ofInvitation('organization { id }'),
  'Invitation.role': ofInvitation('role { id }'),
  'Invitation.teams': ofInvitation('teams { id }'),
  'Invitation.invitedBy': ofInvitation('invitedBy { id }'),
  'Query.invitationByToken': query(({ token }) => `invitationByToken(token: "${token}") { email }`),
  'Mutation.inviteMember': change('inviteMember', ({ stranger }) => ({ email: stranger.email, role: 'viewer' })),
  'Mutation.inviteMembers': change('inviteMembers', ({ stranger }) => ({
    invitations: [{ email: stranger.email, role: 'viewer' }],
  })),
  'Mutation.resendInvitation': change('resendInvitation', answered),
  'Mutation.revokeInvitation': change('revokeInvitation', answered),
  'Mutation.register (invited, by another address)': mutation('register', ({ token }) => ({
    ...{ email: `${randomUUID()}@example.com`, password, fullName: 'Ada', invitationToken: token },
  })),
  'Mutation.register (invited)': {
    ...mutation('register', ({ invitationId, token }) => ({
      ...{ email: `${invitationId}@example.com`, password, fullName: 'Ada', invitationToken: token },
    })),
    changes: true,
  },
  'Mutation.acceptInvitation': mutation('acceptInvitation', ({ token }) => ({ token }), { invited: 'caller' }),
  'Mutation.acceptInvitation (of another)': mutation('acceptInvitation', ({ token }) => ({ token }), {
    invited: 'another',
  }),
  'Mutation.acceptInvitation (by id)': mutation('acceptInvitation', answered, ownAddress),
  'Mutation.acceptInvitation (by id, not verified)': mutation('acceptInvitation', answered, { invited: 'caller' }),
  'Mutation.acceptInvitation (of another, by id)': mutation('acceptInvitation', answered, ofAnother),
  'Mutation.declineInvitation': mutation('declineInvitation', ({ token }) => ({ token }), { invited: 'caller' }),
  'Mutation.declineInvitation (of another)': mutation('declineInvitation', ({ token }) => ({ token }), {
    invited: 'another',
  }),
  'Mutation.declineInvitation (by id)': mutation('declineInvitation', answered, ownAddress),
  'Mutation.declineInvitation (by id, not verified)': mutation('declineInvitation', answered, { invited: 'caller' }),
  'Mutation.declineInvitation (of another, by id)': mutation('declineInvitation', answered, ofAnother),

  'Query.myInvitations': ofOwnInvitations('id'),
  'Invitation.organization (own)': ofOwnInvitations('organization { name }'),
  'Invitation.role (own)': ofOwnInvitations('role { name }'),
  'Invitation.teams (own)': ofOwnInvitations('teams { name }'),
  'Invitation.invitedBy (own)': ofOwnInvitations('invitedBy { fullName }'),
  'Organization.memberCount (inviting)': ofOwnInvitations('organization { memberCount }'),
  'Organization.members (inviting)': ofOwnInvitations('organization { members { totalCount } }'),
  'Organization.roles (inviting)': ofOwnInvitations('organization { roles { id } }'),
  'Organization.teams (inviting)': ofOwnInvitations('organization { teams { totalCount } }'),
  'Organization.invitations (inviting)': ofOwnInvitations('organization { invitations { totalCount } }'),
  'Organization.workspaces (inviting)': ofOwnInvitations('organization { workspaces { totalCount } }'),
  'Organization.apiKeys (inviting)': ofOwnInvitations('organization { apiKeys { totalCount } }'),
  'Organization.integrationKeys (inviting)': ofOwnInvitations('organization { integrationKeys { id } }'),
  'Organization.integrationTokens (inviting)': ofOwnInvitations('organization { integrationTokens { totalCount } }'),
  'Organization.integrationTokenRevocations (inviting)': ofOwnInvitations(
    'organization { integrationTokenRevocations { totalCount } }',
  ),
  'Organization.engagement (inviting)': ofOwnInvitations('organization { engagement { __typename } }'),
  'Organization.auditEvents (inviting)': ofOwnInvitations('organization { auditEvents { totalCount } }'),
  'Organization.limits (inviting)': ofOwnInvitations('organization { limits { used } }'),
  'Organization.viewerRole (inviting)': ofOwnInvitations('organization { viewerRole { id } }'),
  'Role.memberCount (offered)': ofOwnInvitations('role { memberCount }'),
  'Team.memberCount (offered)': ofOwnInvitations('teams { memberCount }'),
  'Team.members (offered)': ofOwnInvitations('teams { members { totalCount } }'),
  'User.memberships (of the inviter)': ofOwnInvitations('invitedBy { memberships { totalCount } }'),

  'Organization.workspaces': ofOrganization(() => 'workspaces { nodes { id } }'),
  'Organization.workspace': ofWorkspace('id'),
  'Workspace.organization': ofWorkspace('organization { id }'),
  'Mutation.createWorkspace': change('createWorkspace', () => ({ name: 'Lab' })),
  'Mutation.updateWorkspace': change('updateWorkspace', ({ workspaceId }) => ({ workspaceId, name: 'Lab' })),
  'Mutation.deleteWorkspace': change('deleteWorkspace', ({ workspaceId }) => ({ workspaceId })),

  'Query.plans': query(() => 'plans { key }'),
  'Organization.limits': ofOrganization(() => 'limits { name used }'),
  'Mutation.updateOrganizationPlan': change('updateOrganizationPlan', () => ({ plan: otherPlan.key })),

  'Organization.apiKeys': ofOrganization(() => 'apiKeys { nodes { id } }'),
  'ApiKey.createdBy': ofOrganization(() => 'apiKeys { nodes { createdBy { id } } }'),
  'Mutation.createApiKey': change('createApiKey', () => ({ name: 'Build', scopes: ['organizations:read'] })),
  'Mutation.deleteApiKey': change('deleteApiKey', ({ apiKeyId, otherApiKeyId }) => ({
    apiKeyId: apiKeyId ?? otherApiKeyId,
  })),
  'Mutation.deleteApiKey (of another)': change('deleteApiKey', ({ otherApiKeyId }) => ({ apiKeyId: otherApiKeyId })),

  'Query.verifyIntegrationToken': query(({ organizationId, integrationToken: token }) => {
    const input = `organizationId: "${organizationId}", token: "${token}", audience: "${partner}"`;
    return `verifyIntegrationToken(input: { ${input} }) { valid claims }`;
  }),
  'Mutation.issueIntegrationToken': change('issueIntegrationToken', () => ({
    ...{ audience: partner, subject: 'importer', scopes: ['organization.read'] },
  })),
  'Mutation.rotateIntegrationToken': change('rotateIntegrationToken', holder),
  'Mutation.revokeIntegrationToken': change('revokeIntegrationToken', holder),
  'Mutation.revokeIntegrationToken (by its id)': change('revokeIntegrationToken', () => ({ jti: newId() })),
  'Mutation.rotateIntegrationKey': change('rotateIntegrationKey', () => ({})),
  'Organization.integrationJwks': ofOrganization(() => 'integrationJwks'),
  'Organization.integrationKeys': ofOrganization(() => 'integrationKeys { id }'),
  'Organization.integrationTokens': ofOrganization(() => 'integrationTokens { nodes { id } }'),
  'Organization.integrationTokenRevocations': ofOrganization(() => 'integrationTokenRevocations { nodes { id } }'),
  'IntegrationToken.issuedBy': ofOrganization(() => 'integrationTokens { nodes { issuedBy { id } } }'),
  'IntegrationTokenRevocation.revokedBy': ofOrganization(
    () => 'integrationTokenRevocations { nodes { revokedBy { id } } }',
  ),
  'IntegrationTokenRevocation.token': ofOrganization(() => 'integrationTokenRevocations { nodes { token { id } } }'),

  'Organization.engagement': ofOrganization(() => 'engagement { __typename }'),
  'Organization.engagement (of a team)': ofTeamsEngagement('__typename'),
  'Member.engagement': ofMember('engagement { __typename }'),
  'Member.engagement (of a member of the team)': {
    ...ofMember('engagement { __typename }'),
    scene: { targetInTeam: 'MEMBER' },
  },
  'Member.engagement (own)': ofOwnMemberships('engagement { __typename }'),
  'Engagement.organization': ofOrganization(() => 'engagement { organization { id } }'),
  'Engagement.organization (of a team)': ofTeamsEngagement('organization { id }'),
  'Engagement.organization (of a member)': ofMember('engagement { organization { id } }'),
  'Engagement.organization (own)': ofOwnMemberships('engagement { organization { id } }'),
  'Engagement.team': ofTeamsEngagement('team { id }'),
  'Engagement.range': ofOrganization(() => 'engagement { range { days } }'),
  'Engagement.range (of a team)': ofTeamsEngagement('range { days }'),
  'Engagement.range (of a member)': ofMember('engagement { range { days } }'),
  'Engagement.range (own)': ofOwnMemberships('engagement { range { days } }'),
  'Engagement.kpis': ofOrganization(() => 'engagement { kpis { value } }'),
  'Engagement.kpis (of a team)': ofTeamsEngagement('kpis { value }'),
  'Engagement.kpis (of a member)': ofMember('engagement { kpis { value } }'),
  'Engagement.kpis (own)': ofOwnMemberships('engagement { kpis { value } }'),
  'Engagement.pulse': ofOrganization(() => 'engagement { pulse { summary { totalSessions } } }'),
  'Engagement.pulse (of a team)': ofTeamsEngagement('pulse { summary { totalSessions } }'),
  'Engagement.pulse (of a member)': ofMember('engagement { pulse { summary { totalSessions } } }'),
  'Engagement.pulse (own)': ofOwnMemberships('engagement { pulse { summary { totalSessions } } }'),
  'Engagement.trend': ofOrganization(() => 'engagement { trend { totalHours } }'),
  'Engagement.trend (of a team)': ofTeamsEngagement('trend { totalHours }'),
  'Engagement.trend (of a member)': ofMember('engagement { trend { totalHours } }'),
  'Engagement.trend (own)': ofOwnMemberships('engagement { trend { totalHours } }'),
  'Engagement.activityDistribution': ofOrganization(() => 'engagement { activityDistribution { memberCount } }'),
  'Engagement.activityDistribution (of a team)': ofTeamsEngagement('activityDistribution { memberCount }'),
  'Engagement.activityDistribution (of a member)': ofMember('engagement { activityDistribution { memberCount } }'),
  'Engagement.activityDistribution (own)': ofOwnMemberships('engagement { activityDistribution { memberCount } }'),
  'Engagement.retention': ofOrganization(() => 'engagement { retention { periods } }'),
  'Engagement.retention (of a team)': ofTeamsEngagement('retention { periods }'),
  'Engagement.retention (of a member)': ofMember('engagement { retention { periods } }'),
  'Engagement.retention (own)': ofOwnMemberships('engagement { retention { periods } }'),
  'Engagement.memberActivity': ofOrganization(() => 'engagement { memberActivity { nodes { sessions } } }'),
  'Engagement.memberActivity (of a team)': ofTeamsEngagement('memberActivity { nodes { sessions } }'),
  'Engagement.memberActivity (of a member)': ofMember('engagement { memberActivity { nodes { sessions } } }'),
  'Engagement.memberActivity (own)': ofOwnMemberships('engagement { memberActivity { nodes { sessions } } }'),
  'Engagement.memberDirectory': ofOrganization(() => 'engagement { memberDirectory { nodes { joinedAt } } }'),
  'Engagement.memberDirectory (of a team)': ofTeamsEngagement('memberDirectory { nodes { joinedAt } }'),
  'Engagement.memberDirectory (of a member)': ofMember('engagement { memberDirectory { nodes { joinedAt } } }'),
  'Engagement.memberDirectory (own)': ofOwnMemberships('engagement { memberDirectory { nodes { joinedAt } } }'),
  'Engagement.sessions': ofOrganization(() => 'engagement { sessions { nodes { id } } }'),
  'Engagement.sessions (of a team)': ofTeamsEngagement('sessions { nodes { id } }'),
  'Engagement.sessions (of a member)': ofMember('engagement { sessions { nodes { id } } }'),
  'Engagement.sessions (own)': ofOwnMemberships('engagement { sessions { nodes { id } } }'),
  'MemberActivity.member': ofOrganization(() => 'engagement { memberActivity { nodes { member { id } } } }'),
  'MemberActivity.member (of a team)': ofTeamsEngagement('memberActivity { nodes { member { id } } }'),
  'MemberActivity.member (own)': ofOwnMemberships('engagement { memberActivity { nodes { member { id } } } }'),
  'MemberDirectoryEntry.user': ofOrganization(() => 'engagement { memberDirectory { nodes { user { id } } } }'),
  'MemberDirectoryEntry.user (of a team)': ofTeamsEngagement('memberDirectory { nodes { user { id } } }'),
  'MemberDirectoryEntry.user (own)': ofOwnMemberships('engagement { memberDirectory { nodes { user { id } } } }'),
  'MemberDirectoryEntry.affiliations': ofOrganization(
    () => 'engagement { memberDirectory { nodes { affiliations { __typename } } } }',
  ),
  'MemberDirectoryEntry.affiliations (of a team)': ofTeamsEngagement(
    'memberDirectory { nodes { affiliations { __typename } } }',
  ),
  'MemberDirectoryEntry.affiliations (own)': ofOwnMemberships(
    'engagement { memberDirectory(first: 1) { nodes { affiliations { __typename } } } }',
  ),
  'Affiliation.organization': ofOrganization(
    () => 'engagement { memberDirectory { nodes { affiliations { organization { id } } } } }',
  ),
  'Affiliation.organization (of a team)': ofTeamsEngagement(
    'memberDirectory { nodes { affiliations { organization { id } } } }',
  ),
  'Affiliation.organization (own)': ofOwnMemberships(
    'engagement { memberDirectory(first: 1) { nodes { affiliations { organization { id } } } } }',
  ),
  'Affiliation.team': ofOrganization(() => 'engagement { memberDirectory { nodes { affiliations { team { id } } } } }'),
  'Affiliation.team (of a team)': ofTeamsEngagement('memberDirectory { nodes { affiliations { team { id } } } }'),
  'Affiliation.team (own)': ofOwnMemberships(
    'engagement { memberDirectory(first: 1) { nodes { affiliations { team { id } } } } }',
  ),
  'ActivitySession.user': ofOrganization(() => 'engagement { sessions { nodes { user { id } } } }'),
  'ActivitySession.user (of a team)': ofTeamsEngagement('sessions { nodes { user { id } } }'),
  'ActivitySession.user (own)': ofOwnMemberships('engagement { sessions { nodes { user { id } } } }'),
  'ActivitySession.team': ofOrganization(() => 'engagement { sessions { nodes { team { id } } } }'),
  'ActivitySession.team (of a team)': ofTeamsEngagement('sessions { nodes { team { id } } }'),
  'ActivitySession.team (own)': ofOwnMemberships('engagement { sessions { nodes { team { id } } } }'),
  'Mutation.recordActivity': report(() => ({})),
  'Mutation.recordActivity (of another)': report(memberId),

  'Organization.auditEvents': ofOrganization(() => 'auditEvents { nodes { id } }'),
};

/** Reports an hour, which is judged by itself. */
function report(whose: Input): Call {
  const entries = (world: World) => [
    { startedAt: new Date(), activeSeconds: 3_600, idempotencyId: newId(), ...whose(world) },
  ];
  const call = change('recordActivity', (world) => ({ entries: entries(world) }));
  const document = 'mutation ($input: RecordActivityInput!) { recordActivity(input: $input) { rejected { code } } }';
  return { ...call, document: () => document, unrecorded: true };
}

function transfer(scene: Scene): Call {
  return change('updateMember', (world) => ({ ...memberId(world), targetOrganizationId: world.elsewhereId }), scene);
}
