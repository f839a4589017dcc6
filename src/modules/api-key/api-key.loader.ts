import type { Authority } from '../../auth/standing.js';
import { type ApiKey, Prisma } from '../../generated/prisma/client.js';
import type { List } from '../../platform/list.js';
import type { Condition } from '../../platform/page.js';
import { columnsOf, keyed, selecting, without } from '../../platform/sql.js';
import type { ApiKeyOrderField } from './api-key.input.js';

/** An API key without the hash of its secret, which only authentication looks at. */
export type ApiKeyRow = Omit<ApiKey, 'secretHash'>;

const columns = columnsOf('k', without(Prisma.ApiKeyScalarFieldEnum, 'secretHash'));
const select = selecting(columns);

export const apiKeyById = keyed<ApiKeyRow>({
  key: ['organization_id', 'id'],
  select,
  from: 'JOIN api_keys k ON k.organization_id = key.organization_id AND k.id = key.id',
});

export const apiKeysOfOrganization: List<ApiKeyRow, ApiKeyOrderField> = {
  name: 'api-keys',
  key: ['organization_id'],
  columns,
  from: 'api_keys k',
  where: 'k.organization_id = key.organization_id',
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
