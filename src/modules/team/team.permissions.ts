import { can, canInTeam, inInput, ofOrganization, ofRow, type RuleTree } from '../../graphql/rules.js';

export const teamPermissions = {
  Mutation: {
    createTeam: can('teams.create', inInput),
    updateTeam: canInTeam('teams.update', inInput),
    deleteTeam: can('teams.delete', inInput),
    addTeamMember: canInTeam('teams.assign', inInput),
    updateTeamMember: canInTeam('teams.assign', inInput),
    removeTeamMember: canInTeam('teams.assign', inInput),
  },
  Organization: {
    teams: can('teams.read', ofOrganization),
    team: can('teams.read', ofOrganization),
  },
  Team: {
    memberCount: can('teams.read', ofRow),
    members: can('users.read', ofRow),
  },
  Member: {
    teams: can('teams.read', ofRow),
    teamMemberships: can('teams.read', ofRow),
  },
} satisfies RuleTree;
