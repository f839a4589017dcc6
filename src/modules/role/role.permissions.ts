import { can, ofOrganization, ofRow, type RuleTree } from '../../graphql/rules.js';

export const rolePermissions = {
  Organization: { roles: can('roles.read', ofOrganization) },
  Role: { memberCount: can('users.read', ofRow) },
} satisfies RuleTree;
