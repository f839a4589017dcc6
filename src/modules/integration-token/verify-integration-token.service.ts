import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { assertMember } from '../../auth/access.js';
import { type ReadRows, type Scope, standingIn } from '../../auth/scope.js';
import { isBadToken } from '../../auth/token-error.js';
import { isId } from '../../platform/id.js';
import { integrationAlgorithm, PublicKeys } from './integration-key.js';
import { standingOfToken } from './integration-token.loader.js';
import { IntegrationTokenInvalidReason } from './integration-token.status.js';
import type { IntegrationTokenVerification } from './integration-token.type.js';

/** The `typ` of the tokens, so that none can be taken for a token of another kind (RFC 8725, section 3.11). */
export const integrationTokenType = 'integration+jwt';

const requiredClaims = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'organization_id'];

/** The `iss` of an organization's tokens; no two organizations share one. */
export function issuerOf({ issuer }: Pick<Scope, 'issuer'>, organizationId: string): string {
  return `${issuer}/organizations/${organizationId}`;
}

/** What a token turned out to be; claims only of one that is genuine, be it revoked or expired. */
export interface TokenReading {
  reason: IntegrationTokenInvalidReason | null;
  claims: (JWTPayload & { jti: string }) | null;
  kid: string | null;
}

/** Says whether a token of the organization counts at this moment, for the audience that asks. */
export async function verifyIntegrationToken(
  scope: Scope,
  input: { organizationId?: string | null; token: string; audience: string },
): Promise<IntegrationTokenVerification> {
  const standing = await standingIn(scope, input.organizationId);
  assertMember(standing, input.organizationId != null);
  const organizationId = standing.organization.id;
  const { reason, claims, kid } = await readToken(scope, organizationId, input.token, { audience: input.audience });
  if (reason) return { valid: false, reason, claims: null, kid: null, organizationId: null };
  return { valid: true, reason: null, claims, kid, organizationId };
}

const publicKeys = new PublicKeys();

const foreign: TokenReading = { reason: IntegrationTokenInvalidReason.INVALID, claims: null, kid: null };

/**
 * Verifies a token: its signature with a key of this organization that is in use, issuer, kind and time, and audience where
 * one is given; and whether it was revoked. Keys come from the database only, whatever the token's header offers or names.
 */
export async function readToken(
  scope: Scope,
  organizationId: string,
  token: string,
  {
    audience,
    read = (statement, key) => scope.reads.rows(statement, key),
  }: { audience?: string; read?: ReadRows } = {},
): Promise<TokenReading> {
  const named = namesIn(token);
  if (!named) return foreign;
  const { kid, jti } = named;
  const [standing] = await read(standingOfToken, [organizationId, kid, jti]);
  if (!standing) return foreign;
  const genuine = await verified(scope, organizationId, token, await publicKeys.get(standing.publicJwk), audience);
  if (!genuine) return foreign;
  const claims = { ...genuine.claims, jti };
  if (genuine.expired) return { reason: IntegrationTokenInvalidReason.EXPIRED, claims, kid };
  return { reason: standing.revoked ? IntegrationTokenInvalidReason.REVOKED : null, claims, kid };
}

/** What a genuine token says, even if its time is over; null for any other. jose looks at the time last of all. */
async function verified(
  scope: Scope,
  organizationId: string,
  token: string,
  key: CryptoKey,
  audience: string | undefined,
): Promise<{ claims: JWTPayload; expired: boolean } | null> {
  const options = {
    algorithms: [integrationAlgorithm],
    typ: integrationTokenType,
    issuer: issuerOf(scope, organizationId),
    requiredClaims,
    ...(audience !== undefined && { audience }),
  };
  try {
    return { claims: (await jwtVerify(token, key, options)).payload, expired: false };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { claims: error.payload, expired: true };
    if (isBadToken(error)) return null;
    throw error;
  }
}

/** Which key and which token a text says that it is. Nothing of it is verified yet. */
function namesIn(token: string): { kid: string; jti: string } | null {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { jti } = decodeJwt(token);
    return typeof kid === 'string' && /^[\w-]{43}$/.test(kid) && isId(jti) ? { kid, jti: jti.toLowerCase() } : null;
  } catch {
    return null;
  }
}
