import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { MemberRow, OrganizationRow } from '../../auth/standing.js';
import { TeamRole } from '../../generated/prisma/enums.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { ReadsAhead } from '../../graphql/read-ahead.js';
import { wantedOf } from '../../graphql/selection.js';
import { notFound } from '../../platform/errors.js';
import { readPage } from '../../platform/page.js';
import { memberById } from '../member/member.loader.js';
import { Member } from '../member/member.type.js';
import { loadOrganization } from '../organization/organization.loader.js';
import { Organization } from '../organization/organization.type.js';
import {
  AddTeamMemberInput,
  CreateTeamInput,
  DeleteTeamInput,
  RemoveTeamMemberInput,
  TeamArgs,
  TeamMembersArgs,
  TeamsArgs,
  UpdateTeamInput,
  UpdateTeamMemberInput,
} from './team.input.js';
import {
  matchingTeamMembers,
  matchingTeams,
  memberCountOfTeam,
  membersOfTeam,
  type TeamMemberRow,
  type TeamMembershipRow,
  type TeamRow,
  teamById,
  teamMembershipsOfMember,
  teamsOfMember,
  teamsOfOrganization,
} from './team.loader.js';
import {
  AddTeamMemberPayload,
  CreateTeamPayload,
  DeleteTeamPayload,
  RemoveTeamMemberPayload,
  UpdateTeamMemberPayload,
  UpdateTeamPayload,
} from './team.payload.js';
import {
  addTeamMember,
  createTeam,
  deleteTeam,
  removeTeamMember,
  updateTeam,
  updateTeamMember,
} from './team.service.js';
import { Team, TeamMemberConnection, TeamMemberEdge, TeamMembership } from './team.type.js';

const TeamConnection = connectionOf(() => Team, 'Team', 'teams');

@Resolver(() => Team)
export class TeamResolver {
  @AnswersWith('organization')
  @FieldResolver(() => Organization, { description: 'The organization that the team belongs to.' })
  organization(@Root() { organizationId }: TeamRow, @Ctx() context: GraphQLContext): Promise<OrganizationRow> {
    return loadOrganization(context, organizationId);
  }

  @FieldResolver(() => Int, { description: 'How many members the team has.' })
  async memberCount(@Root() { organizationId, id }: TeamRow, @Ctx() context: GraphQLContext): Promise<number> {
    return (await context.reads.row(memberCountOfTeam, [organizationId, id]))?.count ?? 0;
  }

  @FieldResolver(() => TeamMemberConnection, { description: 'The members of the team.' })
  async members(
    @Root() { organizationId, id }: TeamRow,
    @Args(() => TeamMembersArgs) { filter, ...page }: TeamMembersArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const wanted = await wantedOf(info, membersOfTeam, context, organizationId);
    return readPage(context.reads, membersOfTeam, [organizationId, id], page, matchingTeamMembers(filter), wanted);
  }

  @Mutation(() => CreateTeamPayload, { description: 'Makes a team.' })
  async createTeam(
    @Arg('input', () => CreateTeamInput, { description: 'The new team.' }) input: CreateTeamInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { team: await createTeam(context, input) };
  }

  @Mutation(() => UpdateTeamPayload, { description: 'Changes what a team says of itself.' })
  async updateTeam(
    @Arg('input', () => UpdateTeamInput, { description: 'What to change.' }) input: UpdateTeamInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { team: await updateTeam(context, input) };
  }

  @Mutation(() => DeleteTeamPayload, { description: 'Deletes a team. Its members stay members of the organization.' })
  async deleteTeam(
    @Arg('input', () => DeleteTeamInput, { description: 'Which one.' }) input: DeleteTeamInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { team: await deleteTeam(context, input) };
  }

  @Mutation(() => AddTeamMemberPayload, { description: 'Puts a member into a team.' })
  async addTeamMember(
    @Arg('input', () => AddTeamMemberInput, { description: 'Who, and into which team.' }) input: AddTeamMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { teamMembership: await addTeamMember(context, input) };
  }

  @Mutation(() => UpdateTeamMemberPayload, {
    description: 'Makes a member of a team its manager, or a plain member again.',
  })
  async updateTeamMember(
    @Arg('input', () => UpdateTeamMemberInput, { description: 'Who, and what.' }) input: UpdateTeamMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { teamMembership: await updateTeamMember(context, input) };
  }

  @Mutation(() => RemoveTeamMemberPayload, { description: 'Takes a member out of a team.' })
  async removeTeamMember(
    @Arg('input', () => RemoveTeamMemberInput, { description: 'Who, and out of which team.' })
    input: RemoveTeamMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { teamMembership: await removeTeamMember(context, input) };
  }
}

@Resolver(() => TeamMemberEdge)
export class TeamMemberEdgeResolver {
  @FieldResolver(() => TeamRole, { description: 'What the member is in the team.' })
  role(@Root() { node }: { node: TeamMemberRow }): TeamRole {
    return node.teamRole;
  }
}

@Resolver(() => TeamMembership)
export class TeamMembershipResolver {
  @FieldResolver(() => Team, { description: 'The team.' })
  team(@Root() { organizationId, teamId }: TeamMembershipRow, @Ctx() context: GraphQLContext): Promise<TeamRow | null> {
    return context.reads.row(teamById, [organizationId, teamId]);
  }

  @FieldResolver(() => Member, { description: 'The member.' })
  member(
    @Root() { organizationId, memberId }: TeamMembershipRow,
    @Ctx() context: GraphQLContext,
  ): Promise<MemberRow | null> {
    return context.reads.row(memberById, [organizationId, memberId]);
  }
}

@Resolver(() => Member)
export class MemberTeamsResolver {
  @FieldResolver(() => [Team], { description: 'The teams of the member, in the order of joining them.' })
  teams(@Root() { organizationId, id }: MemberRow, @Ctx() context: GraphQLContext): Promise<TeamRow[]> {
    return context.reads.rows(teamsOfMember, [organizationId, id]);
  }

  @FieldResolver(() => [TeamMembership], {
    description: 'The teams of the member, each with what the member is there.',
  })
  teamMemberships(
    @Root() { organizationId, id }: MemberRow,
    @Ctx() context: GraphQLContext,
  ): Promise<TeamMembershipRow[]> {
    return context.reads.rows(teamMembershipsOfMember, [organizationId, id]);
  }
}

@Resolver(() => Organization)
export class OrganizationTeamsResolver {
  @ReadsAhead()
  @FieldResolver(() => TeamConnection, { description: 'The teams of the organization.' })
  async teams(
    @Root() { id }: OrganizationRow,
    @Args(() => TeamsArgs) { filter, ...page }: TeamsArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const wanted = await wantedOf(info, teamsOfOrganization, context, id);
    return readPage(context.reads, teamsOfOrganization, [id], page, matchingTeams(filter), wanted);
  }

  @ReadsAhead()
  @FieldResolver(() => Team, { description: 'One team of the organization.' })
  async team(
    @Root() organization: OrganizationRow,
    @Args(() => TeamArgs) { id }: TeamArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<TeamRow> {
    const team = await context.reads.row(teamById, [organization.id, id]);
    if (!team) throw notFound('Team');
    return team;
  }
}
