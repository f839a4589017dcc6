import { Prisma } from '../generated/prisma/client.js';
import type { Key } from '../platform/batcher.js';
import { sqlState } from '../platform/database.js';
import { notFound } from '../platform/errors.js';
import { columns, type KeyedStatement, keyed, type Run } from '../platform/sql.js';
import { Writes } from '../platform/writes.js';
import { assertMember, assertPermitted } from './access.js';
import { type AuditAction, type AuditChanges, type AuditTarget, auditEvent } from './audit.js';
import { conflictOf } from './conflicts.js';
import type { Permission } from './permissions.js';
import { type ReadRows, type Scope, standingIn } from './scope.js';
import type { OrganizationRow, OrganizationStanding } from './standing.js';

/** So often a change is decided without a lock; then it waits for its turn. */
const triesWithoutLock = 3;

const organizationById = keyed<OrganizationRow>({
  key: ['id'],
  select: columns('o', Prisma.OrganizationScalarFieldEnum),
  from: `JOIN organizations o ON o.id = key.id AND o.status <> 'DELETED'`,
});

/** One change of an organization while it is decided: what may be read for it, and what is going to be written. */
export class OrganizationChange {
  readonly organization: OrganizationRow;
  readonly writes = new Writes();
  readonly #scope: Scope;
  readonly #read: ReadRows;

  constructor(scope: Scope, organization: OrganizationRow, read: ReadRows) {
    this.#scope = scope;
    this.organization = organization;
    this.#read = read;
  }

  /** Rows that the decision depends on. They are as of the organization's version, or the write will not happen. */
  rows<Row>(statement: KeyedStatement<Row>, ...key: string[]): Promise<Row[]> {
    return this.#read(statement, key);
  }

  async row<Row>(statement: KeyedStatement<Row>, ...key: string[]): Promise<Row | null> {
    return (await this.rows(statement, ...key))[0] ?? null;
  }

  /** Records the change, to be written together with it. */
  record(
    actor: { id: string; isSuperAdmin: boolean },
    action: AuditAction,
    target: AuditTarget,
    changes?: AuditChanges,
  ): void {
    this.writes.insert(
      'audit_events',
      auditEvent(
        this.#scope,
        { userId: actor.id, isSuperAdmin: actor.isSuperAdmin },
        { organizationId: this.organization.id, action, target, ...(changes && { changes }) },
      ),
    );
  }
}

/** A change that a member (or super admin) makes. */
export class MemberChange extends OrganizationChange {
  readonly actor: OrganizationStanding;

  constructor(scope: Scope, actor: OrganizationStanding, read: ReadRows) {
    super(scope, actor.organization, read);
    this.actor = actor;
  }

  /** Records what the actor does. */
  readonly tell = (action: AuditAction, target: AuditTarget, changes?: AuditChanges): void => {
    this.record(this.actor.user, action, target, changes);
  };
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
  return safely(scope, decide, async ({ read, fresh }) => {
    const actor = await (fresh ? standingIn(scope, organizationId, read) : standingIn(scope, organizationId));
    assertMember(actor, Boolean(organizationId ?? scope.currentOrganizationId));
    if (permission) assertPermitted(actor, permission);
    return new MemberChange(scope, actor, read);
  });
}

/**
 * The same for somebody who is not a member (yet): the holder of an invitation's secret.
 *
 * @throws {DomainError} NOT_FOUND if there is no such organization.
 */
export function changeOrganizationFromOutside<Result>(
  scope: Scope,
  organizationId: string,
  decide: (change: OrganizationChange) => Promise<Result>,
): Promise<Result> {
  return safely(scope, decide, async ({ read }) => {
    const [organization] = await read(organizationById, [organizationId]);
    if (!organization) throw notFound('Organization');
    return new OrganizationChange(scope, organization, read);
  });
}

interface Attempt {
  read: ReadRows;
  /** Whether what the request has read so far may be out of date. */
  fresh: boolean;
}

async function safely<Change extends OrganizationChange, Result>(
  scope: Scope,
  decide: (change: Change) => Promise<Result>,
  begin: (attempt: Attempt) => Promise<Change>,
): Promise<Result> {
  const { db } = scope;
  for (let attempt = 1; attempt <= triesWithoutLock; attempt += 1) {
    const change = await begin({ read: (statement, key) => db.batcher.load(statement, key), fresh: attempt > 1 });
    const result = await decide(change);
    if (await written(change, db.write)) return done(scope, result);
  }
  const result = await db.transaction(async (run) => {
    const read = readingThrough(run);
    const { organization } = await begin({ read, fresh: true });
    await run('SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE', [organization.id]);
    const change = await begin({ read, fresh: true });
    const result = await decide(change);
    if (!(await written(change, run))) throw new Error('The organization changed behind its own lock.');
    return result;
  });
  return done(scope, result);
}

/** What the request has read so far is out of date now. */
function done<Result>(scope: Scope, result: Result): Result {
  scope.reads.forget();
  return result;
}

/** @throws {DomainError} CONFLICT if a unique value is taken. */
async function written({ writes, organization }: OrganizationChange, run: Run): Promise<boolean> {
  if (writes.isEmpty) return true;
  try {
    return await writes.commit(run, { organizationId: organization.id, version: organization.version });
  } catch (error) {
    // Two changes that wait for each other's rows: one of them was sent away, and may try again.
    if (sqlState(error) === '40P01' || sqlState(error) === '40001') return false;
    throw conflictOf(error);
  }
}

function readingThrough(run: Run): ReadRows {
  return async <Row>(statement: KeyedStatement<Row>, key: Key) =>
    (await run(
      statement.text,
      key.map((column) => [column]),
    )) as Row[];
}
