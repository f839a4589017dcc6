import { auditEvent } from '../../auth/audit.js';
import { administrator, systemRoles } from '../../auth/permissions.js';
import type { Scope } from '../../auth/scope.js';
import type { Actor, MemberRow, OrganizationRow, RoleRow } from '../../auth/standing.js';
import type { Workspace } from '../../generated/prisma/client.js';
import { newId } from '../../platform/id.js';
import type { Writes } from '../../platform/writes.js';

export interface NewOrganization {
  name: string;
  slug: string;
  description?: string | null;
  logoUrl?: string | null;
  timezone?: string | null;
  isPersonal?: boolean;
}

export interface Founded {
  organization: OrganizationRow;
  workspace: Workspace;
  roles: RoleRow[];
  member: MemberRow;
}

/**
 * Everything that an organization has from its first moment: system roles, a default workspace, its founder as administrator.
 *
 * @param actor who does it, if somebody else than the founder.
 */
export function foundOrganization(
  scope: Pick<Scope, 'request' | 'plans'>,
  writes: Writes,
  founder: Actor,
  given: NewOrganization,
  actor: Actor = founder,
): Founded {
  const now = new Date();
  const timezone = given.timezone ?? 'UTC';
  const organization: OrganizationRow = {
    id: newId(),
    name: given.name,
    slug: given.slug,
    description: given.description ?? null,
    logoUrl: given.logoUrl ?? null,
    timezone,
    activityTimezone: timezone,
    plan: scope.plans.first.key,
    isPersonal: given.isPersonal ?? false,
    foundedById: actor.id,
    status: 'ACTIVE',
    version: 0,
    memberCount: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const organizationId = organization.id;
  const times = { createdAt: now, updatedAt: now };
  const workspace: Workspace = {
    organizationId,
    id: newId(),
    name: 'Default',
    slug: 'default',
    description: null,
    isDefault: true,
    ...times,
  };
  const roles = systemRoles.map(
    ({ key, name, description, rank }): RoleRow => ({
      organizationId,
      id: newId(),
      key,
      name,
      description,
      rank,
      permissions: [],
      isSystem: true,
      deletedAt: null,
      ...times,
    }),
  );
  const member: MemberRow = {
    organizationId,
    id: newId(),
    userId: founder.id,
    roleId: roles.find(({ key }) => key === administrator)!.id,
    status: 'ACTIVE',
    invitedById: null,
    // A trigger copies it from the user.
    sortName: '',
    joinedAt: now,
    updatedAt: now,
  };
  const { name, slug } = organization;
  // The founder is counted by the database.
  writes.insert('organizations', { ...organization, memberCount: 0 });
  writes.insert('workspaces', workspace);
  writes.insert('roles', ...roles);
  writes.insert('members', member);
  writes.insert(
    'audit_events',
    auditEvent(scope, actor, {
      organizationId,
      action: 'ORGANIZATION_CREATED',
      target: { type: 'ORGANIZATION', id: organizationId },
      changes: { name: { before: null, after: name }, slug: { before: null, after: slug } },
    }),
  );
  return { organization, workspace, roles, member };
}

/** A slug made from a name: its letters without accents, and digits. Other scripts leave none, hence `fallback`. */
export function slugFrom(name: string, fallback = 'organization'): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '');
  return plain.length >= 2 ? plain : fallback;
}

/** A slug that nobody else has: some random letters and digits make it so. */
export function withRandomEnd(slug: string): string {
  return `${slug}-${newId().slice(-8)}`;
}

/** The slug of a personal organization; the end of the user's id, which is random, makes it unique. */
export function personalSlug(userId: string, handle: string): string {
  return `${slugFrom(handle)}-${userId.slice(-12)}`;
}
