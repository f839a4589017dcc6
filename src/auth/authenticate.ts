import { unauthenticated } from '../platform/errors.js';
import { isId } from '../platform/id.js';
import type { AccessTokens } from './access-token.js';
import type { Principal } from './scope.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Finds out from the headers who is calling. No credential is fine; a bad one is refused, never taken for none.
 *
 * @throws {DomainError} UNAUTHENTICATED for a credential that is malformed, forged or expired, or for two at once.
 */
export async function authenticate(headers: Headers, accessTokens: AccessTokens): Promise<Principal> {
  const { authorization } = headers;
  const apiKey = headers['x-api-key'];
  if (authorization !== undefined && apiKey !== undefined) {
    throw unauthenticated('Send either an Authorization header or an X-API-Key header, not both.');
  }
  if (apiKey !== undefined) throw unauthenticated('The API key is not valid.');
  if (authorization === undefined) return { kind: 'anonymous' };

  const token = /^Bearer ([^\s,]+)$/i.exec(String(authorization))?.[1];
  if (!token) throw unauthenticated('The Authorization header has to read: Bearer <access token>.');
  const claims = await accessTokens.verify(token);
  if (!isId(claims.sessionId) || !isId(claims.userId)) throw unauthenticated('The access token is not valid.');
  return { kind: 'session', ...claims };
}
