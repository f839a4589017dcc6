import pg from 'pg';
import { DomainError } from './errors.js';

/** There is no connection to the database, so nothing was asked of it. */
export class NotConnected extends Error {
  constructor(cause: unknown) {
    super('No connection to the database.', { cause });
    this.name = 'NotConnected';
  }
}

/**
 * What the database says when it has done nothing, and may do it a moment later: it starts or stops, has no connection left,
 * another one holds a lock for too long, or two waited for each other.
 */
const later = new Set(['57P03', '53300', '55P03', '40001', '40P01']);

/** The refusal that a database error means if nothing was done and the same can be tried again soon; else null. */
export function unavailable(error: unknown): DomainError | null {
  const isLater = error instanceof pg.DatabaseError && later.has(error.code ?? '');
  if (!isLater && !(error instanceof NotConnected)) return null;
  return new DomainError('SERVICE_UNAVAILABLE', 'This cannot be done at the moment. Try again soon.', {
    retryAfter: 1,
  });
}
