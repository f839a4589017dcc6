/** The permissions that the gateway itself checks, by resource. */
const builtIn = {
  organization: ['read', 'update', 'delete'],
  users: ['read', 'invite', 'add', 'update', 'delete'],
  roles: ['read', 'create', 'update', 'delete'],
  teams: ['read', 'create', 'update', 'delete', 'assign'],
  workspaces: ['read', 'create', 'update', 'delete'],
  api_keys: ['read', 'create', 'delete'],
  integrations: ['read', 'issue', 'revoke', 'rotate'],
  billing: ['read', 'update'],
  stats: ['read'],
  audit: ['read'],
} as const;

type BuiltIn = typeof builtIn;

/** A dotted code `resource.action`. */
export type Permission = { [R in keyof BuiltIn]: `${R}.${BuiltIn[R][number]}` }[keyof BuiltIn];

export const permissions = Object.entries(builtIn).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}.${action}`),
) as Permission[];

export type SystemRoleKey = 'administrator' | 'billing_manager' | 'team_manager' | 'developer' | 'member' | 'viewer';

export interface SystemRole {
  key: SystemRoleKey;
  name: string;
  description: string;
  /** One acts only on members of lower rank (R2), and grants no higher one than one's own (R1). */
  rank: number;
  permissions: readonly Permission[];
}

const seesStructure: Permission[] = ['organization.read', 'teams.read', 'workspaces.read'];
const seesPeople: Permission[] = [...seesStructure, 'users.read', 'roles.read'];

/** The roles that every organization has from its first moment, the highest first. */
export const systemRoles: readonly SystemRole[] = [
  {
    key: 'administrator',
    name: 'Admin',
    description: 'Manages everything in the organization.',
    rank: 100,
    permissions,
  },
  {
    key: 'billing_manager',
    name: 'Billing Manager',
    description: 'Sees the organization and manages its plan.',
    rank: 40,
    permissions: [...seesPeople, 'billing.read', 'billing.update'],
  },
  {
    key: 'team_manager',
    name: 'Team Manager',
    description: 'Sees the organization and manages the teams in which this person is a manager.',
    rank: 40,
    permissions: seesPeople,
  },
  {
    key: 'developer',
    name: 'Developer',
    description: 'Works in workspaces and manages API keys of their own.',
    rank: 30,
    permissions: [
      ...seesPeople,
      'workspaces.create',
      'workspaces.update',
      'api_keys.read',
      'api_keys.create',
      'api_keys.delete',
      'integrations.read',
    ],
  },
  {
    key: 'member',
    name: 'Member',
    description: 'Sees the organization, its people and its workspaces.',
    rank: 20,
    permissions: seesPeople,
  },
  {
    key: 'viewer',
    name: 'Viewer',
    description: 'Sees the organization, its teams and its workspaces, but not its people.',
    rank: 10,
    permissions: seesStructure,
  },
];

/** The role that no organization may be without (R3). */
export const administrator: SystemRoleKey = 'administrator';

/** Above every role of an organization: what a super admin acts with. */
export const superAdminRank = 1000;

const byKey = new Map<string, ReadonlySet<string>>(systemRoles.map((role) => [role.key, new Set(role.permissions)]));

/** A role as far as authority is concerned. */
export interface RoleAuthority {
  key: string;
  rank: number;
  permissions: readonly string[];
  isSystem: boolean;
}

/** What a role permits. A system role's permissions stand in the table above, so that a new version of it counts at once. */
export function permissionsOf(role: RoleAuthority): ReadonlySet<string> {
  return (role.isSystem && byKey.get(role.key)) || new Set(role.permissions);
}
