/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The invitation to accept. */
export type AcceptInvitationInput = {
  /** One of `myInvitations`, for a caller whose e-mail address is verified. This or `token`. */
  invitationId?: string | number | null | undefined;
  /** The secret from the mail. This or `invitationId`. */
  token?: string | null | undefined;
};

/** A user to make a member at once, without an invitation. Name it by id or by e-mail address. */
export type AddMemberInput = {
  /** The e-mail address of the user. */
  email?: string | null | undefined;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
  /** The key of the role to give. */
  role: string;
  /** The teams to join, at most 100. */
  teamIds?: Array<string | number> | null | undefined;
  /** The id of the user. */
  userId?: string | number | null | undefined;
};

/** A member to put into a team. */
export type AddTeamMemberInput = {
  /** The member. */
  memberId: string | number;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
  /** What the member is to be in the team. */
  role?: TeamRole;
  /** The team. */
  teamId: string | number;
};

/** A new organization. */
export type CreateOrganizationInput = {
  /** At most 2,000 characters. */
  description?: string | null | undefined;
  /** An http or https URL. */
  logoUrl?: string | null | undefined;
  /** 1 to 100 characters. */
  name: string;
  /** Who is to be its administrator, instead of the caller. For super admins. */
  owner?: OrganizationOwnerInput | null | undefined;
  /** 2 to 63 letters a–z, digits and hyphens. Left out, one is made from the name. */
  slug?: string | null | undefined;
  /** An IANA time zone such as Europe/Berlin. Default UTC. */
  timezone?: string | null | undefined;
};

/** A new team. */
export type CreateTeamInput = {
  /** At most 2,000 characters. */
  description?: string | null | undefined;
  /** 1 to 100 characters. */
  name: string;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
  /** 2 to 63 letters a–z, digits and hyphens. Left out, one is made from the name. */
  slug?: string | null | undefined;
};

/** Whether the database answers. */
export type DatabaseStatus =
  /** It does not answer within two seconds, or refuses. */
  | 'DOWN'
  /** It answers. */
  | 'UP';

/** The organization to delete. */
export type DeleteOrganizationInput = {
  /** The slug of the organization, typed once more so that it is the one that is meant. */
  confirmSlug: string;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
};

/** Which invitations to list. */
export type InvitationFilter = {
  /** What has become of them. */
  status?: InvitationStatus | null | undefined;
};

/** The order of a list. Items that are equal in it are ordered by id. */
export type InvitationOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: InvitationOrderField;
};

/** By what a list may be ordered: Invitation. */
export type InvitationOrderField =
  /** By the moment of inviting. */
  | 'CREATED_AT'
  /** By address, without regard to case. */
  | 'EMAIL';

/** What has become of an invitation. */
export type InvitationStatus =
  /** The person has become a member. */
  | 'ACCEPTED'
  /** The person has said no. */
  | 'DECLINED'
  /** Was not answered in time. */
  | 'EXPIRED'
  /** Was accepted when whoever invited could no longer give that role. */
  | 'INVALIDATED'
  /** Waits for an answer. */
  | 'PENDING'
  /** Was taken back. */
  | 'REVOKED';

/** Whom to invite, and as what. */
export type InviteMemberInput = {
  /** The address to invite. */
  email: string;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
  /** The key of the role to offer. */
  role: string;
  /** The teams to join on acceptance, at most 100. */
  teamIds?: Array<string | number> | null | undefined;
};

/** The credentials of an account. */
export type LoginInput = {
  /** The address of the account. */
  email: string;
  /** The password of the account. */
  password: string;
};

/** Which sessions to end. */
export type LogoutInput = {
  /** End all sessions of the user, on every device. */
  everywhere?: boolean | null | undefined;
};

/** Which members to list. All conditions have to hold. */
export type MemberFilter = {
  /** The key of a role. */
  role?: string | null | undefined;
  /** A part of the full name, username or e-mail address, in any case. */
  search?: string | null | undefined;
  /** Whether the membership counts. */
  status?: MemberStatus | null | undefined;
  /** The id of a team. */
  teamId?: string | number | null | undefined;
};

/** The order of a list. Items that are equal in it are ordered by id. */
export type MemberOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: MemberOrderField;
};

/** By what a list may be ordered: Member. */
export type MemberOrderField =
  /** By the moment of joining. */
  | 'JOINED_AT'
  /** By full name, without regard to case. */
  | 'NAME';

/** Whether a membership counts. */
export type MemberStatus =
  /** The member may do what the role permits. */
  | 'ACTIVE'
  /** The member may do nothing here until reinstated. */
  | 'SUSPENDED';

/** Which end of an order comes first. */
export type OrderDirection =
  /** From low to high, from old to new, from A to Z. */
  | 'ASC'
  /** From high to low, from new to old, from Z to A. */
  | 'DESC';

/** The order of a list. Items that are equal in it are ordered by id. */
export type OrganizationOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: OrganizationOrderField;
};

/** By what a list may be ordered: Organization. */
export type OrganizationOrderField =
  /** By the moment of founding. */
  | 'CREATED_AT'
  /** By name, without regard to case. */
  | 'NAME';

/** Who is to be the administrator of a new organization. */
export type OrganizationOwnerInput = {
  /** The address of the owner. An account is made if it has none. */
  email: string;
  /** The name for a new account, 1 to 100 characters. */
  fullName: string;
};

/** The secret that renews a session. */
export type RefreshSessionInput = {
  /** The refresh token that was handed out last. */
  refreshToken: string;
};

/** What a new account needs. */
export type RegisterInput = {
  /** The address to sign in with. */
  email: string;
  /** The name as the person writes it, 1 to 100 characters. */
  fullName: string;
  /** The secret of an invitation to this address: it proves the address, and is accepted on the way. */
  invitationToken?: string | null | undefined;
  /** 8 to 128 characters of any kind. */
  password: string;
  /** 2 to 39 letters, digits, dots, hyphens and underscores. */
  username?: string | null | undefined;
};

/** A member to remove; oneself, to leave. */
export type RemoveMemberInput = {
  /** The member. */
  memberId: string | number;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
};

/** A member to take out of a team. */
export type RemoveTeamMemberInput = {
  /** The member. */
  memberId: string | number;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
  /** The team. */
  teamId: string | number;
};

/** The invitation to take back. */
export type RevokeInvitationInput = {
  /** The invitation. */
  invitationId: string | number;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
};

/** The order of a list. Items that are equal in it are ordered by id. */
export type TeamMemberOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: TeamMemberOrderField;
};

