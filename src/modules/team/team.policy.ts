import { assertPermitted, isPermittedIn } from '../../auth/access.js';
import type { Permission } from '../../auth/permissions.js';
import type { Standing } from '../../auth/standing.js';
import type { TeamRole } from '../../generated/prisma/enums.js';
import { DomainError } from '../../platform/errors.js';
import { assertLowerRank } from '../member/member.policy.js';

type Actor = Pick<Standing, 'permissions' | 'managedTeamIds' | 'rank'>;

/** @throws {DomainError} FORBIDDEN for who neither holds the permission nor manages the team (R5). */
export function assertPermittedInTeam(actor: Standing, permission: Permission, teamId: string): void {
  if (!isPermittedIn(actor, permission, teamId)) assertPermitted(actor, permission);
}

/**
 * A team manager assigns members of lower rank to the teams that this person manages, as plain members (R5): who manages a
 * team is for those to say who may assign in the whole organization.
 *
 * @param roles what the member was and is to be in the team.
 * @throws {DomainError} FORBIDDEN with the reason RANK or MANAGER.
 */
export function assertMayAssign(
  actor: Actor,
  target: Parameters<typeof assertLowerRank>[1],
  ...roles: (TeamRole | undefined)[]
): void {
  if (actor.permissions.has('teams.assign')) return;
  assertLowerRank(actor, target);
  if (!roles.includes('MANAGER')) return;
  throw new DomainError('FORBIDDEN', 'Team managers cannot appoint or dismiss managers.', {
    requiredPermission: 'teams.assign',
    reason: 'MANAGER',
  });
}
