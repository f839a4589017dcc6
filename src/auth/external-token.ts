import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { unauthenticated } from '../platform/errors.js';
import { clockToleranceSeconds, isBadToken, isFromTheFuture } from './token-error.js';

/** What is accepted of another issuer: AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE. */
export interface ExternalIssuer {
  jwksUrl: string;
  issuer: string;
  audience: string;
}

/** Only algorithms whose public key cannot be used to sign. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** OpenID Connect Core 1.0, section 2: at most 255 ASCII characters. */
const subjectPattern = /^[\x20-\x7e]{1,255}$/;

/** An address as far as it matters here: it comes from an issuer who has sent mail to it. */
const addressPattern = /^[\x21-\x3f\x41-\x7e]{1,64}@[\x21-\x3f\x41-\x7e]{1,189}$/;

const longestToken = 8_192;

/** What a token of another issuer says of its holder, once it has been verified. */
export interface ExternalClaims {
  issuer: string;
  subject: string;
  /** When the token was issued, in ISO 8601. */
  issuedAt: string;
  /** In milliseconds since 1970. */
  expiresAt: number;
  /** The address, only if the issuer has verified it. */
  email: string | null;
  fullName: string | null;
}

export interface ExternalTokens {
  /** Whether the token says that it comes from that issuer. Nothing is verified yet. */
  isMine(token: string): boolean;
  /** @throws {DomainError} UNAUTHENTICATED for a token that is not the issuer's, not for us, or not in time. */
  verify(token: string): Promise<ExternalClaims>;
}

/** Verifies the JWTs of another issuer against its published keys, which are kept for ten minutes and fetched by need. */
export function createExternalTokens({ jwksUrl, issuer, audience }: ExternalIssuer): ExternalTokens {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: 600_000,
    // Tokens with made-up key ids must not make us fetch the keys over and over.
    cooldownDuration: 30_000,
    timeoutDuration: 5_000,
  });
  return {
    isMine(token) {
      try {
        return token.length <= longestToken && decodeJwt(token).iss === issuer;
      } catch {
        return false;
      }
    },

    async verify(token) {
      const requiredClaims = ['sub', 'exp', 'iat'];
      const options = { algorithms, issuer, audience, requiredClaims, clockTolerance: clockToleranceSeconds };
      const refused = unauthenticated('The token is not valid, or no longer. Sign in again.');
      const { payload } = await jwtVerify(token, keys, options).catch((error) => {
        throw isBadToken(error) ? refused : error;
      });
      const { sub, iat, email, email_verified: emailVerified, name } = payload;
      if (typeof sub !== 'string' || !subjectPattern.test(sub) || !(iat! > 0) || isFromTheFuture(iat!)) throw refused;
      // Some issuers send booleans as texts.
      const isVerified = emailVerified === true || emailVerified === 'true';
      return {
        issuer,
        subject: sub,
        issuedAt: new Date(iat! * 1000).toISOString(),
        expiresAt: payload.exp! * 1000,
        email: isVerified && addressPattern.test(String(email)) ? String(email) : null,
        fullName: oneLine(name),
      };
    },
  };
}

/** A name that may stand where people write theirs: 1 to 100 characters of which all can be seen. */
function oneLine(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const visible = name.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
  return [...visible.replace(/\s+/g, ' ').trim()].slice(0, 100).join('').trim() || null;
}
