import { DomainError } from '../platform/errors.js';
import type { Authority } from './standing.js';

/**
 * One acts only on members of lower rank (R2).
 *
 * @throws {DomainError} FORBIDDEN with the reason RANK, for oneself too.
 */
export function assertLowerRank(actor: Pick<Authority, 'rank'>, target: { role: { rank: number } }): void {
  if (target.role.rank < actor.rank) return;
  throw new DomainError('FORBIDDEN', 'You can only act on members whose role ranks below your own.', {
    reason: 'RANK',
  });
}
