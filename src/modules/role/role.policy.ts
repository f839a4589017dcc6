import { administrator, systemRole } from '../../auth/permissions.js';
import { badInput, conflict, DomainError } from '../../platform/errors.js';

interface Draft {
  key: string;
  rank: number;
  permissions: readonly string[];
  isSystem: boolean;
}

/**
 * A custom role may stand in for a system role, but neither for the one that an organization cannot be without nor above it.
 *
 * @param place what stands before the fields in their paths.
 * @throws {DomainError} BAD_USER_INPUT on the key or the rank.
 */
export function assertMayShadow({ key, rank }: Pick<Draft, 'key' | 'rank'>, place = 'input.'): void {
  if (key === administrator || key === 'super_admin') {
    throw badInput({ path: `${place}key`, message: 'is a role that cannot be shadowed' });
  }
  const original = systemRole(key);
  if (original && rank > original.rank) {
    throw badInput({ path: `${place}rank`, message: `must not be above that of the system role, ${original.rank}` });
  }
}

/** @throws {DomainError} CONFLICT with SYSTEM_ROLE: what every organization has is shadowed, not changed. */
export function assertCustom(role: Draft): void {
  if (!role.isSystem) return;
  throw conflict('SYSTEM_ROLE', 'System roles do not change. Make a custom role with the same key to shadow this one.');
}

/** @throws {DomainError} ROLE_IN_USE with the number of members. */
export function assertUnused(memberCount: number): void {
  if (memberCount === 0) return;
  throw new DomainError('ROLE_IN_USE', `${memberCount} members hold the role. Name the role that they get instead.`, {
    count: memberCount,
  });
}
