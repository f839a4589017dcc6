import { setTimeout as sleep } from 'node:timers/promises';
import { assertInUse, assertMember } from '../../auth/access.js';
import { isRefusal, recordRefusal } from '../../auth/refusal.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import { sqlState } from '../../platform/database.js';
import { conflict, DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { activeAmong } from './activity.loader.js';
import { type FindPerson, personOf, type ReportedEntry } from './activity.policy.js';
import { beginRecording, type NewEntry, writeEntries } from './roll-ups.js';

/** How long a recording waits for the activity to be counted anew, and how often it looks. */
const patienceMs = 20_000;
const pauseMs = 100;

/** Two who wait for each other are sent away in turns, so it does not take many. */
const mostTries = 5;

/** What has become of the entries of one call. */
export interface Recorded {
  accepted: number;
  duplicates: number;
  rejected: { index: number; error: DomainError }[];
}

/**
 * Records activity: entries that are wrong are refused one by one, the others are written together with all that is counted of
 * them. It is no change of the organization, so its version stays, and there is no audit event: an app may report every minute.
 *
 * @param reported the entries, or what was found wrong with one already.
 * @throws {DomainError} NOT_FOUND, ORGANIZATION_REQUIRED or FORBIDDEN for a caller who is no member or suspended.
 * @throws {DomainError} CONFLICT with RECOUNTING while the activity is counted anew in another time zone.
 */
export async function recordActivity(
  scope: Scope,
  organizationId: string | null | undefined,
  reported: readonly (ReportedEntry | DomainError)[],
): Promise<Recorded> {
  const { entries, rejected, place } = await judge(scope, organizationId, reported);
  const first = new Map<string, NewEntry>();
  for (const entry of entries) if (!first.has(entry.idempotencyId)) first.set(entry.idempotencyId, entry);
  const accepted = first.size > 0 ? await write(scope, place, [...first.values()]) : 0;
  scope.reads.forget();
  // The mutation as a whole was not refused, so nobody else records that a part of it was (R9).
  const refused = rejected.find(({ error }) => isRefusal(error));
  if (refused) {
    await recordRefusal(scope, { organizationId: place, operation: 'recordActivity', error: refused.error });
  }
  return { accepted, duplicates: entries.length - accepted, rejected };
}

async function judge(
  scope: Scope,
  organizationId: string | null | undefined,
  reported: readonly (ReportedEntry | DomainError)[],
) {
  const caller = await standingIn(scope, organizationId);
  assertMember(caller, Boolean(organizationId ?? scope.currentOrganizationId));
  assertInUse(caller);
  const place = caller.organization.id;
  const find = await peopleIn(scope, place, [caller.user.id, ...idsIn(reported)]);
  const entries: NewEntry[] = [];
  const rejected: Recorded['rejected'] = [];
  for (const [index, entry] of reported.entries()) {
    try {
      if (entry instanceof DomainError) throw entry;
      const { userId } = personOf(entry, caller, find, `input.entries.${index}`);
      const { teamId = null, startedAt, activeSeconds, idempotencyId } = entry;
      entries.push({ id: newId(), userId, teamId, startedAt, activeSeconds, idempotencyId });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      rejected.push({ index, error });
    }
  }
  return { place, entries, rejected };
}

function idsIn(reported: readonly (ReportedEntry | DomainError)[]): string[] {
  return reported.flatMap((entry) => {
    if (entry instanceof DomainError) return [];
    return [entry.memberId, entry.userId].filter((id) => id != null);
  });
}

async function peopleIn(scope: Scope, organizationId: string, ids: readonly string[]): Promise<FindPerson> {
  const people = await scope.reads.rows(activeAmong, [organizationId, JSON.stringify([...new Set(ids)])]);
  const found = {
    memberId: new Map(people.map((person) => [person.memberId, person])),
    userId: new Map(people.map((person) => [person.userId, person])),
  };
  return (by, id) => found[by].get(id);
}

/** Tries until the activity is not being counted anew. It waits without a connection, of which there are few for writing. */
async function write({ db }: Scope, organizationId: string, entries: readonly NewEntry[]): Promise<number> {
  const attempt = () =>
    db.transaction(async (run) => {
      return (await beginRecording(run, organizationId)) ? writeEntries(run, organizationId, entries) : null;
    });
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(pauseMs)) {
    const written = await againIfDeadlocked(attempt);
    if (written !== null) return written;
  }
  throw conflict('RECOUNTING', 'The activity is being counted in another time zone. Try again in a minute.');
}

async function againIfDeadlocked<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const sentAway = sqlState(error) === '40P01' || sqlState(error) === '40001';
      if (!sentAway || tries === mostTries) throw error;
    }
  }
}
