import { can, inInput, ofOrganization, type RuleTree, signedIn } from '../../graphql/rules.js';

export const planPermissions = {
  Query: { plans: signedIn },
  Mutation: { updateOrganizationPlan: can('billing.update', inInput) },
  Organization: { limits: can('billing.read', ofOrganization) },
} satisfies RuleTree;
