import { can, either, inInput, ofOrganization, ownUser, type RuleTree, self } from '../../graphql/rules.js';

export const memberPermissions = {
  Mutation: {
    addMember: can('users.add', inInput),
    updateMemberRole: can('users.update', inInput),
    removeMember: either(self(inInput), can('users.delete', inInput)),
  },
  Organization: {
    members: can('users.read', ofOrganization),
    member: can('users.read', ofOrganization),
  },
  User: { memberships: ownUser },
} satisfies RuleTree;
