import type { Standing } from '../../auth/standing.js';
import { badInput, DomainError, notFound } from '../../platform/errors.js';

export const largestBatch = 1_000;
export const oldestDays = 366;
export const secondsOfDay = 86_400;

/** The clock of whoever reports may be ahead of ours. */
const clockDifferenceMs = 5 * 60_000;

/** Activity as it was reported, after its fields were checked one by one. */
export interface ReportedEntry {
  memberId?: string | null;
  userId?: string | null;
  teamId?: string | null;
  startedAt: Date;
  activeSeconds: number;
  idempotencyId: string;
}

/** Somebody who is a member now, and not suspended. */
export interface ActivePerson {
  memberId: string;
  userId: string;
  teamIds: string[];
}

/** Finds a member by the id of the membership, or of the user. */
export type FindPerson = (by: 'memberId' | 'userId', id: string) => ActivePerson | undefined;

/** Whether activity that is reported now can have started at a moment, or on which side it lies. */
export function mayHaveStarted(moment: Date, now = Date.now()): 'YES' | 'FUTURE' | 'PAST' {
  if (moment.getTime() > now + clockDifferenceMs) return 'FUTURE';
  return moment.getTime() < now - oldestDays * secondsOfDay * 1_000 ? 'PAST' : 'YES';
}

/**
 * Whose activity an entry is, if the caller may report it: its own, or with an API key anybody's in the organization.
 *
 * @param path where the entry stands in the input.
 * @throws {DomainError} BAD_USER_INPUT if it names its person twice.
 * @throws {DomainError} FORBIDDEN for somebody else's without an API key.
 * @throws {DomainError} NOT_FOUND for who is not a member or suspended, and for a team that this person is not in.
 */
export function personOf(
  { memberId, userId, teamId }: ReportedEntry,
  caller: Pick<Standing, 'user' | 'member' | 'apiKey'>,
  find: FindPerson,
  path: string,
): ActivePerson {
  if (memberId != null && userId != null) {
    throw badInput({ path: `${path}.userId`, message: 'name the person either by memberId or by userId' });
  }
  const own = (memberId ?? caller.member?.id) === caller.member?.id && (userId ?? caller.user.id) === caller.user.id;
  if (!own && !caller.apiKey) {
    throw new DomainError('FORBIDDEN', 'With a session one records one’s own activity only.', { reason: 'NOT_OWN' });
  }
  const person = memberId == null ? find('userId', userId ?? caller.user.id) : find('memberId', memberId);
  if (!person) throw notFound('Member');
  if (teamId != null && !person.teamIds.includes(teamId)) throw notFound('Team membership');
  return person;
}
