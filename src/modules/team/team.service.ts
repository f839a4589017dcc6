import { difference } from '../../auth/audit.js';
import { changeOrganization, type MemberChange } from '../../auth/change-organization.js';
import type { Scope } from '../../auth/scope.js';
import type { TeamRole } from '../../generated/prisma/client.js';
import { conflict, notFound } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { inOrder } from '../../platform/in-order.js';
import { given } from '../../platform/writes.js';
import { memberNamed, membershipOf, teamsWith } from '../member/member.service.js';
import { slugFrom, withRandomEnd } from '../organization/organization.founding.js';
import { assertRoom } from '../plan/plan.service.js';
import { type TeamMembershipRow, type TeamRow, teamBySlug, teamMembershipOf } from './team.loader.js';
import { assertMayAssign, assertPermittedInTeam } from './team.policy.js';

interface InOrganization {
  organizationId?: string | null;
}

/**
 * Makes a team.
 *
 * @throws {DomainError} CONFLICT with SLUG_TAKEN. A slug that was made from the name gives way instead.
 * @throws {DomainError} CONFLICT with LIMIT_REACHED if the plan allows no more.
 */
export function createTeam(
  scope: Scope,
  input: InOrganization & { name: string; slug?: string | null; description?: string | null },
): Promise<TeamRow> {
  return changeOrganization(scope, input.organizationId, 'teams.create', async (change) => {
    const { organization, writes, tell } = change;
    const [slug] = await Promise.all([
      input.slug ?? freeSlug(change, slugFrom(input.name, 'team')),
      assertRoom(scope, change, 'teams'),
    ]);
    const now = new Date();
    const team: TeamRow = {
      organizationId: organization.id,
      id: newId(),
      name: input.name,
      slug,
      description: input.description ?? null,
      createdAt: now,
      updatedAt: now,
    };
    writes.insert('teams', team);
    const { name } = team;
    tell('TEAM_CREATED', { type: 'TEAM', id: team.id }, difference<TeamRow>({}, { name, slug }));
    return team;
  });
}

/**
 * Changes what a team says of itself; its managers may, too.
 *
 * @throws {DomainError} NOT_FOUND if there is no such team.
 * @throws {DomainError} CONFLICT with SLUG_TAKEN.
 */
export function updateTeam(
  scope: Scope,
  input: InOrganization & { teamId: string } & Partial<Pick<TeamRow, 'name' | 'slug' | 'description'>>,
): Promise<TeamRow> {
  return changeOrganization(scope, input.organizationId, null, async (change) => {
    const { actor, writes, tell } = change;
    const { organizationId: _, teamId, ...fields } = input;
    assertPermittedInTeam(actor, 'teams.update', teamId);
    const team = await teamNamed(change, teamId);
    const changed = difference<TeamRow>(team, given(fields));
    if (Object.keys(changed).length === 0) return team;
    const after: TeamRow = { ...team, ...given(fields), updatedAt: new Date() };
    writes.update('teams', after);
    tell('TEAM_UPDATED', { type: 'TEAM', id: team.id }, changed);
    return after;
  });
}

/**
 * Deletes a team; its members stay members of the organization.
 *
 * @throws {DomainError} NOT_FOUND if there is no such team.
 */
export function deleteTeam(scope: Scope, input: InOrganization & { teamId: string }): Promise<TeamRow> {
  return changeOrganization(scope, input.organizationId, 'teams.delete', async (change) => {
    const team = await teamNamed(change, input.teamId);
    const { organizationId, id, name, slug } = team;
    change.writes.delete('teams', { organizationId, id });
    change.tell(
      'TEAM_DELETED',
      { type: 'TEAM', id },
      {
        name: { before: name, after: null },
        slug: { before: slug, after: null },
      },
    );
    return team;
  });
}

interface TeamAndMember extends InOrganization {
  teamId: string;
  memberId: string;
}

