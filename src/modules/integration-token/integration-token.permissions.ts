import { can, inInput, ofOrganization, type RuleTree } from '../../graphql/rules.js';

export const integrationTokenPermissions = {
  Query: { verifyIntegrationToken: can('integrations.read', inInput) },
  Mutation: {
    issueIntegrationToken: can('integrations.issue', inInput),
    rotateIntegrationToken: can('integrations.issue', inInput),
    revokeIntegrationToken: can('integrations.revoke', inInput),
    rotateIntegrationKey: can('integrations.rotate', inInput),
  },
  Organization: {
    integrationKeys: can('integrations.read', ofOrganization),
    integrationTokens: can('integrations.read', ofOrganization),
    integrationTokenRevocations: can('integrations.read', ofOrganization),
  },
} satisfies RuleTree;
