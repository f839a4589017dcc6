import { can, inInput, ofOrganization, type RuleTree } from '../../graphql/rules.js';

export const workspacePermissions = {
  Mutation: {
    createWorkspace: can('workspaces.create', inInput),
    updateWorkspace: can('workspaces.update', inInput),
    deleteWorkspace: can('workspaces.delete', inInput),
  },
  Organization: {
    workspaces: can('workspaces.read', ofOrganization),
    workspace: can('workspaces.read', ofOrganization),
  },
} satisfies RuleTree;
