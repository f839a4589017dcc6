import type { Permission } from '../../auth/permissions.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import type { Standing } from '../../auth/standing.js';
import { wholeOrganization, wholeUser } from '../../auth/whole-rows.js';
import { notFound } from '../../platform/errors.js';
import { loadUser } from '../user/user.loader.js';
import { type ById, fellowById, membersById, teamsById, workspacesById } from './federation.loader.js';

export const entityNames = ['User', 'Organization', 'Member', 'Team', 'Workspace'] as const;

export type EntityName = (typeof entityNames)[number];

/** One of our objects as another subgraph names it. */
export interface Representation {
  __typename: EntityName;
  id: string;
}

/**
 * The objects that are referred to, each in its place: as a row that says its type, or as NOT_FOUND, be it that there is none or
 * that the caller may not read it.
 */
export function loadEntities(scope: Scope, representations: readonly Representation[]): Promise<object[]> {
  return Promise.all(
    representations.map(({ __typename, id }) =>
      loadEntity(scope, __typename, id).catch((error: unknown) => error as Error),
    ),
  );
}

async function loadEntity(scope: Scope, __typename: EntityName, id: string): Promise<object> {
  const row = await find[__typename](scope, id, await standingIn(scope));
  if (!row) throw notFound(__typename);
  return { ...row, __typename };
}

/** Finds what the caller may read; what a person may read of others is what `Organization` shows of them. */
const find: Record<EntityName, (scope: Scope, id: string, caller: Standing) => Promise<object | null>> = {
  async User(scope, id, caller) {
    const { user, isSuperAdmin } = caller;
    if (user.id === id) return wholeUser(scope, caller);
    if (isSuperAdmin) return loadUser(scope, id);
    return readable(scope, await scope.reads.rows(fellowById, [user.id, id]), 'users.read');
  },
  async Organization(scope, id) {
    const { organization, permissions } = await standingIn(scope, id);
    return organization && permissions.has('organization.read') ? wholeOrganization(scope, { organization }) : null;
  },
  Member: inOrganization(membersById, 'users.read'),
  Team: inOrganization(teamsById, 'teams.read'),
  Workspace: inOrganization(workspacesById, 'workspaces.read'),
};

function inOrganization<Row extends { organizationId: string }>(
  { amongOwn, anywhere }: ById<Row>,
  permission: Permission,
) {
  return async (scope: Scope, id: string, { user, isSuperAdmin }: Standing): Promise<Row | null> => {
    const rows = isSuperAdmin ? scope.reads.rows(anywhere, [id]) : scope.reads.rows(amongOwn, [user.id, id]);
    return readable(scope, await rows, permission);
  };
}

/** The first of the rows that is in an organization where the caller may read it. */
async function readable<Row extends { organizationId: string }>(
  scope: Scope,
  rows: readonly Row[],
  permission: Permission,
): Promise<Row | null> {
  const standings = await Promise.all(rows.map(({ organizationId }) => standingIn(scope, organizationId)));
  const needed: Permission[] = ['organization.read', permission];
  const index = standings.findIndex(({ permissions }) => needed.every((code) => permissions.has(code)));
  return rows[index] ?? null;
}
