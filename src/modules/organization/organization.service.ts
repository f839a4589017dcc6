import { difference } from '../../auth/audit.js';
import {
  changeOrganization,
  changeOrganizationFromOutside,
  type OrganizationChange,
} from '../../auth/change-organization.js';
import { conflictOf } from '../../auth/conflicts.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import type { Actor, OrganizationRow } from '../../auth/standing.js';
import { badInput, conflict, DomainError, unauthenticated } from '../../platform/errors.js';
import { given, Writes } from '../../platform/writes.js';
import { recountJob } from '../engagement/recount.service.js';
import { administratorsOfOrganization, membersWithoutUser } from '../member/member.loader.js';
import { limitReached } from '../plan/plan.service.js';
import { type NewOwner, writeOwner } from '../user/owner.service.js';
import {
  type Founded,
  foundOrganization,
  type NewOrganization,
  slugFrom,
  withRandomEnd,
} from './organization.founding.js';

/**
 * Founds an organization, with the caller as its administrator, or with an owner whom a super admin names: who gets an
 * account if there is none.
 *
 * @throws {DomainError} FORBIDDEN if others than super admins name an owner.
 * @throws {DomainError} CONFLICT with SLUG_TAKEN, with LIMIT_REACHED, or with USER_NOT_ACTIVE for the owner. A slug that was
 *   made from the name gives way instead.
 */
export async function createOrganization(
  scope: Scope,
  { owner, ...given }: Omit<NewOrganization, 'slug' | 'isPersonal'> & { slug?: string | null; owner?: NewOwner | null },
): Promise<Founded> {
  const { actor } = await standingIn(scope);
  if (owner && !actor.isSuperAdmin) throw superAdminsOnly('Only super admins may name an owner.');
  const found = async (slug: string) => {
    const writes = new Writes();
    if (!owner) writes.requireUser(actor.id);
    const founder = owner ? await writeOwner(scope, writes, owner, given.name) : actor;
    const founded = foundOrganization(scope, writes, founder, { ...given, slug }, actor);
    await commitWithin(scope, actor, writes).catch((error) => {
      throw conflictOf(error);
    });
    scope.reads.forget();
    return founded;
  };
  // Somebody else may have made the owner's account, or taken the slug, at the same moment.
  const foundFor = (slug: string) =>
    otherwise(
      () => found(slug),
      'EMAIL_TAKEN',
      () => found(slug),
    );
  if (given.slug) return foundFor(given.slug);
  const slug = slugFrom(given.name);
  return otherwise(
    () => foundFor(slug),
    'SLUG_TAKEN',
    () => foundFor(withRandomEnd(slug)),
  );
}

/** Does something else if what was tried is refused for this reason. */
async function otherwise<Result>(
  attempt: () => Promise<Result>,
  reason: string,
  instead: () => Promise<Result>,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof DomainError && error.facts.reason === reason) return instead();
    throw error;
  }
}

/** Counts behind a lock of the user, so that two foundings at once cannot take the last place twice. */
async function commitWithin({ db, organizationsPerUser: maximum }: Scope, actor: Actor, writes: Writes): Promise<void> {
  const written = await db.transaction(async (run) => {
    if (maximum !== null && !actor.isSuperAdmin) {
      await run('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [actor.id]);
      const [founded] = await run<{ used: number }>(
        `SELECT count(*)::int AS used FROM organizations
         WHERE founded_by_id = $1 AND NOT is_personal AND status <> 'DELETED'`,
        [actor.id],
      );
      const used = founded?.used ?? 0;
      if (used >= maximum) throw limitReached('organizations', { used, maximum });
    }
    return writes.commit(run);
  });
  if (!written) throw unauthenticated('The account is gone.');
}

function superAdminsOnly(message: string): DomainError {
  return new DomainError('FORBIDDEN', message, { reason: 'SUPER_ADMIN' });
}

type Changes = Partial<Pick<OrganizationRow, 'name' | 'slug' | 'description' | 'logoUrl' | 'timezone'>>;

/**
 * Changes what an organization says of itself. In another time zone days begin at other moments, so its activity is counted
 * anew.
 *
 * @throws {DomainError} CONFLICT with SLUG_TAKEN.
 */
export function updateOrganization(
  scope: Scope,
  { organizationId, ...changes }: Changes & { organizationId?: string | null },
): Promise<OrganizationRow> {
  return changeOrganization(scope, organizationId, 'organization.update', async (change) => {
    const { writes, tell } = change;
    const organization = await change.whole();
    const changed = difference<OrganizationRow>(organization, changes);
    if (Object.keys(changed).length === 0) return organization;
    const after: OrganizationRow = { ...organization, ...given(changes), updatedAt: new Date() };
    writes.update('organizations', { id: organization.id, ...given(changes), updatedAt: after.updatedAt });
    if (after.timezone !== organization.timezone) writes.enqueue(recountJob(organization.id));
    tell('ORGANIZATION_UPDATED', { type: 'ORGANIZATION', id: organization.id }, changed);
    return after;
  });
}

/**
 * Deletes an organization: it is gone for everybody at once. Its slug stays taken while it can be restored.
 *
 * @throws {DomainError} BAD_USER_INPUT if `confirmSlug` is not its slug.
 */
export function deleteOrganization(
  scope: Scope,
  { organizationId, confirmSlug }: { organizationId?: string | null; confirmSlug: string },
): Promise<string> {
  return changeOrganization(scope, organizationId, 'organization.delete', async (change) => {
    const { writes, tell } = change;
    const organization = await change.whole();
    if (confirmSlug.toLowerCase() !== organization.slug.toLowerCase()) {
      throw badInput({ path: 'input.confirmSlug', message: 'is not the slug of this organization' });
    }
    const now = new Date();
    writes.update('organizations', { id: organization.id, status: 'DELETED', deletedAt: now, updatedAt: now });
    tell('ORGANIZATION_DELETED', { type: 'ORGANIZATION', id: organization.id });
    return organization.id;
  });
}

const restorableDays = 30;

/**
 * Brings a deleted organization back, with everything in it.
 *
 * @throws {DomainError} NOT_FOUND if there is no deleted organization with this id.
 * @throws {DomainError} CONFLICT with RESTORE_EXPIRED after 30 days, or with NO_ADMINISTRATOR if none is left (R3).
 */
export async function restoreOrganization(scope: Scope, organizationId: string): Promise<OrganizationRow> {
  const { actor } = await standingIn(scope);
  if (!actor.isSuperAdmin) throw superAdminsOnly('Only super admins may.');
  const restore = async (change: OrganizationChange) => {
    const { writes, record } = change;
    const organization = await change.whole();
    const deletedFor = Date.now() - organization.deletedAt!.getTime();
    if (deletedFor > restorableDays * 86_400_000) {
      throw conflict(
        'RESTORE_EXPIRED',
        `Organizations can be restored for ${restorableDays} days after their deletion.`,
      );
    }
    if ((await change.rows(administratorsOfOrganization, organization.id)).length === 0) {
      throw conflict('NO_ADMINISTRATOR', 'None of its administrators has an active account any more.');
    }
    writes.delete('members', ...(await change.rows(membersWithoutUser, organization.id)));
    const status = { status: 'ACTIVE' as const, deletedAt: null, updatedAt: new Date() };
    writes.update('organizations', { id: organization.id, ...status });
    record(actor, 'ORGANIZATION_RESTORED', { type: 'ORGANIZATION', id: organization.id });
    return { ...organization, ...status };
  };
  return changeOrganizationFromOutside(scope, organizationId, restore, { deleted: true });
}
