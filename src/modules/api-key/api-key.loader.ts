import type { Authority } from '../../auth/standing.js';
import { type ApiKey, Prisma } from '../../generated/prisma/client.js';
import type { Condition, List } from '../../platform/page.js';
import { columns, keyed, without } from '../../platform/sql.js';
import type { ApiKeyOrderField } from './api-key.input.js';

/** An API key without the hash of its secret, which only authentication looks at. */
export type ApiKeyRow = Omit<ApiKey, 'secretHash'>;

const select = columns('k', without(Prisma.ApiKeyScalarFieldEnum, 'secretHash'));

export const apiKeyById = keyed<ApiKeyRow>({
  key: ['organization_id', 'id'],
  select,
  from: 'JOIN api_keys k ON k.organization_id = key.organization_id AND k.id = key.id',
});

export const apiKeysOfOrganization: List<ApiKeyRow, ApiKeyOrderField> = {
  name: 'api-keys',
  key: ['organization_id'],
  select,
  from: 'api_keys k WHERE k.organization_id = key.organization_id',
  id: 'k.id',
  order: { NAME: { by: 'lower(k.name)', type: 'text' }, CREATED_AT: { by: 'k.created_at', type: 'timestamptz' } },
  defaultOrder: { field: 'CREATED_AT' as ApiKeyOrderField, direction: 'DESC' },
};

/** Everybody sees the keys that they made themselves; whoever manages members sees everybody's. */
export function seesAllKeys({ permissions }: Pick<Authority, 'permissions'>): boolean {
  return permissions.has('users.update');
}

export function madeBy(userId: string): Condition {
  return (parameter) => `k.user_id = ${parameter(userId)}::uuid`;
}
