import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { MemberStatus } from '../../generated/prisma/enums.js';
import { DateTime } from '../../graphql/scalars.js';

registerEnumType(MemberStatus, {
  name: 'MemberStatus',
  description: 'Whether a membership counts.',
  valuesConfig: {
    ACTIVE: { description: 'The member may do what the role permits.' },
    SUSPENDED: { description: 'The member may do nothing here until reinstated.' },
  },
});

@ObjectType({ description: 'A user in an organization, with one role there.', simpleResolvers: true })
export class Member {
  @Field(() => ID, { description: 'The id of the membership, not of the user.' })
  id!: string;

  @Field(() => MemberStatus, { description: 'Whether the membership counts.' })
  status!: MemberStatus;

  @Field(() => DateTime, { description: 'When the user joined the organization.' })
  joinedAt!: Date;
}
