import { can, inInput, ofOrganization, ofRow, type RuleTree } from '../../graphql/rules.js';

export const teamPermissions = {
  Mutation: {
    createTeam: can('teams.create', inInput),
    addTeamMember: can('teams.assign', inInput),
    removeTeamMember: can('teams.assign', inInput),
  },
  Organization: {
    teams: can('teams.read', ofOrganization),
    team: can('teams.read', ofOrganization),
  },
  Team: {
    members: can('users.read', ofRow),
  },
  Member: {
    teams: can('teams.read', ofRow),
    teamMemberships: can('teams.read', ofRow),
  },
} satisfies RuleTree;