/** By what a list may be ordered: TeamMember. */
export type TeamMemberOrderField =
  /** By the moment of joining the team. */
  | 'JOINED_AT'
  /** By full name, without regard to case. */
  | 'NAME';

/** The order of a list. Items that are equal in it are ordered by id. */
export type TeamOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: TeamOrderField;
};

/** By what a list may be ordered: Team. */
export type TeamOrderField =
  /** By the moment of making. */
  | 'CREATED_AT'
  /** By name, without regard to case. */
  | 'NAME';

/** What a member is in a team. */
export type TeamRole =
  /** Manages the team, if the role in the organization is `team_manager`. */
  | 'MANAGER'
  /** Belongs to the team. */
  | 'MEMBER';

/** What to change of oneself. An absent field keeps its value; null clears it. */
export type UpdateMeInput = {
  /** An http or https URL. */
  avatarUrl?: string | null | undefined;
  /** 1 to 100 characters. Cannot be cleared. */
  fullName?: string | null | undefined;
  /** An IANA time zone such as Europe/Berlin. Cannot be cleared. */
  timezone?: string | null | undefined;
  /** 2 to 39 letters, digits, dots, hyphens and underscores. */
  username?: string | null | undefined;
};

/** Another role for a member. */
export type UpdateMemberRoleInput = {
  /** The member. */
  memberId: string | number;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
  /** The key of the role to give. */
  role: string;
};

/** What to change of an organization. An absent field keeps its value; null clears it. */
export type UpdateOrganizationInput = {
  /** At most 2,000 characters. */
  description?: string | null | undefined;
  /** An http or https URL. */
  logoUrl?: string | null | undefined;
  /** 1 to 100 characters. Cannot be cleared. */
  name?: string | null | undefined;
  /** The organization. Default: the current one. */
  organizationId?: string | number | null | undefined;
  /** 2 to 63 letters a–z, digits and hyphens. Cannot be cleared. */
  slug?: string | null | undefined;
  /** An IANA time zone. Cannot be cleared. */
  timezone?: string | null | undefined;
};

/** Whether a user may sign in. */
export type UserStatus =
  /** May sign in. */
  | 'ACTIVE'
  /** Is gone, and kept only for the record. */
  | 'DELETED'
  /** May not sign in until a super admin lifts it. */
  | 'SUSPENDED';

/** The order of a list. Items that are equal in it are ordered by id. */
export type WorkspaceOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What to order by. */
  field: WorkspaceOrderField;
};

/** By what a list may be ordered: Workspace. */
export type WorkspaceOrderField =
  /** By the moment of making. */
  | 'CREATED_AT'
  /** By name, without regard to case. */
  | 'NAME';

export type MainJobRegisterFounderMutationVariables = Exact<{ [key: string]: never; }>;


export type MainJobRegisterFounderMutation = { register: { session: { accessToken: string, refreshToken: string, expiresAt: string }, user: { id: string, fullName: string }, organization: { slug: string, isPersonal: boolean }, workspace: { name: string, isDefault: boolean } } };

export type MainJobCreateOrganizationMutationVariables = Exact<{ [key: string]: never; }>;


export type MainJobCreateOrganizationMutation = { createOrganization: { organization: { id: string, name: string, slug: string, viewerRole: { key: string } | null, roles: Array<{ key: string, name: string, rank: number }> }, workspace: { name: string }, member: { id: string } } };

export type MainJobInviteColleagueMutationVariables = Exact<{
  organizationId: string | number;
}>;


export type MainJobInviteColleagueMutation = { inviteMember: { invitation: { id: string, status: InvitationStatus, email: string, expiresAt: string, role: { name: string } } } };

export type MainJobReadInvitationQueryVariables = Exact<{
  token: string;
}>;


export type MainJobReadInvitationQuery = { invitationByToken: { organizationName: string, inviterName: string, roleName: string, email: string, status: InvitationStatus } };

export type MainJobRegisterColleagueMutationVariables = Exact<{ [key: string]: never; }>;


export type MainJobRegisterColleagueMutation = { register: { session: { accessToken: string }, user: { id: string, emailVerified: boolean } } };

export type MainJobAcceptInvitationMutationVariables = Exact<{
  token: string;
}>;


export type MainJobAcceptInvitationMutation = { acceptInvitation: { member: { id: string, status: MemberStatus, user: { emailVerified: boolean }, role: { key: string }, organization: { name: string }, invitedBy: { fullName: string } | null } } };

export type MainJobCreateTeamMutationVariables = Exact<{
  organizationId: string | number;
}>;


export type MainJobCreateTeamMutation = { createTeam: { team: { id: string, slug: string, memberCount: number } } };

export type MainJobFillTeamMutationVariables = Exact<{
  organizationId: string | number;
  teamId: string | number;
  founderId: string | number;
  colleagueId: string | number;
}>;


export type MainJobFillTeamMutation = { founder: { teamMembership: { role: TeamRole } }, colleague: { teamMembership: { role: TeamRole, team: { memberCount: number } } } };

export type MainJobInviteIntoTeamMutationVariables = Exact<{
  organizationId: string | number;
  teamId: string | number;
}>;


export type MainJobInviteIntoTeamMutation = { inviteMember: { invitation: { status: InvitationStatus, teams: Array<{ name: string }> } } };

export type MainJobOrganizationPageQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type MainJobOrganizationPageQuery = { organization: { name: string, memberCount: number, members: { totalCount: number, nodes: Array<{ id: string, user: { fullName: string, email: string }, role: { key: string, name: string }, teams: Array<{ name: string }> }> }, teams: { nodes: Array<{ name: string, memberCount: number }> }, invitations: { nodes: Array<{ email: string, expiresAt: string, role: { key: string } }> } } };

export type MainJobUpdateRoleMutationVariables = Exact<{
  organizationId: string | number;
  colleagueId: string | number;
}>;


export type MainJobUpdateRoleMutation = { updateMemberRole: { member: { id: string, role: { key: string, permissions: Array<string> } } } };

export type MainJobMeQueryVariables = Exact<{ [key: string]: never; }>;


export type MainJobMeQuery = { me: { fullName: string, email: string, memberships: { nodes: Array<{ organization: { slug: string }, role: { key: string } }> } }, organizations: { totalCount: number, nodes: Array<{ name: string, isPersonal: boolean, viewerRole: { key: string } | null }> } };

export type WebAppFindMemberQueryVariables = Exact<{
  search: string;
}>;


export type WebAppFindMemberQuery = { organizationBySlug: { id: string, members: { nodes: Array<{ id: string }> } } };

