import { administrator } from '../../auth/permissions.js';
import type { Standing } from '../../auth/standing.js';
import { DomainError } from '../../platform/errors.js';

interface Target {
  id: string;
  role: { key: string; rank: number };
}

/**
 * One acts only on members of lower rank, and on oneself (R2).
 *
 * @throws {DomainError} FORBIDDEN with the reason RANK.
 */
export function assertMayManage(actor: Pick<Standing, 'member' | 'rank'>, target: Target): void {
  if (actor.member?.id === target.id || target.role.rank < actor.rank) return;
  throw new DomainError('FORBIDDEN', 'You can only act on members whose role ranks below your own.', {
    reason: 'RANK',
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
  if (target.role.key !== administrator || administrators.some(({ id }) => id !== target.id)) return;
  throw new DomainError(
    'LAST_ADMINISTRATOR',
    'This is the last active administrator. Make another member an administrator first.',
  );
}
