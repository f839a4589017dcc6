import {
  can,
  either,
  inInput,
  managesTeams,
  meanwhile,
  ofOrganization,
  ownUser,
  type RuleTree,
  self,
} from '../../graphql/rules.js';
import { foreseeRole } from './member.service.js';

export const memberPermissions = {
  Mutation: {
    addMember: can('users.add', inInput),
    updateMemberRole: meanwhile(
      (context, { input }) => foreseeRole(context, input),
      either(self(inInput), can('users.update', inInput)),
    ),
    updateMember: either(can('users.update', inInput), managesTeams(inInput)),
    suspendMember: can('users.update', inInput),
    reinstateMember: can('users.update', inInput),
    removeMember: either(self(inInput), can('users.delete', inInput)),
  },
  Organization: {
    memberCount: can('organization.read', ofOrganization),
    members: can('users.read', ofOrganization),
    member: can('users.read', ofOrganization),
  },
  User: { memberships: ownUser },
} satisfies RuleTree;
