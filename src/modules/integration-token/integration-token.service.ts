import { type JWTPayload, SignJWT } from 'jose';
import { assertMayName } from '../../auth/ceiling.js';
import { changeOrganization, type MemberChange } from '../../auth/change-organization.js';
import type { Scope } from '../../auth/scope.js';
import type { IntegrationToken } from '../../generated/prisma/client.js';
import { badInput, conflict } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { integrationAlgorithm, openPrivateKey } from './integration-key.js';
import { signingKey } from './integration-key.service.js';
import { integrationTokenById, type RevocationRow, revocationByJti } from './integration-token.loader.js';
import type { IssuedIntegrationToken } from './integration-token.payload.js';
import { IntegrationTokenInvalidReason } from './integration-token.status.js';
import { integrationTokenType, issuerOf, readToken } from './verify-integration-token.service.js';

interface Grant {
  audience: string;
  subject: string;
  scopes: string[];
  /** In seconds. */
  expiresIn: number;
  claims?: Record<string, unknown> | null;
}

/**
 * Issues a signed grant for a third party. It is shown once and not kept.
 *
 * @throws {DomainError} BAD_USER_INPUT for a scope that is no permission.
 * @throws {DomainError} ROLE_CEILING if it would name a permission that the caller does not hold (R1).
 */
export function issueIntegrationToken(
  scope: Scope,
  input: Grant & { organizationId?: string | null },
): Promise<IssuedIntegrationToken> {
  return changeOrganization(scope, input.organizationId, 'integrations.issue', async (change) => {
    assertMayName(change.actor, input.scopes, scope.catalogue);
    const issued = await grant(scope, change, input);
    change.tell('INTEGRATION_TOKEN_ISSUED', targetOf(issued.jti), {
      subject: { before: null, after: input.subject },
      audience: { before: null, after: input.audience },
      scopes: { before: null, after: input.scopes },
      expiresAt: { before: null, after: issued.expiresAt },
    });
    return issued;
  });
}

/**
 * Replaces a token by a new one that says the same for as long again.
 *
 * @throws {DomainError} BAD_USER_INPUT if the token does not count (any more).
 * @throws {DomainError} ROLE_CEILING if the caller does not hold all that it names.
 * @throws {DomainError} CONFLICT with ALREADY_ROTATED and the `jti` of the successor: there is only one.
 */
export function rotateIntegrationToken(
  scope: Scope,
  input: { organizationId?: string | null; token: string; revokePrevious: boolean },
): Promise<IssuedIntegrationToken> {
  return changeOrganization(scope, input.organizationId, 'integrations.issue', async (change) => {
    const { organization, actor, writes, tell } = change;
    const { reason, claims } = await readToken(scope, organization.id, input.token, { read: change.read });
    const previous = claims && (await change.row(integrationTokenById, organization.id, claims.jti));
    if (previous?.rotatedToId) {
      const jti = previous.rotatedToId;
      throw conflict('ALREADY_ROTATED', 'This token was replaced already, and the new one was shown then.', { jti });
    }
    if (reason || !previous) throw badInput({ path: 'input.token', message: 'is not a token that counts here' });
    assertMayName(actor, previous.scopes, scope.catalogue);
    const issued = await grant(scope, change, { ...previous, expiresIn: lifetimeOf(claims), claims: ownOf(claims) });
    const { organizationId, id } = previous;
    writes.update('integration_tokens', { organizationId, id, rotatedToId: issued.jti });
    if (input.revokePrevious) addRevocation(change, previous, 'Rotated');
    tell('INTEGRATION_TOKEN_ROTATED', targetOf(id), {
      rotatedToJti: { before: null, after: issued.jti },
      revoked: { before: false, after: input.revokePrevious },
    });
    return issued;
  });
}

/**
 * Revokes a token, by itself or by its id, from the next verification on. Who does it again gets the first revocation; an
 * id that is not known here is revoked as well (RFC 7009).
 *
 * @returns null for a text that is no token of this organization, or one whose key was retired: there is nothing to revoke.
 */
export async function revokeIntegrationToken(
  scope: Scope,
  input: { organizationId?: string | null; token?: string | null; jti?: string | null; reason?: string | null },
): Promise<RevocationRow | null> {
  if ((input.token == null) === (input.jti == null)) {
    throw badInput({ path: 'input.token', message: 'give either the token or its jti' });
  }
  return changeOrganization(scope, input.organizationId, 'integrations.revoke', async (change) => {
    const { organization, tell } = change;
    const jti = input.jti ?? (await jtiOf(scope, change, input.token!));
    if (jti === null) return null;
    const earlier = await change.row(revocationByJti, organization.id, jti);
    if (earlier) return earlier;
    const known = await change.row(integrationTokenById, organization.id, jti);
    const revocation = addRevocation(change, known ?? { id: jti, expiresAt: null }, input.reason || null);
    tell('INTEGRATION_TOKEN_REVOKED', targetOf(jti), { reason: { before: null, after: revocation.reason } });
    return revocation;
  });
}

async function jtiOf(scope: Scope, change: MemberChange, token: string): Promise<string | null> {
  const { reason, claims } = await readToken(scope, change.organization.id, token, { read: change.read });
  return reason === IntegrationTokenInvalidReason.INVALID ? null : claims!.jti;
}

/** Signs the token, and sees to it that what is known of it is written. */
async function grant(scope: Scope, change: MemberChange, given: Grant): Promise<IssuedIntegrationToken> {
  const { organization, actor, writes } = change;
  const { audience, subject, scopes, expiresIn, claims } = given;
  const key = await signingKey(scope, change);
  const issuedAt = Math.floor(Date.now() / 1_000);
  // No token outlives its key.
  const expires = Math.min(issuedAt + expiresIn, Math.floor((key.retiresAt?.getTime() ?? Infinity) / 1_000));
  const jti = newId();
  const token = await new SignJWT({ ...claims, scope: scopes.join(' '), organization_id: organization.id })
    .setProtectedHeader({ alg: integrationAlgorithm, typ: integrationTokenType, kid: key.kid })
    .setIssuer(issuerOf(scope, organization.id))
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expires)
    .setJti(jti)
    .sign(await openPrivateKey(scope.seal, key.privateJwk!));
  const expiresAt = new Date(expires * 1_000);
  const row: IntegrationToken = {
    organizationId: organization.id,
    id: jti,
    keyId: key.id,
    subject,
    audience,
    scopes,
    issuedById: actor.user.id,
    rotatedToId: null,
    issuedAt: new Date(issuedAt * 1_000),
    expiresAt,
  };
  writes.insert('integration_tokens', row);
  return { token, jti, kid: key.kid, expiresAt };
}

function addRevocation(
  { organization, actor, writes }: MemberChange,
  token: { id: string; expiresAt: Date | null },
  reason: string | null,
): RevocationRow {
  const revocation: RevocationRow = {
    organizationId: organization.id,
    id: newId(),
    jti: token.id,
    reason,
    revokedById: actor.user.id,
    revokedAt: new Date(),
    expiresAt: token.expiresAt,
  };
  writes.insert('integration_token_revocations', revocation);
  return revocation;
}

function targetOf(id: string) {
  return { type: 'INTEGRATION_TOKEN', id } as const;
}

function lifetimeOf({ exp, iat }: JWTPayload): number {
  return exp! - iat!;
}

/** What a token says beside what the gateway puts into every one. */
function ownOf(claims: JWTPayload): Record<string, unknown> {
  const { iss, sub, aud, exp, iat, jti, scope, organization_id, ...own } = claims;
  return own;
}
