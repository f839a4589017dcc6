import { newId } from '../../src/platform/id.js';
import { partner } from '../support/integrations.js';
import { admin, type Operations } from './operation.js';
import { list } from './operations.queries.js';

const wide = { since: '2026-01-01T00:00:00Z', until: '2126-01-01T00:00:00Z' };

/** Grants for third parties, and the keys that sign them. */
export const integrations: Operations = {
  'Query.verifyIntegrationToken': {
    as: admin,
    valid: ({ organizationId, integrationToken }) => [
      { input: { organizationId, token: integrationToken, audience: partner } },
    ],
  },
  'Organization.integrationTokens': {
    as: admin,
    valid: list('Organization.integrationTokens', 'EXPIRES_AT', ({ admin }) => ({
      filter: { status: 'ACTIVE', subject: 'importer', audience: partner, issuedById: admin.user.id },
    })),
  },
  'Organization.integrationTokenRevocations': {
    as: admin,
    valid: list('Organization.integrationTokenRevocations', 'REVOKED_AT', ({ admin, revokedJti }) => ({
      filter: { jti: revokedJti, revokedById: admin.user.id, ...wide },
    })),
  },
  'Mutation.issueIntegrationToken': {
    as: admin,
    valid: ({ organizationId }) => [
      {
        input: {
          organizationId,
          audience: partner,
          subject: `importer-${newId()}`,
          scopes: ['teams.read', 'users.read'],
          expiresIn: 600,
          claims: { plan: 'large', limits: { seats: 5 } },
        },
      },
    ],
  },
  'Mutation.rotateIntegrationToken': {
    as: admin,
    valid: ({ organizationId, integrationToken }) => [
      { input: { organizationId, token: integrationToken, revokePrevious: true } },
    ],
  },
  'Mutation.revokeIntegrationToken': {
    as: admin,
    valid: ({ organizationId, integrationToken, integrationJti }) => [
      { input: { organizationId, jti: integrationJti, reason: 'Lost' } },
      { input: { organizationId, token: integrationToken } },
    ],
  },
  'Mutation.rotateIntegrationKey': {
    as: admin,
    valid: ({ organizationId }) => [{ input: { organizationId, graceSeconds: 600 } }],
  },
};
