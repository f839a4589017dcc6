/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation RefreshSession($refreshToken: String!) {\n    refreshSession(input: { refreshToken: $refreshToken }) { session { accessToken refreshToken } }\n  }\n": typeof types.RefreshSessionDocument,
    "\n  query Engagement($id: ID!, $startDate: Date!, $endDate: Date!) {\n    organization(id: $id) {\n      id\n      engagement(startDate: $startDate, endDate: $endDate) {\n        range { startDate endDate timezone }\n        kpis { key label value previousValue unit direction }\n        pulse {\n          days { date activeSeconds sessions level }\n          summary { totalActiveSeconds totalSessions activeDays }\n        }\n        retention {\n          periods\n          cohorts { cohort startDate size periods { period label retainedMembers rate } }\n        }\n      }\n    }\n  }\n": typeof types.EngagementDocument,
    "\n  mutation AcceptInvitation($token: String!) {\n    acceptInvitation(input: { token: $token }) { member { id organization { ...OrganizationChoice } } }\n  }\n": typeof types.AcceptInvitationDocument,
    "\n  mutation DeclineInvitation($token: String!) {\n    declineInvitation(input: { token: $token }) { invitation { status } }\n  }\n": typeof types.DeclineInvitationDocument,
    "\n  query Invitation($token: String!) {\n    invitationByToken(token: $token) { organizationName roleName inviterName email status expiresAt }\n  }\n": typeof types.InvitationDocument,
    "\n  mutation ResendInvitation($organizationId: ID!, $invitationId: ID!) {\n    resendInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n": typeof types.ResendInvitationDocument,
    "\n  mutation RevokeInvitation($organizationId: ID!, $invitationId: ID!) {\n    revokeInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n": typeof types.RevokeInvitationDocument,
    "\n  mutation InviteMembers($organizationId: ID!, $invitations: [InvitationInput!]!) {\n    inviteMembers(input: { organizationId: $organizationId, invitations: $invitations }) {\n      results {\n        email\n        invitation { ...InvitationFields }\n        error { code message issues { path message } }\n      }\n    }\n  }\n": typeof types.InviteMembersDocument,
    "\n  fragment InvitationFields on Invitation { id email status expiresAt sendCount role { id name } }\n": typeof types.InvitationFieldsFragmentDoc,
    "\n  query PendingInvitations($id: ID!) {\n    organization(id: $id) {\n      id\n      roles { ...RoleChoice }\n      invitations(first: 100, filter: { status: PENDING }, orderBy: { field: CREATED_AT, direction: DESC }) {\n        nodes { ...InvitationFields }\n      }\n    }\n  }\n": typeof types.PendingInvitationsDocument,
    "\n  fragment MemberFields on Member {\n    id\n    status\n    joinedAt\n    user { id fullName email }\n    role { ...RoleChoice }\n    teams { id name }\n  }\n": typeof types.MemberFieldsFragmentDoc,
    "\n  fragment RoleChoice on Role { id key name }\n": typeof types.RoleChoiceFragmentDoc,
    "\n  query Members($id: ID!, $search: String, $after: String, $withRoles: Boolean!) {\n    organization(id: $id) {\n      id\n      roles @include(if: $withRoles) { ...RoleChoice }\n      members(first: 10, after: $after, filter: { search: $search }, orderBy: { field: NAME }) {\n        edges { cursor node { ...MemberFields } }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n": typeof types.MembersDocument,
    "\n  mutation UpdateMemberRole($organizationId: ID!, $memberId: ID!, $role: String!) {\n    updateMemberRole(input: { organizationId: $organizationId, memberId: $memberId, role: $role }) {\n      member { ...MemberFields }\n    }\n  }\n": typeof types.UpdateMemberRoleDocument,
    "\n  query MyOrganizations {\n    me { id fullName email }\n    organizations(first: 100, orderBy: { field: NAME }) { nodes { ...OrganizationChoice } }\n  }\n": typeof types.MyOrganizationsDocument,
    "\n  fragment OrganizationChoice on Organization { id name isPersonal }\n": typeof types.OrganizationChoiceFragmentDoc,
    "\n  query OrganizationHome($id: ID!) {\n    organization(id: $id) { id name timezone viewerRole { id name } }\n    myPermissions(organizationId: $id) { granted }\n  }\n": typeof types.OrganizationHomeDocument,
    "\n  mutation LogIn($input: LoginInput!) {\n    login(input: $input) { session { accessToken refreshToken } }\n  }\n": typeof types.LogInDocument,
    "\n  mutation LogOut { logout(input: {}) { ok } }\n": typeof types.LogOutDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session { accessToken refreshToken }\n      member { organization { id } }\n    }\n  }\n": typeof types.RegisterDocument,
    "\n  mutation VerifyEmail($token: String!) {\n    verifyEmail(input: { token: $token }) { user { id email emailVerified } }\n  }\n": typeof types.VerifyEmailDocument,
};
const documents: Documents = {
    "\n  mutation RefreshSession($refreshToken: String!) {\n    refreshSession(input: { refreshToken: $refreshToken }) { session { accessToken refreshToken } }\n  }\n": types.RefreshSessionDocument,
    "\n  query Engagement($id: ID!, $startDate: Date!, $endDate: Date!) {\n    organization(id: $id) {\n      id\n      engagement(startDate: $startDate, endDate: $endDate) {\n        range { startDate endDate timezone }\n        kpis { key label value previousValue unit direction }\n        pulse {\n          days { date activeSeconds sessions level }\n          summary { totalActiveSeconds totalSessions activeDays }\n        }\n        retention {\n          periods\n          cohorts { cohort startDate size periods { period label retainedMembers rate } }\n        }\n      }\n    }\n  }\n": types.EngagementDocument,
    "\n  mutation AcceptInvitation($token: String!) {\n    acceptInvitation(input: { token: $token }) { member { id organization { ...OrganizationChoice } } }\n  }\n": types.AcceptInvitationDocument,
    "\n  mutation DeclineInvitation($token: String!) {\n    declineInvitation(input: { token: $token }) { invitation { status } }\n  }\n": types.DeclineInvitationDocument,
    "\n  query Invitation($token: String!) {\n    invitationByToken(token: $token) { organizationName roleName inviterName email status expiresAt }\n  }\n": types.InvitationDocument,
    "\n  mutation ResendInvitation($organizationId: ID!, $invitationId: ID!) {\n    resendInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n": types.ResendInvitationDocument,
    "\n  mutation RevokeInvitation($organizationId: ID!, $invitationId: ID!) {\n    revokeInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n": types.RevokeInvitationDocument,
    "\n  mutation InviteMembers($organizationId: ID!, $invitations: [InvitationInput!]!) {\n    inviteMembers(input: { organizationId: $organizationId, invitations: $invitations }) {\n      results {\n        email\n        invitation { ...InvitationFields }\n        error { code message issues { path message } }\n      }\n    }\n  }\n": types.InviteMembersDocument,
    "\n  fragment InvitationFields on Invitation { id email status expiresAt sendCount role { id name } }\n": types.InvitationFieldsFragmentDoc,
    "\n  query PendingInvitations($id: ID!) {\n    organization(id: $id) {\n      id\n      roles { ...RoleChoice }\n      invitations(first: 100, filter: { status: PENDING }, orderBy: { field: CREATED_AT, direction: DESC }) {\n        nodes { ...InvitationFields }\n      }\n    }\n  }\n": types.PendingInvitationsDocument,
    "\n  fragment MemberFields on Member {\n    id\n    status\n    joinedAt\n    user { id fullName email }\n    role { ...RoleChoice }\n    teams { id name }\n  }\n": types.MemberFieldsFragmentDoc,
    "\n  fragment RoleChoice on Role { id key name }\n": types.RoleChoiceFragmentDoc,
    "\n  query Members($id: ID!, $search: String, $after: String, $withRoles: Boolean!) {\n    organization(id: $id) {\n      id\n      roles @include(if: $withRoles) { ...RoleChoice }\n      members(first: 10, after: $after, filter: { search: $search }, orderBy: { field: NAME }) {\n        edges { cursor node { ...MemberFields } }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n": types.MembersDocument,
    "\n  mutation UpdateMemberRole($organizationId: ID!, $memberId: ID!, $role: String!) {\n    updateMemberRole(input: { organizationId: $organizationId, memberId: $memberId, role: $role }) {\n      member { ...MemberFields }\n    }\n  }\n": types.UpdateMemberRoleDocument,
    "\n  query MyOrganizations {\n    me { id fullName email }\n    organizations(first: 100, orderBy: { field: NAME }) { nodes { ...OrganizationChoice } }\n  }\n": types.MyOrganizationsDocument,
    "\n  fragment OrganizationChoice on Organization { id name isPersonal }\n": types.OrganizationChoiceFragmentDoc,
    "\n  query OrganizationHome($id: ID!) {\n    organization(id: $id) { id name timezone viewerRole { id name } }\n    myPermissions(organizationId: $id) { granted }\n  }\n": types.OrganizationHomeDocument,
    "\n  mutation LogIn($input: LoginInput!) {\n    login(input: $input) { session { accessToken refreshToken } }\n  }\n": types.LogInDocument,
    "\n  mutation LogOut { logout(input: {}) { ok } }\n": types.LogOutDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session { accessToken refreshToken }\n      member { organization { id } }\n    }\n  }\n": types.RegisterDocument,
    "\n  mutation VerifyEmail($token: String!) {\n    verifyEmail(input: { token: $token }) { user { id email emailVerified } }\n  }\n": types.VerifyEmailDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RefreshSession($refreshToken: String!) {\n    refreshSession(input: { refreshToken: $refreshToken }) { session { accessToken refreshToken } }\n  }\n"): (typeof documents)["\n  mutation RefreshSession($refreshToken: String!) {\n    refreshSession(input: { refreshToken: $refreshToken }) { session { accessToken refreshToken } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Engagement($id: ID!, $startDate: Date!, $endDate: Date!) {\n    organization(id: $id) {\n      id\n      engagement(startDate: $startDate, endDate: $endDate) {\n        range { startDate endDate timezone }\n        kpis { key label value previousValue unit direction }\n        pulse {\n          days { date activeSeconds sessions level }\n          summary { totalActiveSeconds totalSessions activeDays }\n        }\n        retention {\n          periods\n          cohorts { cohort startDate size periods { period label retainedMembers rate } }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Engagement($id: ID!, $startDate: Date!, $endDate: Date!) {\n    organization(id: $id) {\n      id\n      engagement(startDate: $startDate, endDate: $endDate) {\n        range { startDate endDate timezone }\n        kpis { key label value previousValue unit direction }\n        pulse {\n          days { date activeSeconds sessions level }\n          summary { totalActiveSeconds totalSessions activeDays }\n        }\n        retention {\n          periods\n          cohorts { cohort startDate size periods { period label retainedMembers rate } }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptInvitation($token: String!) {\n    acceptInvitation(input: { token: $token }) { member { id organization { ...OrganizationChoice } } }\n  }\n"): (typeof documents)["\n  mutation AcceptInvitation($token: String!) {\n    acceptInvitation(input: { token: $token }) { member { id organization { ...OrganizationChoice } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclineInvitation($token: String!) {\n    declineInvitation(input: { token: $token }) { invitation { status } }\n  }\n"): (typeof documents)["\n  mutation DeclineInvitation($token: String!) {\n    declineInvitation(input: { token: $token }) { invitation { status } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Invitation($token: String!) {\n    invitationByToken(token: $token) { organizationName roleName inviterName email status expiresAt }\n  }\n"): (typeof documents)["\n  query Invitation($token: String!) {\n    invitationByToken(token: $token) { organizationName roleName inviterName email status expiresAt }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResendInvitation($organizationId: ID!, $invitationId: ID!) {\n    resendInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n"): (typeof documents)["\n  mutation ResendInvitation($organizationId: ID!, $invitationId: ID!) {\n    resendInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeInvitation($organizationId: ID!, $invitationId: ID!) {\n    revokeInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeInvitation($organizationId: ID!, $invitationId: ID!) {\n    revokeInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {\n      invitation { ...InvitationFields }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation InviteMembers($organizationId: ID!, $invitations: [InvitationInput!]!) {\n    inviteMembers(input: { organizationId: $organizationId, invitations: $invitations }) {\n      results {\n        email\n        invitation { ...InvitationFields }\n        error { code message issues { path message } }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation InviteMembers($organizationId: ID!, $invitations: [InvitationInput!]!) {\n    inviteMembers(input: { organizationId: $organizationId, invitations: $invitations }) {\n      results {\n        email\n        invitation { ...InvitationFields }\n        error { code message issues { path message } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment InvitationFields on Invitation { id email status expiresAt sendCount role { id name } }\n"): (typeof documents)["\n  fragment InvitationFields on Invitation { id email status expiresAt sendCount role { id name } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PendingInvitations($id: ID!) {\n    organization(id: $id) {\n      id\n      roles { ...RoleChoice }\n      invitations(first: 100, filter: { status: PENDING }, orderBy: { field: CREATED_AT, direction: DESC }) {\n        nodes { ...InvitationFields }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PendingInvitations($id: ID!) {\n    organization(id: $id) {\n      id\n      roles { ...RoleChoice }\n      invitations(first: 100, filter: { status: PENDING }, orderBy: { field: CREATED_AT, direction: DESC }) {\n        nodes { ...InvitationFields }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MemberFields on Member {\n    id\n    status\n    joinedAt\n    user { id fullName email }\n    role { ...RoleChoice }\n    teams { id name }\n  }\n"): (typeof documents)["\n  fragment MemberFields on Member {\n    id\n    status\n    joinedAt\n    user { id fullName email }\n    role { ...RoleChoice }\n    teams { id name }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RoleChoice on Role { id key name }\n"): (typeof documents)["\n  fragment RoleChoice on Role { id key name }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Members($id: ID!, $search: String, $after: String, $withRoles: Boolean!) {\n    organization(id: $id) {\n      id\n      roles @include(if: $withRoles) { ...RoleChoice }\n      members(first: 10, after: $after, filter: { search: $search }, orderBy: { field: NAME }) {\n        edges { cursor node { ...MemberFields } }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query Members($id: ID!, $search: String, $after: String, $withRoles: Boolean!) {\n    organization(id: $id) {\n      id\n      roles @include(if: $withRoles) { ...RoleChoice }\n      members(first: 10, after: $after, filter: { search: $search }, orderBy: { field: NAME }) {\n        edges { cursor node { ...MemberFields } }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateMemberRole($organizationId: ID!, $memberId: ID!, $role: String!) {\n    updateMemberRole(input: { organizationId: $organizationId, memberId: $memberId, role: $role }) {\n      member { ...MemberFields }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateMemberRole($organizationId: ID!, $memberId: ID!, $role: String!) {\n    updateMemberRole(input: { organizationId: $organizationId, memberId: $memberId, role: $role }) {\n      member { ...MemberFields }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyOrganizations {\n    me { id fullName email }\n    organizations(first: 100, orderBy: { field: NAME }) { nodes { ...OrganizationChoice } }\n  }\n"): (typeof documents)["\n  query MyOrganizations {\n    me { id fullName email }\n    organizations(first: 100, orderBy: { field: NAME }) { nodes { ...OrganizationChoice } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OrganizationChoice on Organization { id name isPersonal }\n"): (typeof documents)["\n  fragment OrganizationChoice on Organization { id name isPersonal }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OrganizationHome($id: ID!) {\n    organization(id: $id) { id name timezone viewerRole { id name } }\n    myPermissions(organizationId: $id) { granted }\n  }\n"): (typeof documents)["\n  query OrganizationHome($id: ID!) {\n    organization(id: $id) { id name timezone viewerRole { id name } }\n    myPermissions(organizationId: $id) { granted }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogIn($input: LoginInput!) {\n    login(input: $input) { session { accessToken refreshToken } }\n  }\n"): (typeof documents)["\n  mutation LogIn($input: LoginInput!) {\n    login(input: $input) { session { accessToken refreshToken } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LogOut { logout(input: {}) { ok } }\n"): (typeof documents)["\n  mutation LogOut { logout(input: {}) { ok } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session { accessToken refreshToken }\n      member { organization { id } }\n    }\n  }\n"): (typeof documents)["\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session { accessToken refreshToken }\n      member { organization { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyEmail($token: String!) {\n    verifyEmail(input: { token: $token }) { user { id email emailVerified } }\n  }\n"): (typeof documents)["\n  mutation VerifyEmail($token: String!) {\n    verifyEmail(input: { token: $token }) { user { id email emailVerified } }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;