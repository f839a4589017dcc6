import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Int, Mutation, Resolver, Root } from 'type-graphql';
import { standingIn } from '../../auth/scope.js';
import type { MemberRow, OrganizationRow, RoleRow, UserRow } from '../../auth/standing.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { ReadsAhead } from '../../graphql/read-ahead.js';
import { wantedOf } from '../../graphql/selection.js';
import { notFound } from '../../platform/errors.js';
import { readPage } from '../../platform/page.js';
import { loadOrganization } from '../organization/organization.loader.js';
import { Organization } from '../organization/organization.type.js';
import { loadRole } from '../role/role.loader.js';
import { Role } from '../role/role.type.js';
import { loadUser } from '../user/user.loader.js';
import { User } from '../user/user.type.js';
import {
  AddMemberInput,
  MemberArgs,
  MembersArgs,
  MembershipsArgs,
  ReinstateMemberInput,
  RemoveMemberInput,
  SuspendMemberInput,
  UpdateMemberInput,
  UpdateMemberRoleInput,
} from './member.input.js';
import { matching, memberById, membershipsOfUser, membersOfOrganization, visibleTo } from './member.loader.js';
import {
  AddMemberPayload,
  ReinstateMemberPayload,
  RemoveMemberPayload,
  SuspendMemberPayload,
  UpdateMemberPayload,
  UpdateMemberRolePayload,
} from './member.payload.js';
import { addMember, reinstateMember, removeMember, suspendMember, updateMemberRole } from './member.service.js';
import { Member } from './member.type.js';
import { updateMember } from './update-member.service.js';

const MemberConnection = connectionOf(() => Member, 'Member', 'members');

@Resolver(() => Member)
export class MemberResolver {
  @FieldResolver(() => User, { description: 'The user who is the member.' })
  user(@Root() member: MemberRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return loadUser(context, member.userId);
  }

  @AnswersWith('organization')
  @FieldResolver(() => Organization, { description: 'The organization of the membership.' })
  organization(@Root() member: MemberRow, @Ctx() context: GraphQLContext): Promise<OrganizationRow> {
    return loadOrganization(context, member.organizationId);
  }

  @FieldResolver(() => Role, { description: 'The role of the member.' })
  role(@Root() member: MemberRow, @Ctx() context: GraphQLContext): Promise<RoleRow> {
    return loadRole(context, member.organizationId, member.roleId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who invited or added the member. Null for founders.' })
  async invitedBy(@Root() member: MemberRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return member.invitedById ? loadUser(context, member.invitedById) : null;
  }

  @Mutation(() => AddMemberPayload, { description: 'Makes an existing user a member at once, without an invitation.' })
  async addMember(
    @Arg('input', () => AddMemberInput, { description: 'Who, and as what.' }) input: AddMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { member: await addMember(context, input) };
  }

  @Mutation(() => UpdateMemberRolePayload, { description: 'Gives a member another role.' })
  async updateMemberRole(
    @Arg('input', () => UpdateMemberRoleInput, { description: 'Who, and which role.' }) input: UpdateMemberRoleInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { member: await updateMemberRole(context, input) };
  }

  @Mutation(() => UpdateMemberPayload, {
    description:
      'Changes role, organization and team of a member in one, all or nothing. A move needs administrators’ rights at both ends; team managers change teams only, of members of the teams that they manage.',
  })
  async updateMember(
    @Arg('input', () => UpdateMemberInput, { description: 'Who, and what.' }) input: UpdateMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { member: await updateMember(context, input) };
  }

  @Mutation(() => SuspendMemberPayload, { description: 'Suspends a membership, from the next request on.' })
  async suspendMember(
    @Arg('input', () => SuspendMemberInput, { description: 'Who.' }) input: SuspendMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { member: await suspendMember(context, input) };
  }

  @Mutation(() => ReinstateMemberPayload, { description: 'Makes a suspended membership count again.' })
  async reinstateMember(
    @Arg('input', () => ReinstateMemberInput, { description: 'Who.' }) input: ReinstateMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { member: await reinstateMember(context, input) };
  }

  @Mutation(() => RemoveMemberPayload, {
    description: 'Removes a member, from the next request on. Everybody may remove themselves, which is leaving.',
  })
  async removeMember(
    @Arg('input', () => RemoveMemberInput, { description: 'Who.' }) input: RemoveMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { removedMemberId: await removeMember(context, input) };
  }
}

@Resolver(() => Organization)
export class OrganizationMembersResolver {
  @ReadsAhead()
  @FieldResolver(() => MemberConnection, { description: 'The members of the organization.' })
  async members(
    @Root() { id }: OrganizationRow,
    @Args(() => MembersArgs) { filter, ...page }: MembersArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const wanted = await wantedOf(info, membersOfOrganization, context, id);
    return readPage(context.reads, membersOfOrganization, [id], page, matching(filter), wanted);
  }

  @ReadsAhead()
  @FieldResolver(() => Member, { description: 'One member of the organization.' })
  async member(
    @Root() organization: OrganizationRow,
    @Args(() => MemberArgs) { id }: MemberArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<MemberRow> {
    const member = await context.reads.row(memberById, [organization.id, id]);
    if (!member) throw notFound('Member');
    return member;
  }

  @AnswersWith('organization')
  @FieldResolver(() => Int, { description: 'How many members the organization has.' })
  async memberCount(@Root() { id }: OrganizationRow, @Ctx() context: GraphQLContext): Promise<number> {
    return (await loadOrganization(context, id)).memberCount;
  }
}

@Resolver(() => User)
export class UserMembershipsResolver {
  @FieldResolver(() => MemberConnection, {
    description:
      'The memberships of the user. Only the user itself may read them; an API key sees that of its organization.',
  })
  async memberships(
    @Root() { id }: UserRow,
    @Args(() => MembershipsArgs) page: MembershipsArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, membershipsOfUser, [id], page, visibleTo(await standingIn(context)));
  }
}
