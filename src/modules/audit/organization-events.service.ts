import type { AuditAction } from '../../auth/audit.js';
import type { Scope } from '../../auth/scope.js';
import type { Watch } from '../../platform/signals.js';
import { isPassing } from '../../platform/unavailable.js';
import type { AuditEventRow } from './audit.loader.js';
import { decode, encode, type Place, type Position, positionAt } from './event-cursor.js';
import { eventsSince, mostEvents, present, type ReadEvent } from './organization-events.loader.js';

/** An event with the cursor that a stream goes on after; the first message of a stream has only that. */
export interface StreamedEvent {
  cursor: string;
  event: AuditEventRow | null;
}

/** What is followed, and on what terms. */
export interface Following {
  organizationId: string;
  /** Null for all. */
  types: readonly AuditAction[] | null;
  /** The cursor to go on after; null to begin now. */
  after: string | null;
  /** Reads afresh whether the caller may see the events, and throws why not. */
  assertAllowed(): Promise<void>;
  /** Has the caller pay for one event. */
  charge(): void;
}

/** For how long it is enough to have looked whether the caller may. More than one batch takes with a client that reads. */
const freshMs = 1_000;

/**
 * Follows what is put on record of an organization: first everything after the cursor, then what comes, each event once and none
 * left out, in the order of commits. It goes on until whoever reads it stops, or may not go on.
 *
 * What is delivered was read before it was looked whether the caller may see it; so nothing that happened after a removal is.
 *
 * @throws {DomainError} BAD_USER_INPUT for a cursor that is not of this stream. What `assertAllowed` throws ends the stream.
 */
export async function followEvents(
  { db, signals }: Pick<Scope, 'db' | 'signals'>,
  following: Following,
): Promise<AsyncIterableIterator<StreamedEvent, undefined>> {
  const { organizationId, after } = following;
  const { snapshot, cluster } = await present(db);
  const place = { organizationId, cluster };
  const position = after === null ? positionAt(snapshot) : decode(after, place, snapshot);
  const watch = signals.watch(organizationId);
  const events = follow({ db, following, place, position, watch });
  const stream: AsyncIterableIterator<StreamedEvent, undefined> = {
    next: () => events.next(),
    return() {
      // Or else it would be waited for until there is another event.
      watch.close();
      return events.return(undefined);
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

interface Stream {
  db: Scope['db'];
  following: Following;
  place: Place;
  /** What has been read so far. */
  position: Position;
  watch: Watch;
}

async function* follow(stream: Stream): AsyncGenerator<StreamedEvent, undefined> {
  const { watch, place } = stream;
  try {
    yield { cursor: encode(place, stream.position), event: null };
    do {
      try {
        yield* news(stream);
      } catch (error) {
        // The database comes back, and nothing is lost meanwhile.
        if (!isPassing(error)) throw error;
      }
    } while (await watch.next());
  } finally {
    watch.close();
  }
  return undefined;
}

/** What is new by now. */
async function* news(stream: Stream): AsyncGenerator<StreamedEvent> {
  const { db, following, place } = stream;
  for (let isMore = true; isMore; ) {
    const rows = await db.background.load<ReadEvent>(eventsSince, keyOf(stream));
    await following.assertAllowed();
    let allowedAt = performance.now();
    const readUntil = rows[0]!.readUntil;
    const events = rows.filter((row) => row.id !== null);
    isMore = events.length === mostEvents;
    for (const [index, event] of events.entries()) {
      const isLast = !isMore && index === events.length - 1;
      const position = isLast ? positionAt(readUntil) : within(stream.position, readUntil, event);
      if (following.types?.includes(event.action as AuditAction) ?? true) {
        if (performance.now() - allowedAt > freshMs) {
          await following.assertAllowed();
          allowedAt = performance.now();
        }
        following.charge();
        stream.position = position;
        yield { cursor: encode(place, position), event };
      } else stream.position = position;
    }
    if (events.length === 0) stream.position = positionAt(readUntil);
  }
}

function keyOf({ place, position }: Stream): (string | null)[] {
  const { since, until, transaction, id } = position;
  return [place.organizationId, since, until, transaction, id];
}

function within(
  { since }: Position,
  until: string,
  { transaction, id }: { transaction: string; id: string },
): Position {
  return { since, until, transaction, id };
}
