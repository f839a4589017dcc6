import { badInput, DomainError } from '../platform/errors.js';
import {
  type Catalogue,
  permissionsOf,
  type RoleAuthority,
  teamManager,
  teamManagerPermissions,
} from './permissions.js';
import type { Authority } from './standing.js';

/**
 * What is given: a role, and to somebody who is a manager in teams already, what the role makes of that.
 */
export interface Grant {
  role: RoleAuthority;
  /** The teams in which the receiver is a manager, which the role of team managers brings to life. */
  managerIn?: readonly string[];
}

/** Whether a grant gives nothing that the giver does not have: the one ceiling of every grant (R1). */
export function mayGrant(giver: Authority, grant: Grant, catalogue: Catalogue): boolean {
  return grant.role.rank <= giver.rank && missingFor(giver, grant, catalogue).length === 0;
}

/** @throws {DomainError} ROLE_CEILING with the permissions that are too much. */
export function assertMayGrant(giver: Authority, grant: Grant, catalogue: Catalogue): void {
  if (mayGrant(giver, grant, catalogue)) return;
  throw new DomainError('ROLE_CEILING', `The role ${grant.role.key} holds more than you do, so you cannot give it.`, {
    missingPermissions: missingFor(giver, grant, catalogue),
  });
}

/**
 * The same for permissions that are named one by one, as in an integration token.
 *
 * @throws {DomainError} BAD_USER_INPUT for what the catalogue does not have.
 * @throws {DomainError} ROLE_CEILING with the permissions that the giver does not hold.
 */
export function assertMayName(giver: Authority, permissions: readonly string[], catalogue: Catalogue): void {
  const unknown = permissions.findIndex((permission) => !catalogue.all.has(permission));
  if (unknown >= 0) throw badInput({ path: `input.scopes.${unknown}`, message: 'is not in the permission catalogue' });
  const missingPermissions = permissions.filter((permission) => !giver.permissions.has(permission));
  if (missingPermissions.length === 0) return;
  throw new DomainError('ROLE_CEILING', 'You do not hold all of these permissions, so you cannot hand them out.', {
    missingPermissions,
  });
}

function missingFor(giver: Authority, { role, managerIn = [] }: Grant, catalogue: Catalogue): string[] {
  const given = new Set(permissionsOf(role, catalogue));
  const foreignTeams = managerIn.filter((teamId) => !giver.managedTeamIds.includes(teamId));
  if (role.key === teamManager && foreignTeams.length > 0) for (const code of teamManagerPermissions) given.add(code);
  return [...given].filter((permission) => !giver.permissions.has(permission));
}
