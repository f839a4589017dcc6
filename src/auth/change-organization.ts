import { sqlState } from '../platform/database.js';
import { DomainError, notFound } from '../platform/errors.js';
import type { KeyedStatement, Run } from '../platform/sql.js';
import { type Guard, Writes } from '../platform/writes.js';
import { assertMember, assertPermitted } from './access.js';
import { type AuditAction, type AuditChanges, type AuditTarget, auditEvent } from './audit.js';
import { conflictOf } from './conflicts.js';
import type { Permission } from './permissions.js';
import { type ReadRows, readsSinceStanding, type Scope, standingIn } from './scope.js';
import type { Actor, BriefOrganization, OrganizationRow, OrganizationStanding } from './standing.js';
import { organizationById, wholeOrganization } from './whole-rows.js';

/** So often a change is decided without a lock; then it waits for its turn. */
const triesWithoutLock = 3;

/** Under locks it gets done at once, but for deadlocks and newcomers. */
const triesUnderLock = 5;

/** What is decided on, and what is going to be written on condition that it has stayed as it was. */
export interface Decision {
  readonly writes: Writes;
  readonly guards: readonly Guard[];
}

/** One change of an organization while it is decided: what may be read for it, and what is going to be written. */
export class OrganizationChange implements Decision {
  readonly guards: readonly Guard[];
  /** For whoever is given the rows of a decision to read. */
  readonly read: ReadRows;

  constructor(
    protected readonly scope: Scope,
    readonly organization: BriefOrganization,
    read: ReadRows | undefined,
    readonly writes = new Writes(),
  ) {
    this.read = read ?? batched(scope);
    this.guards = [{ organizationId: organization.id, version: organization.version }];
  }

  /** The organization with all of its fields. */
  whole(): Promise<OrganizationRow> {
    return wholeOrganization(this.scope, this, this.read);
  }

  /** Rows that the decision depends on. They are as of the organization's version, or the write will not happen. */
  rows<Row>(statement: KeyedStatement<Row>, ...key: string[]): Promise<Row[]> {
    return this.read(statement, key);
  }

  async row<Row>(statement: KeyedStatement<Row>, ...key: string[]): Promise<Row | null> {
    return (await this.rows(statement, ...key))[0] ?? null;
  }

  /** Records the change, to be written together with it. */
  readonly record = (actor: Actor | null, action: AuditAction, target: AuditTarget, changes?: AuditChanges): void => {
    const { id: organizationId } = this.organization;
    this.writes.insert('audit_events', auditEvent(this.scope, actor, { organizationId, action, target, changes }));
  };
}

/** A change that a member (or super admin) makes. */
export class MemberChange extends OrganizationChange {
  constructor(
    scope: Scope,
    readonly actor: OrganizationStanding,
    read: ReadRows | undefined,
    writes?: Writes,
  ) {
    super(scope, actor.organization, read, writes);
  }

  /** Records what the actor does. */
  readonly tell = (action: AuditAction, target: AuditTarget, changes?: AuditChanges): void => {
    this.record(this.actor.actor, action, target, changes);
  };
}

/** One change that concerns two organizations, both or neither. */
export class TransferChange implements Decision {
  readonly writes: Writes;
  readonly guards: readonly Guard[];

  constructor(
    readonly source: MemberChange,
    readonly destination: MemberChange,
  ) {
    this.writes = source.writes;
    this.guards = [...source.guards, ...destination.guards];
  }
}

/**
 * The one way for a member to change an organization: read, decide, and write everything (rows, audit event, mail) in one
 * statement on condition that nothing was changed meanwhile; else read and decide again.
 *
 * The caller's permission is part of what is decided, each time anew.
 *
 * @param organizationId the organization, or nothing for the caller's current one.
 * @param permission what the caller needs, or null if `decide` sees to that itself.
 * @throws {DomainError} NOT_FOUND, ORGANIZATION_REQUIRED or FORBIDDEN for a caller who may not.
 */
export function changeOrganization<Result>(
  scope: Scope,
  organizationId: string | null | undefined,
  permission: Permission | null,
  decide: (change: MemberChange) => Promise<Result>,
): Promise<Result> {
  return changeSafely(scope, decide, async (read) => {
    const actor = await actorIn(scope, organizationId, read);
    if (permission) assertPermitted(actor, permission);
    const place = organizationId ?? scope.currentOrganizationId;
    return new MemberChange(scope, actor, read ?? readsSinceStanding(scope, place));
  });
}

/**
 * The same for a change of two organizations at once.
 *
 * @throws {DomainError} NOT_FOUND if the caller has nothing to do with one of them.
 */
export function changeTwoOrganizations<Result>(
  scope: Scope,
  sourceId: string | null | undefined,
  destinationId: string,
  decide: (change: TransferChange) => Promise<Result>,
): Promise<Result> {
  return changeSafely(scope, decide, async (read) => {
    const source = new MemberChange(scope, await actorIn(scope, sourceId, read), read);
    const destination = new MemberChange(scope, await actorIn(scope, destinationId, read), read, source.writes);
    return new TransferChange(source, destination);
  });
}

/**
 * The same for somebody who need not be a member: the holder of an invitation's secret, or a super admin who restores.
 *
 * @param deleted whether it is a deleted organization that is meant; else such a one is not found.
 * @throws {DomainError} NOT_FOUND if there is no such organization.
 */
