import type { JWK } from 'jose';
import type { IntegrationToken, IntegrationTokenRevocation } from '../../generated/prisma/client.js';
import { Prisma } from '../../generated/prisma/client.js';
import type { List } from '../../platform/list.js';
import type { Condition } from '../../platform/page.js';
import { columnsOf, keyed, selecting } from '../../platform/sql.js';
import { isPublished } from './integration-key.loader.js';
import type {
  IntegrationTokenFilter,
  IntegrationTokenOrderField,
  IntegrationTokenRevocationFilter,
  IntegrationTokenRevocationOrderField,
} from './integration-token.input.js';
import type { IntegrationTokenStatus } from './integration-token.status.js';

export type IntegrationTokenRow = IntegrationToken & {
  jti: string;
  rotatedToJti: string | null;
  kid: string;
  status: IntegrationTokenStatus;
};

export type RevocationRow = IntegrationTokenRevocation;

const status = `CASE
    WHEN r.id IS NOT NULL THEN 'REVOKED'
    WHEN t.expires_at <= now() THEN 'EXPIRED'
    WHEN k.retires_at <= now() THEN 'KEY_RETIRED'
    ELSE 'ACTIVE'
  END`;

const columns = {
  ...columnsOf('t', Prisma.IntegrationTokenScalarFieldEnum),
  jti: 't.id',
  rotatedToJti: 't.rotated_to_id',
  kid: 'k.kid',
  status,
};
const select = selecting(columns);

const withKeyAndRevocation = `
    JOIN integration_keys k ON k.organization_id = t.organization_id AND k.id = t.key_id
    LEFT JOIN integration_token_revocations r ON r.organization_id = t.organization_id AND r.jti = t.id`;

export const integrationTokenById = keyed<IntegrationTokenRow>({
  key: ['organization_id', 'id'],
  select,
  from: `JOIN integration_tokens t ON t.organization_id = key.organization_id AND t.id = key.id ${withKeyAndRevocation}`,
});

export const tokensOfOrganization: List<IntegrationTokenRow, IntegrationTokenOrderField> = {
  name: 'integration-tokens',
  key: ['organization_id'],
  columns,
  from: `integration_tokens t ${withKeyAndRevocation}`,
  where: 't.organization_id = key.organization_id',
  id: 't.id',
  order: {
    ISSUED_AT: { by: 't.issued_at', type: 'timestamptz' },
    EXPIRES_AT: { by: 't.expires_at', type: 'timestamptz' },
  },
  defaultOrder: { field: 'ISSUED_AT' as IntegrationTokenOrderField, direction: 'DESC' },
};

export function tokensMatching(filter: IntegrationTokenFilter | null | undefined): Condition[] {
  const { status: wanted, subject, audience, issuedById } = filter ?? {};
  const conditions: Condition[] = [];
  if (wanted) conditions.push((parameter) => `${status} = ${parameter(wanted)}`);
  if (subject) conditions.push((parameter) => `t.subject = ${parameter(subject)}`);
  if (audience) conditions.push((parameter) => `t.audience = ${parameter(audience)}`);
  if (issuedById) conditions.push((parameter) => `t.issued_by_id = ${parameter(issuedById)}::uuid`);
  return conditions;
}

const revocationColumns = columnsOf('r', Prisma.IntegrationTokenRevocationScalarFieldEnum);

export const revocationByJti = keyed<RevocationRow>({
  key: ['organization_id', 'jti'],
  select: selecting(revocationColumns),
  from: 'JOIN integration_token_revocations r ON r.organization_id = key.organization_id AND r.jti = key.jti',
});

export const revocationsOfOrganization: List<RevocationRow, IntegrationTokenRevocationOrderField> = {
  name: 'integration-token-revocations',
  key: ['organization_id'],
  columns: revocationColumns,
  from: 'integration_token_revocations r',
  where: 'r.organization_id = key.organization_id',
  id: 'r.id',
  order: { REVOKED_AT: { by: 'r.revoked_at', type: 'timestamptz' } },
  defaultOrder: { field: 'REVOKED_AT' as IntegrationTokenRevocationOrderField, direction: 'DESC' },
};

export function revocationsMatching(filter: IntegrationTokenRevocationFilter | null | undefined): Condition[] {
  const { jti, revokedById, since, until } = filter ?? {};
  const conditions: Condition[] = [];
  if (jti) conditions.push((parameter) => `r.jti = ${parameter(jti)}::uuid`);
  if (revokedById) conditions.push((parameter) => `r.revoked_by_id = ${parameter(revokedById)}::uuid`);
  if (since) conditions.push((parameter) => `r.revoked_at >= ${parameter(since)}::timestamptz`);
  if (until) conditions.push((parameter) => `r.revoked_at < ${parameter(until)}::timestamptz`);
  return conditions;
}

export const publicKeyByKid = keyed<{ publicJwk: JWK }>({
  key: ['organization_id', 'kid'],
  types: ['uuid', 'text'],
  select: 'k.public_jwk AS "publicJwk"',
  from: 'JOIN integration_keys k ON k.organization_id = key.organization_id AND k.kid = key.kid',
});

/**
 * What decides on a token beside its signature: no row unless the key that it names is published, by this organization, and
 * the organization is active; and whether the token was revoked. Everything that can change, in one statement.
 */
export const standingOfToken = keyed<{ revoked: boolean }>({
  key: ['organization_id', 'kid', 'jti'],
  types: ['uuid', 'text', 'uuid'],
  select: 'r.id IS NOT NULL AS revoked',
  from: `JOIN organizations o ON o.id = key.organization_id AND o.status = 'ACTIVE'
    JOIN integration_keys k ON k.organization_id = o.id AND k.kid = key.kid AND ${isPublished}
    LEFT JOIN integration_token_revocations r ON r.organization_id = o.id AND r.jti = key.jti`,
});
