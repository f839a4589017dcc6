import { can, inInput, ofOrganization, personally, type RuleTree } from '../../graphql/rules.js';

export const apiKeyPermissions = {
  Mutation: {
    createApiKey: personally(can('api_keys.create', inInput)),
    deleteApiKey: personally(can('api_keys.delete', inInput)),
  },
  Organization: { apiKeys: can('api_keys.read', ofOrganization) },
} satisfies RuleTree;
