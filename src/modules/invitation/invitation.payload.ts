import { Field, ObjectType } from 'type-graphql';
import { Member } from '../member/member.type.js';
import { Invitation } from './invitation.type.js';

@ObjectType({ description: 'The invitation that is on its way.', simpleResolvers: true })
export class InviteMemberPayload {
  @Field(() => Invitation, { description: 'The invitation. Its secret is only in the mail.' })
  invitation!: Invitation;
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
