/**
 * Who may do what, written down from the specification of the roles and not from the code, so that each checks the other.
 *
 * The operation is a field of the schema; several rows of one field differ by what is asked of it, in brackets. After it stands
 * the permission that it takes, and then the verdict on each of the people, in their order:
 *
 * - `ok`: it is done.
 * - `401`: UNAUTHENTICATED.
 * - `404`: NOT_FOUND, as for something that does not exist.
 * - `403`: FORBIDDEN for want of the permission of this row, which the answer names.
 * - a permission: FORBIDDEN for want of that one, which the answer names.
 * - `no`: FORBIDDEN whatever permissions one holds.
 *
 * At the end stands what is different for API keys, if anything is; `matrix.keys.ts` says what that means.
 */
export const people = [
  /** Not signed in. */
  'anonymous',
  /** An administrator, but of another organization. */
  'outsider',
  /** An administrator of the organization whose membership is suspended. */
  'suspended',
  'viewer',
  'member',
  'developer',
  /** A team manager who manages the team that is asked about. */
  'team manager',
  /** A team manager who manages another team. */
  'other team manager',
  'billing manager',
  'administrator',
  /** Not a member. */
  'super admin',
] as const;

export type Person = (typeof people)[number];

// biome-ignore format: a table
export const table = {
  //                                                                    anonymous
  //                                                                    |   outsider
  //                                                                    |   |   suspended
  //                                                                    |   |   |   viewer
  //                                                                    |   |   |   |   member
  //                                                                    |   |   |   |   |   developer
  //                                                                    |   |   |   |   |   |   team manager
  //                                                                    |   |   |   |   |   |   |   other team manager
  //                                                                    |   |   |   |   |   |   |   |   billing manager
  //                                                                    |   |   |   |   |   |   |   |   |   administrator
  //                                                                    |   |   |   |   |   |   |   |   |   |   super admin
  // Oneself.
  'Query.me':                                   [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'Query.organizations':                        [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'Query.permissionCatalogue':                  [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'User.memberships (own)':                     [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'User.memberships (of another)':              ['users.read',         '401 404 403 403 no  no  no  no  no  no  no'],
  'Mutation.register':                          [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.login':                             [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.refreshSession':                    [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.logout':                            [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.switchOrganization':                ['organization.read',  '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.updateMe':                          [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.changePassword':                    [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.requestPasswordReset':              [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.resetPassword':                     [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.requestEmailVerification':          [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.verifyEmail':                       [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.requestEmailChange':                [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],

  // The organization.
  'Query.organization':                         ['organization.read',  '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Query.organizationBySlug':                   ['organization.read',  '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Query.currentOrganization':                  ['organization.read',  '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Organization.memberCount':                   ['organization.read',  '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Mutation.createOrganization':                [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'Mutation.createOrganization (for an owner)': [null,                 '401 no  no  no  no  no  no  no  no  no  ok'],
  'Mutation.updateOrganization':                ['organization.update', '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.deleteOrganization':                ['organization.delete', '401 404 403 403 403 403 403 403 403 ok  ok'],

  // Super admins, who act on no organization's behalf.
  'Query.allOrganizations':                     [null,                 '401 no  no  no  no  no  no  no  no  no  ok'],
  'Query.serviceHealth':                        [null,                 '401 no  no  no  no  no  no  no  no  no  ok'],
  'Mutation.restoreOrganization':               [null,                 '401 no  no  no  no  no  no  no  no  no  ok', 'gone'],
  'Mutation.setUserStatus':                     [null,                 '401 no  no  no  no  no  no  no  no  no  ok'],
  'Mutation.setSuperAdmin':                     [null,                 '401 no  no  no  no  no  no  no  no  no  ok'],

  // Permissions. Also whoever is suspended may ask, and learns that nothing is granted.
  'Query.myPermissions':                        [null,                 '401 404 ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'Query.checkPermission (of oneself)':         [null,                 '401 404 ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'Query.checkPermission (of another)':         ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],

  // Members.
  'Organization.members':                       ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Organization.member':                        ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Member.user':                                ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Member.role':                                ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Member.invitedBy':                           ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Member.organization':                        ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Member.organization (of an own membership)': ['organization.read',  '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Mutation.addMember':                         ['users.add',          '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.updateMemberRole':                  ['users.update',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.suspendMember':                     ['users.update',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.reinstateMember':                   ['users.update',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.removeMember':                      ['users.delete',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.removeMember (oneself)':            ['users.delete',       '401 404 ok  ok  ok  ok  ok  ok  ok  ok  ok'],

  // The comprehensive update. Managers of teams change the team alone, of members of their teams.
  'Mutation.updateMember (role)':               ['users.update',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.updateMember (role and team)':      ['users.update',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.updateMember (out of the team)':    ['users.update',       '401 404 403 403 403 403 ok  teams.assign 403 ok ok'],
  'Mutation.updateMember (into another team)':  ['users.update',       '401 404 403 403 403 403 teams.assign teams.assign 403 ok ok'],
  'Mutation.updateMember (to an organization where one has the same role)':
                                                ['users.update',       '401 404 403 403 403 403 403 403 403 ok  ok', 'elsewhere'],
  'Mutation.updateMember (to an organization where one is but a member)':
                                                ['users.update',       '401 404 403 403 403 403 403 403 403 403 ok', 'elsewhere'],
  // Who may not even change roles here is told so; team managers may use the operation, and are no further than administrators.
  'Mutation.updateMember (to an organization of others)':
                                                ['users.update',       '401 404 403 403 403 403 404 404 403 404 ok'],

  // Roles.
  'Organization.roles':                         ['roles.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Organization.viewerRole':                    ['organization.read',  '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Role.memberCount':                           ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Mutation.createRole':                        ['roles.create',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.createRole (in the place of a system role)':
                                                ['roles.create',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.updateRole':                        ['roles.update',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.deleteRole':                        ['roles.delete',       '401 404 403 403 403 403 403 403 403 ok  ok'],

  // Teams. Managers of teams may change them and assign to them, but not say who else manages them.
  'Organization.teams':                         ['teams.read',         '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Organization.team':                          ['teams.read',         '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Team.organization':                          ['teams.read',         '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Team.memberCount':                           ['teams.read',         '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Team.members':                               ['users.read',         '401 404 teams.read 403 ok ok ok  ok  ok  ok  ok'],
  'Member.teams':                               ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Member.teams (own)':                         ['teams.read',         '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Member.teamMemberships':                     ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Member.teamMemberships (own)':               ['teams.read',         '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Mutation.createTeam':                        ['teams.create',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.updateTeam':                        ['teams.update',       '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Mutation.deleteTeam':                        ['teams.delete',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.addTeamMember':                     ['teams.assign',       '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Mutation.addTeamMember (as a manager)':      ['teams.assign',       '401 404 403 403 403 403 no  403 403 ok  ok'],
  'Mutation.updateTeamMember':                  ['teams.assign',       '401 404 403 403 403 403 no  403 403 ok  ok'],
  'Mutation.removeTeamMember':                  ['teams.assign',       '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Mutation.removeTeamMember (a manager)':      ['teams.assign',       '401 404 403 403 403 403 no  403 403 ok  ok'],

  // Invitations. Answering them takes the secret and the invited address, whoever one is, or that address verified.
  'Organization.invitations':                   ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Invitation.organization':                    ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Invitation.role':                            ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Invitation.teams':                           ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Invitation.invitedBy':                       ['users.read',         '401 404 403 403 ok  ok  ok  ok  ok  ok  ok'],
  'Query.invitationByToken':                    [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.inviteMember':                      ['users.invite',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.inviteMembers':                     ['users.invite',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.resendInvitation':                  ['users.invite',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.revokeInvitation':                  ['users.invite',       '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.register (invited, by another address)':
                                                [null,                 'no  no  no  no  no  no  no  no  no  no  no', 'person'],
  'Mutation.register (invited)':                [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.acceptInvitation':                  [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.acceptInvitation (of another)':     [null,                 '401 no  no  no  no  no  no  no  no  no  no', 'person'],
  'Mutation.acceptInvitation (by id)':          [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.acceptInvitation (by id, not verified)':
                                                [null,                 '401 no  no  no  no  no  no  no  no  no  no', 'person'],
  'Mutation.acceptInvitation (of another, by id)':
                                                [null,                 '401 404 404 404 404 404 404 404 404 404 404', 'person'],
  'Mutation.declineInvitation':                 [null,                 'ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.declineInvitation (of another)':    [null,                 'ok  no  no  no  no  no  no  no  no  no  no', 'person'],
  'Mutation.declineInvitation (by id)':         [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Mutation.declineInvitation (by id, not verified)':
                                                [null,                 '401 no  no  no  no  no  no  no  no  no  no', 'person'],
  'Mutation.declineInvitation (of another, by id)':
                                                [null,                 '401 404 404 404 404 404 404 404 404 404 404', 'person'],

  // Whoever is invited to where one does not belong sees the offer, but no further.
  'Query.myInvitations':                        [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Invitation.organization (own)':              [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Invitation.role (own)':                      [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Invitation.teams (own)':                     [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Invitation.invitedBy (own)':                 [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Organization.memberCount (inviting)':        ['organization.read',  '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.members (inviting)':            ['users.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.roles (inviting)':              ['roles.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.teams (inviting)':              ['teams.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.invitations (inviting)':        ['users.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.workspaces (inviting)':         ['workspaces.read',    '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.apiKeys (inviting)':            ['api_keys.read',      '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.integrationKeys (inviting)':    ['integrations.read',  '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.integrationTokens (inviting)':  ['integrations.read',  '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.integrationTokenRevocations (inviting)':
                                                ['integrations.read',  '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.engagement (inviting)':         ['stats.read',        '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.auditEvents (inviting)':        ['audit.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Organization.limits (inviting)':             ['billing.read',       '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  // No role at all, that is.
  'Organization.viewerRole (inviting)':         [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok', 'person'],
  'Role.memberCount (offered)':                 ['users.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Team.memberCount (offered)':                 ['teams.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'Team.members (offered)':                     ['users.read',         '401 404 404 404 404 404 404 404 404 404 ok', 'person'],
  'User.memberships (of the inviter)':          [null,                 '401 no  no  no  no  no  no  no  no  no  no', 'person'],

  // Workspaces.
  'Organization.workspaces':                    ['workspaces.read',    '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Organization.workspace':                     ['workspaces.read',    '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Workspace.organization':                     ['workspaces.read',    '401 404 403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Mutation.createWorkspace':                   ['workspaces.create',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'Mutation.updateWorkspace':                   ['workspaces.update',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'Mutation.deleteWorkspace':                   ['workspaces.delete',  '401 404 403 403 403 403 403 403 403 ok  ok'],

  // Plans and their limits.
  'Query.plans':                                [null,                 '401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'Organization.limits':                        ['billing.read',       '401 404 403 403 403 403 403 403 ok  ok  ok'],
  'Mutation.updateOrganizationPlan':            ['billing.update',     '401 404 403 403 403 403 403 403 ok  ok  ok'],

  // API keys. One sees one's own, and whoever manages members sees all. A super admin has no membership that a key could end with.
  'Organization.apiKeys':                       ['api_keys.read',      '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'ApiKey.createdBy':                           ['api_keys.read',      '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'Mutation.createApiKey':                      ['api_keys.create',    '401 404 403 403 403 ok  403 403 403 ok  no', 'person'],
  'Mutation.deleteApiKey':                      ['api_keys.delete',    '401 404 403 403 403 ok  403 403 403 ok  ok', 'person'],
  'Mutation.deleteApiKey (of another)':         ['api_keys.delete',    '401 404 403 403 403 404 403 403 403 ok  ok', 'person'],

  // Integration tokens. The public keys are no secret, also to whoever may see no more of the organization than its name.
  'Query.verifyIntegrationToken':               ['integrations.read',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'Mutation.issueIntegrationToken':             ['integrations.issue', '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.rotateIntegrationToken':            ['integrations.issue', '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.revokeIntegrationToken':            ['integrations.revoke','401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.revokeIntegrationToken (by its id)':
                                                ['integrations.revoke','401 404 403 403 403 403 403 403 403 ok  ok'],
  'Mutation.rotateIntegrationKey':              ['integrations.rotate','401 404 403 403 403 403 403 403 403 ok  ok'],
  'Organization.integrationJwks':               [null,                 '401 404 ok  ok  ok  ok  ok  ok  ok  ok  ok'],
  'Organization.integrationKeys':               ['integrations.read',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'Organization.integrationTokens':             ['integrations.read',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'Organization.integrationTokenRevocations':   ['integrations.read',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'IntegrationToken.issuedBy':                  ['integrations.read',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'IntegrationTokenRevocation.revokedBy':       ['integrations.read',  '401 404 403 403 403 ok  403 403 403 ok  ok'],
  'IntegrationTokenRevocation.token':           ['integrations.read',  '401 404 403 403 403 ok  403 403 403 ok  ok'],

  // Engagement. Managers of teams see that of their teams, and everybody the own.
  'Organization.engagement':                    ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Organization.engagement (of a team)':        ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Member.engagement':                          ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Member.engagement (of a member of the team)':
                                                ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Member.engagement (own)':                    ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.organization':                    ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.organization (of a team)':        ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.organization (of a member)':      ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.organization (own)':              ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.team':                            ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.range':                           ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.range (of a team)':               ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.range (of a member)':             ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.range (own)':                     ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.kpis':                            ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.kpis (of a team)':                ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.kpis (of a member)':              ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.kpis (own)':                      ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.pulse':                           ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.pulse (of a team)':               ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.pulse (of a member)':             ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.pulse (own)':                     ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.trend':                           ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.trend (of a team)':               ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.trend (of a member)':             ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.trend (own)':                     ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.activityDistribution':            ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.activityDistribution (of a team)':
                                                ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.activityDistribution (of a member)':
                                                ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.activityDistribution (own)':      ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.retention':                       ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.retention (of a team)':           ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.retention (of a member)':         ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.retention (own)':                 ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.memberActivity':                  ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.memberActivity (of a team)':      ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.memberActivity (of a member)':    ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.memberActivity (own)':            ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.memberDirectory':                 ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.memberDirectory (of a team)':     ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.memberDirectory (of a member)':   ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.memberDirectory (own)':           ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Engagement.sessions':                        ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Engagement.sessions (of a team)':            ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Engagement.sessions (of a member)':          ['stats.read',        '401 404 users.read users.read 403 403 403 403 403 ok ok'],
  'Engagement.sessions (own)':                  ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'MemberActivity.member':                      ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'MemberActivity.member (of a team)':          ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'MemberActivity.member (own)':                ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'MemberDirectoryEntry.user':                  ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'MemberDirectoryEntry.user (of a team)':      ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'MemberDirectoryEntry.user (own)':            ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'MemberDirectoryEntry.affiliations':          ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'MemberDirectoryEntry.affiliations (of a team)':
                                                ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'MemberDirectoryEntry.affiliations (own)':    ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Affiliation.organization':                   ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Affiliation.organization (of a team)':       ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Affiliation.organization (own)':             ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'Affiliation.team':                           ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Affiliation.team (of a team)':               ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'Affiliation.team (own)':                     ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'ActivitySession.user':                       ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'ActivitySession.user (of a team)':           ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'ActivitySession.user (own)':                 ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  'ActivitySession.team':                       ['stats.read',        '401 404 403 403 403 403 403 403 403 ok  ok'],
  'ActivitySession.team (of a team)':           ['stats.read',        '401 404 403 403 403 403 ok  403 403 ok  ok'],
  'ActivitySession.team (own)':                 ['stats.read',        '401 ok  403 ok  ok  ok  ok  ok  ok  ok  ok'],
  // With a session one records one’s own activity, and who has no membership has none; with a key to write everybody’s.
  'Mutation.recordActivity':                    [null,                '401 404 no  ok  ok  ok  ok  ok  ok  ok  404'],
  'Mutation.recordActivity (of another)':       [null,                '401 404 no  no  no  no  no  no  no  no  no', 'reporting'],

  // The audit trail.
  'Organization.auditEvents':                   ['audit.read',         '401 404 403 403 403 403 403 403 403 ok  ok'],
  'Subscription.organizationEvents':            ['audit.read',         '401 404 403 403 403 403 403 403 403 ok  ok'],
} as const satisfies Record<
  string,
  readonly [permission: string | null, verdicts: string, forKeys?: 'person' | 'elsewhere' | 'gone' | 'reporting']
>;

export type Operation = keyof typeof table;

export const operations = Object.keys(table) as Operation[];

/** The field of the schema that a row is about, such as `Mutation.createTeam`. */
export function coordinateOf(operation: Operation): string {
  return operation.split(' ')[0]!;
}

/** What the specification says of an operation, person by person, in the words in which `verdictOn` puts an answer. */
export function verdictsOnPeople(operation: Operation): string[] {
  const [permission, verdicts] = table[operation];
  return verdicts.split(/\s+/).map((verdict) => {
    switch (verdict) {
      case 'ok':
        return 'ok';
      case '401':
        return 'UNAUTHENTICATED';
      case '404':
        return 'NOT_FOUND';
      case 'no':
        return 'FORBIDDEN';
      case '403':
        return `FORBIDDEN without ${permission}`;
      default:
        return `FORBIDDEN without ${verdict}`;
    }
  });
}
