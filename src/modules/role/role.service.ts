import { difference } from '../../auth/audit.js';
import { assertMayGrant } from '../../auth/ceiling.js';
import { changeOrganization, type OrganizationChange } from '../../auth/change-organization.js';
import { type Catalogue, systemRole } from '../../auth/permissions.js';
import type { Scope } from '../../auth/scope.js';
import type { RoleRow } from '../../auth/standing.js';
import { roleById } from '../../auth/whole-rows.js';
import { badInput, conflict, notFound } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { given } from '../../platform/writes.js';
import { teamsManagedByRole } from '../team/team.loader.js';
import { memberCountOfRole, roleByKey } from './role.loader.js';
import { assertCustom, assertMayShadow, assertUnused } from './role.policy.js';

/** Where the permissions of a role stand in the inputs. */
const permissionsPath = 'input.permissions';

type RoleFields = Pick<RoleRow, 'name' | 'rank' | 'permissions'> & { description?: string | null };
type InOrganization = { organizationId?: string | null };

/**
 * Makes a custom role. With the key of a system role it takes over that role's row, so that every member who holds the key
 * has the custom permissions at once; that is a grant to all of them, and checked as one (R1).
 *
 * @throws {DomainError} BAD_USER_INPUT for permissions outside the catalogue, or a shadow that may not be.
 * @throws {DomainError} ROLE_CEILING if the role, before or after, holds more than the actor does.
 * @throws {DomainError} CONFLICT with ROLE_KEY_TAKEN.
 */
export function createRole(scope: Scope, input: InOrganization & RoleFields & { key: string }): Promise<RoleRow> {
  return changeOrganization(scope, input.organizationId, 'roles.create', async (change) => {
    const { organization, actor, writes, tell } = change;
    const { key, name, rank } = input;
    const permissions = scope.catalogue.known(input.permissions, permissionsPath);
    assertMayShadow(input);
    const shadowed = await change.row(roleByKey, organization.id, key);
    if (shadowed && !shadowed.isSystem) throw conflict('ROLE_KEY_TAKEN', 'The organization has a role with this key.');
    const now = new Date();
    const fields = { name, description: input.description ?? null, rank, permissions, isSystem: false, updatedAt: now };
    const role: RoleRow = shadowed
      ? { ...shadowed, ...fields }
      : { organizationId: organization.id, id: newId(), key, ...fields, createdAt: now, deletedAt: null };
    if (shadowed) assertMayGrant(actor, { role: shadowed }, scope.catalogue);
    assertMayGrant(actor, { role }, scope.catalogue);
    if (shadowed) writes.update('roles', role);
    else writes.insert('roles', role);
    tell(
      'ROLE_CREATED',
      { type: 'ROLE', id: role.id },
      difference<RoleRow>({}, { key, name, description: role.description, rank, permissions }),
    );
    return role;
  });
}

/**
 * Changes a custom role, and with it what all who hold it may do, from the next request on.
 *
 * @throws {DomainError} ROLE_CEILING if the role, before or after, holds more than the actor does.
 * @throws {DomainError} CONFLICT with SYSTEM_ROLE.
 */
export function updateRole(
  scope: Scope,
  input: InOrganization & Partial<RoleFields> & { roleId: string },
): Promise<RoleRow> {
  return changeOrganization(scope, input.organizationId, 'roles.update', async (change) => {
    const { actor, writes, tell } = change;
    const { organizationId: _, roleId, permissions, ...others } = input;
    const before = await livingRole(change, roleId);
    assertCustom(before);
    const changes = {
      ...others,
      ...(permissions && { permissions: scope.catalogue.known(permissions, permissionsPath) }),
    };
    const after: RoleRow = { ...before, ...given(changes), updatedAt: new Date() };
    assertMayShadow(after);
    assertMayGrant(actor, { role: before }, scope.catalogue);
    assertMayGrant(actor, { role: after }, scope.catalogue);
    const changed = difference<RoleRow>(before, given(changes));
    if (Object.keys(changed).length === 0) return before;
    writes.update('roles', after);
    tell('ROLE_UPDATED', { type: 'ROLE', id: after.id }, changed);
    return after;
  });
}

