import { Field, InputType } from 'type-graphql';
import {
  email,
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

  @Field(() => String, {
    nullable: true,
    description: 'The secret of an invitation to this address: it proves the address, and is accepted on the way.',
  })
  @Valid(optional(secret))
  invitationToken?: string | null;
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