export type WebAppSuspendMutationVariables = Exact<{
  organizationId: string | number;
  memberId: string | number;
}>;


export type WebAppSuspendMutation = { suspendMember: { member: { status: MemberStatus } } };

export type WebAppLogInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type WebAppLogInMutation = { login: { session: { accessToken: string } } };

export type DemoLogInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type DemoLogInMutation = { login: { session: { accessToken: string } } };

export type DemoOrganizationQueryVariables = Exact<{ [key: string]: never; }>;


export type DemoOrganizationQuery = { organizations: { nodes: Array<{ name: string, isPersonal: boolean, viewerRole: { key: string } | null }> }, organizationBySlug: { members: { nodes: Array<{ joinedAt: string, user: { fullName: string }, role: { key: string } }> }, teams: { nodes: Array<{ memberCount: number, members: { edges: Array<{ role: TeamRole, node: { role: { key: string } } }> } }> }, workspaces: { totalCount: number }, invitations: { nodes: Array<{ email: string, teams: Array<{ name: string }> }> } } };

export type InvitationsListTest_ListQueryVariables = Exact<{
  id: string | number;
  filter?: InvitationFilter | null | undefined;
  orderBy?: InvitationOrder | null | undefined;
}>;


export type InvitationsListTest_ListQuery = { organization: { invitations: { totalCount: number, nodes: Array<{ id: string, email: string, status: InvitationStatus, role: { key: string }, teams: Array<{ id: string }>, invitedBy: { id: string }, organization: { id: string } }> } } };

export type InvitationTests_InviteMutationVariables = Exact<{
  input: InviteMemberInput;
}>;


export type InvitationTests_InviteMutation = { inviteMember: { invitation: { id: string, email: string, status: InvitationStatus, expiresAt: string, sentAt: string, sendCount: number, createdAt: string, role: { key: string }, teams: Array<{ id: string }>, invitedBy: { id: string }, organization: { id: string } } } };

export type InvitationTests_AcceptMutationVariables = Exact<{
  input: AcceptInvitationInput;
}>;


export type InvitationTests_AcceptMutation = { acceptInvitation: { member: { id: string, status: MemberStatus, user: { id: string, emailVerified: boolean }, role: { key: string }, teams: Array<{ id: string }>, invitedBy: { id: string } | null, organization: { id: string, memberCount: number } } } };

export type PreviewTest_PreviewQueryVariables = Exact<{
  token: string;
}>;


export type PreviewTest_PreviewQuery = { invitationByToken: { organizationName: string, organizationLogoUrl: string | null, roleName: string, inviterName: string, email: string, status: InvitationStatus, expiresAt: string } };

export type RevokeTest_RevokeMutationVariables = Exact<{
  input: RevokeInvitationInput;
}>;


export type RevokeTest_RevokeMutation = { revokeInvitation: { invitation: { id: string, status: InvitationStatus } } };

export type AddMemberTest_AddMutationVariables = Exact<{
  input: AddMemberInput;
}>;


export type AddMemberTest_AddMutation = { addMember: { member: { id: string, status: MemberStatus, user: { id: string }, role: { key: string }, teams: Array<{ id: string }>, invitedBy: { id: string } | null, organization: { id: string, memberCount: number } } } };

export type MembersListTest_ListQueryVariables = Exact<{
  id: string | number;
  filter?: MemberFilter | null | undefined;
  orderBy?: MemberOrder | null | undefined;
}>;


export type MembersListTest_ListQuery = { organization: { members: { totalCount: number, nodes: Array<{ id: string, user: { fullName: string } }> } } };

export type RemoveMemberTest_RemoveMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type RemoveMemberTest_RemoveMutation = { removeMember: { removedMemberId: string } };

export type UpdateMemberRoleTest_UpdateMutationVariables = Exact<{
  input: UpdateMemberRoleInput;
}>;


export type UpdateMemberRoleTest_UpdateMutation = { updateMemberRole: { member: { id: string, role: { key: string } } } };

export type OrganizationTest_ReadQueryVariables = Exact<{
  id: string | number;
}>;


export type OrganizationTest_ReadQuery = { organization: { id: string, name: string } };

export type OrganizationTest_UpdateMutationVariables = Exact<{
  input: UpdateOrganizationInput;
}>;


export type OrganizationTest_UpdateMutation = { updateOrganization: { organization: { id: string, name: string, slug: string, description: string | null, logoUrl: string | null, timezone: string } } };

export type OrganizationTest_DeleteMutationVariables = Exact<{
  input: DeleteOrganizationInput;
}>;


export type OrganizationTest_DeleteMutation = { deleteOrganization: { deletedOrganizationId: string } };

export type OrganizationsListTest_MineQueryVariables = Exact<{
  orderBy?: OrganizationOrder | null | undefined;
}>;


export type OrganizationsListTest_MineQuery = { organizations: { nodes: Array<{ id: string, name: string, viewerRole: { key: string } | null }> } };

export type OrganizationTest_CreateMutationVariables = Exact<{
  input: CreateOrganizationInput;
}>;


export type OrganizationTest_CreateMutation = { createOrganization: { organization: { id: string, name: string, slug: string, description: string | null, logoUrl: string | null, timezone: string, plan: string, isPersonal: boolean, memberCount: number, viewerRole: { key: string } | null, roles: Array<{ key: string, isSystem: boolean }>, workspaces: { totalCount: number } }, workspace: { name: string, slug: string, isDefault: boolean, organization: { id: string } }, member: { status: MemberStatus, role: { key: string }, user: { id: string }, invitedBy: { id: string } | null } } };

export type OrganizationPageQueryVariables = Exact<{
  id: string | number;
}>;


export type OrganizationPageQuery = { organization: { name: string, members: { nodes: Array<{ user: { fullName: string }, role: { key: string }, teams: Array<{ name: string }> }> }, teams: { nodes: Array<{ name: string, memberCount: number }> }, invitations: { nodes: Array<{ email: string, role: { key: string } }> } } };

export type RoleTest_RolesQueryVariables = Exact<{
  id: string | number;
}>;


export type RoleTest_RolesQuery = { organization: { viewerRole: { key: string } | null, roles: Array<{ id: string, key: string, name: string, description: string | null, rank: number, permissions: Array<string>, isSystem: boolean, shadows: boolean, memberCount: number }> } };

export type ServiceHealthQueryVariables = Exact<{ [key: string]: never; }>;


