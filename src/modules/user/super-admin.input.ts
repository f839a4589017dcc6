import { Field, ID, InputType } from 'type-graphql';
import { UserStatus } from '../../generated/prisma/enums.js';
import { id, Valid } from '../../graphql/validation.js';

@InputType({ description: 'Whether a user may sign in.' })
export class SetUserStatusInput {
  @Field(() => ID, { description: 'The user.' })
  @Valid(id)
  userId!: string;

  @Field(() => UserStatus, { description: 'DELETED is for good.' })
  status!: UserStatus;
}

@InputType({ description: 'Whether a user stands above all organizations.' })
export class SetSuperAdminInput {
  @Field(() => ID, { description: 'The user.' })
  @Valid(id)
  userId!: string;

  @Field(() => Boolean, { description: 'Whether the user is to be a super admin.' })
  isSuperAdmin!: boolean;
}
