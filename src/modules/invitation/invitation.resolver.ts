import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { MemberRow, OrganizationRow, RoleRow, UserRow } from '../../auth/standing.js';
import { InvitationStatus } from '../../generated/prisma/enums.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { ReadsAhead } from '../../graphql/read-ahead.js';
import { wantedOf } from '../../graphql/selection.js';
import { issuesOf } from '../../graphql/validation.js';
import { badInput, type DomainError } from '../../platform/errors.js';
import { readPage } from '../../platform/page.js';
import { Organization } from '../organization/organization.type.js';
import { loadRole } from '../role/role.loader.js';
import { Role } from '../role/role.type.js';
import type { TeamRow } from '../team/team.loader.js';
import { Team } from '../team/team.type.js';
import { loadUser } from '../user/user.loader.js';
import { User } from '../user/user.type.js';
import { acceptInvitation, declineInvitation, myInvitations, previewInvitation } from './answer-invitation.service.js';
import {
  AcceptInvitationInput,
  DeclineInvitationInput,
  InvitationByTokenArgs,
  InvitationsArgs,
  InviteMemberInput,
  InviteMembersInput,
  ResendInvitationInput,
  RevokeInvitationInput,
} from './invitation.input.js';
import {
  type InvitationRow,
  invitationsOfOrganization,
  loadInviting,
  matching,
  teamsOfInvitation,
} from './invitation.loader.js';
import {
  AcceptInvitationPayload,
  DeclineInvitationPayload,
  InviteMemberPayload,
  InviteMembersPayload,
  ResendInvitationPayload,
  RevokeInvitationPayload,
} from './invitation.payload.js';
import { statusOf } from './invitation.policy.js';
import { inviteMember, inviteMembers, resendInvitation, revokeInvitation } from './invitation.service.js';
import { Invitation, InvitationPreview } from './invitation.type.js';

const InvitationConnection = connectionOf(() => Invitation, 'Invitation', 'invitations');

@Resolver(() => Invitation)
export class InvitationResolver {
  @FieldResolver(() => InvitationStatus, { description: 'What has become of the invitation.' })
  status(@Root() invitation: InvitationRow): InvitationStatus {
    return statusOf(invitation);
  }

  @AnswersWith('organization')
  @FieldResolver(() => Organization, {
    description: 'The organization that invites. The invited person sees of it what it says of itself.',
  })
  organization(@Root() invitation: InvitationRow, @Ctx() context: GraphQLContext): Promise<OrganizationRow> {
    return loadInviting(context, invitation);
  }

  @FieldResolver(() => Role, { description: 'The offered role.' })
  role(@Root() { organizationId, roleId }: InvitationRow, @Ctx() context: GraphQLContext): Promise<RoleRow> {
    return loadRole(context, organizationId, roleId);
  }

  @FieldResolver(() => [Team], { description: 'The teams to join on acceptance, by name.' })
  teams(@Root() { organizationId, id }: InvitationRow, @Ctx() context: GraphQLContext): Promise<TeamRow[]> {
    return context.reads.rows(teamsOfInvitation, [organizationId, id]);
  }

  @FieldResolver(() => User, { description: 'Who has invited.' })
  invitedBy(@Root() { invitedById }: InvitationRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return loadUser(context, invitedById);
  }

  @Query(() => InvitationPreview, { description: 'What an invitation offers, for whoever has its secret.' })
  invitationByToken(
    @Args(() => InvitationByTokenArgs) { token }: InvitationByTokenArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<InvitationPreview> {
    return previewInvitation(context, token);
  }

  @Query(() => [Invitation], {
    description:
      'The pending invitations for the caller’s address, the latest first. None before the address is verified.',
  })
  myInvitations(@Ctx() context: GraphQLContext): Promise<InvitationRow[]> {
    return myInvitations(context);
  }

  @Mutation(() => InviteMembersPayload, {
    description:
      'Invites up to 100 people at once. What is wrong with one does not keep the others from being invited.',
  })
  async inviteMembers(
    @Arg('input', () => InviteMembersInput, { description: 'Whom, and as what.' }) input: InviteMembersInput,
    @Ctx() context: GraphQLContext,
  ) {
    const invites = input.invitations.map((invite, index) => {
      const issues = issuesOf(invite, ['input', 'invitations', index]);
      return issues.length > 0 ? { email: invite.email, error: badInput(...issues) } : invite;
    });
    const outcomes = await inviteMembers(context, input.organizationId, invites);
    return { results: outcomes.map(({ error, ...outcome }) => ({ ...outcome, error: error && told(error) })) };
  }

  @Mutation(() => ResendInvitationPayload, {
    description: 'Mails a pending invitation again, with a new secret; at most once a minute.',
  })
  async resendInvitation(
    @Arg('input', () => ResendInvitationInput, { description: 'Which one.' }) input: ResendInvitationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { invitation: await resendInvitation(context, input) };
  }

  @Mutation(() => InviteMemberPayload, {
    description:
      'Invites a person by e-mail. The invitation holds for a week, unless the operator has set another time.',
  })
  async inviteMember(
    @Arg('input', () => InviteMemberInput, { description: 'Whom, and as what.' }) input: InviteMemberInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { invitation: await inviteMember(context, input) };
  }

  @Mutation(() => RevokeInvitationPayload, { description: 'Takes a pending invitation back.' })
  async revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'Which one.' }) input: RevokeInvitationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { invitation: await revokeInvitation(context, input) };
  }

  @Mutation(() => AcceptInvitationPayload, {
    description: 'Makes the caller a member. The e-mail address of the caller has to be the invited one.',
  })
  async acceptInvitation(
    @Arg('input', () => AcceptInvitationInput, { description: 'Which one.' }) input: AcceptInvitationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<{ member: MemberRow }> {
    return { member: await acceptInvitation(context, input) };
  }

  @Mutation(() => DeclineInvitationPayload, {
    description: 'Says no to an invitation. With its secret one need not be signed in.',
  })
  async declineInvitation(
    @Arg('input', () => DeclineInvitationInput, { description: 'Which one.' }) input: DeclineInvitationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { invitation: await declineInvitation(context, input) };
  }
}

function told({ code, message, facts: { issues = [], ...facts } }: DomainError) {
  return { code, message, facts, issues };
}

@Resolver(() => Organization)
export class OrganizationInvitationsResolver {
  @ReadsAhead()
  @FieldResolver(() => InvitationConnection, { description: 'The invitations of the organization, the newest first.' })
  async invitations(
    @Root() { id }: OrganizationRow,
    @Args(() => InvitationsArgs) { filter, ...page }: InvitationsArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const wanted = await wantedOf(info, invitationsOfOrganization, context, id);
    return readPage(context.reads, invitationsOfOrganization, [id], page, matching(filter), wanted);
  }
}