/**
 * Puts a member into a team.
 *
 * @throws {DomainError} NOT_FOUND if there is no such team or member.
 * @throws {DomainError} FORBIDDEN if the actor manages the team, but not such members (R5).
 * @throws {DomainError} CONFLICT with ALREADY_TEAM_MEMBER.
 */
export function addTeamMember(scope: Scope, input: TeamAndMember & { role: TeamRole }): Promise<TeamMembershipRow> {
  return changeOrganization(scope, input.organizationId, null, async (change) => {
    const { organization, actor, writes, tell } = change;
    assertPermittedInTeam(actor, 'teams.assign', input.teamId);
    const [team, member, existing] = await inOrder([
      teamNamed(change, input.teamId),
      memberNamed(change, input.memberId),
      change.row(teamMembershipOf, organization.id, input.teamId, input.memberId),
    ]);
    assertMayAssign(actor, member, null, input.role);
    if (existing) throw conflict('ALREADY_TEAM_MEMBER', 'The member is already in this team.');
    const membership: TeamMembershipRow = { ...membershipOf(member, team.id), role: input.role };
    writes.insert('team_memberships', membership);
    tell(
      'TEAM_MEMBER_ADDED',
      { type: 'TEAM', id: team.id },
      {
        memberId: { before: null, after: member.id },
        role: { before: null, after: membership.role },
      },
    );
    return membership;
  });
}

/**
 * Makes a member of a team its manager, or a plain member again.
 *
 * @throws {DomainError} NOT_FOUND if the member is not in the team.
 * @throws {DomainError} FORBIDDEN if the actor is but a manager of the team (R5).
 */
export function updateTeamMember(scope: Scope, input: TeamAndMember & { role: TeamRole }): Promise<TeamMembershipRow> {
  return changeOrganization(scope, input.organizationId, null, async (change) => {
    assertPermittedInTeam(change.actor, 'teams.assign', input.teamId);
    const { member, membership } = await teamMember(change, input);
    assertMayAssign(change.actor, member, membership.role, input.role);
    if (membership.role === input.role) return membership;
    const { organizationId, id } = membership;
    change.writes.update('team_memberships', { organizationId, id, role: input.role });
    change.tell(
      'TEAM_MEMBER_UPDATED',
      { type: 'TEAM', id: input.teamId },
      {
        memberId: { before: member.id, after: member.id },
        role: { before: membership.role, after: input.role },
      },
    );
    return { ...membership, role: input.role };
  });
}

/**
 * Takes a member out of a team.
 *
 * @throws {DomainError} NOT_FOUND if the member is not in the team.
 * @throws {DomainError} FORBIDDEN if the actor manages the team, but not such members (R5).
 */
export function removeTeamMember(scope: Scope, input: TeamAndMember): Promise<TeamMembershipRow> {
  return changeOrganization(scope, input.organizationId, null, async (change) => {
    assertPermittedInTeam(change.actor, 'teams.assign', input.teamId);
    const { member, membership } = await teamMember(change, input);
    assertMayAssign(change.actor, member, membership.role, null);
    const { organizationId, id } = membership;
    change.writes.delete('team_memberships', { organizationId, id });
    change.tell(
      'TEAM_MEMBER_REMOVED',
      { type: 'TEAM', id: input.teamId },
      {
        memberId: { before: input.memberId, after: null },
        role: { before: membership.role, after: null },
      },
    );
    return membership;
  });
}

async function freeSlug(change: MemberChange, slug: string): Promise<string> {
  return (await change.row(teamBySlug, change.organization.id, slug)) ? withRandomEnd(slug) : slug;
}

async function teamNamed(change: MemberChange, id: string): Promise<TeamRow> {
  const [team] = await teamsWith(change, [id]);
  return team!;
}

async function teamMember(change: MemberChange, { teamId, memberId }: TeamAndMember) {
  const [, member, membership] = await inOrder([
    teamNamed(change, teamId),
    memberNamed(change, memberId),
    change.row(teamMembershipOf, change.organization.id, teamId, memberId),
  ]);
  if (!membership) throw notFound('Team membership');
  return { member, membership };
}
