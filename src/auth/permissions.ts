import { badInput } from '../platform/errors.js';

/** The permissions that the gateway itself checks. */
const builtIn = {
  'organization.read': 'See the organization.',
  'organization.update': 'Change the name, slug, description, logo and time zone.',
  'organization.delete': 'Delete the organization.',
  'users.read': 'See members and invitations.',
  'users.invite': 'Invite people, and resend or revoke invitations.',
  'users.add': 'Make existing users members without an invitation.',
  'users.update': 'Change the roles of members, suspend and reinstate them.',
  'users.delete': 'Remove members.',
  'roles.read': 'See the roles.',
  'roles.create': 'Make custom roles.',
  'roles.update': 'Change custom roles.',
  'roles.delete': 'Delete custom roles.',
  'teams.read': 'See the teams.',
  'teams.create': 'Make teams.',
  'teams.update': 'Change teams.',
  'teams.delete': 'Delete teams.',
  'teams.assign': 'Put members into teams and take them out.',
  'workspaces.read': 'See the workspaces.',
  'workspaces.create': 'Make workspaces.',
  'workspaces.update': 'Change workspaces.',
  'workspaces.delete': 'Delete workspaces.',
  'api_keys.read': 'See API keys.',
  'api_keys.create': 'Make API keys.',
  'api_keys.delete': 'Delete API keys.',
  'integrations.read': 'See and verify integration tokens.',
  'integrations.issue': 'Issue integration tokens.',
  'integrations.revoke': 'Revoke integration tokens.',
  'integrations.rotate': 'Rotate the keys of integration tokens.',
  'billing.read': 'See the plan.',
  'billing.update': 'Change the plan.',
  'stats.read': 'See engagement statistics.',
  'audit.read': 'See the audit trail.',
} as const;

/** A dotted code `resource.action` that the gateway itself checks. */
export type Permission = keyof typeof builtIn;

export interface PermissionDefinition {
  /** The dotted code. */
  permission: string;
  description: string;
  /** False for what the operator's own app has added. */
  isBuiltIn: boolean;
}

/** All permissions that roles can grant: those of the gateway, and those that the operator's app adds for its own features. */
export class Catalogue {
  readonly definitions: readonly PermissionDefinition[];
  readonly all: ReadonlySet<string>;
  /** What the system roles permit, by their keys. */
  readonly ofSystemRoles: ReadonlyMap<string, ReadonlySet<string>>;

  /** @throws {Error} if an added code is one of the gateway's own, or stands there twice. */
  constructor(added: readonly { permission: string; description: string }[] = []) {
    this.definitions = [
      ...Object.entries(builtIn).map(([permission, description]) => ({ permission, description, isBuiltIn: true })),
      ...added.map((definition) => ({ ...definition, isBuiltIn: false })),
    ];
    const codes = this.definitions.map(({ permission }) => permission);
    this.all = new Set(codes);
    this.ofSystemRoles = new Map(
      systemRoles.map(({ key, permissions }) => [key, permissions === 'all' ? this.all : new Set(permissions)]),
    );
    const twice = this.definitions.find(({ permission }, index) => codes.indexOf(permission) !== index);
    if (twice) throw new Error(`${twice.permission} stands in the catalogue already`);
  }

  /**
   * Permissions as somebody has listed them, each once.
   *
   * @param path where the list stands in the input.
   * @throws {DomainError} BAD_USER_INPUT naming each one that the catalogue does not have.
   */
  known(permissions: readonly string[], path: string): string[] {
    const issues = permissions.flatMap((permission, index) =>
      this.all.has(permission) ? [] : [{ path: `${path}.${index}`, message: 'is not in the permission catalogue' }],
    );
    if (issues.length > 0) throw badInput(...issues);
    return [...new Set(permissions)];
  }
}

export type SystemRoleKey = 'administrator' | 'billing_manager' | 'team_manager' | 'developer' | 'member' | 'viewer';

export interface SystemRole {
  key: SystemRoleKey;
  name: string;
  description: string;
  /** One acts only on members of lower rank (R2), and grants no higher one than one's own (R1). */
  rank: number;
  /** All stands for the whole catalogue, whatever an operator adds to it. */
  permissions: readonly Permission[] | 'all';
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
    permissions: 'all',
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

/** What a team manager may do beside, in the teams that this person manages. */
export const teamManagerPermissions: ReadonlySet<string> = new Set<Permission>([
  'teams.update',
  'teams.assign',
  'stats.read',
]);

/** The role that no organization may be without (R3). */
export const administrator: SystemRoleKey = 'administrator';

/** The role that makes the managers of teams count. */
export const teamManager: SystemRoleKey = 'team_manager';

/** Above every role of an organization: what a super admin acts with. */
export const superAdminRank = 1000;

/** A role as far as authority is concerned. */
export interface RoleAuthority {
  key: string;
  rank: number;
  permissions: readonly string[];
  isSystem: boolean;
}

const byKey = new Map<string, SystemRole>(systemRoles.map((role) => [role.key, role]));

/** The system role of a key, which a custom role of the same key shadows. */
export function systemRole(key: string): SystemRole | undefined {
  return byKey.get(key);
}

/**
 * What a role permits. A system role's permissions stand in the table above, so that a new version of it counts at once; a
 * custom role's are its own, as far as the catalogue still has them.
 */
export function permissionsOf(role: RoleAuthority, catalogue: Catalogue): ReadonlySet<string> {
  const ofSystem = role.isSystem ? catalogue.ofSystemRoles.get(role.key) : undefined;
  return ofSystem ?? new Set(role.permissions.filter((permission) => catalogue.all.has(permission)));
}

/**
 * The same in SQL, for lists: that a row `r` of roles holds a permission.
 *
 * @param inSql says how a value is written into the statement: as a parameter, unless it is known beforehand.
 */
export function roleHolds(permission: string, inSql: (value: string | string[]) => string): string {
  const holders = systemRoles.filter(
    ({ permissions }) => permissions === 'all' || permissions.some((code) => code === permission),
  );
  return `CASE WHEN r.is_system THEN r.key = ANY(${inSql(holders.map(({ key }) => key))}::text[])
    ELSE ${inSql(permission)}::text = ANY(r.permissions) END`;
}
