import { apiKeyPrefix } from '../../src/auth/authenticate.js';
import type { KeyScope } from '../../src/auth/key-scope.js';
import type { MemberRow } from '../../src/auth/standing.js';
import type { AccountTokenPurpose } from '../../src/generated/prisma/enums.js';
import { newId } from '../../src/platform/id.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import type { Writes } from '../../src/platform/writes.js';

const dayMs = 86_400_000;

/** Writes an API key of a member. It counts as just used, so that to use it changes nothing. */
export function writeApiKey(
  writes: Writes,
  { organizationId, id: memberId, userId }: Pick<MemberRow, 'organizationId' | 'id' | 'userId'>,
  scopes: readonly KeyScope[],
): { id: string; secret: string } {
  const id = newId();
  const secret = `${apiKeyPrefix}${newSecret()}`;
  writes.insert('api_keys', {
    ...{ organizationId, id, memberId, userId, name: 'Build', prefix: secret.slice(0, 12), scopes: [...scopes] },
    ...{ secretHash: hashSecret(secret), lastUsedAt: new Date(Date.now() + dayMs), expiresAt: null },
  });
  return { id, secret };
}

/** Writes what a link in a mail to a user leads to, and gives back the secret at its end. */
export function writeLink(
  writes: Writes,
  { id: userId, email }: { id: string; email: string },
  purpose: AccountTokenPurpose,
): string {
  const secret = newSecret();
  const expiresAt = new Date(Date.now() + dayMs);
  writes.insert('account_tokens', { hash: hashSecret(secret), userId, purpose, email, expiresAt });
  return secret;
}
