import { SignJWT } from 'jose';
import { type NewKeyPair, newKeyPair, openPrivateKey } from '../../src/modules/integration-token/integration-key.js';
import {
  integrationTokenType,
  issuerOf,
} from '../../src/modules/integration-token/verify-integration-token.service.js';
import { newId } from '../../src/platform/id.js';
import type { Writes } from '../../src/platform/writes.js';
import type { scopeOf } from './world.js';

type Scope = Pick<ReturnType<typeof scopeOf>, 'issuer' | 'seal'>;

export const partner = 'https://partner.example';

const hour = 3_600_000;
let pair: Promise<NewKeyPair> | undefined;

/** Gives an organization a key for its integration tokens: the same one to all, for it takes long to make one. */
export async function writeIntegrationKey(
  writes: Writes,
  { seal }: Scope,
  organizationId: string,
): Promise<{ id: string; kid: string }> {
  pair ??= newKeyPair(seal);
  const { publicJwk, ...made } = await pair;
  const key = { organizationId, id: newId(), ...made, publicJwk: publicJwk as object, activatesAt: new Date() };
  writes.insert('integration_keys', key);
  return key;
}

/** Writes what is known of a token for the partner, and gives back the token. */
export async function writeIntegrationToken(
  writes: Writes,
  scope: Scope,
  { organizationId, keyId, issuedById }: { organizationId: string; keyId: string; issuedById: string },
): Promise<{ token: string; jti: string }> {
  const { kid, algorithm: alg, privateJwk } = await pair!;
  const [jti, subject, scopes, issuedAt] = [
    newId(),
    'importer',
    ['teams.read'],
    Math.floor(Date.now() / 1_000) * 1_000,
  ];
  const [times, named] = [
    { issuedAt: new Date(issuedAt), expiresAt: new Date(issuedAt + hour) },
    { organizationId, id: jti, keyId, issuedById, subject, audience: partner, scopes, rotatedToId: null },
  ];
  writes.insert('integration_tokens', { ...named, ...times });
  const token = await new SignJWT({ scope: scopes.join(' '), organization_id: organizationId })
    .setProtectedHeader({ alg, typ: integrationTokenType, kid })
    .setIssuer(issuerOf(scope, organizationId))
    .setSubject(subject)
    .setAudience(partner)
    .setIssuedAt(times.issuedAt)
    .setExpirationTime(times.expiresAt)
    .setJti(jti)
    .sign(await openPrivateKey(scope.seal, privateJwk));
  return { token, jti };
}

/** Writes that a token does not count, which need not be known. */
export function writeRevocation(
  writes: Writes,
  { organizationId, jti, revokedById }: { organizationId: string; jti: string; revokedById: string },
): void {
  writes.insert('integration_token_revocations', {
    ...{ organizationId, id: newId(), jti, reason: 'Lost', revokedById, revokedAt: new Date(), expiresAt: null },
  });
}
