import type { Key } from '../platform/batcher.js';
import type { Database } from '../platform/database.js';
import { unauthenticated } from '../platform/errors.js';
import type { Pulse } from '../platform/pulse.js';
import type { Reads } from '../platform/reads.js';
import type { Seal } from '../platform/secret.js';
import type { Signals } from '../platform/signals.js';
import type { KeyedStatement } from '../platform/sql.js';
import type { Question } from '../platform/together.js';
import type { AccessTokens } from './access-token.js';
import { noteUse } from './api-key-use.js';
import type { ExternalClaims, ExternalTokens } from './external-token.js';
import type { Catalogue } from './permissions.js';
import type { Plans } from './plans.js';
import { outside, type Standing, standingOf } from './standing.js';
import { type StandingStatements, standingRow, standingsWith } from './standing-sql.js';
import type { Throttle } from './throttle.js';

/** Who makes the request, as far as the credential alone can tell. Whether it still stands is for the database to say. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'session'; sessionId: string; expiresAt?: number }
  /** The key's id is known once it has been looked up. */
  | { kind: 'apiKey'; secretHash: string; keyId?: string }
  | ({ kind: 'external' } & ExternalClaims);

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
  /** Asks the database how it is. */
  pulse: Pulse;
  /** Wakes whoever waits for something new on record. */
  signals: Signals;
  seal: Seal;
  accessTokens: AccessTokens;
  throttle: Throttle;
  /** Null unless the tokens of another issuer are accepted. */
  externalTokens: ExternalTokens | null;
  /** Makes or links the user of a token of another issuer that was never seen before. */
  admit(scope: Scope, claims: ExternalClaims): Promise<void>;
  /** Every permission that roles can grant. */
  catalogue: Catalogue;
  plans: Plans;
  /** For how many days an invitation holds. */
  invitationDays: number;
  /** How many organizations a user may have founded that are still there; null is no limit. */
  organizationsPerUser: number | null;
  /** The name under which tokens are issued here: `iss` (RFC 7519), or what it begins with. */
  issuer: string;
  /** For how many seconds a new integration key is published before it signs. */
  keyLeadSeconds: number;
  /** Where links in mail lead to, without a slash at the end. */
  appUrl: string;
}

/** One request: who asks, and with what it works. Made once, and handed to every service. */
export interface Scope extends Services {
  principal: Principal;
  request: RequestFacts;
  reads: Reads;
  /** How the caller's standing is read; without rows that nobody is going to look at, unless told. */
  standings?: StandingStatements;
  /** The organization of the X-Organization-Id header. */
  currentOrganizationId: string | null;
}

/** Reads the rows of one key: with the other reads of the request, or afresh inside a change. */
export type ReadRows = <Row>(statement: KeyedStatement<Row>, key: Key) => Promise<Row[]>;

type Caller = Exclude<Principal, { kind: 'anonymous' }>;

const briefly = standingsWith();

/** What statements about the caller are asked with, by the kind of its credential. */
export function standingKey(caller: Caller, organizationId: string | null): Key {
  switch (caller.kind) {
    case 'session':
      return [caller.sessionId, organizationId];
    case 'external':
      return [caller.issuer, caller.subject, caller.issuedAt, organizationId];
    case 'apiKey':
      return [caller.secretHash];
  }
}

/**
 * Where the caller stands, in the organization or (without one) in its current one. One statement a request and
 * organization, however many fields ask.
 *
 * @throws {DomainError} UNAUTHENTICATED without a credential that still stands.
 */
export async function standingIn(
  scope: Scope,
  organizationId?: string | null,
  read: ReadRows = (statement, key) => scope.reads.rows(statement, key),
): Promise<Standing> {
  const { principal, standings = briefly } = scope;
  const place = organizationId ?? scope.currentOrganizationId;
  switch (principal.kind) {
    case 'anonymous':
      throw unauthenticated('Sign in first: send an access token as a bearer token, or an API key.');
    case 'session': {
      const [row] = await read(standings.session, standingKey(principal, place));
      if (!row) throw unauthenticated('The session has ended. Sign in again.');
      return standingOf(row, scope.catalogue);
    }
    case 'external': {
      const key = standingKey(principal, place);
      const [row] = await read(standings.external, key);
      if (row) return standingOf(row, scope.catalogue);
      await scope.admit(scope, principal);
      scope.reads.forget();
      const [admitted] = await scope.db.batcher.load(standings.external, key);
      if (!admitted) throw unauthenticated('The token is no longer valid here. Sign in again.');
      return standingOf(admitted, scope.catalogue);
    }
    case 'apiKey': {
      // A key has one organization, so the same row answers for every other one that the request names.
      const [row] = await read(standings.apiKey, standingKey(principal, place));
      if (!row) throw unauthenticated('The API key is not valid, or no longer.');
      const standing = standingOf(row, scope.catalogue);
      principal.keyId = standing.apiKey!.id;
      noteUse(scope.db, standing.apiKey!);
      return place && place !== standing.apiKey!.organizationId ? outside(standing) : standing;
    }
  }
}

/**
 * Takes note of where the caller stands in organizations that were listed for it, so that nobody asks again.
 *
 * @param rows rows of organizations with `membershipColumns`.
 */
export async function noteStandings(scope: Scope, rows: readonly { id: string }[]): Promise<void> {
  const { principal, reads, standings = briefly } = scope;
  // An API key has its one organization anyway.
  if (principal.kind === 'anonymous' || principal.kind === 'apiKey') return;
  const statement = standings[principal.kind];
  const caller = await reads.row(statement, standingKey(principal, scope.currentOrganizationId));
  if (!caller) return;
  for (const row of rows) reads.note(statement, standingKey(principal, row.id), [standingRow(caller, row)]);
}

/** What is asked for the caller's standing in an organization; null without a credential. */
export function standingQuestion(scope: Scope, organizationId: string | null): Question | null {
  const { principal, standings = briefly } = scope;
  if (principal.kind === 'anonymous') return null;
  return { statement: standings[principal.kind], key: standingKey(principal, organizationId), fixed: [] };
}

/**
 * How to read rows for a decision that starts from what the request knows of the caller's standing: as of the same moment where
 * one statement has read both, else now, which is later.
 */
export function readsSinceStanding(scope: Scope, organizationId: string | null): ReadRows {
  const { reads, db } = scope;
  const standing = standingQuestion(scope, organizationId);
  return (statement, key) => (standing && reads.together(standing, statement, key)) ?? db.batcher.load(statement, key);
}
