import { unauthenticated } from '../platform/errors.js';
import { secretHashText } from '../platform/secret.js';
import type { AccessTokens } from './access-token.js';
import type { ExternalTokens } from './external-token.js';
import type { Principal } from './scope.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How every API key begins, so that scanners for leaked secrets know one when they see it. */
export const apiKeyPrefix = 'tnt_';

const apiKeyPattern = /^tnt_[A-Za-z0-9_-]{43}$/;

/**
 * Finds out from the headers who is calling. No credential is fine; a bad one is refused, never taken for none.
 *
 * @throws {DomainError} UNAUTHENTICATED for a credential that is malformed, forged or expired, or for two at once.
 */
export async function authenticate(
  headers: Headers,
  tokens: { accessTokens: AccessTokens; externalTokens: ExternalTokens | null },
): Promise<Principal> {
  const { authorization } = headers;
  const apiKey = headers['x-api-key'];
  if (authorization !== undefined && apiKey !== undefined) {
    throw unauthenticated('Send either an Authorization header or an X-API-Key header, not both.');
  }
  if (apiKey !== undefined) {
    if (!apiKeyPattern.test(String(apiKey))) throw unauthenticated('The API key is not valid, or no longer.');
    return { kind: 'apiKey', secretHash: secretHashText(String(apiKey)) };
  }
  if (authorization === undefined) return { kind: 'anonymous' };

  const token = /^Bearer ([^\s,]+)$/i.exec(String(authorization))?.[1];
  if (!token) throw unauthenticated('The Authorization header has to read: Bearer <access token>.');
  if (tokens.externalTokens?.isMine(token)) {
    return { kind: 'external', ...(await tokens.externalTokens.verify(token)) };
  }
  return { kind: 'session', ...(await tokens.accessTokens.verify(token)) };
}
