import { Field, ID, ObjectType } from 'type-graphql';
import { Member } from './member.type.js';

@ObjectType({ description: 'The new member.', simpleResolvers: true })
export class AddMemberPayload {
  @Field(() => Member, { description: 'The membership.' })
  member!: Member;
}

@ObjectType({ description: 'The changed member.', simpleResolvers: true })
export class UpdateMemberRolePayload {
  @Field(() => Member, { description: 'The member as it is now.' })
  member!: Member;
}

@ObjectType({ description: 'The changed member.', simpleResolvers: true })
export class UpdateMemberPayload {
  @Field(() => Member, {
    description: 'The member as it is now; after a move, the membership of the other organization.',
  })
  member!: Member;
}

@ObjectType({ description: 'The suspended member.', simpleResolvers: true })
export class SuspendMemberPayload {
  @Field(() => Member, { description: 'The member as it is now.' })
  member!: Member;
}

@ObjectType({ description: 'The reinstated member.', simpleResolvers: true })
export class ReinstateMemberPayload {
  @Field(() => Member, { description: 'The member as it is now.' })
  member!: Member;
}

@ObjectType({ description: 'The removed member.', simpleResolvers: true })
export class RemoveMemberPayload {
  @Field(() => ID, { description: 'The id of the membership that is gone.' })
  removedMemberId!: string;
}
