import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { MemberRow, OrganizationRow, RoleRow, UserRow } from '../../auth/standing.js';
import { InvitationStatus } from '../../generated/prisma/enums.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { readPage } from '../../platform/page.js';
import { loadOrganization } from '../organization/organization.loader.js';
import { Organization } from '../organization/organization.type.js';
import { loadRole } from '../role/role.loader.js';
import { Role } from '../role/role.type.js';
import type { TeamRow } from '../team/team.loader.js';
import { Team } from '../team/team.type.js';
import { loadUser } from '../user/user.loader.js';
import { User } from '../user/user.type.js';
import {
  AcceptInvitationInput,
  InvitationByTokenArgs,
  InvitationsArgs,
  InviteMemberInput,
  RevokeInvitationInput,
} from './invitation.input.js';
import { type InvitationRow, invitationsOfOrganization, matching, teamsOfInvitation } from './invitation.loader.js';
import { AcceptInvitationPayload, InviteMemberPayload, RevokeInvitationPayload } from './invitation.payload.js';
import { statusOf } from './invitation.policy.js';
import { acceptInvitation, inviteMember, previewInvitation, revokeInvitation } from './invitation.service.js';
import { Invitation, InvitationPreview } from './invitation.type.js';

const InvitationConnection = connectionOf(() => Invitation, 'Invitation', 'invitations');

@Resolver(() => Invitation)
export class InvitationResolver {
  @FieldResolver(() => InvitationStatus, { description: 'What has become of the invitation.' })
  status(@Root() invitation: InvitationRow): InvitationStatus {
    return statusOf(invitation);
  }

  @FieldResolver(() => Organization, { description: 'The organization that invites.' })
  organization(@Root() { organizationId }: InvitationRow, @Ctx() context: GraphQLContext): Promise<OrganizationRow> {
    return loadOrganization(context, organizationId);
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

  @Mutation(() => InviteMemberPayload, { description: 'Invites a person by e-mail. The invitation holds for 7 days.' })
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
    return { member: await acceptInvitation(context, input.token) };
  }
}

@Resolver(() => Organization)
export class OrganizationInvitationsResolver {
  @FieldResolver(() => InvitationConnection, { description: 'The invitations of the organization, the newest first.' })
  invitations(
    @Root() { id }: OrganizationRow,
    @Args(() => InvitationsArgs) { filter, ...page }: InvitationsArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, invitationsOfOrganization, [id], page, matching(filter));
  }
}
