import { DomainError } from '../platform/errors.js';
import { type Catalogue, permissionsOf, type RoleAuthority } from './permissions.js';
import type { Authority } from './standing.js';

/** Whether a role gives nothing that the actor does not have: the one ceiling of every grant (R1). */
export function mayGrant(actor: Authority, role: RoleAuthority, catalogue: Catalogue): boolean {
  return role.rank <= actor.rank && missingFor(actor, role, catalogue).length === 0;
}

/** @throws {DomainError} ROLE_CEILING with the permissions that are too much. */
export function assertMayGrant(actor: Authority, role: RoleAuthority, catalogue: Catalogue): void {
  if (mayGrant(actor, role, catalogue)) return;
  throw new DomainError('ROLE_CEILING', `The role ${role.key} holds more than you do, so you cannot give it.`, {
    missingPermissions: missingFor(actor, role, catalogue),
  });
}

function missingFor(actor: Authority, role: RoleAuthority, catalogue: Catalogue): string[] {
  return [...permissionsOf(role, catalogue)].filter((permission) => !actor.permissions.has(permission));
}
