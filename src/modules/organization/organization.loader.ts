import { assertMember, assertPermitted } from '../../auth/access.js';
import { usable } from '../../auth/key-scope.js';
import { roleHolds } from '../../auth/permissions.js';
import { noteStandings, type Scope, standingIn, standingKey } from '../../auth/scope.js';
import type { OrganizationRow, Standing } from '../../auth/standing.js';
import { type Credential, callers, credentials, joinRole, membershipColumns } from '../../auth/standing-sql.js';
import { wholeOrganization } from '../../auth/whole-rows.js';
import { Prisma } from '../../generated/prisma/client.js';
import { notFound } from '../../platform/errors.js';
import type { List, Wanted } from '../../platform/list.js';
import { type Condition, containing, type Page, type PageRequest, readPage } from '../../platform/page.js';
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
  return wholeOrganization(scope, standing);
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

const organizations = {
  columns: columnsOf('o', Prisma.OrganizationScalarFieldEnum),
  id: 'o.id',
  order: { NAME: { by: 'lower(o.name)', type: 'text' }, CREATED_AT: { by: 'o.created_at', type: 'timestamptz' } },
  defaultOrder: { field: 'NAME' as OrganizationOrderField, direction: 'ASC' },
} as const;

/** The organizations that a caller belongs to and may enter, with its standing in each. */
const organizationsBy = (credential: Credential): List<OrganizationRow, OrganizationOrderField> => ({
  ...organizations,
  name: 'organizations',
  key: credential.key,
  types: credential.types,
  columns: { ...organizations.columns, ...membershipColumns },
  from: `(SELECT 1) AS asked ${callers(credential)}
    JOIN members m ON m.user_id = u.id JOIN organizations o ON o.id = m.organization_id`,
  where: `m.status = 'ACTIVE' AND o.status = 'ACTIVE' AND ${credential.reach}`,
  joins: { r: joinRole },
});

export const organizationsOfCaller = {
  session: organizationsBy(credentials.session),
  external: organizationsBy(credentials.external),
  apiKey: organizationsBy(credentials.apiKey),
};

/**
 * The page of the caller's organizations.
 *
 * It does not wait for the standing of the caller unless a filter depends on it, so that both can be one statement.
 */
export async function myOrganizations(
  scope: Scope,
  { withPermission, ...page }: PageRequest<OrganizationOrderField> & { withPermission?: string | null },
  wanted: Wanted,
): Promise<Page<OrganizationRow>> {
  const { principal, reads } = scope;
  if (principal.kind === 'anonymous') return standingIn(scope) as never;
  const conditions = withPermission ? permitting(await standingIn(scope), withPermission) : [];
  const key = standingKey(principal, scope.currentOrganizationId);
  const found = await readPage(reads, organizationsOfCaller[principal.kind], key, page, conditions, wanted);
  if (wanted.fields === null) await noteStandings(scope, found.nodes);
  return found;
}

/** Every organization, for super admins. The list belongs to nobody, so its key is null. */
export const allOrganizations: List<OrganizationRow, OrganizationOrderField> = {
  ...organizations,
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

/** Which of a caller's organizations to list: those where something is permitted. */
function permitting({ apiKey, isSuperAdmin }: Standing, permission: string): Condition[] {
  const conditions: Condition[] = [];
  if (apiKey && !usable(apiKey.scopes, permission)) conditions.push(() => 'false');
  if (!isSuperAdmin) conditions.push(holding(permission));
  return conditions;
}

/** That the caller's role in the organization holds a permission; of the list above, whose `m` is the membership. */
function holding(permission: string): Condition {
  return (parameter) => `EXISTS (SELECT 1 FROM roles r WHERE r.organization_id = m.organization_id AND r.id = m.role_id
    AND ${roleHolds(permission, parameter)})`;
}
