import type { Scope, Services } from '../../auth/scope.js';
import { unauthenticated } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { hashSecret, newSecret } from '../../platform/secret.js';
import type { Writes } from '../../platform/writes.js';

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
  scope.principal = { kind: 'session', sessionId, userId };
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
    `WITH used AS (
       UPDATE refresh_tokens t SET used_at = now() FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE t.hash = $1 AND t.used_at IS NULL AND s.id = t.session_id
         AND s.revoked_at IS NULL AND s.expires_at > now() AND u.status = 'ACTIVE'
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

/** Ends the caller's session, or all sessions of the user; their tokens are refused from the next request on (R8). */
export async function endSession(scope: Scope, everywhere: boolean): Promise<void> {
  const { principal, db } = scope;
  if (principal.kind !== 'session') throw unauthenticated('Only a session can be ended.');
  await db.prisma.session.updateMany({
    where: { revokedAt: null, ...(everywhere ? { userId: principal.userId } : { id: principal.sessionId }) },
    data: { revokedAt: new Date() },
  });
  scope.reads.forget();
}

async function tokens(
  { accessTokens }: Pick<Services, 'accessTokens'>,
  session: { userId: string; sessionId: string },
  refreshToken: string,
): Promise<SessionTokens> {
  return { ...(await accessTokens.issue(session)), refreshToken, tokenType: 'Bearer' };
}
