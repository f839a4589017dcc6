import pg from 'pg';
import { isUnreachable } from './connection-fault.js';
import { DomainError } from './errors.js';

/** There is no connection to the database, so nothing was asked of it. */
export class NotConnected extends Error {
  constructor(cause: unknown) {
    super('No connection to the database.', { cause });
    this.name = 'NotConnected';
  }
}

/** What the database says when it does nothing at the moment: it starts or stops, or has no connection left. */
const closed = new Set(['57P03', '53300']);

/** One of two who waited for each other or changed the same was sent away, with nothing done. */
const sentAway = new Set(['40001', '40P01']);

const lockTimeout = '55P03';

/** What a pooler says that has handed nothing on: PgBouncer has one code for this and for connections lost in the middle. */
const handedNothingOn =
  /login has been failing|query_wait_timeout|cannot connect to server|no more connections allowed/;

/** The SQLSTATE of a database error, if that is what it is. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** Whether the same may well succeed if it is begun again at once. */
export function wasSentAway(error: unknown): boolean {
  return sentAway.has(sqlState(error) ?? '');
}

/** Everything but an error that the database itself reported about this statement. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true;
  return error.code?.startsWith('57P') === true || error.code?.startsWith('08') === true;
}

/** The refusal that a database error means if nothing was done and the same can be tried again soon; else null. */
export function unavailable(error: unknown): DomainError | null {
  const state = sqlState(error) ?? '';
  const isHeldUp = state.startsWith('08') && handedNothingOn.test((error as Error).message);
  const isLater = closed.has(state) || sentAway.has(state) || state === lockTimeout || isHeldUp;
  if (!isLater && !(error instanceof NotConnected)) return null;
  return new DomainError('SERVICE_UNAVAILABLE', 'This cannot be done at the moment. Try again soon.', {
    retryAfter: 1,
  });
}

/** Whether it is only the database that cannot be reached, or does nothing at the moment. */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError && isConnectionLost(error)) return true;
  return isUnreachable(error) || unavailable(error) !== null;
}
