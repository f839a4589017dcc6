import { assertMember, assertPermitted } from '../../auth/access.js';
import { type Scope, standingIn } from '../../auth/scope.js';
import { authorityOf, type OrganizationStanding } from '../../auth/standing.js';
import { userStanding } from '../../auth/standing-sql.js';
import { wholeOrganization, wholeRole } from '../../auth/whole-rows.js';
import { badInput, notFound } from '../../platform/errors.js';
import { teamById } from '../team/team.loader.js';
import { explain, type Subject } from './permission.policy.js';

/** What the caller may do in an organization: every permission there is, with the reason. */
export async function myPermissions(scope: Scope, organizationId?: string | null) {
  const standing = await memberStanding(scope, organizationId);
  const catalogue = [...scope.catalogue.all].map((permission) => ({ permission, ...explain(standing, permission) }));
  return {
    organization: await wholeOrganization(scope, standing),
    role: await wholeRole(scope, standing),
    granted: catalogue.filter(({ granted }) => granted).map(({ permission }) => permission),
    catalogue,
  };
}

/**
 * Answers whether a user may do something, for the backend of an app that has features of its own.
 *
 * @throws {DomainError} BAD_USER_INPUT if the catalogue does not have the permission.
 * @throws {DomainError} FORBIDDEN if it is about somebody else and the caller may not see people.
 * @throws {DomainError} NOT_FOUND if the organization has no such team.
 */
export async function checkPermission(
  scope: Scope,
  question: { organizationId?: string | null; userId?: string | null; permission: string; teamId?: string | null },
) {
  const { userId, permission, teamId } = question;
  const standing = await memberStanding(scope, question.organizationId);
  if (!scope.catalogue.all.has(permission)) {
    throw badInput({ path: 'permission', message: 'is not in the permission catalogue' });
  }
  const organizationId = standing.organization.id;
  if (teamId && !(await scope.reads.row(teamById, [organizationId, teamId]))) throw notFound('Team');
  if (!userId || userId === standing.user.id) return explain(standing, permission, teamId);
  assertPermitted(standing, 'users.read');
  return explain(await subjectOf(scope, organizationId, userId), permission, teamId);
}

/** Somebody who is no member and somebody who does not exist look the same: who has an account is nobody's business. */
async function subjectOf(scope: Scope, organizationId: string, userId: string): Promise<Subject> {
  const found = await scope.reads.row(userStanding, [organizationId, userId]);
  if (!found?.member) {
    const nobody = {
      user: { status: 'ACTIVE' },
      isSuperAdmin: false,
      apiKey: null,
      organization: { status: 'ACTIVE' },
      member: null,
    };
    return { ...nobody, managedTeamIds: [], permissions: new Set(), rank: 0 };
  }
  const { isSuperAdmin } = found.user;
  return { ...found, isSuperAdmin, apiKey: null, ...authorityOf(scope.catalogue, found) };
}

async function memberStanding(scope: Scope, organizationId?: string | null): Promise<OrganizationStanding> {
  const standing = await standingIn(scope, organizationId);
  assertMember(standing, Boolean(organizationId ?? scope.currentOrganizationId));
  return standing;
}
