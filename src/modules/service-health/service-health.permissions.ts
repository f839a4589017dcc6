import { type RuleTree, superAdmin } from '../../graphql/rules.js';

export const serviceHealthPermissions = {
  Query: { serviceHealth: superAdmin },
} satisfies RuleTree;