export type ServiceHealthQuery = { serviceHealth: { version: string, startedAt: string, uptimeSeconds: number, database: { status: DatabaseStatus, latencyMilliseconds: number | null, serverVersion: string | null, isStandby: boolean | null, sizeBytes: number | null }, pools: Array<{ name: string, maximum: number, open: number, idle: number, waiting: number }>, connections: { total: number, active: number, idle: number, idleInTransaction: number, waiting: number, maximum: number } | null, migrations: { applied: number, pending: Array<string>, latest: string | null } | null, replication: Array<{ applicationName: string | null, state: string | null, syncState: string | null, lagBytes: number | null, lagSeconds: number | null }> | null, outbox: { waiting: number, failed: number, oldestSeconds: number | null } | null } };

export type TeamMembersTest_AddMutationVariables = Exact<{
  input: AddTeamMemberInput;
}>;


export type TeamMembersTest_AddMutation = { addTeamMember: { teamMembership: { id: string, role: TeamRole, team: { id: string, memberCount: number }, member: { id: string, user: { id: string } } } } };

export type TeamMembersTest_RemoveMutationVariables = Exact<{
  input: RemoveTeamMemberInput;
}>;


export type TeamMembersTest_RemoveMutation = { removeTeamMember: { teamMembership: { id: string } } };

export type TeamMembersTest_MembersQueryVariables = Exact<{
  id: string | number;
  teamId: string | number;
  orderBy?: TeamMemberOrder | null | undefined;
}>;


export type TeamMembersTest_MembersQuery = { organization: { team: { members: { totalCount: number, edges: Array<{ role: TeamRole, node: { id: string, user: { fullName: string } } }> } } } };

export type TeamTest_CreateMutationVariables = Exact<{
  input: CreateTeamInput;
}>;


export type TeamTest_CreateMutation = { createTeam: { team: { id: string, name: string, slug: string, description: string | null, memberCount: number, members: { nodes: Array<{ id: string }> }, organization: { id: string } } } };

export type TeamTest_ListQueryVariables = Exact<{
  id: string | number;
  orderBy?: TeamOrder | null | undefined;
}>;


export type TeamTest_ListQuery = { organization: { teams: { nodes: Array<{ name: string, memberCount: number }> } } };

export type AccountTest_RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type AccountTest_RegisterMutation = { register: { session: { accessToken: string, refreshToken: string, tokenType: string, expiresAt: string }, user: { id: string, email: string, username: string | null, fullName: string, avatarUrl: string | null, timezone: string, status: UserStatus, isSuperAdmin: boolean, emailVerified: boolean }, organization: { id: string, name: string, slug: string, isPersonal: boolean, memberCount: number, viewerRole: { key: string } | null }, workspace: { name: string, slug: string, isDefault: boolean, organization: { id: string } } } };

export type AccountTest_UpdateMeMutationVariables = Exact<{
  input: UpdateMeInput;
}>;


export type AccountTest_UpdateMeMutation = { updateMe: { user: { username: string | null, fullName: string, avatarUrl: string | null, timezone: string } } };

export type SessionTest_LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type SessionTest_LoginMutation = { login: { session: { accessToken: string, refreshToken: string }, user: { id: string } } };

export type SessionTest_RefreshMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type SessionTest_RefreshMutation = { refreshSession: { session: { accessToken: string, refreshToken: string, tokenType: string, expiresAt: string } } };

export type SessionTest_LogoutMutationVariables = Exact<{
  input: LogoutInput;
}>;


export type SessionTest_LogoutMutation = { logout: { ok: boolean } };

export type WorkspaceTest_ListQueryVariables = Exact<{
  id: string | number;
  orderBy?: WorkspaceOrder | null | undefined;
}>;


export type WorkspaceTest_ListQuery = { organization: { workspaces: { nodes: Array<{ id: string, name: string, slug: string, description: string | null, isDefault: boolean, createdAt: string, organization: { id: string } }> } } };

export type NestedPageQueryVariables = Exact<{
  id: string | number;
}>;


