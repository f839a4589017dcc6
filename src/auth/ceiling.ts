import { DomainError } from '../platform/errors.js';
import { permissionsOf, type RoleAuthority } from './permissions.js';
import type { Authority } from './standing.js';

/** Whether a role gives nothing that the actor does not have: the one ceiling of every grant (R1). */
export function mayGrant(actor: Authority, role: RoleAuthority): boolean {
  return role.rank <= actor.rank && missingFor(actor, role).length === 0;
}

/** @throws {DomainError} ROLE_CEILING with the permissions that are too much. */
export function assertMayGrant(actor: Authority, role: RoleAuthority): void {
  if (mayGrant(actor, role)) return;
  throw new DomainError('ROLE_CEILING', `The role ${role.key} holds more than you do, so you cannot give it.`, {
    missingPermissions: missingFor(actor, role),
  });
}

function missingFor(actor: Authority, role: RoleAuthority): string[] {
  return [...permissionsOf(role)].filter((permission) => !actor.permissions.has(permission));
}
