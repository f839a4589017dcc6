/* eslint-disable */
import * as types from './graphql.js';



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
    "mutation MainJobRegisterFounder {\n  register(\n    input: {email: \"grace@example.com\", password: \"a long passphrase\", fullName: \"Grace Moreau\"}\n  ) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n    }\n    user {\n      id\n      fullName\n    }\n    organization {\n      slug\n      isPersonal\n    }\n    workspace {\n      name\n      isDefault\n    }\n  }\n}\n\nmutation MainJobCreateOrganization {\n  createOrganization(\n    input: {name: \"Lighthouse Books\", slug: \"lighthouse-books\", timezone: \"Europe/Paris\"}\n  ) {\n    organization {\n      id\n      name\n      slug\n      viewerRole {\n        key\n      }\n      roles {\n        key\n        name\n        rank\n      }\n    }\n    workspace {\n      name\n    }\n    member {\n      id\n    }\n  }\n}\n\nmutation MainJobInviteColleague($organizationId: ID!) {\n  inviteMember(\n    input: {organizationId: $organizationId, email: \"linus@example.com\", role: \"member\"}\n  ) {\n    invitation {\n      id\n      status\n      email\n      expiresAt\n      role {\n        name\n      }\n    }\n  }\n}\n\nquery MainJobReadInvitation($token: String!) {\n  invitationByToken(token: $token) {\n    organizationName\n    inviterName\n    roleName\n    email\n    status\n  }\n}\n\nmutation MainJobRegisterColleague {\n  register(\n    input: {email: \"linus@example.com\", password: \"another passphrase\", fullName: \"Linus Aalto\"}\n  ) {\n    session {\n      accessToken\n    }\n    user {\n      id\n      emailVerified\n    }\n  }\n}\n\nmutation MainJobAcceptInvitation($token: String!) {\n  acceptInvitation(input: {token: $token}) {\n    member {\n      id\n      status\n      user {\n        emailVerified\n      }\n      role {\n        key\n      }\n      organization {\n        name\n      }\n      invitedBy {\n        fullName\n      }\n    }\n  }\n}\n\nmutation MainJobCreateTeam($organizationId: ID!) {\n  createTeam(\n    input: {organizationId: $organizationId, name: \"Bookshop\", description: \"Runs the shop.\"}\n  ) {\n    team {\n      id\n      slug\n      memberCount\n    }\n  }\n}\n\nmutation MainJobFillTeam($organizationId: ID!, $teamId: ID!, $founderId: ID!, $colleagueId: ID!) {\n  founder: addTeamMember(\n    input: {organizationId: $organizationId, teamId: $teamId, memberId: $founderId, role: MANAGER}\n  ) {\n    teamMembership {\n      role\n    }\n  }\n  colleague: addTeamMember(\n    input: {organizationId: $organizationId, teamId: $teamId, memberId: $colleagueId}\n  ) {\n    teamMembership {\n      role\n      team {\n        memberCount\n      }\n    }\n  }\n}\n\nmutation MainJobInviteIntoTeam($organizationId: ID!, $teamId: ID!) {\n  inviteMember(\n    input: {organizationId: $organizationId, email: \"noor@example.com\", role: \"viewer\", teamIds: [$teamId]}\n  ) {\n    invitation {\n      status\n      teams {\n        name\n      }\n    }\n  }\n}\n\nquery MainJobOrganizationPage($organizationId: ID!) {\n  organization(id: $organizationId) {\n    name\n    memberCount\n    members(first: 50) {\n      totalCount\n      nodes {\n        id\n        user {\n          fullName\n          email\n        }\n        role {\n          key\n          name\n        }\n        teams {\n          name\n        }\n      }\n    }\n    teams(first: 20) {\n      nodes {\n        name\n        memberCount\n      }\n    }\n    invitations(first: 10, filter: {status: PENDING}) {\n      nodes {\n        email\n        expiresAt\n        role {\n          key\n        }\n      }\n    }\n  }\n}\n\nmutation MainJobUpdateRole($organizationId: ID!, $colleagueId: ID!) {\n  updateMemberRole(\n    input: {organizationId: $organizationId, memberId: $colleagueId, role: \"team_manager\"}\n  ) {\n    member {\n      id\n      role {\n        key\n        permissions\n      }\n    }\n  }\n}\n\nquery MainJobMe {\n  me {\n    fullName\n    email\n    memberships {\n      nodes {\n        organization {\n          slug\n        }\n        role {\n          key\n        }\n      }\n    }\n  }\n  organizations {\n    totalCount\n    nodes {\n      name\n      isPersonal\n      viewerRole {\n        key\n      }\n    }\n  }\n}": typeof types.MainJobRegisterFounderDocument,
    "\n  query WebAppFindMember($search: String!) {\n    organizationBySlug(slug: \"northwind\") { id members(filter: { search: $search }) { nodes { id } } }\n  }\n": typeof types.WebAppFindMemberDocument,
    "\n  mutation WebAppSuspend($organizationId: ID!, $memberId: ID!) {\n    suspendMember(input: { organizationId: $organizationId, memberId: $memberId }) { member { status } }\n  }\n": typeof types.WebAppSuspendDocument,
    "\n  mutation WebAppLogIn($email: String!, $password: String!) {\n    login(input: { email: $email, password: $password }) { session { accessToken } }\n  }\n": typeof types.WebAppLogInDocument,
    "\n  mutation DemoLogIn($email: String!, $password: String!) {\n    login(input: { email: $email, password: $password }) { session { accessToken } }\n  }\n": typeof types.DemoLogInDocument,
    "\n  query DemoOrganization {\n    organizations { nodes { name isPersonal viewerRole { key } } }\n    organizationBySlug(slug: \"northwind\") {\n      members(first: 100) { nodes { joinedAt user { fullName } role { key } } }\n      teams { nodes { memberCount members { edges { role node { role { key } } } } } }\n      workspaces { totalCount }\n      invitations(filter: { status: PENDING }) { nodes { email teams { name } } }\n    }\n  }\n": typeof types.DemoOrganizationDocument,
    "\n  query InvitationsListTest_List($id: ID!, $filter: InvitationFilter, $orderBy: InvitationOrder) {\n    organization(id: $id) {\n      invitations(filter: $filter, orderBy: $orderBy) {\n        totalCount\n        nodes { id email status role { key } teams { id } invitedBy { id } organization { id } }\n      }\n    }\n  }\n": typeof types.InvitationsListTest_ListDocument,
    "\n  mutation InvitationTests_Invite($input: InviteMemberInput!) {\n    inviteMember(input: $input) {\n      invitation {\n        id email status expiresAt sentAt sendCount createdAt\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id }\n      }\n    }\n  }\n": typeof types.InvitationTests_InviteDocument,
    "\n  mutation InvitationTests_Accept($input: AcceptInvitationInput!) {\n    acceptInvitation(input: $input) {\n      member {\n        id status\n        user { id emailVerified }\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id memberCount }\n      }\n    }\n  }\n": typeof types.InvitationTests_AcceptDocument,
    "\n  query PreviewTest_Preview($token: String!) {\n    invitationByToken(token: $token) {\n      organizationName organizationLogoUrl roleName inviterName email status expiresAt\n    }\n  }\n": typeof types.PreviewTest_PreviewDocument,
    "\n  mutation RevokeTest_Revoke($input: RevokeInvitationInput!) {\n    revokeInvitation(input: $input) { invitation { id status } }\n  }\n": typeof types.RevokeTest_RevokeDocument,
    "\n  mutation AddMemberTest_Add($input: AddMemberInput!) {\n    addMember(input: $input) {\n      member {\n        id status\n        user { id }\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id memberCount }\n      }\n    }\n  }\n": typeof types.AddMemberTest_AddDocument,
    "\n  query MembersListTest_List($id: ID!, $filter: MemberFilter, $orderBy: MemberOrder) {\n    organization(id: $id) {\n      members(filter: $filter, orderBy: $orderBy) { totalCount nodes { id user { fullName } } }\n    }\n  }\n": typeof types.MembersListTest_ListDocument,
    "\n  mutation RemoveMemberTest_Remove($input: RemoveMemberInput!) {\n    removeMember(input: $input) { removedMemberId }\n  }\n": typeof types.RemoveMemberTest_RemoveDocument,
    "\n  mutation UpdateMemberRoleTest_Update($input: UpdateMemberRoleInput!) {\n    updateMemberRole(input: $input) { member { id role { key } } }\n  }\n": typeof types.UpdateMemberRoleTest_UpdateDocument,
    "\n  query OrganizationTest_Read($id: ID!) { organization(id: $id) { id name } }\n": typeof types.OrganizationTest_ReadDocument,
    "\n  mutation OrganizationTest_Update($input: UpdateOrganizationInput!) {\n    updateOrganization(input: $input) { organization { id name slug description logoUrl timezone } }\n  }\n": typeof types.OrganizationTest_UpdateDocument,
    "\n  mutation OrganizationTest_Delete($input: DeleteOrganizationInput!) {\n    deleteOrganization(input: $input) { deletedOrganizationId }\n  }\n": typeof types.OrganizationTest_DeleteDocument,
    "\n  query OrganizationsListTest_Mine($orderBy: OrganizationOrder) {\n    organizations(orderBy: $orderBy) { nodes { id name viewerRole { key } } }\n  }\n": typeof types.OrganizationsListTest_MineDocument,
    "\n  mutation OrganizationTest_Create($input: CreateOrganizationInput!) {\n    createOrganization(input: $input) {\n      organization {\n        id name slug description logoUrl timezone plan isPersonal memberCount\n        viewerRole { key }\n        roles { key isSystem }\n        workspaces { totalCount }\n      }\n      workspace { name slug isDefault organization { id } }\n      member { role { key } status user { id } invitedBy { id } }\n    }\n  }\n": typeof types.OrganizationTest_CreateDocument,
    "\n  query OrganizationPage($id: ID!) {\n    organization(id: $id) {\n      name\n      members(first: 50) {\n        nodes {\n          user { fullName }\n          role { key }\n          teams { name }\n        }\n      }\n      teams(first: 20) { nodes { name memberCount } }\n      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { key } } }\n    }\n  }\n": typeof types.OrganizationPageDocument,
    "\n  query RoleTest_Roles($id: ID!) {\n    organization(id: $id) {\n      viewerRole { key }\n      roles { id key name description rank permissions isSystem shadows memberCount }\n    }\n  }\n": typeof types.RoleTest_RolesDocument,
    "\n  query ServiceHealth {\n    serviceHealth {\n      version startedAt uptimeSeconds\n      database { status latencyMilliseconds serverVersion isStandby sizeBytes }\n      pools { name maximum open idle waiting }\n      connections { total active idle idleInTransaction waiting maximum }\n      migrations { applied pending latest }\n      replication { applicationName state syncState lagBytes lagSeconds }\n      outbox { waiting failed oldestSeconds }\n    }\n  }\n": typeof types.ServiceHealthDocument,
    "\n  mutation TeamMembersTest_Add($input: AddTeamMemberInput!) {\n    addTeamMember(input: $input) {\n      teamMembership { id role team { id memberCount } member { id user { id } } }\n    }\n  }\n": typeof types.TeamMembersTest_AddDocument,
    "\n  mutation TeamMembersTest_Remove($input: RemoveTeamMemberInput!) {\n    removeTeamMember(input: $input) { teamMembership { id } }\n  }\n": typeof types.TeamMembersTest_RemoveDocument,
    "\n  query TeamMembersTest_Members($id: ID!, $teamId: ID!, $orderBy: TeamMemberOrder) {\n    organization(id: $id) {\n      team(id: $teamId) { members(orderBy: $orderBy) { totalCount edges { role node { id user { fullName } } } } }\n    }\n  }\n": typeof types.TeamMembersTest_MembersDocument,
    "\n  mutation TeamTest_Create($input: CreateTeamInput!) {\n    createTeam(input: $input) {\n      team { id name slug description memberCount members { nodes { id } } organization { id } }\n    }\n  }\n": typeof types.TeamTest_CreateDocument,
    "\n  query TeamTest_List($id: ID!, $orderBy: TeamOrder) {\n    organization(id: $id) { teams(orderBy: $orderBy) { nodes { name memberCount } } }\n  }\n": typeof types.TeamTest_ListDocument,
    "\n  mutation AccountTest_Register($input: RegisterInput!) {\n    register(input: $input) {\n      session { accessToken refreshToken tokenType expiresAt }\n      user { id email username fullName avatarUrl timezone status isSuperAdmin emailVerified }\n      organization { id name slug isPersonal viewerRole { key } memberCount }\n      workspace { name slug isDefault organization { id } }\n    }\n  }\n": typeof types.AccountTest_RegisterDocument,
    "\n  mutation AccountTest_UpdateMe($input: UpdateMeInput!) {\n    updateMe(input: $input) { user { username fullName avatarUrl timezone } }\n  }\n": typeof types.AccountTest_UpdateMeDocument,
    "\n  mutation SessionTest_Login($input: LoginInput!) {\n    login(input: $input) { session { accessToken refreshToken } user { id } }\n  }\n": typeof types.SessionTest_LoginDocument,
    "\n  mutation SessionTest_Refresh($input: RefreshSessionInput!) {\n    refreshSession(input: $input) { session { accessToken refreshToken tokenType expiresAt } }\n  }\n": typeof types.SessionTest_RefreshDocument,
    "\n  mutation SessionTest_Logout($input: LogoutInput!) { logout(input: $input) { ok } }\n": typeof types.SessionTest_LogoutDocument,
    "\n  query WorkspaceTest_List($id: ID!, $orderBy: WorkspaceOrder) {\n    organization(id: $id) {\n      workspaces(orderBy: $orderBy) { nodes { id name slug description isDefault createdAt organization { id } } }\n    }\n  }\n": typeof types.WorkspaceTest_ListDocument,
    "\n  query NestedPage($id: ID!) {\n    organization(id: $id) {\n      name\n      members(first: 50) {\n        totalCount\n        nodes {\n          user { fullName email }\n          role { key permissions }\n          teams { name }\n        }\n      }\n      teams(first: 20) { nodes { name } }\n      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { name } } }\n    }\n  }\n": typeof types.NestedPageDocument,
};
const documents: Documents = {
    "mutation MainJobRegisterFounder {\n  register(\n    input: {email: \"grace@example.com\", password: \"a long passphrase\", fullName: \"Grace Moreau\"}\n  ) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n    }\n    user {\n      id\n      fullName\n    }\n    organization {\n      slug\n      isPersonal\n    }\n    workspace {\n      name\n      isDefault\n    }\n  }\n}\n\nmutation MainJobCreateOrganization {\n  createOrganization(\n    input: {name: \"Lighthouse Books\", slug: \"lighthouse-books\", timezone: \"Europe/Paris\"}\n  ) {\n    organization {\n      id\n      name\n      slug\n      viewerRole {\n        key\n      }\n      roles {\n        key\n        name\n        rank\n      }\n    }\n    workspace {\n      name\n    }\n    member {\n      id\n    }\n  }\n}\n\nmutation MainJobInviteColleague($organizationId: ID!) {\n  inviteMember(\n    input: {organizationId: $organizationId, email: \"linus@example.com\", role: \"member\"}\n  ) {\n    invitation {\n      id\n      status\n      email\n      expiresAt\n      role {\n        name\n      }\n    }\n  }\n}\n\nquery MainJobReadInvitation($token: String!) {\n  invitationByToken(token: $token) {\n    organizationName\n    inviterName\n    roleName\n    email\n    status\n  }\n}\n\nmutation MainJobRegisterColleague {\n  register(\n    input: {email: \"linus@example.com\", password: \"another passphrase\", fullName: \"Linus Aalto\"}\n  ) {\n    session {\n      accessToken\n    }\n    user {\n      id\n      emailVerified\n    }\n  }\n}\n\nmutation MainJobAcceptInvitation($token: String!) {\n  acceptInvitation(input: {token: $token}) {\n    member {\n      id\n      status\n      user {\n        emailVerified\n      }\n      role {\n        key\n      }\n      organization {\n        name\n      }\n      invitedBy {\n        fullName\n      }\n    }\n  }\n}\n\nmutation MainJobCreateTeam($organizationId: ID!) {\n  createTeam(\n    input: {organizationId: $organizationId, name: \"Bookshop\", description: \"Runs the shop.\"}\n  ) {\n    team {\n      id\n      slug\n      memberCount\n    }\n  }\n}\n\nmutation MainJobFillTeam($organizationId: ID!, $teamId: ID!, $founderId: ID!, $colleagueId: ID!) {\n  founder: addTeamMember(\n    input: {organizationId: $organizationId, teamId: $teamId, memberId: $founderId, role: MANAGER}\n  ) {\n    teamMembership {\n      role\n    }\n  }\n  colleague: addTeamMember(\n    input: {organizationId: $organizationId, teamId: $teamId, memberId: $colleagueId}\n  ) {\n    teamMembership {\n      role\n      team {\n        memberCount\n      }\n    }\n  }\n}\n\nmutation MainJobInviteIntoTeam($organizationId: ID!, $teamId: ID!) {\n  inviteMember(\n    input: {organizationId: $organizationId, email: \"noor@example.com\", role: \"viewer\", teamIds: [$teamId]}\n  ) {\n    invitation {\n      status\n      teams {\n        name\n      }\n    }\n  }\n}\n\nquery MainJobOrganizationPage($organizationId: ID!) {\n  organization(id: $organizationId) {\n    name\n    memberCount\n    members(first: 50) {\n      totalCount\n      nodes {\n        id\n        user {\n          fullName\n          email\n        }\n        role {\n          key\n          name\n        }\n        teams {\n          name\n        }\n      }\n    }\n    teams(first: 20) {\n      nodes {\n        name\n        memberCount\n      }\n    }\n    invitations(first: 10, filter: {status: PENDING}) {\n      nodes {\n        email\n        expiresAt\n        role {\n          key\n        }\n      }\n    }\n  }\n}\n\nmutation MainJobUpdateRole($organizationId: ID!, $colleagueId: ID!) {\n  updateMemberRole(\n    input: {organizationId: $organizationId, memberId: $colleagueId, role: \"team_manager\"}\n  ) {\n    member {\n      id\n      role {\n        key\n        permissions\n      }\n    }\n  }\n}\n\nquery MainJobMe {\n  me {\n    fullName\n    email\n    memberships {\n      nodes {\n        organization {\n          slug\n        }\n        role {\n          key\n        }\n      }\n    }\n  }\n  organizations {\n    totalCount\n    nodes {\n      name\n      isPersonal\n      viewerRole {\n        key\n      }\n    }\n  }\n}": types.MainJobRegisterFounderDocument,
    "\n  query WebAppFindMember($search: String!) {\n    organizationBySlug(slug: \"northwind\") { id members(filter: { search: $search }) { nodes { id } } }\n  }\n": types.WebAppFindMemberDocument,
    "\n  mutation WebAppSuspend($organizationId: ID!, $memberId: ID!) {\n    suspendMember(input: { organizationId: $organizationId, memberId: $memberId }) { member { status } }\n  }\n": types.WebAppSuspendDocument,
    "\n  mutation WebAppLogIn($email: String!, $password: String!) {\n    login(input: { email: $email, password: $password }) { session { accessToken } }\n  }\n": types.WebAppLogInDocument,
    "\n  mutation DemoLogIn($email: String!, $password: String!) {\n    login(input: { email: $email, password: $password }) { session { accessToken } }\n  }\n": types.DemoLogInDocument,
    "\n  query DemoOrganization {\n    organizations { nodes { name isPersonal viewerRole { key } } }\n    organizationBySlug(slug: \"northwind\") {\n      members(first: 100) { nodes { joinedAt user { fullName } role { key } } }\n      teams { nodes { memberCount members { edges { role node { role { key } } } } } }\n      workspaces { totalCount }\n      invitations(filter: { status: PENDING }) { nodes { email teams { name } } }\n    }\n  }\n": types.DemoOrganizationDocument,
    "\n  query InvitationsListTest_List($id: ID!, $filter: InvitationFilter, $orderBy: InvitationOrder) {\n    organization(id: $id) {\n      invitations(filter: $filter, orderBy: $orderBy) {\n        totalCount\n        nodes { id email status role { key } teams { id } invitedBy { id } organization { id } }\n      }\n    }\n  }\n": types.InvitationsListTest_ListDocument,
    "\n  mutation InvitationTests_Invite($input: InviteMemberInput!) {\n    inviteMember(input: $input) {\n      invitation {\n        id email status expiresAt sentAt sendCount createdAt\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id }\n      }\n    }\n  }\n": types.InvitationTests_InviteDocument,
    "\n  mutation InvitationTests_Accept($input: AcceptInvitationInput!) {\n    acceptInvitation(input: $input) {\n      member {\n        id status\n        user { id emailVerified }\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id memberCount }\n      }\n    }\n  }\n": types.InvitationTests_AcceptDocument,
    "\n  query PreviewTest_Preview($token: String!) {\n    invitationByToken(token: $token) {\n      organizationName organizationLogoUrl roleName inviterName email status expiresAt\n    }\n  }\n": types.PreviewTest_PreviewDocument,
    "\n  mutation RevokeTest_Revoke($input: RevokeInvitationInput!) {\n    revokeInvitation(input: $input) { invitation { id status } }\n  }\n": types.RevokeTest_RevokeDocument,
    "\n  mutation AddMemberTest_Add($input: AddMemberInput!) {\n    addMember(input: $input) {\n      member {\n        id status\n        user { id }\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id memberCount }\n      }\n    }\n  }\n": types.AddMemberTest_AddDocument,
    "\n  query MembersListTest_List($id: ID!, $filter: MemberFilter, $orderBy: MemberOrder) {\n    organization(id: $id) {\n      members(filter: $filter, orderBy: $orderBy) { totalCount nodes { id user { fullName } } }\n    }\n  }\n": types.MembersListTest_ListDocument,
    "\n  mutation RemoveMemberTest_Remove($input: RemoveMemberInput!) {\n    removeMember(input: $input) { removedMemberId }\n  }\n": types.RemoveMemberTest_RemoveDocument,
    "\n  mutation UpdateMemberRoleTest_Update($input: UpdateMemberRoleInput!) {\n    updateMemberRole(input: $input) { member { id role { key } } }\n  }\n": types.UpdateMemberRoleTest_UpdateDocument,
    "\n  query OrganizationTest_Read($id: ID!) { organization(id: $id) { id name } }\n": types.OrganizationTest_ReadDocument,
    "\n  mutation OrganizationTest_Update($input: UpdateOrganizationInput!) {\n    updateOrganization(input: $input) { organization { id name slug description logoUrl timezone } }\n  }\n": types.OrganizationTest_UpdateDocument,
    "\n  mutation OrganizationTest_Delete($input: DeleteOrganizationInput!) {\n    deleteOrganization(input: $input) { deletedOrganizationId }\n  }\n": types.OrganizationTest_DeleteDocument,
    "\n  query OrganizationsListTest_Mine($orderBy: OrganizationOrder) {\n    organizations(orderBy: $orderBy) { nodes { id name viewerRole { key } } }\n  }\n": types.OrganizationsListTest_MineDocument,
    "\n  mutation OrganizationTest_Create($input: CreateOrganizationInput!) {\n    createOrganization(input: $input) {\n      organization {\n        id name slug description logoUrl timezone plan isPersonal memberCount\n        viewerRole { key }\n        roles { key isSystem }\n        workspaces { totalCount }\n      }\n      workspace { name slug isDefault organization { id } }\n      member { role { key } status user { id } invitedBy { id } }\n    }\n  }\n": types.OrganizationTest_CreateDocument,
    "\n  query OrganizationPage($id: ID!) {\n    organization(id: $id) {\n      name\n      members(first: 50) {\n        nodes {\n          user { fullName }\n          role { key }\n          teams { name }\n        }\n      }\n      teams(first: 20) { nodes { name memberCount } }\n      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { key } } }\n    }\n  }\n": types.OrganizationPageDocument,
    "\n  query RoleTest_Roles($id: ID!) {\n    organization(id: $id) {\n      viewerRole { key }\n      roles { id key name description rank permissions isSystem shadows memberCount }\n    }\n  }\n": types.RoleTest_RolesDocument,
    "\n  query ServiceHealth {\n    serviceHealth {\n      version startedAt uptimeSeconds\n      database { status latencyMilliseconds serverVersion isStandby sizeBytes }\n      pools { name maximum open idle waiting }\n      connections { total active idle idleInTransaction waiting maximum }\n      migrations { applied pending latest }\n      replication { applicationName state syncState lagBytes lagSeconds }\n      outbox { waiting failed oldestSeconds }\n    }\n  }\n": types.ServiceHealthDocument,
    "\n  mutation TeamMembersTest_Add($input: AddTeamMemberInput!) {\n    addTeamMember(input: $input) {\n      teamMembership { id role team { id memberCount } member { id user { id } } }\n    }\n  }\n": types.TeamMembersTest_AddDocument,
    "\n  mutation TeamMembersTest_Remove($input: RemoveTeamMemberInput!) {\n    removeTeamMember(input: $input) { teamMembership { id } }\n  }\n": types.TeamMembersTest_RemoveDocument,
    "\n  query TeamMembersTest_Members($id: ID!, $teamId: ID!, $orderBy: TeamMemberOrder) {\n    organization(id: $id) {\n      team(id: $teamId) { members(orderBy: $orderBy) { totalCount edges { role node { id user { fullName } } } } }\n    }\n  }\n": types.TeamMembersTest_MembersDocument,
    "\n  mutation TeamTest_Create($input: CreateTeamInput!) {\n    createTeam(input: $input) {\n      team { id name slug description memberCount members { nodes { id } } organization { id } }\n    }\n  }\n": types.TeamTest_CreateDocument,
    "\n  query TeamTest_List($id: ID!, $orderBy: TeamOrder) {\n    organization(id: $id) { teams(orderBy: $orderBy) { nodes { name memberCount } } }\n  }\n": types.TeamTest_ListDocument,
    "\n  mutation AccountTest_Register($input: RegisterInput!) {\n    register(input: $input) {\n      session { accessToken refreshToken tokenType expiresAt }\n      user { id email username fullName avatarUrl timezone status isSuperAdmin emailVerified }\n      organization { id name slug isPersonal viewerRole { key } memberCount }\n      workspace { name slug isDefault organization { id } }\n    }\n  }\n": types.AccountTest_RegisterDocument,
    "\n  mutation AccountTest_UpdateMe($input: UpdateMeInput!) {\n    updateMe(input: $input) { user { username fullName avatarUrl timezone } }\n  }\n": types.AccountTest_UpdateMeDocument,
    "\n  mutation SessionTest_Login($input: LoginInput!) {\n    login(input: $input) { session { accessToken refreshToken } user { id } }\n  }\n": types.SessionTest_LoginDocument,
    "\n  mutation SessionTest_Refresh($input: RefreshSessionInput!) {\n    refreshSession(input: $input) { session { accessToken refreshToken tokenType expiresAt } }\n  }\n": types.SessionTest_RefreshDocument,
    "\n  mutation SessionTest_Logout($input: LogoutInput!) { logout(input: $input) { ok } }\n": types.SessionTest_LogoutDocument,
    "\n  query WorkspaceTest_List($id: ID!, $orderBy: WorkspaceOrder) {\n    organization(id: $id) {\n      workspaces(orderBy: $orderBy) { nodes { id name slug description isDefault createdAt organization { id } } }\n    }\n  }\n": types.WorkspaceTest_ListDocument,
    "\n  query NestedPage($id: ID!) {\n    organization(id: $id) {\n      name\n      members(first: 50) {\n        totalCount\n        nodes {\n          user { fullName email }\n          role { key permissions }\n          teams { name }\n        }\n      }\n      teams(first: 20) { nodes { name } }\n      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { name } } }\n    }\n  }\n": types.NestedPageDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation MainJobRegisterFounder {\n  register(\n    input: {email: \"grace@example.com\", password: \"a long passphrase\", fullName: \"Grace Moreau\"}\n  ) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n    }\n    user {\n      id\n      fullName\n    }\n    organization {\n      slug\n      isPersonal\n    }\n    workspace {\n      name\n      isDefault\n    }\n  }\n}\n\nmutation MainJobCreateOrganization {\n  createOrganization(\n    input: {name: \"Lighthouse Books\", slug: \"lighthouse-books\", timezone: \"Europe/Paris\"}\n  ) {\n    organization {\n      id\n      name\n      slug\n      viewerRole {\n        key\n      }\n      roles {\n        key\n        name\n        rank\n      }\n    }\n    workspace {\n      name\n    }\n    member {\n      id\n    }\n  }\n}\n\nmutation MainJobInviteColleague($organizationId: ID!) {\n  inviteMember(\n    input: {organizationId: $organizationId, email: \"linus@example.com\", role: \"member\"}\n  ) {\n    invitation {\n      id\n      status\n      email\n      expiresAt\n      role {\n        name\n      }\n    }\n  }\n}\n\nquery MainJobReadInvitation($token: String!) {\n  invitationByToken(token: $token) {\n    organizationName\n    inviterName\n    roleName\n    email\n    status\n  }\n}\n\nmutation MainJobRegisterColleague {\n  register(\n    input: {email: \"linus@example.com\", password: \"another passphrase\", fullName: \"Linus Aalto\"}\n  ) {\n    session {\n      accessToken\n    }\n    user {\n      id\n      emailVerified\n    }\n  }\n}\n\nmutation MainJobAcceptInvitation($token: String!) {\n  acceptInvitation(input: {token: $token}) {\n    member {\n      id\n      status\n      user {\n        emailVerified\n      }\n      role {\n        key\n      }\n      organization {\n        name\n      }\n      invitedBy {\n        fullName\n      }\n    }\n  }\n}\n\nmutation MainJobCreateTeam($organizationId: ID!) {\n  createTeam(\n    input: {organizationId: $organizationId, name: \"Bookshop\", description: \"Runs the shop.\"}\n  ) {\n    team {\n      id\n      slug\n      memberCount\n    }\n  }\n}\n\nmutation MainJobFillTeam($organizationId: ID!, $teamId: ID!, $founderId: ID!, $colleagueId: ID!) {\n  founder: addTeamMember(\n    input: {organizationId: $organizationId, teamId: $teamId, memberId: $founderId, role: MANAGER}\n  ) {\n    teamMembership {\n      role\n    }\n  }\n  colleague: addTeamMember(\n    input: {organizationId: $organizationId, teamId: $teamId, memberId: $colleagueId}\n  ) {\n    teamMembership {\n      role\n      team {\n        memberCount\n      }\n    }\n  }\n}\n\nmutation MainJobInviteIntoTeam($organizationId: ID!, $teamId: ID!) {\n  inviteMember(\n    input: {organizationId: $organizationId, email: \"noor@example.com\", role: \"viewer\", teamIds: [$teamId]}\n  ) {\n    invitation {\n      status\n      teams {\n        name\n      }\n    }\n  }\n}\n\nquery MainJobOrganizationPage($organizationId: ID!) {\n  organization(id: $organizationId) {\n    name\n    memberCount\n    members(first: 50) {\n      totalCount\n      nodes {\n        id\n        user {\n          fullName\n          email\n        }\n        role {\n          key\n          name\n        }\n        teams {\n          name\n        }\n      }\n    }\n    teams(first: 20) {\n      nodes {\n        name\n        memberCount\n      }\n    }\n    invitations(first: 10, filter: {status: PENDING}) {\n      nodes {\n        email\n        expiresAt\n        role {\n          key\n        }\n      }\n    }\n  }\n}\n\nmutation MainJobUpdateRole($organizationId: ID!, $colleagueId: ID!) {\n  updateMemberRole(\n    input: {organizationId: $organizationId, memberId: $colleagueId, role: \"team_manager\"}\n  ) {\n    member {\n      id\n      role {\n        key\n        permissions\n      }\n    }\n  }\n}\n\nquery MainJobMe {\n  me {\n    fullName\n    email\n    memberships {\n      nodes {\n        organization {\n          slug\n        }\n        role {\n          key\n        }\n      }\n    }\n  }\n  organizations {\n    totalCount\n    nodes {\n      name\n      isPersonal\n      viewerRole {\n        key\n      }\n    }\n  }\n}"): typeof import('./graphql.js').MainJobRegisterFounderDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WebAppFindMember($search: String!) {\n    organizationBySlug(slug: \"northwind\") { id members(filter: { search: $search }) { nodes { id } } }\n  }\n"): typeof import('./graphql.js').WebAppFindMemberDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WebAppSuspend($organizationId: ID!, $memberId: ID!) {\n    suspendMember(input: { organizationId: $organizationId, memberId: $memberId }) { member { status } }\n  }\n"): typeof import('./graphql.js').WebAppSuspendDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WebAppLogIn($email: String!, $password: String!) {\n    login(input: { email: $email, password: $password }) { session { accessToken } }\n  }\n"): typeof import('./graphql.js').WebAppLogInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemoLogIn($email: String!, $password: String!) {\n    login(input: { email: $email, password: $password }) { session { accessToken } }\n  }\n"): typeof import('./graphql.js').DemoLogInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DemoOrganization {\n    organizations { nodes { name isPersonal viewerRole { key } } }\n    organizationBySlug(slug: \"northwind\") {\n      members(first: 100) { nodes { joinedAt user { fullName } role { key } } }\n      teams { nodes { memberCount members { edges { role node { role { key } } } } } }\n      workspaces { totalCount }\n      invitations(filter: { status: PENDING }) { nodes { email teams { name } } }\n    }\n  }\n"): typeof import('./graphql.js').DemoOrganizationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query InvitationsListTest_List($id: ID!, $filter: InvitationFilter, $orderBy: InvitationOrder) {\n    organization(id: $id) {\n      invitations(filter: $filter, orderBy: $orderBy) {\n        totalCount\n        nodes { id email status role { key } teams { id } invitedBy { id } organization { id } }\n      }\n    }\n  }\n"): typeof import('./graphql.js').InvitationsListTest_ListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation InvitationTests_Invite($input: InviteMemberInput!) {\n    inviteMember(input: $input) {\n      invitation {\n        id email status expiresAt sentAt sendCount createdAt\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id }\n      }\n    }\n  }\n"): typeof import('./graphql.js').InvitationTests_InviteDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation InvitationTests_Accept($input: AcceptInvitationInput!) {\n    acceptInvitation(input: $input) {\n      member {\n        id status\n        user { id emailVerified }\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id memberCount }\n      }\n    }\n  }\n"): typeof import('./graphql.js').InvitationTests_AcceptDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PreviewTest_Preview($token: String!) {\n    invitationByToken(token: $token) {\n      organizationName organizationLogoUrl roleName inviterName email status expiresAt\n    }\n  }\n"): typeof import('./graphql.js').PreviewTest_PreviewDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeTest_Revoke($input: RevokeInvitationInput!) {\n    revokeInvitation(input: $input) { invitation { id status } }\n  }\n"): typeof import('./graphql.js').RevokeTest_RevokeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddMemberTest_Add($input: AddMemberInput!) {\n    addMember(input: $input) {\n      member {\n        id status\n        user { id }\n        role { key }\n        teams { id }\n        invitedBy { id }\n        organization { id memberCount }\n      }\n    }\n  }\n"): typeof import('./graphql.js').AddMemberTest_AddDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MembersListTest_List($id: ID!, $filter: MemberFilter, $orderBy: MemberOrder) {\n    organization(id: $id) {\n      members(filter: $filter, orderBy: $orderBy) { totalCount nodes { id user { fullName } } }\n    }\n  }\n"): typeof import('./graphql.js').MembersListTest_ListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveMemberTest_Remove($input: RemoveMemberInput!) {\n    removeMember(input: $input) { removedMemberId }\n  }\n"): typeof import('./graphql.js').RemoveMemberTest_RemoveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateMemberRoleTest_Update($input: UpdateMemberRoleInput!) {\n    updateMemberRole(input: $input) { member { id role { key } } }\n  }\n"): typeof import('./graphql.js').UpdateMemberRoleTest_UpdateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OrganizationTest_Read($id: ID!) { organization(id: $id) { id name } }\n"): typeof import('./graphql.js').OrganizationTest_ReadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OrganizationTest_Update($input: UpdateOrganizationInput!) {\n    updateOrganization(input: $input) { organization { id name slug description logoUrl timezone } }\n  }\n"): typeof import('./graphql.js').OrganizationTest_UpdateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OrganizationTest_Delete($input: DeleteOrganizationInput!) {\n    deleteOrganization(input: $input) { deletedOrganizationId }\n  }\n"): typeof import('./graphql.js').OrganizationTest_DeleteDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OrganizationsListTest_Mine($orderBy: OrganizationOrder) {\n    organizations(orderBy: $orderBy) { nodes { id name viewerRole { key } } }\n  }\n"): typeof import('./graphql.js').OrganizationsListTest_MineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OrganizationTest_Create($input: CreateOrganizationInput!) {\n    createOrganization(input: $input) {\n      organization {\n        id name slug description logoUrl timezone plan isPersonal memberCount\n        viewerRole { key }\n        roles { key isSystem }\n        workspaces { totalCount }\n      }\n      workspace { name slug isDefault organization { id } }\n      member { role { key } status user { id } invitedBy { id } }\n    }\n  }\n"): typeof import('./graphql.js').OrganizationTest_CreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OrganizationPage($id: ID!) {\n    organization(id: $id) {\n      name\n      members(first: 50) {\n        nodes {\n          user { fullName }\n          role { key }\n          teams { name }\n        }\n      }\n      teams(first: 20) { nodes { name memberCount } }\n      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { key } } }\n    }\n  }\n"): typeof import('./graphql.js').OrganizationPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RoleTest_Roles($id: ID!) {\n    organization(id: $id) {\n      viewerRole { key }\n      roles { id key name description rank permissions isSystem shadows memberCount }\n    }\n  }\n"): typeof import('./graphql.js').RoleTest_RolesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ServiceHealth {\n    serviceHealth {\n      version startedAt uptimeSeconds\n      database { status latencyMilliseconds serverVersion isStandby sizeBytes }\n      pools { name maximum open idle waiting }\n      connections { total active idle idleInTransaction waiting maximum }\n      migrations { applied pending latest }\n      replication { applicationName state syncState lagBytes lagSeconds }\n      outbox { waiting failed oldestSeconds }\n    }\n  }\n"): typeof import('./graphql.js').ServiceHealthDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TeamMembersTest_Add($input: AddTeamMemberInput!) {\n    addTeamMember(input: $input) {\n      teamMembership { id role team { id memberCount } member { id user { id } } }\n    }\n  }\n"): typeof import('./graphql.js').TeamMembersTest_AddDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TeamMembersTest_Remove($input: RemoveTeamMemberInput!) {\n    removeTeamMember(input: $input) { teamMembership { id } }\n  }\n"): typeof import('./graphql.js').TeamMembersTest_RemoveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TeamMembersTest_Members($id: ID!, $teamId: ID!, $orderBy: TeamMemberOrder) {\n    organization(id: $id) {\n      team(id: $teamId) { members(orderBy: $orderBy) { totalCount edges { role node { id user { fullName } } } } }\n    }\n  }\n"): typeof import('./graphql.js').TeamMembersTest_MembersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TeamTest_Create($input: CreateTeamInput!) {\n    createTeam(input: $input) {\n      team { id name slug description memberCount members { nodes { id } } organization { id } }\n    }\n  }\n"): typeof import('./graphql.js').TeamTest_CreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TeamTest_List($id: ID!, $orderBy: TeamOrder) {\n    organization(id: $id) { teams(orderBy: $orderBy) { nodes { name memberCount } } }\n  }\n"): typeof import('./graphql.js').TeamTest_ListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AccountTest_Register($input: RegisterInput!) {\n    register(input: $input) {\n      session { accessToken refreshToken tokenType expiresAt }\n      user { id email username fullName avatarUrl timezone status isSuperAdmin emailVerified }\n      organization { id name slug isPersonal viewerRole { key } memberCount }\n      workspace { name slug isDefault organization { id } }\n    }\n  }\n"): typeof import('./graphql.js').AccountTest_RegisterDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AccountTest_UpdateMe($input: UpdateMeInput!) {\n    updateMe(input: $input) { user { username fullName avatarUrl timezone } }\n  }\n"): typeof import('./graphql.js').AccountTest_UpdateMeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SessionTest_Login($input: LoginInput!) {\n    login(input: $input) { session { accessToken refreshToken } user { id } }\n  }\n"): typeof import('./graphql.js').SessionTest_LoginDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SessionTest_Refresh($input: RefreshSessionInput!) {\n    refreshSession(input: $input) { session { accessToken refreshToken tokenType expiresAt } }\n  }\n"): typeof import('./graphql.js').SessionTest_RefreshDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SessionTest_Logout($input: LogoutInput!) { logout(input: $input) { ok } }\n"): typeof import('./graphql.js').SessionTest_LogoutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkspaceTest_List($id: ID!, $orderBy: WorkspaceOrder) {\n    organization(id: $id) {\n      workspaces(orderBy: $orderBy) { nodes { id name slug description isDefault createdAt organization { id } } }\n    }\n  }\n"): typeof import('./graphql.js').WorkspaceTest_ListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NestedPage($id: ID!) {\n    organization(id: $id) {\n      name\n      members(first: 50) {\n        totalCount\n        nodes {\n          user { fullName email }\n          role { key permissions }\n          teams { name }\n        }\n      }\n      teams(first: 20) { nodes { name } }\n      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { name } } }\n    }\n  }\n"): typeof import('./graphql.js').NestedPageDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
