import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { ConfigurationError } from '../platform/config.js';
import type { Database } from '../platform/database.js';
import { unauthenticated } from '../platform/errors.js';
import type { Seal } from '../platform/secret.js';

const algorithm = 'ES256';
const type = 'at+jwt';
const audience = 'tenantry';
const lifetimeSeconds = 600;
/** A token that names an unknown key makes us look for new keys, but not more often than this. */
const reloadAfterMs = 5_000;
/** Longer than any token of ours; longer ones are not even parsed. */
const longestToken = 2_048;

export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
}

/** Signs and verifies access tokens: JWTs (RFC 9068), ES256, ten minutes. */
export interface AccessTokens {
  issue(claims: AccessTokenClaims): Promise<{ accessToken: string; expiresAt: Date }>;
  /** @throws {DomainError} UNAUTHENTICATED for anything that is not a valid access token of ours. */
  verify(token: string): Promise<AccessTokenClaims>;
  /** The public keys, for whoever verifies our tokens (RFC 7517). */
  jwks(): JSONWebKeySet;
}

/** Makes the first signing key. To be called by one process at a time. */
export async function ensureSigningKey(db: Database, seal: Seal): Promise<void> {
  if ((await db.prisma.signingKey.count({ where: { retiredAt: null } })) > 0) return;
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  await db.prisma.signingKey.create({
    data: {
      kid,
      algorithm,
      publicJwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
      privateJwk: await seal.close(JSON.stringify(await exportJWK(privateKey))),
    },
  });
}

interface Keys {
  signing: { kid: string; key: CryptoKey };
  verifying: ReadonlyMap<string, CryptoKey>;
  published: JWK[];
}

/** Reads the signing keys, which all replicas share, and issues tokens with the newest. */
export async function openAccessTokens(db: Database, seal: Seal, issuer: string): Promise<AccessTokens> {
  let keys = await readKeys(db, seal);
  let readAt = Date.now();

  async function keyOf(kid: string | undefined): Promise<CryptoKey | undefined> {
    if (kid !== undefined && !keys.verifying.has(kid) && Date.now() - readAt > reloadAfterMs) {
      readAt = Date.now();
      keys = await readKeys(db, seal);
    }
    return kid === undefined ? undefined : keys.verifying.get(kid);
  }

  return {
    async issue({ userId, sessionId }) {
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + lifetimeSeconds) * 1000);
      const accessToken = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: keys.signing.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(keys.signing.key);
      return { accessToken, expiresAt };
    },

    async verify(token) {
      const refused = unauthenticated(
        'The access token is not valid, or no longer. Refresh the session or sign in again.',
      );
      if (token.length > longestToken) throw refused;
      try {
        const { payload } = await jwtVerify(
          token,
          async ({ kid }) => {
            const key = await keyOf(kid);
            if (!key) throw refused;
            return key;
          },
          { algorithms: [algorithm], typ: type, issuer, audience, requiredClaims: ['sub', 'sid', 'exp', 'iat'] },
        );
        return { userId: payload.sub!, sessionId: String(payload.sid) };
      } catch (error) {
        if (isDatabaseFault(error)) throw error;
        throw refused;
      }
    },

    jwks: () => ({ keys: keys.published }),
  };
}

async function readKeys(db: Database, seal: Seal): Promise<Keys> {
  const rows = await db.prisma.signingKey.findMany({ where: { retiredAt: null }, orderBy: { createdAt: 'desc' } });
  const [newest] = rows;
  if (!newest) throw new Error('There is no signing key: the database has not been prepared.');
  const published = rows.map((row) => row.publicJwk as unknown as JWK);
  const verifying = new Map<string, CryptoKey>();
  for (const jwk of published) verifying.set(jwk.kid!, (await importJWK(jwk, algorithm)) as CryptoKey);
  const privateJwk = await seal.open(newest.privateJwk).catch(() => {
    throw new ConfigurationError(['TENANTRY_SECRET is not the one that this database was set up with']);
  });
  const key = (await importJWK(JSON.parse(privateJwk), algorithm)) as CryptoKey;
  return { signing: { kid: newest.kid, key }, verifying, published };
}

/** jose's errors and our refusal carry a code; anything else is a fault of ours and must not read as a bad token. */
function isDatabaseFault(error: unknown): boolean {
  return !(
    error instanceof Error &&
    'code' in error &&
    (String(error.code).startsWith('ERR_J') || error.code === 'UNAUTHENTICATED')
  );
}
