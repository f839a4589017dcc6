import type { Key } from '../platform/batcher.js';
import type { Database } from '../platform/database.js';
import { unauthenticated } from '../platform/errors.js';
import type { Reads } from '../platform/reads.js';
import type { Seal } from '../platform/secret.js';
import type { KeyedStatement } from '../platform/sql.js';
import type { AccessTokens } from './access-token.js';
import type { Catalogue } from './permissions.js';
import { type Standing, standingOf, standingStatement } from './standing.js';

/** Who makes the request, as far as the credential alone can tell. Whether it still stands is for the database to say. */
export type Principal = { kind: 'anonymous' } | { kind: 'session'; sessionId: string; userId: string };

/** What is known of the request itself, for the audit trail. */
export interface RequestFacts {
  id: string;
  /** Null where the gateway itself acts. */
  ip: string | null;
  userAgent: string | null;
}

/** What services are built on, the same for every request. */
export interface Services {
  db: Database;
  seal: Seal;
  accessTokens: AccessTokens;
  /** Every permission that roles can grant. */
  catalogue: Catalogue;
  /** Where links in mail lead to, without a slash at the end. */
  appUrl: string;
}

/** One request: who asks, and with what it works. Made once, and handed to every service. */
export interface Scope extends Services {
  principal: Principal;
  request: RequestFacts;
  reads: Reads;
  /** The organization of the X-Organization-Id header. */
  currentOrganizationId: string | null;
}

/** Reads the rows of one key: with the other reads of the request, or afresh inside a change. */
export type ReadRows = <Row>(statement: KeyedStatement<Row>, key: Key) => Promise<Row[]>;

/**
 * Where the caller stands, in the organization or (without one) in its current one. One statement a request and
 * organization, however many fields ask.
 *
 * @throws {DomainError} UNAUTHENTICATED without a session that still stands.
 */
export async function standingIn(
  scope: Scope,
  organizationId?: string | null,
  read: ReadRows = (statement, key) => scope.reads.rows(statement, key),
): Promise<Standing> {
  const { principal, currentOrganizationId } = scope;
  if (principal.kind === 'anonymous') throw unauthenticated('Sign in first: send an access token as a bearer token.');
  const [row] = await read(standingStatement, [principal.sessionId, organizationId ?? currentOrganizationId]);
  if (!row) throw unauthenticated('The session has ended. Sign in again.');
  return standingOf(row, scope.catalogue);
}
