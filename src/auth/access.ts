import { DomainError, notFound } from '../platform/errors.js';
import { covers, missingScope } from './key-scope.js';
import { type Permission, teamManagerPermissions } from './permissions.js';
import { type Authority, counts, type OrganizationStanding, type Standing } from './standing.js';

/**
 * Refuses whoever has nothing to do with the organization.
 *
 * @param named whether the request named an organization, or relies on the current one.
 * @throws {DomainError} NOT_FOUND just as for an organization that does not exist (R7).
 * @throws {DomainError} ORGANIZATION_REQUIRED if none is named and none is current.
 */
export function assertMember(standing: Standing, named: boolean): asserts standing is OrganizationStanding {
  if (standing.organization) return;
  if (named) throw notFound('Organization');
  throw new DomainError(
    'ORGANIZATION_REQUIRED',
    'Name an organization: pass organizationId, or send the X-Organization-Id header.',
  );
}

/**
 * Asks of an API key, before anything else, whether its scopes cover the operation, and whether its membership counts.
 *
 * @throws {DomainError} FORBIDDEN with `requiredScope`, or with the reason MEMBERSHIP_SUSPENDED.
 */
export function assertScope({ apiKey }: Standing, operation: 'Query' | 'Mutation'): void {
  if (!apiKey) return;
  const requiredScope = missingScope(apiKey.scopes, operation);
  if (requiredScope) {
    throw new DomainError('FORBIDDEN', `This needs an API key with the scope ${requiredScope}.`, { requiredScope });
  }
  if (!apiKey.inUse) throw suspended('The membership or the organization that the API key belongs to is suspended.');
}

/** Whether the membership and the organization are active, or a super admin needs neither to be. */
export function isInUse({ isSuperAdmin, organization, member }: Standing): boolean {
  return isSuperAdmin || counts(organization, member);
}

/**
 * Refuses whoever is suspended, for what every member may do, whatever its role permits.
 *
 * @throws {DomainError} FORBIDDEN with the reason MEMBERSHIP_SUSPENDED.
 */
export function assertInUse(standing: OrganizationStanding): void {
  if (!isInUse(standing)) throw suspended('The membership or the organization is suspended.');
}

function suspended(message: string): DomainError {
  return new DomainError('FORBIDDEN', message, { reason: 'MEMBERSHIP_SUSPENDED' });
}

/** @throws {DomainError} FORBIDDEN with `requiredPermission` if the caller lacks it in this organization. */
export function assertPermitted(standing: Standing, permission: Permission): void {
  if (standing.permissions.has(permission)) return;
  throw new DomainError('FORBIDDEN', `This needs the permission ${permission} in the organization.`, {
    requiredPermission: permission,
  });
}

/** Whether the caller holds a permission in a team: in the whole organization, or as the manager of that team (R5). */
export function isPermittedIn(
  standing: Pick<Authority, 'permissions' | 'managedTeamIds'> & { apiKey: { scopes: readonly string[] } | null },
  permission: string,
  teamId: string | null | undefined,
): boolean {
  if (standing.permissions.has(permission)) return true;
  if (standing.apiKey && !covers(standing.apiKey.scopes, permission)) return false;
  return teamId != null && teamManagerPermissions.has(permission) && standing.managedTeamIds.includes(teamId);
}
