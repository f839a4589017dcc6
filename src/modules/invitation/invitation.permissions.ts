import { anyone, can, inInput, ofOrganization, person, type RuleTree } from '../../graphql/rules.js';

export const invitationPermissions = {
  Query: { invitationByToken: anyone, myInvitations: person },
  Mutation: {
    inviteMember: can('users.invite', inInput),
    inviteMembers: can('users.invite', inInput),
    resendInvitation: can('users.invite', inInput),
    revokeInvitation: can('users.invite', inInput),
    acceptInvitation: person,
    declineInvitation: anyone,
  },
  Organization: { invitations: can('users.read', ofOrganization) },
} satisfies RuleTree;