export function changeOrganizationFromOutside<Result>(
  scope: Scope,
  organizationId: string,
  decide: (change: OrganizationChange) => Promise<Result>,
  { deleted = false } = {},
): Promise<Result> {
  return changeSafely(scope, decide, async (read) => {
    const [organization] = await (read ?? batched(scope))(organizationById, [organizationId]);
    if (!organization || (organization.status === 'DELETED') !== deleted) throw notFound('Organization');
    return new OrganizationChange(scope, organization, read);
  });
}

/**
 * Decides and writes, and does both again if what was decided on has changed meanwhile; after a few tries under the locks of
 * the organizations, so that it gets done however busy they are.
 *
 * @param begin reads what the decision starts from. It is given how to read, except at first, when what the request has
 *   read already (the caller's standing) is as good: if it is out of date, the write will not happen.
 */
export async function changeSafely<Change extends Decision, Result>(
  scope: Scope,
  decide: (change: Change) => Promise<Result>,
  begin: (read: ReadRows | undefined) => Promise<Change>,
): Promise<Result> {
  const { db, reads } = scope;
  for (let attempt = 1; attempt <= triesWithoutLock; attempt += 1) {
    const change = await begin(attempt === 1 ? undefined : batched(scope));
    try {
      const result = await decide(change);
      if (!(await written(change, ({ writes, guards }) => db.changes.commit(writes, guards)))) continue;
      reads.forget();
      return result;
    } catch (error) {
      // What was read from before and after somebody else's change may look forbidden, or not there, though it never was.
      if (!(error instanceof DomainError) || (await isAsItWas(change, db.run))) throw error;
    }
  }
  return changeUnderLock(scope, decide, begin);
}

/** What has been locked does not suffice, or was given away to end a deadlock: the whole has to begin again. */
class Stale extends Error {}

/** What a change locks beside the organizations that it finds. */
export interface MoreLocks {
  /** A lock that all changes of the same kind take first, so that they happen one after the other. */
  advisory?: number;
  /** A user who must not join anything meanwhile. */
  userId?: string;
}

/** Decides and writes behind locks from the start, for changes that are rare or concern more than organizations. */
export async function changeUnderLock<Change extends Decision, Result>(
  scope: Scope,
  decide: (change: Change) => Promise<Result>,
  begin: (read: ReadRows) => Promise<Change>,
  locks: MoreLocks = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await scope.db.transaction((run) => decideLocked(run, decide, begin, locks));
      scope.reads.forget();
      return result;
    } catch (error) {
      if (!(error instanceof Stale) || attempt === triesUnderLock) throw error;
    }
  }
}

async function decideLocked<Change extends Decision, Result>(
  run: Run,
  decide: (change: Change) => Promise<Result>,
  begin: (read: ReadRows) => Promise<Change>,
  { advisory, userId }: MoreLocks,
): Promise<Result> {
  const read = readingThrough(run);
  if (advisory !== undefined) await run('SELECT pg_advisory_xact_lock($1)', [advisory]);
  const locked = idsOf(await begin(read));
  await run('SELECT 1 FROM organizations WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE', [locked]);
  if (userId !== undefined) await run('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  const change = await begin(read);
  if (idsOf(change).some((id) => !locked.includes(id)))
    throw new Stale('There is an organization more than was locked.');
  const decided = await decide(change);
  if (!(await written(change, ({ writes, guards }) => writes.commit(run, ...guards))))
    throw new Stale('What was locked has changed all the same.');
  return decided;
}

function idsOf({ guards }: Decision): string[] {
  return guards.map(({ organizationId }) => organizationId);
}

async function actorIn(
  scope: Scope,
  organizationId: string | null | undefined,
  read: ReadRows | undefined,
): Promise<OrganizationStanding> {
  const actor = await standingIn(scope, organizationId, read);
  assertMember(actor, Boolean(organizationId ?? scope.currentOrganizationId));
  return actor;
}

/** Whether the organizations still have the versions that were read first, so that all that was read later belongs together. */
async function isAsItWas({ guards }: Decision, run: Run): Promise<boolean> {
  const [found] = await run<{ count: number }>(
    `SELECT count(*)::int AS count FROM organizations o
     JOIN jsonb_to_recordset($1::jsonb) AS expected("organizationId" uuid, version int)
       ON o.id = expected."organizationId" AND o.version = expected.version`,
    [JSON.stringify(guards)],
  );
  return found?.count === guards.length;
}

/** @throws {DomainError} CONFLICT if a unique value is taken. */
async function written(decided: Decision, commit: (decided: Decision) => Promise<boolean>): Promise<boolean> {
  if (decided.writes.isEmpty) return true;
  try {
    return await commit(decided);
  } catch (error) {
    // Two changes that wait for each other's rows: one of them was sent away, and may try again.
    if (sqlState(error) === '40P01' || sqlState(error) === '40001') return false;
    throw conflictOf(error);
  }
}

function batched({ db }: Scope): ReadRows {
  return (statement, key) => db.batcher.load(statement, key);
}

/** One after the other: a transaction has one connection. */
function readingThrough(run: Run): ReadRows {
  let turn: Promise<unknown> = Promise.resolve();
  return <Row>(statement: KeyedStatement<Row>, key: readonly (string | null)[]) => {
    const read = () =>
      run(
        statement.text,
        key.map((column) => [column]),
      ) as Promise<Row[]>;
    const rows = turn.then(read, read);
    turn = rows;
    return rows;
  };
}
