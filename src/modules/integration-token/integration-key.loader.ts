import type { JWK } from 'jose';
import { type IntegrationKey, Prisma } from '../../generated/prisma/client.js';
import { columns, keyed, without } from '../../platform/sql.js';
import type { IntegrationKeyStatus } from './integration-token.status.js';

/** A key without its private half, which only signing looks at. */
export type IntegrationKeyRow = Omit<IntegrationKey, 'privateJwk' | 'publicJwk'> & {
  alg: string;
  status: IntegrationKeyStatus;
};

/** Whether a key signs that came later. One that was retired before its turn never does. */
const superseded = `EXISTS (SELECT 1 FROM integration_keys later WHERE later.organization_id = k.organization_id
  AND later.activates_at > k.activates_at AND later.activates_at <= now()
  AND (later.retires_at IS NULL OR later.retires_at > now()))`;

/** Whether any token of the key can still be verified. */
const inUse = `EXISTS (SELECT 1 FROM integration_tokens t WHERE t.organization_id = k.organization_id
  AND t.key_id = k.id AND t.expires_at > now())`;

/** What a key is for at this moment, from its times alone. */
const status = `CASE
    WHEN k.retires_at <= now() THEN 'RETIRED'
    WHEN k.activates_at > now() THEN 'NEXT'
    WHEN NOT ${superseded} THEN 'ACTIVE'
    WHEN ${inUse} THEN 'RETIRING'
    ELSE 'RETIRED'
  END`;

/** All keys of an organization, the newest first. */
export const keysOfOrganization = keyed<IntegrationKeyRow>({
  key: ['organization_id'],
  select: `${columns('k', without(Prisma.IntegrationKeyScalarFieldEnum, 'privateJwk', 'publicJwk'))},
    k.algorithm AS alg, ${status} AS status`,
  from: `JOIN integration_keys k ON k.organization_id = key.organization_id
    ORDER BY key.ord, k.id DESC`,
});

/**
 * What an organization publishes of its keys: no row if there is no such organization that is active, and one without a kid
 * if it has no keys yet.
 */
export const publishedKeys = keyed<{ kid: string | null; publicJwk: JWK }>({
  key: ['organization_id'],
  select: 'k.kid, k.public_jwk AS "publicJwk"',
  from: `JOIN organizations o ON o.id = key.organization_id AND o.status = 'ACTIVE'
    LEFT JOIN integration_keys k ON k.organization_id = o.id
      AND (k.retires_at IS NULL OR k.retires_at > now())
      AND (k.activates_at > now() OR NOT ${superseded} OR ${inUse})
    ORDER BY key.ord, k.id DESC`,
});

/**
 * The key that signs: the one that was activated last. Where no key has its moment yet (two clocks may differ) it is the
 * one that has it first.
 */
export const signingKeyOf = keyed<IntegrationKey>({
  key: ['organization_id'],
  select: 'k.*',
  from: `CROSS JOIN LATERAL (
      SELECT ${columns('k', Prisma.IntegrationKeyScalarFieldEnum)} FROM integration_keys k
      WHERE k.organization_id = key.organization_id AND (k.retires_at IS NULL OR k.retires_at > now())
        AND k.private_jwk IS NOT NULL
      ORDER BY k.activates_at <= now() DESC,
        CASE WHEN k.activates_at <= now() THEN k.activates_at END DESC, k.activates_at, k.id LIMIT 1
    ) k`,
});