export type NestedPageQuery = { organization: { name: string, members: { totalCount: number, nodes: Array<{ user: { fullName: string, email: string }, role: { key: string, permissions: Array<string> }, teams: Array<{ name: string }> }> }, teams: { nodes: Array<{ name: string }> }, invitations: { nodes: Array<{ email: string, role: { name: string } }> } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const MainJobRegisterFounderDocument = new TypedDocumentString(`
    mutation MainJobRegisterFounder {
  register(
    input: {email: "grace@example.com", password: "a long passphrase", fullName: "Grace Moreau"}
  ) {
    session {
      accessToken
      refreshToken
      expiresAt
    }
    user {
      id
      fullName
    }
    organization {
      slug
      isPersonal
    }
    workspace {
      name
      isDefault
    }
  }
}
    `, {"hash":"sha256:51ed80a29fb9d8b415597b370f1ef708e57b82e0e9229e23b7e821aaf1552dd0"}) as unknown as TypedDocumentString<MainJobRegisterFounderMutation, MainJobRegisterFounderMutationVariables>;
export const MainJobCreateOrganizationDocument = new TypedDocumentString(`
    mutation MainJobCreateOrganization {
  createOrganization(
    input: {name: "Lighthouse Books", slug: "lighthouse-books", timezone: "Europe/Paris"}
  ) {
    organization {
      id
      name
      slug
      viewerRole {
        key
      }
      roles {
        key
        name
        rank
      }
    }
    workspace {
      name
    }
    member {
      id
    }
  }
}
    `, {"hash":"sha256:4e4b7af176795b166e9eb8cf0faa908e25a81db2310017f6d64335653827c90d"}) as unknown as TypedDocumentString<MainJobCreateOrganizationMutation, MainJobCreateOrganizationMutationVariables>;
export const MainJobInviteColleagueDocument = new TypedDocumentString(`
    mutation MainJobInviteColleague($organizationId: ID!) {
  inviteMember(
    input: {organizationId: $organizationId, email: "linus@example.com", role: "member"}
  ) {
    invitation {
      id
      status
      email
      expiresAt
      role {
        name
      }
    }
  }
}
    `, {"hash":"sha256:af436d569a8c18554be3cad23c9f9d4d18188ffcf28275ea944efa5fae099a1d"}) as unknown as TypedDocumentString<MainJobInviteColleagueMutation, MainJobInviteColleagueMutationVariables>;
export const MainJobReadInvitationDocument = new TypedDocumentString(`
    query MainJobReadInvitation($token: String!) {
  invitationByToken(token: $token) {
    organizationName
    inviterName
    roleName
    email
    status
  }
}
    `, {"hash":"sha256:7bdc81660359f45d07513de8d3934fca0f446b1f1d2be716d85b6a3177d92fce"}) as unknown as TypedDocumentString<MainJobReadInvitationQuery, MainJobReadInvitationQueryVariables>;
export const MainJobRegisterColleagueDocument = new TypedDocumentString(`
    mutation MainJobRegisterColleague {
  register(
    input: {email: "linus@example.com", password: "another passphrase", fullName: "Linus Aalto"}
  ) {
    session {
      accessToken
    }
    user {
      id
      emailVerified
    }
  }
}
    `, {"hash":"sha256:71229c5de3cd6592563b7ef266548be2bb1f60ce1a90e791e8d49a8fd6be706e"}) as unknown as TypedDocumentString<MainJobRegisterColleagueMutation, MainJobRegisterColleagueMutationVariables>;
export const MainJobAcceptInvitationDocument = new TypedDocumentString(`
    mutation MainJobAcceptInvitation($token: String!) {
  acceptInvitation(input: {token: $token}) {
    member {
      id
      status
      user {
        emailVerified
      }
      role {
        key
      }
      organization {
        name
      }
      invitedBy {
        fullName
      }
    }
  }
}
    `, {"hash":"sha256:759e092621f0157490795edf6d2b84221b039547101d4f392bb90857f7d0348b"}) as unknown as TypedDocumentString<MainJobAcceptInvitationMutation, MainJobAcceptInvitationMutationVariables>;
export const MainJobCreateTeamDocument = new TypedDocumentString(`
    mutation MainJobCreateTeam($organizationId: ID!) {
  createTeam(
    input: {organizationId: $organizationId, name: "Bookshop", description: "Runs the shop."}
  ) {
    team {
      id
      slug
      memberCount
    }
  }
}
    `, {"hash":"sha256:8162791a4f63217ebe1d174f2ac90d086098d942802db5237d1a335888512ce3"}) as unknown as TypedDocumentString<MainJobCreateTeamMutation, MainJobCreateTeamMutationVariables>;
export const MainJobFillTeamDocument = new TypedDocumentString(`
    mutation MainJobFillTeam($organizationId: ID!, $teamId: ID!, $founderId: ID!, $colleagueId: ID!) {
  founder: addTeamMember(
    input: {organizationId: $organizationId, teamId: $teamId, memberId: $founderId, role: MANAGER}
  ) {
    teamMembership {
      role
    }
  }
  colleague: addTeamMember(
    input: {organizationId: $organizationId, teamId: $teamId, memberId: $colleagueId}
  ) {
    teamMembership {
      role
      team {
        memberCount
      }
    }
  }
}
    `, {"hash":"sha256:5742bb3eace03a164a0da3b92daa51dd2416f196559cc35e80e988ddf0f31e68"}) as unknown as TypedDocumentString<MainJobFillTeamMutation, MainJobFillTeamMutationVariables>;
export const MainJobInviteIntoTeamDocument = new TypedDocumentString(`
    mutation MainJobInviteIntoTeam($organizationId: ID!, $teamId: ID!) {
  inviteMember(
    input: {organizationId: $organizationId, email: "noor@example.com", role: "viewer", teamIds: [$teamId]}
  ) {
    invitation {
      status
      teams {
        name
      }
    }
  }
}
    `, {"hash":"sha256:eeb3a0aef7fdb3e3e817cb90ae083b3ec6befa7280dc36d96eac77d0cc277f3a"}) as unknown as TypedDocumentString<MainJobInviteIntoTeamMutation, MainJobInviteIntoTeamMutationVariables>;
export const MainJobOrganizationPageDocument = new TypedDocumentString(`
    query MainJobOrganizationPage($organizationId: ID!) {
  organization(id: $organizationId) {
    name
    memberCount
    members(first: 50) {
      totalCount
      nodes {
        id
        user {
          fullName
          email
        }
        role {
          key
          name
        }
        teams {
          name
        }
      }
    }
    teams(first: 20) {
      nodes {
        name
        memberCount
      }
    }
    invitations(first: 10, filter: {status: PENDING}) {
      nodes {
        email
        expiresAt
        role {
          key
        }
      }
    }
  }
}
    `, {"hash":"sha256:c5495bac565179b7a4b5142fb1129168a981853dfbdcfe4be03a715cd343ff11"}) as unknown as TypedDocumentString<MainJobOrganizationPageQuery, MainJobOrganizationPageQueryVariables>;
export const MainJobUpdateRoleDocument = new TypedDocumentString(`
    mutation MainJobUpdateRole($organizationId: ID!, $colleagueId: ID!) {
  updateMemberRole(
    input: {organizationId: $organizationId, memberId: $colleagueId, role: "team_manager"}
  ) {
    member {
      id
      role {
        key
        permissions
      }
    }
  }
}
    `, {"hash":"sha256:036969f1a9b44b4d56ea9180db7a0c914e9e8605ae2992b82edfc467b50807d2"}) as unknown as TypedDocumentString<MainJobUpdateRoleMutation, MainJobUpdateRoleMutationVariables>;
export const MainJobMeDocument = new TypedDocumentString(`
    query MainJobMe {
  me {
    fullName
    email
    memberships {
      nodes {
        organization {
          slug
        }
        role {
          key
        }
      }
    }
  }
  organizations {
    totalCount
    nodes {
      name
      isPersonal
      viewerRole {
        key
      }
    }
  }
}
    `, {"hash":"sha256:a048ed93ae1b232b96c38efdb9f6e15de1aaa754cd7bfc495b4423e7eae11665"}) as unknown as TypedDocumentString<MainJobMeQuery, MainJobMeQueryVariables>;
export const WebAppFindMemberDocument = new TypedDocumentString(`
    query WebAppFindMember($search: String!) {
  organizationBySlug(slug: "northwind") {
    id
    members(filter: {search: $search}) {
      nodes {
        id
      }
    }
  }
}
    `, {"hash":"sha256:3e9a7b2d7705197acccac163205d3f220880f499336853a6d0ef16ea71590904"}) as unknown as TypedDocumentString<WebAppFindMemberQuery, WebAppFindMemberQueryVariables>;
export const WebAppSuspendDocument = new TypedDocumentString(`
    mutation WebAppSuspend($organizationId: ID!, $memberId: ID!) {
  suspendMember(input: {organizationId: $organizationId, memberId: $memberId}) {
    member {
      status
    }
  }
}
    `, {"hash":"sha256:6317518094c90dd0c573350cc6f0a94b71a2b73bb4b4b000bc8f61c7a9b1bb90"}) as unknown as TypedDocumentString<WebAppSuspendMutation, WebAppSuspendMutationVariables>;
export const WebAppLogInDocument = new TypedDocumentString(`
    mutation WebAppLogIn($email: String!, $password: String!) {
  login(input: {email: $email, password: $password}) {
    session {
      accessToken
    }
  }
}
    `, {"hash":"sha256:90549989c5e52d3da8adb44a6de2d76f20ebc9cb2160096fa86bfba8f3cf9fc4"}) as unknown as TypedDocumentString<WebAppLogInMutation, WebAppLogInMutationVariables>;
export const DemoLogInDocument = new TypedDocumentString(`
    mutation DemoLogIn($email: String!, $password: String!) {
  login(input: {email: $email, password: $password}) {
    session {
      accessToken
    }
  }
}
    `, {"hash":"sha256:501ae51dba1ea325251d2536d027d587e9dff160bb27b18666d8d60edcc1341e"}) as unknown as TypedDocumentString<DemoLogInMutation, DemoLogInMutationVariables>;
export const DemoOrganizationDocument = new TypedDocumentString(`
    query DemoOrganization {
  organizations {
    nodes {
      name
      isPersonal
      viewerRole {
        key
      }
    }
  }
  organizationBySlug(slug: "northwind") {
    members(first: 100) {
      nodes {
        joinedAt
        user {
          fullName
        }
        role {
          key
        }
      }
    }
    teams {
      nodes {
        memberCount
        members {
          edges {
            role
            node {
              role {
                key
              }
            }
          }
        }
      }
    }
    workspaces {
      totalCount
    }
    invitations(filter: {status: PENDING}) {
      nodes {
        email
        teams {
          name
        }
      }
    }
  }
}
    `, {"hash":"sha256:aa5c58c8ddd0bf28ff557affc965a5b617e028da47b09d9b2ebad83b4720d19b"}) as unknown as TypedDocumentString<DemoOrganizationQuery, DemoOrganizationQueryVariables>;
export const InvitationsListTest_ListDocument = new TypedDocumentString(`
    query InvitationsListTest_List($id: ID!, $filter: InvitationFilter, $orderBy: InvitationOrder) {
  organization(id: $id) {
    invitations(filter: $filter, orderBy: $orderBy) {
      totalCount
      nodes {
        id
        email
        status
        role {
          key
        }
        teams {
          id
        }
        invitedBy {
          id
        }
        organization {
          id
        }
      }
    }
  }
}
    `, {"hash":"sha256:70cc16257dff064f2502d21924aa5297bcb2010b0b4b9a187eec24522134c2a6"}) as unknown as TypedDocumentString<InvitationsListTest_ListQuery, InvitationsListTest_ListQueryVariables>;
export const InvitationTests_InviteDocument = new TypedDocumentString(`
    mutation InvitationTests_Invite($input: InviteMemberInput!) {
  inviteMember(input: $input) {
    invitation {
      id
      email
      status
      expiresAt
      sentAt
      sendCount
      createdAt
      role {
        key
      }
      teams {
        id
      }
      invitedBy {
        id
      }
      organization {
        id
      }
    }
  }
}
    `, {"hash":"sha256:eea0c9cdfe7a1b7d678bb2bf7382ddf5bcddc86b75e4c37542f016b8732be5f0"}) as unknown as TypedDocumentString<InvitationTests_InviteMutation, InvitationTests_InviteMutationVariables>;
export const InvitationTests_AcceptDocument = new TypedDocumentString(`
    mutation InvitationTests_Accept($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) {
    member {
      id
      status
      user {
        id
        emailVerified
      }
      role {
        key
      }
      teams {
        id
      }
      invitedBy {
        id
      }
      organization {
        id
        memberCount
      }
    }
  }
}
    `, {"hash":"sha256:2e5656bc83c62e4bb979678552c3a49016e8f2e0843af06c7ddaa5eadcffa637"}) as unknown as TypedDocumentString<InvitationTests_AcceptMutation, InvitationTests_AcceptMutationVariables>;
export const PreviewTest_PreviewDocument = new TypedDocumentString(`
    query PreviewTest_Preview($token: String!) {
  invitationByToken(token: $token) {
    organizationName
    organizationLogoUrl
    roleName
    inviterName
    email
    status
    expiresAt
  }
}
    `, {"hash":"sha256:79737f12183dc16eacc81149a2e340afc1bd5f58af39aeb1b6dc99b0e17e4da5"}) as unknown as TypedDocumentString<PreviewTest_PreviewQuery, PreviewTest_PreviewQueryVariables>;
export const RevokeTest_RevokeDocument = new TypedDocumentString(`
    mutation RevokeTest_Revoke($input: RevokeInvitationInput!) {
  revokeInvitation(input: $input) {
    invitation {
      id
      status
    }
  }
}
    `, {"hash":"sha256:08468ca7f3b868d1f86b6b484e37e8e8ff2c53bc1d2383762c75d1f393bf7e1a"}) as unknown as TypedDocumentString<RevokeTest_RevokeMutation, RevokeTest_RevokeMutationVariables>;
export const AddMemberTest_AddDocument = new TypedDocumentString(`
    mutation AddMemberTest_Add($input: AddMemberInput!) {
  addMember(input: $input) {
    member {
      id
      status
      user {
        id
      }
      role {
        key
      }
      teams {
        id
      }
      invitedBy {
        id
      }
      organization {
        id
        memberCount
      }
    }
  }
}
    `, {"hash":"sha256:247c4b82a6bc259d6400bc603a6e34b308f15bb2c3451f7ff4b016b022ef359e"}) as unknown as TypedDocumentString<AddMemberTest_AddMutation, AddMemberTest_AddMutationVariables>;
export const MembersListTest_ListDocument = new TypedDocumentString(`
    query MembersListTest_List($id: ID!, $filter: MemberFilter, $orderBy: MemberOrder) {
  organization(id: $id) {
    members(filter: $filter, orderBy: $orderBy) {
      totalCount
      nodes {
        id
        user {
          fullName
        }
      }
    }
  }
}
    `, {"hash":"sha256:2bea956d2cc8d3fd8f250962129e9982ef2616765893b6abfe7a25f0ca2b5f47"}) as unknown as TypedDocumentString<MembersListTest_ListQuery, MembersListTest_ListQueryVariables>;
export const RemoveMemberTest_RemoveDocument = new TypedDocumentString(`
    mutation RemoveMemberTest_Remove($input: RemoveMemberInput!) {
  removeMember(input: $input) {
    removedMemberId
  }
}
    `, {"hash":"sha256:7222b5160bfabce1470e13f61f3a8431479c3435c738c5c14096b99c9458c596"}) as unknown as TypedDocumentString<RemoveMemberTest_RemoveMutation, RemoveMemberTest_RemoveMutationVariables>;
export const UpdateMemberRoleTest_UpdateDocument = new TypedDocumentString(`
    mutation UpdateMemberRoleTest_Update($input: UpdateMemberRoleInput!) {
  updateMemberRole(input: $input) {
    member {
      id
      role {
        key
      }
    }
  }
}
    `, {"hash":"sha256:fccefca6cf4dff1fbefe2906bd78fb3129bea3c790f9b55bcb70ff670c2ce42d"}) as unknown as TypedDocumentString<UpdateMemberRoleTest_UpdateMutation, UpdateMemberRoleTest_UpdateMutationVariables>;
export const OrganizationTest_ReadDocument = new TypedDocumentString(`
    query OrganizationTest_Read($id: ID!) {
  organization(id: $id) {
    id
    name
  }
}
    `, {"hash":"sha256:7c0656f0f5b912ca32108441310873ff43f8ad4974286942c1aa188b71d6d6c7"}) as unknown as TypedDocumentString<OrganizationTest_ReadQuery, OrganizationTest_ReadQueryVariables>;
export const OrganizationTest_UpdateDocument = new TypedDocumentString(`
    mutation OrganizationTest_Update($input: UpdateOrganizationInput!) {
  updateOrganization(input: $input) {
    organization {
      id
      name
      slug
      description
      logoUrl
      timezone
    }
  }
}
    `, {"hash":"sha256:61a2f7fc5a7fc45c911d5da71d53db2f9876ce649aeb7356c1a67bba53f8b6d9"}) as unknown as TypedDocumentString<OrganizationTest_UpdateMutation, OrganizationTest_UpdateMutationVariables>;
export const OrganizationTest_DeleteDocument = new TypedDocumentString(`
    mutation OrganizationTest_Delete($input: DeleteOrganizationInput!) {
  deleteOrganization(input: $input) {
    deletedOrganizationId
  }
}
    `, {"hash":"sha256:1ba738c3404f04fcda07fc8ab70c975d595c3d4a8b63c4ac96ec0fbf73b15a19"}) as unknown as TypedDocumentString<OrganizationTest_DeleteMutation, OrganizationTest_DeleteMutationVariables>;
export const OrganizationsListTest_MineDocument = new TypedDocumentString(`
    query OrganizationsListTest_Mine($orderBy: OrganizationOrder) {
  organizations(orderBy: $orderBy) {
    nodes {
      id
      name
      viewerRole {
        key
      }
    }
  }
}
    `, {"hash":"sha256:5c0a9e47686694e77cf86889ee38e925d95ce5bd9a87aebfa42b9d95b4b27f3c"}) as unknown as TypedDocumentString<OrganizationsListTest_MineQuery, OrganizationsListTest_MineQueryVariables>;
export const OrganizationTest_CreateDocument = new TypedDocumentString(`
    mutation OrganizationTest_Create($input: CreateOrganizationInput!) {
  createOrganization(input: $input) {
    organization {
      id
      name
      slug
      description
      logoUrl
      timezone
      plan
      isPersonal
      memberCount
      viewerRole {
        key
      }
      roles {
        key
        isSystem
      }
      workspaces {
        totalCount
      }
    }
    workspace {
      name
      slug
      isDefault
      organization {
        id
      }
    }
    member {
      role {
        key
      }
      status
      user {
        id
      }
      invitedBy {
        id
      }
    }
  }
}
    `, {"hash":"sha256:0ec34a409182f20aad5a7f9f35589717ed0b61c6b8a591b2dcfec05deebab4d7"}) as unknown as TypedDocumentString<OrganizationTest_CreateMutation, OrganizationTest_CreateMutationVariables>;
export const OrganizationPageDocument = new TypedDocumentString(`
    query OrganizationPage($id: ID!) {
  organization(id: $id) {
    name
    members(first: 50) {
      nodes {
        user {
          fullName
        }
        role {
          key
        }
        teams {
          name
        }
      }
    }
    teams(first: 20) {
      nodes {
        name
        memberCount
      }
    }
    invitations(first: 10, filter: {status: PENDING}) {
      nodes {
        email
        role {
          key
        }
      }
    }
  }
}
    `, {"hash":"sha256:23253318a7e384957df4f6feb309942f478cbcb1df04e440dd696249354701f3"}) as unknown as TypedDocumentString<OrganizationPageQuery, OrganizationPageQueryVariables>;
export const RoleTest_RolesDocument = new TypedDocumentString(`
    query RoleTest_Roles($id: ID!) {
  organization(id: $id) {
    viewerRole {
      key
    }
    roles {
      id
      key
      name
      description
      rank
      permissions
      isSystem
      shadows
      memberCount
    }
  }
}
    `, {"hash":"sha256:79122d1e606bfa4f027dc0337fad85a795d5a87da49cd42eae1bd1e0f50c32a8"}) as unknown as TypedDocumentString<RoleTest_RolesQuery, RoleTest_RolesQueryVariables>;
export const ServiceHealthDocument = new TypedDocumentString(`
    query ServiceHealth {
  serviceHealth {
    version
    startedAt
    uptimeSeconds
    database {
      status
      latencyMilliseconds
      serverVersion
      isStandby
      sizeBytes
    }
    pools {
      name
      maximum
      open
      idle
      waiting
    }
    connections {
      total
      active
      idle
      idleInTransaction
      waiting
      maximum
    }
    migrations {
      applied
      pending
      latest
    }
    replication {
      applicationName
      state
      syncState
      lagBytes
      lagSeconds
    }
    outbox {
      waiting
      failed
      oldestSeconds
    }
  }
}
    `, {"hash":"sha256:34eb66dccb63971fb6497866d3f19d991dd040c6242f09564837a5303f4a683d"}) as unknown as TypedDocumentString<ServiceHealthQuery, ServiceHealthQueryVariables>;
export const TeamMembersTest_AddDocument = new TypedDocumentString(`
    mutation TeamMembersTest_Add($input: AddTeamMemberInput!) {
  addTeamMember(input: $input) {
    teamMembership {
      id
      role
      team {
        id
        memberCount
      }
      member {
        id
        user {
          id
        }
      }
    }
  }
}
    `, {"hash":"sha256:aff0b52c24a60a9ea0093ee8e54527dc2bf44b5ab6e14830979bdd90fad2d6f0"}) as unknown as TypedDocumentString<TeamMembersTest_AddMutation, TeamMembersTest_AddMutationVariables>;
export const TeamMembersTest_RemoveDocument = new TypedDocumentString(`
    mutation TeamMembersTest_Remove($input: RemoveTeamMemberInput!) {
  removeTeamMember(input: $input) {
    teamMembership {
      id
    }
  }
}
    `, {"hash":"sha256:bea415b1431cdfa00c4d6411bccdb25914ff1516deb184cc9d22830d0159b359"}) as unknown as TypedDocumentString<TeamMembersTest_RemoveMutation, TeamMembersTest_RemoveMutationVariables>;
export const TeamMembersTest_MembersDocument = new TypedDocumentString(`
    query TeamMembersTest_Members($id: ID!, $teamId: ID!, $orderBy: TeamMemberOrder) {
  organization(id: $id) {
    team(id: $teamId) {
      members(orderBy: $orderBy) {
        totalCount
        edges {
          role
          node {
            id
            user {
              fullName
            }
          }
        }
      }
    }
  }
}
    `, {"hash":"sha256:e9eb034f1b3532985f88682c1fd55b827ac1ae5537bcae2b990de14599c05580"}) as unknown as TypedDocumentString<TeamMembersTest_MembersQuery, TeamMembersTest_MembersQueryVariables>;
export const TeamTest_CreateDocument = new TypedDocumentString(`
    mutation TeamTest_Create($input: CreateTeamInput!) {
  createTeam(input: $input) {
    team {
      id
      name
      slug
      description
      memberCount
      members {
        nodes {
          id
        }
      }
      organization {
        id
      }
    }
  }
}
    `, {"hash":"sha256:93accd19d81c19f9306747c25623ea5cfae09956b2ef9767332b543e8c9eb89a"}) as unknown as TypedDocumentString<TeamTest_CreateMutation, TeamTest_CreateMutationVariables>;
export const TeamTest_ListDocument = new TypedDocumentString(`
    query TeamTest_List($id: ID!, $orderBy: TeamOrder) {
  organization(id: $id) {
    teams(orderBy: $orderBy) {
      nodes {
        name
        memberCount
      }
    }
  }
}
    `, {"hash":"sha256:372c16704925f766268e64d8c2b803b8e883d0ee790fd84f256fd4430403b408"}) as unknown as TypedDocumentString<TeamTest_ListQuery, TeamTest_ListQueryVariables>;
export const AccountTest_RegisterDocument = new TypedDocumentString(`
    mutation AccountTest_Register($input: RegisterInput!) {
  register(input: $input) {
    session {
      accessToken
      refreshToken
      tokenType
      expiresAt
    }
    user {
      id
      email
      username
      fullName
      avatarUrl
      timezone
      status
      isSuperAdmin
      emailVerified
    }
    organization {
      id
      name
      slug
      isPersonal
      viewerRole {
        key
      }
      memberCount
    }
    workspace {
      name
      slug
      isDefault
      organization {
        id
      }
    }
  }
}
    `, {"hash":"sha256:137a2d087fa943ab164a452f2c0357e040f3d785b17f591a49f1dd0ff3b87e02"}) as unknown as TypedDocumentString<AccountTest_RegisterMutation, AccountTest_RegisterMutationVariables>;
export const AccountTest_UpdateMeDocument = new TypedDocumentString(`
    mutation AccountTest_UpdateMe($input: UpdateMeInput!) {
  updateMe(input: $input) {
    user {
      username
      fullName
      avatarUrl
      timezone
    }
  }
}
    `, {"hash":"sha256:001dce944334dba1e1f344272535f14fd003faa745e17da85c91e2e036b8b9a9"}) as unknown as TypedDocumentString<AccountTest_UpdateMeMutation, AccountTest_UpdateMeMutationVariables>;
export const SessionTest_LoginDocument = new TypedDocumentString(`
    mutation SessionTest_Login($input: LoginInput!) {
  login(input: $input) {
    session {
      accessToken
      refreshToken
    }
    user {
      id
    }
  }
}
    `, {"hash":"sha256:6d79f0a1532b029893b068d0316efaa9a58d4e2ef19aad5a86e57b48d6a4bfd6"}) as unknown as TypedDocumentString<SessionTest_LoginMutation, SessionTest_LoginMutationVariables>;
export const SessionTest_RefreshDocument = new TypedDocumentString(`
    mutation SessionTest_Refresh($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    session {
      accessToken
      refreshToken
      tokenType
      expiresAt
    }
  }
}
    `, {"hash":"sha256:1c67b5c72845cba6353a52573a0bab445168f5199f31ac174659c3cacd845eb4"}) as unknown as TypedDocumentString<SessionTest_RefreshMutation, SessionTest_RefreshMutationVariables>;
export const SessionTest_LogoutDocument = new TypedDocumentString(`
    mutation SessionTest_Logout($input: LogoutInput!) {
  logout(input: $input) {
    ok
  }
}
    `, {"hash":"sha256:91fad3d4ded0f32ac1c928873c18b6d012307fe11e7ac40432040e2d80d908ab"}) as unknown as TypedDocumentString<SessionTest_LogoutMutation, SessionTest_LogoutMutationVariables>;
export const WorkspaceTest_ListDocument = new TypedDocumentString(`
    query WorkspaceTest_List($id: ID!, $orderBy: WorkspaceOrder) {
  organization(id: $id) {
    workspaces(orderBy: $orderBy) {
      nodes {
        id
        name
        slug
        description
        isDefault
        createdAt
        organization {
          id
        }
      }
    }
  }
}
    `, {"hash":"sha256:0e28706563569823aeda850be628a5eac5aa95a57fa06ffb0627f57fa66d72bf"}) as unknown as TypedDocumentString<WorkspaceTest_ListQuery, WorkspaceTest_ListQueryVariables>;
export const NestedPageDocument = new TypedDocumentString(`
    query NestedPage($id: ID!) {
  organization(id: $id) {
    name
    members(first: 50) {
      totalCount
      nodes {
        user {
          fullName
          email
        }
        role {
          key
          permissions
        }
        teams {
          name
        }
      }
    }
    teams(first: 20) {
      nodes {
        name
      }
    }
    invitations(first: 10, filter: {status: PENDING}) {
      nodes {
        email
        role {
          name
        }
      }
    }
  }
}
    `, {"hash":"sha256:1f3033bc84121e3906f8cd65fe2bfb117ec2ade7a54ecd83e4d4ebbb1c665d04"}) as unknown as TypedDocumentString<NestedPageQuery, NestedPageQueryVariables>;