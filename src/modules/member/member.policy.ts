import { administrator } from '../../auth/permissions.js';
import { assertLowerRank } from '../../auth/rank.js';
import type { Standing } from '../../auth/standing.js';
import type { MemberStatus, TeamRole } from '../../generated/prisma/enums.js';
import { DomainError } from '../../platform/errors.js';

interface Target {
  id: string;
  status: MemberStatus;
  role: { key: string; rank: number };
}

/**
 * One acts only on members of lower rank, and on oneself (R2).
 *
 * @throws {DomainError} FORBIDDEN with the reason RANK.
 */
export function assertMayManage(actor: Pick<Standing, 'member' | 'rank'>, target: Target): void {
  if (actor.member?.id !== target.id) assertLowerRank(actor, target);
}

/**
 * A team manager moves members of lower rank between the teams that this person manages, and does nothing else (R5).
 *
 * @param current the teams of the member now.
 * @param next the team to put the member into, if any.
 * @throws {DomainError} FORBIDDEN with the reason RANK, MANAGER or TEAM.
 */
export function assertMayMoveInTeams(
  actor: Pick<Standing, 'rank' | 'managedTeamIds'>,
  target: Target,
  current: readonly { teamId: string; role: TeamRole }[],
  next: string | null,
): void {
  assertLowerRank(actor, target);
  const manages = (teamId: string) => actor.managedTeamIds.includes(teamId);
  const inManaged = current.filter(({ teamId }) => manages(teamId));
  if (inManaged.some(({ teamId, role }) => role === 'MANAGER' && teamId !== next)) {
    throw new DomainError('FORBIDDEN', 'Team managers cannot appoint or dismiss managers.', {
      requiredPermission: 'teams.assign',
      reason: 'MANAGER',
    });
  }
  if (inManaged.length > 0 && (next === null || manages(next))) return;
  throw new DomainError('FORBIDDEN', 'You can only move members of teams that you manage, and into such teams.', {
    requiredPermission: 'teams.assign',
    reason: 'TEAM',
  });
}

/**
 * An organization keeps an active administrator, whoever goes or is given less (R3).
 *
 * @param target the member that will not be an active administrator any more.
 * @param administrators at least two of the active administrators, if there are so many.
 * @throws {DomainError} LAST_ADMINISTRATOR
 */
export function assertAdministratorRemains(target: Target, administrators: readonly { id: string }[]): void {
  const counts = target.role.key === administrator && target.status === 'ACTIVE';
  if (!counts || administrators.some(({ id }) => id !== target.id)) return;
  throw new DomainError(
    'LAST_ADMINISTRATOR',
    'This is the last active administrator. Make another member an administrator first.',
  );
}
