import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { InvitationStatus } from '../../generated/prisma/enums.js';
import { DateTime } from '../../graphql/scalars.js';

registerEnumType(InvitationStatus, {
  name: 'InvitationStatus',
  description: 'What has become of an invitation.',
  valuesConfig: {
    PENDING: { description: 'Waits for an answer.' },
    ACCEPTED: { description: 'The person has become a member.' },
    DECLINED: { description: 'The person has said no.' },
    REVOKED: { description: 'Was taken back.' },
    EXPIRED: { description: 'Was not answered in time.' },
    INVALIDATED: { description: 'Was accepted when whoever invited could no longer give that role.' },
  },
});

@ObjectType({ description: 'An offer of membership to an e-mail address.', simpleResolvers: true })
export class Invitation {
  @Field(() => ID, { description: 'The id of the invitation.' })
  id!: string;

  @Field(() => String, { description: 'The invited address.' })
  email!: string;

  @Field(() => DateTime, { description: 'Until when it can be accepted.' })
  expiresAt!: Date;

  @Field(() => DateTime, { description: 'When it was mailed last.' })
  sentAt!: Date;

  @Field(() => Int, { description: 'How often it was mailed.' })
  sendCount!: number;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;
}

@ObjectType({ description: 'What the holder of an invitation sees of it before signing in.', simpleResolvers: true })
export class InvitationPreview {
  @Field(() => String, { description: 'The name of the organization.' })
  organizationName!: string;

  @Field(() => String, { nullable: true, description: 'The logo of the organization.' })
  organizationLogoUrl!: string | null;

  @Field(() => String, { description: 'The name of the offered role.' })
  roleName!: string;

  @Field(() => String, { description: 'The name of whoever has invited.' })
  inviterName!: string;

  @Field(() => String, { description: 'The invited address. Only its owner can accept.' })
  email!: string;

  @Field(() => InvitationStatus, { description: 'What has become of the invitation.' })
  status!: InvitationStatus;

  @Field(() => DateTime, { description: 'Until when it can be accepted.' })
  expiresAt!: Date;
}
