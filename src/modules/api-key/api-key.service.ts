import { apiKeyPrefix } from '../../auth/authenticate.js';
import { changeOrganization } from '../../auth/change-organization.js';
import type { Scope } from '../../auth/scope.js';
import { DomainError, notFound } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { hashSecret, newSecret } from '../../platform/secret.js';
import { assertRoom } from '../plan/plan.service.js';
import { type ApiKeyRow, apiKeyById, seesAllKeys } from './api-key.loader.js';

/** As many characters of a key are kept as tell one from another, and none that help to guess it. */
const shownCharacters = 12;

/**
 * Makes an API key that acts as its maker in this organization. It can do no more than its maker can at any moment (R1), and
 * ends with the membership.
 *
 * @throws {DomainError} FORBIDDEN for a super admin who is no member: a key belongs to a membership.
 * @throws {DomainError} CONFLICT with LIMIT_REACHED if the plan allows no more.
 */
export function createApiKey(
  scope: Scope,
  input: { organizationId?: string | null; name: string; scopes: string[]; expiresAt?: Date | null },
): Promise<{ apiKey: ApiKeyRow; secret: string }> {
  return changeOrganization(scope, input.organizationId, 'api_keys.create', async (change) => {
    const { actor, writes, tell } = change;
    const { member, user } = actor;
    if (!member) {
      throw new DomainError('FORBIDDEN', 'Only members can have API keys in an organization.', {
        reason: 'NOT_A_MEMBER',
      });
    }
    await assertRoom(scope, change, 'apiKeys');
    const secret = `${apiKeyPrefix}${newSecret()}`;
    const { name, scopes, expiresAt = null } = input;
    const apiKey: ApiKeyRow = {
      organizationId: member.organizationId,
      id: newId(),
      memberId: member.id,
      userId: user.id,
      name,
      prefix: secret.slice(0, shownCharacters),
      scopes,
      createdAt: new Date(),
      lastUsedAt: null,
      expiresAt,
    };
    writes.insert('api_keys', { ...apiKey, secretHash: hashSecret(secret) });
    tell(
      'API_KEY_CREATED',
      { type: 'API_KEY', id: apiKey.id },
      {
        name: { before: null, after: name },
        scopes: { before: null, after: scopes },
        expiresAt: { before: null, after: expiresAt },
      },
    );
    return { apiKey, secret };
  });
}

/**
 * Deletes an API key, from the next request on: one's own, or anybody's for who manages members.
 *
 * @throws {DomainError} NOT_FOUND if there is no such key, or if it is none that the caller may see.
 */
export function deleteApiKey(
  scope: Scope,
  input: { organizationId?: string | null; apiKeyId: string },
): Promise<string> {
  return changeOrganization(scope, input.organizationId, 'api_keys.delete', async (change) => {
    const { actor, organization, writes, tell } = change;
    const apiKey = await change.row(apiKeyById, organization.id, input.apiKeyId);
    if (!apiKey || (apiKey.userId !== actor.user.id && !seesAllKeys(actor))) throw notFound('API key');
    const { organizationId, id, name } = apiKey;
    writes.delete('api_keys', { organizationId, id });
    tell('API_KEY_DELETED', { type: 'API_KEY', id }, { name: { before: name, after: null } });
    return id;
  });
}
