import { type CryptoKey, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { assertMember } from '../../auth/access.js';
import { type ReadRows, type Scope, standingIn } from '../../auth/scope.js';
import { isBadToken, isFromTheFuture } from '../../auth/token-error.js';
import { isId } from '../../platform/id.js';
import { integrationAlgorithm, PublicKeys } from './integration-key.js';
import { publicKeyByKid, standingOfToken } from './integration-token.loader.js';
import { IntegrationTokenInvalidReason } from './integration-token.status.js';
import type { IntegrationTokenVerification } from './integration-token.type.js';

/** The `typ` of the tokens, so that none can be taken for a token of another kind (RFC 8725, section 3.11). */
export const integrationTokenType = 'integration+jwt';

const requiredClaims = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'organization_id'];

/** The `iss` of an organization's tokens; no two organizations share one. */
export function issuerOf({ issuer }: Pick<Scope, 'issuer'>, organizationId: string): string {
  return `${issuer}/organizations/${organizationId}`;
}

type Claims = JWTPayload & { jti: string };

/** What a token turned out to be; claims only of one that is genuine, be it revoked or expired. */
export interface TokenReading {
  reason: IntegrationTokenInvalidReason | null;
  claims: Claims | null;
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
    read = (statement, key) => scope.db.batcher.load(statement, key),
  }: { audience?: string; read?: ReadRows } = {},
): Promise<TokenReading> {
  const kid = keyNamedBy(token);
  if (kid === null) return foreign;
  const key = await publicKeys.get(kid, async () => (await read(publicKeyByKid, [organizationId, kid]))[0]?.publicJwk);
  const genuine = key && (await verified(scope, organizationId, token, key, audience));
  if (!genuine) return foreign;
  const { claims, expired } = genuine;
  const [standing] = await read(standingOfToken, [organizationId, kid, claims.jti]);
  if (!standing) return foreign;
  if (expired) return { reason: IntegrationTokenInvalidReason.EXPIRED, claims, kid };
  return { reason: standing.revoked ? IntegrationTokenInvalidReason.REVOKED : null, claims, kid };
}

/** What a genuine token says, even if its time is over; null for any other. */
async function verified(
  scope: Scope,
  organizationId: string,
  token: string,
  key: CryptoKey,
  audience: string | undefined,
): Promise<{ claims: Claims; expired: boolean } | null> {
  const options = {
    algorithms: [integrationAlgorithm],
    typ: integrationTokenType,
    issuer: issuerOf(scope, organizationId),
    requiredClaims,
    ...(audience !== undefined && { audience }),
  };
  const { payload, expired } = await jwtVerify(token, key, options).then(
    ({ payload }) => ({ payload, expired: false }),
    (error) => {
      // jose looks at the time last of all, so everything else is right.
      if (error instanceof errors.JWTExpired) return { payload: error.payload, expired: true };
      if (isBadToken(error)) return { payload: null, expired: false };
      throw error;
    },
  );
  if (!payload || !isId(payload.jti) || isFromTheFuture(payload.iat!)) return null;
  return { claims: { ...payload, jti: payload.jti.toLowerCase() }, expired };
}

/** Three parts in base64url and nothing else: decoders are lenient, and one token must not have many spellings. */
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Which key a text says that it is signed with. Nothing of it is verified yet. */
function keyNamedBy(token: string): string | null {
  if (!compactForm.test(token)) return null;
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === 'string' && /^[\w-]{43}$/.test(kid) ? kid : null;
  } catch {
    return null;
  }
}
