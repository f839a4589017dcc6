import type { Scope } from '../../auth/scope.js';
import type { RoleRow } from '../../auth/standing.js';
import { roleById } from '../../auth/whole-rows.js';
import { Prisma } from '../../generated/prisma/client.js';
import { notFound } from '../../platform/errors.js';
import type { Include } from '../../platform/list.js';
import { columnsOf, keyed, selecting } from '../../platform/sql.js';

const columns = { id: 'r.id', ...columnsOf('r', Prisma.RoleScalarFieldEnum) };
const select = selecting(columns);

/** The roles of a page's rows. */
export const roleOf = (id: string): Include => ({
  columns,
  from: 'roles r WHERE r.organization_id = key.organization_id AND r.id',
  ids: id,
});

export const roleByKey = keyed<RoleRow>({
  joinable: true,
  key: ['organization_id', 'role_key'],
  types: ['uuid', 'text'],
  select,
  from: 'JOIN roles r ON r.organization_id = key.organization_id AND r.key = key.role_key AND r.deleted_at IS NULL',
});

export const rolesOfOrganization = keyed<RoleRow>({
  key: ['organization_id'],
  joinable: true,
  select,
  from: `JOIN roles r ON r.organization_id = key.organization_id AND r.deleted_at IS NULL
    ORDER BY key.ord, r.rank DESC, r.key`,
});

export const memberCountOfRole = keyed<{ count: number }>({
  key: ['organization_id', 'id'],
  select: 'counted.count',
  from: `CROSS JOIN LATERAL (
    SELECT count(*)::int AS count FROM members m WHERE m.organization_id = key.organization_id AND m.role_id = key.id
  ) counted`,
});

/** The role of a row that names one; the foreign key sees to it that it is there. */
export async function loadRole(scope: Scope, organizationId: string, id: string): Promise<RoleRow> {
  const role = await scope.reads.row(roleById, [organizationId, id]);
  if (!role) throw notFound('Role');
  return role;
}
