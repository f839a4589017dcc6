import { badInput } from '../../platform/errors.js';
import { isId } from '../../platform/id.js';

/**
 * Where a stream stands: which events have been read.
 *
 * Neither ids nor moments are in the order of commits, so "after this one" would lose what was begun earlier and committed later.
 * A snapshot of PostgreSQL says exactly which transactions were over at a moment, so what has been read is: everything that
 * `since` sees; and of what `until` sees beside it, everything up to a place in the order of transactions and ids.
 */
export interface Position {
  /** A `pg_snapshot`: `xmin:xmax:xip,xip`. */
  since: string;
  /** A later snapshot, while what it sees is being read; null if nothing is. */
  until: string | null;
  /** The transaction and the id of the last event that was read in that. */
  transaction: string;
  id: string;
}

/** What a cursor is good for: one organization, and one cluster of PostgreSQL, because another one counts its own transactions. */
export interface Place {
  organizationId: string;
  cluster: string;
}

const before = '00000000-0000-0000-0000-000000000000';
const longestCursor = 20_000;

/** The position at which exactly what a snapshot sees has been read. */
export function positionAt(snapshot: string): Position {
  return { since: snapshot, until: null, transaction: snapshot.split(':')[0]!, id: before };
}

export function encode({ organizationId, cluster }: Place, { since, until, transaction, id }: Position): string {
  const parts = [cluster, organizationId, since, ...(until === null ? [] : [until, transaction, id])];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * Reads a cursor that was given out before.
 *
 * @param now the present snapshot: a cursor that is ahead of it comes from a database that this one is not any more.
 * @throws {DomainError} BAD_USER_INPUT for anything that is no cursor of this organization and this database.
 */
export function decode(text: string, { organizationId, cluster }: Place, now: string): Position {
  const parts = parse(text);
  const [from, of, since = '', until, transaction, id] = parts;
  if (parts.length !== 3 && parts.length !== 6) throw refused('is not a cursor of a stream');
  if (of !== organizationId) throw refused('is not a cursor of this organization');
  if (from !== cluster) throw refused(elsewhere);
  if (!isSnapshot(since)) throw refused('is not a cursor of a stream');
  if (isAhead(since, now)) throw refused(elsewhere);
  if (until === undefined) return positionAt(since);
  if (!isSnapshot(until) || !isNumber(transaction) || !isId(id)) throw refused('is not a cursor of a stream');
  if (isAhead(until, now)) throw refused(elsewhere);
  return { since, until, transaction, id };
}

const elsewhere =
  'is a cursor of another database than this one, which was restored or moved: subscribe without it, and read what came before in auditEvents';

function refused(message: string) {
  return badInput({ path: 'after', message });
}

function parse(text: string): string[] {
  // Buffer skips over whatever is not of its alphabet.
  if (text.length > longestCursor || !/^[\w-]+$/.test(text)) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    return [];
  }
}

/** A number of a transaction, which PostgreSQL keeps in 64 bits. */
function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^[1-9]\d{0,17}$/.test(text);
}

/** Whether PostgreSQL takes a text for a snapshot: xmin, xmax, and in between, in their order, what was under way. */
function isSnapshot(text: string): boolean {
  const [xmin, xmax, list, ...more] = text.split(':');
  if (!isNumber(xmin) || !isNumber(xmax) || list === undefined || more.length > 0) return false;
  let least = BigInt(xmin);
  const end = BigInt(xmax);
  if (least > end) return false;
  for (const xip of list === '' ? [] : list.split(',')) {
    if (!isNumber(xip) || BigInt(xip) < least || BigInt(xip) >= end) return false;
    least = BigInt(xip);
  }
  return true;
}

function isAhead(snapshot: string, now: string): boolean {
  return BigInt(snapshot.split(':')[1]!) > BigInt(now.split(':')[1]!);
}
