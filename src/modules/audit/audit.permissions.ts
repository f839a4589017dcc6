import { can, inArgument, ofOrganization, type RuleTree } from '../../graphql/rules.js';

export const auditPermissions = {
  Subscription: { organizationEvents: can('audit.read', inArgument('organizationId')) },
  Organization: { auditEvents: can('audit.read', ofOrganization) },
} satisfies RuleTree;
