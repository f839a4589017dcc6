import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { InvitationStatus } from '../../generated/prisma/enums.js';
import { orderedBy } from '../../graphql/connection.js';
import { OrganizationId, OrganizationInput } from '../../graphql/organization-input.js';
import { email, id, ids, oneByOne, optional, roleKey, secret, Valid } from '../../graphql/validation.js';

@InputType({ description: 'One of several people to invite, and as what.' })
export class InvitationInput {
  @Field(() => String, { description: 'The address to invite.' })
  @Valid(email)
  email!: string;

  @Field(() => String, { description: 'The key of the role to offer.' })
  @Valid(roleKey)
  role!: string;

  @Field(() => [ID], { nullable: true, description: 'The teams to join on acceptance, at most 100.' })
  @Valid(optional(ids))
  teamIds?: string[] | null;
}

@InputType({ description: 'Whom to invite, and as what.' })
export class InviteMemberInput extends InvitationInput {
  @OrganizationId()
  organizationId?: string | null;
}

@InputType({ description: 'Whom to invite, and as what.' })
export class InviteMembersInput extends OrganizationInput {
  @Field(() => [InvitationInput], { description: 'The people to invite, 1 to 100.' })
  @Valid(oneByOne(100))
  invitations!: InvitationInput[];
}

@InputType()
abstract class OneInvitationInput extends OrganizationInput {
  @Field(() => ID, { description: 'The invitation.' })
  @Valid(id)
  invitationId!: string;
}

@InputType({ description: 'The invitation to mail again.' })
export class ResendInvitationInput extends OneInvitationInput {}

@InputType({ description: 'The invitation to take back.' })
export class RevokeInvitationInput extends OneInvitationInput {}

@InputType()
abstract class AnswerInvitationInput {
  @Field(() => String, { nullable: true, description: 'The secret from the mail. This or `invitationId`.' })
  @Valid(optional(secret))
  token?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'One of `myInvitations`, for a caller whose e-mail address is verified. This or `token`.',
  })
  @Valid(optional(id))
  invitationId?: string | null;
}

@InputType({ description: 'The invitation to accept.' })
export class AcceptInvitationInput extends AnswerInvitationInput {}

@InputType({ description: 'The invitation to decline.' })
export class DeclineInvitationInput extends AnswerInvitationInput {}

@ArgsType()
export class InvitationByTokenArgs {
  @Field(() => String, { description: 'The secret from the mail.' })
  @Valid(secret)
  token!: string;
}

@InputType({ description: 'Which invitations to list.' })
export class InvitationFilter {
  @Field(() => InvitationStatus, { nullable: true, description: 'What has become of them.' })
  status?: InvitationStatus | null;
}

export enum InvitationOrderField {
  CREATED_AT = 'CREATED_AT',
  EMAIL = 'EMAIL',
}

@ArgsType()
export class InvitationsArgs extends orderedBy('Invitation', InvitationOrderField, {
  CREATED_AT: 'By the moment of inviting.',
  EMAIL: 'By address, without regard to case.',
}) {
  @Field(() => InvitationFilter, { nullable: true, description: 'Which invitations to list. Default: all.' })
  filter?: InvitationFilter | null;
}