/**
 * Deletes a custom role. Its members, and those who are invited to it, get another one; of a shadow, the system role again.
 *
 * @throws {DomainError} ROLE_IN_USE if members hold it and no other role is named (R10).
 * @throws {DomainError} ROLE_CEILING if the role, or the one that comes in its place, holds more than the actor does.
 * @throws {DomainError} CONFLICT with SYSTEM_ROLE.
 */
export function deleteRole(
  scope: Scope,
  input: InOrganization & { roleId: string; reassignTo?: string | null },
): Promise<RoleRow> {
  return changeOrganization(scope, input.organizationId, 'roles.delete', async (change) => {
    const { organization, actor, writes, tell } = change;
    const role = await livingRole(change, input.roleId);
    assertCustom(role);
    assertMayGrant(actor, { role }, scope.catalogue);
    const updatedAt = new Date();
    const original = systemRole(role.key);
    if (original) {
      if (input.reassignTo) {
        throw badInput({ path: 'input.reassignTo', message: 'has to be left out: the system role counts again' });
      }
      const { name, description, rank } = original;
      const restored: RoleRow = { ...role, name, description, rank, permissions: [], isSystem: true, updatedAt };
      assertMayGrant(actor, { role: restored }, scope.catalogue);
      writes.update('roles', restored);
      tell(
        'ROLE_DELETED',
        { type: 'ROLE', id: role.id },
        difference<RoleRow>(role, { name, description, rank, permissions: [], isSystem: true }),
      );
      return restored;
    }

    const successor = input.reassignTo ? await change.row(roleByKey, organization.id, input.reassignTo) : null;
    if (input.reassignTo && !successor) throw notFound('Role');
    if (successor?.id === role.id)
      throw badInput({ path: 'input.reassignTo', message: 'is the role to delete itself' });
    const [held] = await change.rows(memberCountOfRole, organization.id, role.id);
    if (successor) {
      const managed = await change.rows(teamsManagedByRole, organization.id, role.id);
      assertMayGrant(actor, { role: successor, managerIn: managed.map(({ teamId }) => teamId) }, scope.catalogue);
      const from = { organizationId: organization.id, roleId: role.id };
      writes.updateWhere('members', from, { roleId: successor.id, updatedAt });
      writes.updateWhere('invitations', { ...from, status: 'PENDING' }, { roleId: successor.id, updatedAt });
    } else {
      assertUnused(held?.count ?? 0);
    }
    writes.update('roles', { organizationId: organization.id, id: role.id, deletedAt: updatedAt, updatedAt });
    tell(
      'ROLE_DELETED',
      { type: 'ROLE', id: role.id },
      {
        key: { before: role.key, after: null },
        name: { before: role.name, after: null },
        rank: { before: role.rank, after: null },
        permissions: { before: role.permissions, after: null },
        reassignedTo: { before: null, after: successor?.key ?? null },
      },
    );
    return role;
  });
}

type ForeignRole = RoleFields & Pick<RoleRow, 'key' | 'isSystem'>;

/**
 * What a role of another server is here. A system role is what it is on this one, whatever the other one calls it; a custom role
 * has to obey the rules that `createRole` has, but for the ceiling: nobody gives it yet.
 *
 * @throws {DomainError} BAD_USER_INPUT on the field that may not be as it is.
 */
export function roleFromElsewhere<Role extends ForeignRole>(catalogue: Catalogue, role: Role): Role {
  if (role.isSystem) {
    const original = systemRole(role.key);
    if (!original) throw badInput({ path: 'key', message: 'is no system role of this server' });
    const { name, description, rank } = original;
    return { ...role, name, description, rank, permissions: [] };
  }
  if (role.rank > 99) throw badInput({ path: 'rank', message: 'must be from 1 to 99' });
  assertMayShadow(role, '');
  return { ...role, permissions: catalogue.known(role.permissions, 'permissions') };
}

async function livingRole(change: OrganizationChange, id: string): Promise<RoleRow> {
  const role = await change.row(roleById, change.organization.id, id);
  if (!role || role.deletedAt) throw notFound('Role');
  return role;
}
