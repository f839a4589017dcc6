import { can, inInput, ofOrganization, ofRow, type RuleTree } from '../../graphql/rules.js';

export const rolePermissions = {
  Mutation: {
    createRole: can('roles.create', inInput),
    updateRole: can('roles.update', inInput),
    deleteRole: can('roles.delete', inInput),
  },
  Organization: { roles: can('roles.read', ofOrganization) },
  Role: { memberCount: can('users.read', ofRow) },
} satisfies RuleTree;
