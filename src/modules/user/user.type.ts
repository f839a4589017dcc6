import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { UserRow } from '../../auth/standing.js';
import { UserStatus } from '../../generated/prisma/enums.js';
import { DateTime } from '../../graphql/scalars.js';

registerEnumType(UserStatus, {
  name: 'UserStatus',
  description: 'Whether a user may sign in.',
  valuesConfig: {
    ACTIVE: { description: 'May sign in.' },
    SUSPENDED: { description: 'May not sign in until a super admin lifts it.' },
    DELETED: { description: 'Is gone, and kept only for the record.' },
  },
});

@ObjectType({ description: 'A person, who may belong to many organizations.', simpleResolvers: true })
export class User {
  @Field(() => ID, { description: 'The id of the user.' })
  id!: string;

  @Field(() => String, { description: 'The address to sign in with. Unique without regard to case.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'A short public name. Unique without regard to case.' })
  username!: string | null;

  @Field(() => String, { description: 'The name as the person writes it.' })
  fullName!: string;

  @Field(() => String, { nullable: true, description: 'An http or https URL of a picture.' })
  avatarUrl!: string | null;

  @Field(() => String, { description: 'The IANA time zone of the person.' })
  timezone!: string;

  @Field(() => UserStatus, { description: 'Whether the user may sign in.' })
  status!: UserStatus;

  @Field(() => Boolean, { description: 'Whether the user stands above all organizations.' })
  isSuperAdmin!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When the user was last active in any app that reports it.' })
  lastActiveAt!: Date | null;

  @Field(() => DateTime, { description: 'When the account was made.' })
  createdAt!: Date;
}

export type { UserRow };
