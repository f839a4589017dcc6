import { can, ofOrganization, type RuleTree } from '../../graphql/rules.js';

export const auditPermissions = {
  Organization: { auditEvents: can('audit.read', ofOrganization) },
} satisfies RuleTree;
