import { type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { unauthenticated } from '../platform/errors.js';
import { isId } from '../platform/id.js';
import { type SigningKeys, signingAlgorithm } from './signing-keys.js';
import { isBadToken, isFromTheFuture } from './token-error.js';
import { VerifiedTokens } from './verified-tokens.js';

const type = 'at+jwt';
const audience = 'tenantry';
const lifetimeSeconds = 600;
/** Longer than any token of ours; longer ones are not even parsed. */
const longestToken = 2_048;

interface AccessClaims {
  sessionId: string;
  /** In milliseconds since 1970. */
  expiresAt: number;
}

/** Signs and verifies access tokens: JWTs (RFC 9068), ES256, ten minutes. */
export interface AccessTokens {
  issue(claims: { userId: string; sessionId: string }): Promise<{ accessToken: string; expiresAt: Date }>;
  /**
   * Whether a token is ours and in time. Whether its session still stands is for the database to say.
   *
   * @throws {DomainError} UNAUTHENTICATED for anything else.
   */
  verify(token: string): Promise<AccessClaims>;
  /** The public keys, for whoever verifies our tokens (RFC 7517). */
  jwks(): Promise<JSONWebKeySet>;
}

export function createAccessTokens(keys: SigningKeys, issuer: string): AccessTokens {
  const verified = new VerifiedTokens<AccessClaims>();
  return {
    async issue({ userId, sessionId }) {
      const { kid, key } = await keys.signing();
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + lifetimeSeconds) * 1000);
      const accessToken = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: signingAlgorithm, typ: type, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(key);
      return { accessToken, expiresAt };
    },

    async verify(token) {
      const remembered = verified.recall(token);
      if (remembered) return remembered;
      const refused = unauthenticated(
        'The access token is not valid, or no longer. Refresh the session or sign in again.',
      );
      if (token.length > longestToken) throw refused;
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? undefined : await keys.verifying(kid);
          if (!key) throw refused;
          return key;
        },
        { algorithms: [signingAlgorithm], typ: type, issuer, audience, requiredClaims: ['sub', 'sid', 'exp', 'iat'] },
      ).catch((error) => {
        throw isBadToken(error) ? refused : error;
      });
      if (!isId(payload.sid) || !isId(payload.sub) || isFromTheFuture(payload.iat!)) throw refused;
      const claims = { sessionId: payload.sid, expiresAt: payload.exp! * 1000 };
      verified.remember(token, claims, claims.expiresAt);
      return claims;
    },

    jwks: async () => ({ keys: await keys.published() }),
  };
}
