import { Field, ID, InputType } from 'type-graphql';
import { UserStatus } from '../../generated/prisma/enums.js';
import {
  email,
  id,
  kept,
  name,
  optional,
  password,
  secret,
  timezone,
  url,
  username,
  Valid,
} from '../../graphql/validation.js';

@InputType({ description: 'What a new account needs.' })
export class RegisterInput {
  @Field(() => String, { description: 'The address to sign in with.' })
  @Valid(email)
  email!: string;

  @Field(() => String, { description: '8 to 128 characters of any kind.' })
  @Valid(password)
  password!: string;

  @Field(() => String, { description: 'The name as the person writes it, 1 to 100 characters.' })
  @Valid(name)
  fullName!: string;

  @Field(() => String, { nullable: true, description: '2 to 39 letters, digits, dots, hyphens and underscores.' })
  @Valid(optional(username))
  username?: string | null;
}

@InputType({ description: 'The credentials of an account.' })
export class LoginInput {
  @Field(() => String, { description: 'The address of the account.' })
  @Valid(email)
  email!: string;

  @Field(() => String, { description: 'The password of the account.' })
  @Valid(password)
  password!: string;
}

@InputType({ description: 'The secret that renews a session.' })
export class RefreshSessionInput {
  @Field(() => String, { description: 'The refresh token that was handed out last.' })
  @Valid(secret)
  refreshToken!: string;
}

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

@InputType({ description: 'Which sessions to end.' })
export class LogoutInput {
  @Field(() => Boolean, { nullable: true, description: 'End all sessions of the user, on every device.' })
  everywhere?: boolean | null;
}

@InputType({ description: 'What to change of oneself. An absent field keeps its value; null clears it.' })
export class UpdateMeInput {
  @Field(() => String, { nullable: true, description: '2 to 39 letters, digits, dots, hyphens and underscores.' })
  @Valid(optional(username))
  username?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 100 characters. Cannot be cleared.' })
  @Valid(kept(name))
  fullName?: string;

  @Field(() => String, { nullable: true, description: 'An http or https URL.' })
  @Valid(optional(url))
  avatarUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'An IANA time zone such as Europe/Berlin. Cannot be cleared.' })
  @Valid(kept(timezone))
  timezone?: string;
}
