import { changeOrganization, type OrganizationChange } from '../../auth/change-organization.js';
import { type LimitName, limitNames } from '../../auth/plans.js';
import type { Scope } from '../../auth/scope.js';
import type { OrganizationRow } from '../../auth/standing.js';
import { badInput, conflict, type DomainError } from '../../platform/errors.js';
import { usedBy } from './plan.loader.js';

/** What is left of one limit of an organization while a change of it is decided. */
export interface Room {
  used: number;
  /** Null if there is no limit. */
  maximum: number | null;
}

/**
 * How much room there is, as of the organization's version: so it cannot be taken twice, however many come at once.
 */
export async function roomFor(scope: Scope, change: OrganizationChange, name: LimitName): Promise<Room> {
  const maximum = scope.plans.of(change.organization).maximum[name];
  if (maximum === null) return { used: 0, maximum };
  const counted = await change.row(usedBy[name], change.organization.id);
  return { used: counted?.used ?? 0, maximum };
}

/** @throws {DomainError} CONFLICT with LIMIT_REACHED if the plan allows no more. */
export async function assertRoom(scope: Scope, change: OrganizationChange, name: LimitName): Promise<void> {
  const room = await roomFor(scope, change, name);
  if (room.maximum !== null && room.used >= room.maximum) throw limitReached(name, room);
}

/** That something is used up: which limit, how much it allows, and how much there is. */
export function limitReached(limit: string, { used, maximum }: Room): DomainError {
  return conflict('LIMIT_REACHED', `The limit of ${maximum} is reached: ${limit}.`, { limit, used, maximum });
}

/** What an organization has of everything that its plan limits. */
export function limitsOf(scope: Scope, organization: OrganizationRow) {
  const { maximum } = scope.plans.of(organization);
  return limitNames.map((name) => ({
    name,
    maximum: maximum[name],
    used: async () => (await scope.reads.row(usedBy[name], [organization.id]))?.used ?? 0,
  }));
}

/**
 * Puts an organization on another plan. What it has beyond the new limits stays; there is just no more to be had.
 *
 * @throws {DomainError} BAD_USER_INPUT if there is no such plan.
 */
export function updateOrganizationPlan(
  scope: Scope,
  input: { organizationId?: string | null; plan: string },
): Promise<OrganizationRow> {
  return changeOrganization(scope, input.organizationId, 'billing.update', async (change) => {
    const { writes, tell } = change;
    const organization = await change.whole();
    if (!scope.plans.find(input.plan)) throw badInput({ path: 'input.plan', message: 'is not the key of a plan' });
    if (organization.plan === input.plan) return organization;
    const after = { ...organization, plan: input.plan, updatedAt: new Date() };
    writes.update('organizations', { id: organization.id, plan: after.plan, updatedAt: after.updatedAt });
    tell(
      'ORGANIZATION_PLAN_CHANGED',
      { type: 'ORGANIZATION', id: organization.id },
      { plan: { before: organization.plan, after: after.plan } },
    );
    return after;
  });
}
