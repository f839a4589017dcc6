import { assertMember } from '../../auth/access.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import type { MemberRow } from '../../auth/standing.js';
import { notFound } from '../../platform/errors.js';
import { teamById } from '../team/team.loader.js';
import type { Engaged } from './engagement.population.js';
import { rangeOf } from './engagement.range.js';

interface Days {
  startDate?: string | null;
  endDate?: string | null;
}

/**
 * What an engagement of an organization, or of one of its teams, is about. None of its figures is read yet.
 *
 * @throws {DomainError} NOT_FOUND if the organization has no such team.
 * @throws {DomainError} BAD_USER_INPUT for a range that cannot be.
 */
export async function engagementOfOrganization(
  scope: Scope,
  organizationId: string,
  { teamId, ...days }: Days & { teamId?: string | null },
): Promise<Engaged> {
  const engaged = await engagementIn(scope, organizationId, days);
  if (teamId == null) return engaged;
  if (!(await scope.reads.row(teamById, [organizationId, teamId]))) throw notFound('Team');
  return { ...engaged, group: 'TEAM', teamId };
}

/** The same of one member: what this person did for the organization, in whatever team. */
export async function engagementOfMember(scope: Scope, member: MemberRow, days: Days): Promise<Engaged> {
  const { organizationId, userId } = member;
  return { ...(await engagementIn(scope, organizationId, days)), group: 'MEMBER', userId };
}

async function engagementIn(scope: Scope, organizationId: string, days: Days): Promise<Engaged> {
  const standing = await standingIn(scope, organizationId);
  assertMember(standing, true);
  const range = rangeOf(days, standing.organization.activityTimezone);
  return { group: 'ORGANIZATION', organizationId, teamId: null, userId: null, range };
}
