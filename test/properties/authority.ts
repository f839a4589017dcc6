import type { OrganizationState, RoleState, Snapshot } from './snapshot.js';

// Who may do what, written down once more by hand: nothing here may come from the code that it is to judge.

/** What the app of this gateway's operator has added to the catalogue. */
export const appPermission = 'tours.publish';

const resources: Record<string, string> = {
  organization: 'read update delete',
  users: 'read invite add update delete',
  roles: 'read create update delete',
  teams: 'read create update delete assign',
  workspaces: 'read create update delete',
  api_keys: 'read create delete',
  integrations: 'read issue revoke rotate',
  billing: 'read update',
  stats: 'read',
  audit: 'read',
  tours: 'publish',
};

export const catalogue: readonly string[] = Object.entries(resources).flatMap(([resource, actions]) =>
  actions.split(' ').map((action) => `${resource}.${action}`),
);

const structure = ['organization.read', 'teams.read', 'workspaces.read'];
export const people: readonly string[] = [...structure, 'users.read', 'roles.read'];

export const systemRoles: Record<string, { rank: number; permissions: readonly string[] }> = {
  administrator: { rank: 100, permissions: catalogue },
  billing_manager: { rank: 40, permissions: [...people, 'billing.read', 'billing.update'] },
  team_manager: { rank: 40, permissions: people },
  developer: {
    rank: 30,
    permissions: [
      ...people,
      ...['workspaces.create', 'workspaces.update', 'integrations.read'],
      ...['api_keys.read', 'api_keys.create', 'api_keys.delete'],
    ],
  },
  member: { rank: 20, permissions: people },
  viewer: { rank: 10, permissions: structure },
};

/** What managing a team brings beside, in that team alone. */
export const inManagedTeams: readonly string[] = ['teams.update', 'teams.assign', 'stats.read'];

/** How far somebody's word goes in one organization. */
export interface Authority {
  permissions: ReadonlySet<string>;
  rank: number;
  /** The teams that this person manages. */
  teams: ReadonlySet<string>;
}

const nothing: Authority = { permissions: new Set(), rank: 0, teams: new Set() };
const everything: Authority = { permissions: new Set(catalogue), rank: Number.POSITIVE_INFINITY, teams: new Set() };

export function authorityOf(role: RoleState): Pick<Authority, 'permissions' | 'rank'> {
  const system = role.isSystem ? systemRoles[role.key] : undefined;
  return { permissions: new Set(system?.permissions ?? role.permissions), rank: system?.rank ?? role.rank };
}

/** What a user may do in an organization, with everything that can stand in the way of it. */
export function authorityIn(snapshot: Snapshot, organization: OrganizationState, userId: string): Authority {
  const user = snapshot.users.get(userId);
  if (user?.status !== 'ACTIVE' || organization.status !== 'ACTIVE') return nothing;
  if (user.isSuperAdmin) return everything;
  const member = organization.members.find((other) => other.userId === userId);
  const role = organization.roles.find(({ id }) => id === member?.roleId);
  if (member?.status !== 'ACTIVE' || !role) return nothing;
  const managed = organization.memberships.filter((part) => part.memberId === member.id && part.role === 'MANAGER');
  const teams = new Set(role.key === 'team_manager' ? managed.map(({ teamId }) => teamId) : []);
  return { ...authorityOf(role), teams };
}

/** All that several people may do together. */
export function together(authorities: readonly Authority[]): Authority {
  return {
    permissions: new Set(authorities.flatMap(({ permissions }) => [...permissions])),
    rank: Math.max(0, ...authorities.map(({ rank }) => rank)),
    teams: new Set(authorities.flatMap(({ teams }) => [...teams])),
  };
}
