import { changeOrganization } from '../../auth/change-organization.js';
import type { Scope } from '../../auth/scope.js';
import type { TeamRole } from '../../generated/prisma/client.js';
import { conflict, notFound } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { memberNamed, membershipOf, teamsWith } from '../member/member.service.js';
import { slugFrom } from '../organization/organization.founding.js';
import { type TeamMembershipRow, type TeamRow, teamMembershipOf } from './team.loader.js';

/**
 * Makes a team.
 *
 * @throws {DomainError} CONFLICT with SLUG_TAKEN.
 */
export function createTeam(
  scope: Scope,
  input: { organizationId?: string | null; name: string; slug?: string | null; description?: string | null },
): Promise<TeamRow> {
  return changeOrganization(scope, input.organizationId, 'teams.create', async ({ organization, writes, tell }) => {
    const now = new Date();
    const team: TeamRow = {
      organizationId: organization.id,
      id: newId(),
      name: input.name,
      slug: input.slug ?? slugFrom(input.name, 'team'),
      description: input.description ?? null,
      createdAt: now,
      updatedAt: now,
    };
    writes.insert('teams', team);
    tell(
      'TEAM_CREATED',
      { type: 'TEAM', id: team.id },
      {
        name: { before: null, after: team.name },
        slug: { before: null, after: team.slug },
      },
    );
    return team;
  });
}

interface TeamAndMember {
  organizationId?: string | null;
  teamId: string;
  memberId: string;
}

/**
 * Puts a member into a team.
 *
 * @throws {DomainError} NOT_FOUND if there is no such team or member.
 * @throws {DomainError} CONFLICT with ALREADY_TEAM_MEMBER.
 */
export function addTeamMember(scope: Scope, input: TeamAndMember & { role: TeamRole }): Promise<TeamMembershipRow> {
  return changeOrganization(scope, input.organizationId, 'teams.assign', async (change) => {
    const { organization, writes, tell } = change;
    const [[team], member, existing] = await Promise.all([
      teamsWith(change, [input.teamId]),
      memberNamed(change, input.memberId),
      change.row(teamMembershipOf, organization.id, input.teamId, input.memberId),
    ]);
    if (existing) throw conflict('ALREADY_TEAM_MEMBER', 'The member is already in this team.');
    const membership: TeamMembershipRow = { ...membershipOf(member, team!.id), role: input.role };
    writes.insert('team_memberships', membership);
    tell(
      'TEAM_MEMBER_ADDED',
      { type: 'TEAM', id: team!.id },
      {
        memberId: { before: null, after: member.id },
        role: { before: null, after: membership.role },
      },
    );
    return membership;
  });
}

/**
 * Takes a member out of a team.
 *
 * @throws {DomainError} NOT_FOUND if the member is not in the team.
 */
export function removeTeamMember(scope: Scope, input: TeamAndMember): Promise<string> {
  return changeOrganization(scope, input.organizationId, 'teams.assign', async (change) => {
    const { organization, writes, tell } = change;
    const membership = await change.row(teamMembershipOf, organization.id, input.teamId, input.memberId);
    if (!membership) throw notFound('Team membership');
    writes.delete('team_memberships', { organizationId: organization.id, id: membership.id });
    tell(
      'TEAM_MEMBER_REMOVED',
      { type: 'TEAM', id: input.teamId },
      {
        memberId: { before: input.memberId, after: null },
        role: { before: membership.role, after: null },
      },
    );
    return membership.id;
  });
}
