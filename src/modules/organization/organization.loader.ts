import { assertMember, assertPermitted } from '../../auth/access.js';
import { usable } from '../../auth/key-scope.js';
import { roleHolds } from '../../auth/permissions.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import type { OrganizationRow, Standing } from '../../auth/standing.js';
import { Prisma } from '../../generated/prisma/client.js';
import { notFound } from '../../platform/errors.js';
import type { List } from '../../platform/list.js';
import { type Condition, containing } from '../../platform/page.js';
import { columnsOf, keyed } from '../../platform/sql.js';
import type { OrganizationFilter, OrganizationOrderField } from './organization.input.js';

/**
 * The organization as the caller sees it: read together with the caller's standing in it.
 *
 * @throws {DomainError} NOT_FOUND, or FORBIDDEN for members who may not read it, such as suspended ones.
 */
export async function loadOrganization(scope: Scope, id: string): Promise<OrganizationRow> {
  const standing = await standingIn(scope, id);
  assertMember(standing, true);
  assertPermitted(standing, 'organization.read');
  return standing.organization;
}

const idBySlug = keyed<{ id: string }>({
  key: ['slug'],
  types: ['text'],
  select: 'o.id',
  from: `JOIN organizations o ON lower(o.slug) = lower(key.slug) AND o.status <> 'DELETED'`,
});

/** @throws {DomainError} NOT_FOUND if no organization has the slug. */
export async function loadOrganizationId(scope: Scope, slug: string): Promise<string> {
  const found = await scope.reads.row(idBySlug, [slug]);
  if (!found) throw notFound('Organization');
  return found.id;
}

/** The organizations that a user belongs to and may enter. */
export const organizationsOfUser: List<OrganizationRow, OrganizationOrderField> = {
  name: 'organizations',
  key: ['user_id'],
  columns: columnsOf('o', Prisma.OrganizationScalarFieldEnum),
  from: 'members m JOIN organizations o ON o.id = m.organization_id',
  where: `m.user_id = key.user_id AND m.status = 'ACTIVE' AND o.status = 'ACTIVE'`,
  id: 'o.id',
  order: { NAME: { by: 'lower(o.name)', type: 'text' }, CREATED_AT: { by: 'o.created_at', type: 'timestamptz' } },
  defaultOrder: { field: 'NAME' as OrganizationOrderField, direction: 'ASC' },
};

/** Every organization, for super admins. The list belongs to nobody, so its key is null. */
export const allOrganizations: List<OrganizationRow, OrganizationOrderField> = {
  ...organizationsOfUser,
  name: 'all-organizations',
  key: ['nobody'],
  from: 'organizations o',
  where: 'true',
};

export function matching({ search, status, isPersonal }: OrganizationFilter): Condition[] {
  const conditions: Condition[] = [
    status ? (parameter) => `o.status = ${parameter(status)}::organization_status` : () => `o.status <> 'DELETED'`,
  ];
  if (search) conditions.push(containing(search, 'o.name', 'o.slug'));
  if (isPersonal != null) conditions.push((parameter) => `o.is_personal = ${parameter(isPersonal)}::boolean`);
  return conditions;
}

/** Which of a caller's organizations to list: of an API key only its own, and on demand those where something is permitted. */
export function visibleTo({ apiKey, isSuperAdmin }: Standing, permission: string | null): Condition[] {
  const conditions: Condition[] = [];
  if (apiKey) conditions.push((parameter) => `o.id = ${parameter(apiKey.organizationId)}::uuid`);
  if (permission && apiKey && !usable(apiKey.scopes, permission)) conditions.push(() => 'false');
  if (permission && !isSuperAdmin) conditions.push(holding(permission));
  return conditions;
}

/** That the caller's role in the organization holds a permission; of the list above, whose `m` is the membership. */
function holding(permission: string): Condition {
  return (parameter) => `EXISTS (SELECT 1 FROM roles r WHERE r.organization_id = m.organization_id AND r.id = m.role_id
    AND ${roleHolds(permission, parameter)})`;
}
