import { difference } from '../../auth/audit.js';
import {
  changeOrganization,
  changeOrganizationFromOutside,
  type OrganizationChange,
} from '../../auth/change-organization.js';
import { conflictOf } from '../../auth/conflicts.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import type { OrganizationRow } from '../../auth/standing.js';
import { badInput, conflict, DomainError, unauthenticated } from '../../platform/errors.js';
import { given, Writes } from '../../platform/writes.js';
import { administratorsOfOrganization, membersWithoutUser } from '../member/member.loader.js';
import {
  type Founded,
  foundOrganization,
  type NewOrganization,
  slugFrom,
  withRandomEnd,
} from './organization.founding.js';

/**
 * Founds an organization, with the caller as its administrator.
 *
 * @throws {DomainError} CONFLICT with SLUG_TAKEN. A slug that was made from the name gives way instead.
 */
export async function createOrganization(
  scope: Scope,
  given: Omit<NewOrganization, 'slug' | 'isPersonal'> & { slug?: string | null },
): Promise<Founded> {
  const { user } = await standingIn(scope);
  const found = async (slug: string) => {
    const writes = new Writes();
    const founded = foundOrganization(scope, writes, user, { ...given, slug });
    writes.requireUser(user.id);
    const written = await writes.commit(scope.db.write).catch((error) => {
      throw conflictOf(error);
    });
    if (!written) throw unauthenticated('The account is gone.');
    scope.reads.forget();
    return founded;
  };
  if (given.slug) return found(given.slug);
  const slug = slugFrom(given.name);
  try {
    return await found(slug);
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'CONFLICT')) throw error;
    return found(withRandomEnd(slug));
  }
}

type Changes = Partial<Pick<OrganizationRow, 'name' | 'slug' | 'description' | 'logoUrl' | 'timezone'>>;

/**
 * Changes what an organization says of itself.
 *
 * @throws {DomainError} CONFLICT with SLUG_TAKEN.
 */
export function updateOrganization(
  scope: Scope,
  { organizationId, ...changes }: Changes & { organizationId?: string | null },
): Promise<OrganizationRow> {
  return changeOrganization(scope, organizationId, 'organization.update', async ({ organization, writes, tell }) => {
    const changed = difference<OrganizationRow>(organization, changes);
    if (Object.keys(changed).length === 0) return organization;
    const after: OrganizationRow = { ...organization, ...given(changes), updatedAt: new Date() };
    writes.update('organizations', { id: organization.id, ...given(changes), updatedAt: after.updatedAt });
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
  return changeOrganization(scope, organizationId, 'organization.delete', async ({ organization, writes, tell }) => {
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
  const { user } = await standingIn(scope);
  if (!user.isSuperAdmin) throw new DomainError('FORBIDDEN', 'Only super admins may.', { reason: 'SUPER_ADMIN' });
  const restore = async (change: OrganizationChange) => {
    const { organization, writes, record } = change;
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
    record(user, 'ORGANIZATION_RESTORED', { type: 'ORGANIZATION', id: organization.id });
    return { ...organization, ...status };
  };
  return changeOrganizationFromOutside(scope, organizationId, restore, { deleted: true });
}
