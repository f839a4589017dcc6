import { Prisma } from '../generated/prisma/client.js';
import { notFound, unauthenticated } from '../platform/errors.js';
import { columns, keyed } from '../platform/sql.js';
import type { ReadRows, Scope } from './scope.js';
import {
  isWhole,
  type OrganizationRow,
  type OrganizationStanding,
  type RoleRow,
  type Standing,
  type UserRow,
  userFields,
} from './standing.js';

// Rows of a standing with all of their fields. Where `scope.standings` has brought them along, nothing is read.

export const organizationById = keyed<OrganizationRow>({
  key: ['id'],
  select: columns('o', Prisma.OrganizationScalarFieldEnum),
  from: 'JOIN organizations o ON o.id = key.id',
});

export const userById = keyed<UserRow>({
  key: ['id'],
  select: columns('u', userFields),
  from: 'JOIN users u ON u.id = key.id',
});

export const roleById = keyed<RoleRow>({
  key: ['organization_id', 'id'],
  select: columns('r', Prisma.RoleScalarFieldEnum),
  from: 'JOIN roles r ON r.organization_id = key.organization_id AND r.id = key.id',
});

/** The caller. */
export async function wholeUser(scope: Scope, { user }: Standing): Promise<UserRow> {
  if (isWhole<UserRow>(user)) return user;
  const row = await scope.reads.row(userById, [user.id]);
  if (!row) throw unauthenticated('The account is gone.');
  return row;
}

/** @param read how to read it for a decision. */
export async function wholeOrganization(
  scope: Scope,
  { organization }: Pick<OrganizationStanding, 'organization'>,
  read: ReadRows = (statement, key) => scope.reads.rows(statement, key),
): Promise<OrganizationRow> {
  if (isWhole<OrganizationRow>(organization)) return organization;
  const [row] = await read(organizationById, [organization.id]);
  if (!row) throw notFound('Organization');
  return row;
}

/** The caller's role; null for a super admin who is not a member. */
export async function wholeRole(scope: Scope, { member, role }: Standing): Promise<RoleRow | null> {
  if (!member || !role) return null;
  if (isWhole<RoleRow>(role)) return role;
  return scope.reads.row(roleById, [member.organizationId, role.id]);
}
