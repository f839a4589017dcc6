import { type Scope, standingIn } from '../../auth/scope.js';
import type { OrganizationRow } from '../../auth/standing.js';
import { Prisma } from '../../generated/prisma/client.js';
import { notFound } from '../../platform/errors.js';
import type { List } from '../../platform/page.js';
import { columns, keyed } from '../../platform/sql.js';
import type { OrganizationOrderField } from './organization.input.js';

/** The organization as the caller sees it: read together with the caller's standing in it. */
export async function loadOrganization(scope: Scope, id: string): Promise<OrganizationRow> {
  const { organization } = await standingIn(scope, id);
  if (!organization) throw notFound('Organization');
  return organization;
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
  key: ['user_id'],
  select: columns('o', Prisma.OrganizationScalarFieldEnum),
  from: `members m JOIN organizations o ON o.id = m.organization_id
    WHERE m.user_id = key.user_id AND m.status = 'ACTIVE' AND o.status = 'ACTIVE'`,
  id: 'o.id',
  order: { NAME: { by: 'lower(o.name)', type: 'text' }, CREATED_AT: { by: 'o.created_at', type: 'timestamptz' } },
  defaultOrder: { field: 'NAME' as OrganizationOrderField, direction: 'ASC' },
};
