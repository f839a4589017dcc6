import { assertPermitted, isPermittedIn } from '../../auth/access.js';
import { type Permission, teamManager, teamManagerPermissions } from '../../auth/permissions.js';
import { assertLowerRank } from '../../auth/rank.js';
import type { Standing } from '../../auth/standing.js';
import type { TeamRole } from '../../generated/prisma/enums.js';
import { DomainError } from '../../platform/errors.js';

type Actor = Pick<Standing, 'permissions' | 'managedTeamIds' | 'rank'>;

interface Target {
  role: { key: string; rank: number };
}

/** @throws {DomainError} FORBIDDEN for who neither holds the permission nor manages the team (R5). */
export function assertPermittedInTeam(actor: Standing, permission: Permission, teamId: string): void {
  if (!isPermittedIn(actor, permission, teamId)) assertPermitted(actor, permission);
}

/**
 * A team manager assigns members of lower rank to the teams that this person manages, as plain members (R5): who manages a
 * team is for those to say who may assign in the whole organization. And nobody appoints a team manager who does not hold
 * all that managing a team brings (R1).
 *
 * @param before what the member was in the team, or null.
 * @param after what the member is to be in the team, or null.
 * @throws {DomainError} FORBIDDEN with the reason RANK or MANAGER.
 * @throws {DomainError} ROLE_CEILING if managing the team brings more than the actor holds.
 */
export function assertMayAssign(actor: Actor, target: Target, before: TeamRole | null, after: TeamRole | null): void {
  if (actor.permissions.has('teams.assign')) {
    if (after === 'MANAGER' && target.role.key === teamManager) assertHoldsAll(actor, teamManagerPermissions);
    return;
  }
  assertLowerRank(actor, target);
  if (before !== 'MANAGER' && after !== 'MANAGER') return;
  throw new DomainError('FORBIDDEN', 'Team managers cannot appoint or dismiss managers.', {
    requiredPermission: 'teams.assign',
    reason: 'MANAGER',
  });
}

function assertHoldsAll(actor: Actor, permissions: ReadonlySet<string>): void {
  const missing = [...permissions].filter((permission) => !actor.permissions.has(permission));
  if (missing.length === 0) return;
  throw new DomainError('ROLE_CEILING', 'Managing a team brings more than you hold, so you cannot give it.', {
    missingPermissions: missing,
  });
}
