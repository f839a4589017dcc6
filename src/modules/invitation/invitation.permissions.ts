import { anyone, can, inInput, ofOrganization, type RuleTree, signedIn } from '../../graphql/rules.js';

export const invitationPermissions = {
  Query: { invitationByToken: anyone },
  Mutation: {
    inviteMember: can('users.invite', inInput),
    revokeInvitation: can('users.invite', inInput),
    acceptInvitation: signedIn,
  },
  Organization: { invitations: can('users.read', ofOrganization) },
} satisfies RuleTree;
