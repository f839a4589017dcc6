import { Prisma, type Workspace } from '../../generated/prisma/client.js';
import type { List } from '../../platform/list.js';
import { columnsOf, keyed, selecting } from '../../platform/sql.js';
import type { WorkspaceOrderField } from './workspace.input.js';

const columns = columnsOf('w', Prisma.WorkspaceScalarFieldEnum);
const select = selecting(columns);

export const workspaceById = keyed<Workspace>({
  key: ['organization_id', 'id'],
  joinable: true,
  select,
  from: 'JOIN workspaces w ON w.organization_id = key.organization_id AND w.id = key.id',
});

export const workspaceBySlug = keyed<{ id: string }>({
  key: ['organization_id', 'slug'],
  types: ['uuid', 'text'],
  select: 'w.id',
  from: 'JOIN workspaces w ON w.organization_id = key.organization_id AND lower(w.slug) = lower(key.slug)',
});

export const workspacesOfOrganization: List<Workspace, WorkspaceOrderField> = {
  name: 'workspaces',
  key: ['organization_id'],
  columns,
  from: 'workspaces w',
  where: 'w.organization_id = key.organization_id',
  id: 'w.id',
  order: { NAME: { by: 'lower(w.name)', type: 'text' }, CREATED_AT: { by: 'w.created_at', type: 'timestamptz' } },
  defaultOrder: { field: 'CREATED_AT' as WorkspaceOrderField, direction: 'ASC' },
};
