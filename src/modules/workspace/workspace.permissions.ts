import { can, ofOrganization, type RuleTree } from '../../graphql/rules.js';

export const workspacePermissions = {
  Organization: {
    workspaces: can('workspaces.read', ofOrganization),
    workspace: can('workspaces.read', ofOrganization),
  },
} satisfies RuleTree;
