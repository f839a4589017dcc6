import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { ErrorCodes, InputIssue } from '../../graphql/error-code.js';
import type { ErrorCode } from '../../platform/errors.js';
import { Member } from '../member/member.type.js';
import { Invitation, InvitationPreview } from './invitation.type.js';

@ObjectType({ description: 'The invitation that is on its way.', simpleResolvers: true })
export class InviteMemberPayload {
  @Field(() => Invitation, { description: 'The invitation. Its secret is only in the mail.' })
  invitation!: Invitation;
}

@ObjectType({ description: 'Why one of several invitations was not made.', simpleResolvers: true })
export class InvitationError {
  @Field(() => ErrorCodes, { description: 'What `extensions.code` would be.' })
  code!: ErrorCode;

  @Field(() => String, { description: 'What is wrong, for people.' })
  message!: string;

  @Field(() => GraphQLJSONObject, {
    description: 'What else `extensions` would hold, such as `reason`, `invitationId` or `missingPermissions`.',
  })
  facts!: object;

  @Field(() => [InputIssue], { description: 'What is wrong with the input, field by field.' })
  issues!: InputIssue[];
}

@ObjectType({ description: 'What has become of one of several invitations.', simpleResolvers: true })
export class InvitationResult {
  @Field(() => String, { description: 'The address, as it was given.' })
  email!: string;

  @Field(() => Invitation, { nullable: true, description: 'The invitation, if it was made.' })
  invitation!: Invitation | null;

  @Field(() => InvitationError, { nullable: true, description: 'Why it was not made.' })
  error!: InvitationError | null;
}

@ObjectType({ description: 'What has become of several invitations.', simpleResolvers: true })
export class InviteMembersPayload {
  @Field(() => [InvitationResult], { description: 'One for each that was asked for, in the same order.' })
  results!: InvitationResult[];
}

@ObjectType({ description: 'The invitation that is on its way again.', simpleResolvers: true })
export class ResendInvitationPayload {
  @Field(() => Invitation, { description: 'The invitation. Its new secret is only in the mail.' })
  invitation!: Invitation;
}

@ObjectType({ description: 'The declined invitation.', simpleResolvers: true })
export class DeclineInvitationPayload {
  @Field(() => InvitationPreview, { description: 'The invitation as it is now.' })
  invitation!: InvitationPreview;
}

@ObjectType({ description: 'The revoked invitation.', simpleResolvers: true })
export class RevokeInvitationPayload {
  @Field(() => Invitation, { description: 'The invitation as it is now.' })
  invitation!: Invitation;
}

@ObjectType({ description: 'The membership that came of an invitation.', simpleResolvers: true })
export class AcceptInvitationPayload {
  @Field(() => Member, { description: 'The membership of the caller.' })
  member!: Member;
}
