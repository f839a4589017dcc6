import { assertMember, assertPermitted } from '../../auth/access.js';
import { type Scope, type Services, standingIn } from '../../auth/scope.js';
import type { OrganizationRow } from '../../auth/standing.js';
import { wholeOrganization } from '../../auth/whole-rows.js';
import { unauthenticated } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { hashSecret, newSecret } from '../../platform/secret.js';
import { Writes } from '../../platform/writes.js';

/** A session ends after this, however often it is refreshed. */
const sessionDays = 30;

export interface SessionTokens {
  accessToken: string;
  refreshToken: string;
  tokenType: string;
  expiresAt: Date;
}

/** Opens a session for a user, to be written with whatever let the user in. The rest of the request acts as that session. */
export async function openSession(scope: Scope, writes: Writes, userId: string): Promise<SessionTokens> {
  const sessionId = newId();
  const refreshToken = newSecret();
  writes.insert('sessions', {
    id: sessionId,
    userId,
    ip: scope.request.ip,
    userAgent: scope.request.userAgent,
    expiresAt: new Date(Date.now() + sessionDays * 86_400_000),
  });
  writes.insert('refresh_tokens', { hash: hashSecret(refreshToken), sessionId });
  scope.principal = { kind: 'session', sessionId };
  return tokens(scope, { userId, sessionId }, refreshToken);
}

/**
 * Exchanges a refresh token for new tokens. Each works once: whoever comes with a used one may be a thief, or may come after
 * one, so the whole session ends.
 *
 * @throws {DomainError} UNAUTHENTICATED if the token is unknown, used, or its session is over.
 */
export async function refreshSession(scope: Services, refreshToken: string): Promise<SessionTokens> {
  const successor = newSecret();
  const [session] = await scope.db.write<{ userId: string; sessionId: string }>(
    `WITH held AS (
       SELECT s.id, s.user_id FROM refresh_tokens t
       JOIN sessions s ON s.id = t.session_id AND s.revoked_at IS NULL AND s.expires_at > now()
       JOIN users u ON u.id = s.user_id AND u.status = 'ACTIVE'
       WHERE t.hash = $1 FOR NO KEY UPDATE OF s
     ), used AS (
       UPDATE refresh_tokens t SET used_at = now() FROM held s
       WHERE t.hash = $1 AND t.used_at IS NULL AND s.id = t.session_id
       RETURNING t.session_id, s.user_id
     ), successor AS (
       INSERT INTO refresh_tokens (hash, session_id) SELECT $2, session_id FROM used
     ) SELECT session_id AS "sessionId", user_id AS "userId" FROM used`,
    [hashSecret(refreshToken), hashSecret(successor)],
  );
  if (session) return tokens(scope, session, successor);
  await scope.db.write(
    `UPDATE sessions s SET revoked_at = now() FROM refresh_tokens t
     WHERE t.hash = $1 AND s.id = t.session_id AND s.revoked_at IS NULL`,
    [hashSecret(refreshToken)],
  );
  throw unauthenticated('The refresh token is not valid, or was used before. Sign in again.');
}

/**
 * Chooses the organization that the caller's session is in, and renews its tokens.
 *
 * @throws {DomainError} NOT_FOUND if the caller has nothing to do with the organization.
 * @throws {DomainError} FORBIDDEN while the membership is suspended.
 */
export async function switchOrganization(
  scope: Scope,
  organizationId: string,
): Promise<{ session: SessionTokens; organization: OrganizationRow }> {
  const standing = await standingIn(scope, organizationId);
  assertMember(standing, true);
  assertPermitted(standing, 'organization.read');
  const { sessionId, user } = standing;
  if (!sessionId) throw unauthenticated('Only a session can switch.');
  const organization = await wholeOrganization(scope, standing);
  const refreshToken = newSecret();
  const writes = new Writes();
  writes.update('sessions', { id: sessionId, currentOrganizationId: organization.id });
  writes.updateWhere('refresh_tokens', { sessionId }, { usedAt: new Date() });
  writes.insert('refresh_tokens', { hash: hashSecret(refreshToken), sessionId });
  await scope.db.transaction(async (run) => {
    // A refresh at the same moment has its turn first, so that its token is seen and used up: a session has but one.
    await run('SELECT 1 FROM sessions WHERE id = $1 FOR NO KEY UPDATE', [sessionId]);
    await writes.commit(run);
  });
  scope.reads.forget();
  return { session: await tokens(scope, { userId: user.id, sessionId }, refreshToken), organization };
}

/**
 * Ends the caller's session, or all sessions of the user; their tokens are refused from the next request on (R8). With a
 * token of another issuer, all of its tokens that were issued so far are refused.
 */
export async function endSession(scope: Scope, everywhere: boolean): Promise<void> {
  const { user, sessionId } = await standingIn(scope);
  const now = new Date();
  const writes = new Writes();
  if (sessionId && !everywhere) writes.update('sessions', { id: sessionId, revokedAt: now });
  if (everywhere) writes.updateWhere('sessions', { userId: user.id }, { revokedAt: now });
  if (!sessionId || everywhere) writes.updateWhere('external_identities', { userId: user.id }, { validAfter: now });
  await writes.commit(scope.db.write);
  scope.reads.forget();
}

async function tokens(
  { accessTokens }: Pick<Services, 'accessTokens'>,
  session: { userId: string; sessionId: string },
  refreshToken: string,
): Promise<SessionTokens> {
  return { ...(await accessTokens.issue(session)), refreshToken, tokenType: 'Bearer' };
}
