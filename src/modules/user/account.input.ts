import { Field, InputType } from 'type-graphql';
import { email, password, secret, Valid } from '../../graphql/validation.js';

@InputType({ description: 'The old password and the new one.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password until now.' })
  @Valid(password)
  currentPassword!: string;

  @Field(() => String, { description: '8 to 128 characters of any kind, and none of those that are guessed first.' })
  @Valid(password)
  newPassword!: string;
}

@InputType({ description: 'Whose password is to be chosen anew.' })
export class RequestPasswordResetInput {
  @Field(() => String, { description: 'The address of the account.' })
  @Valid(email)
  email!: string;
}

@InputType({ description: 'The secret of a link, and the password to have from now on.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'The secret at the end of the link.' })
  @Valid(secret)
  token!: string;

  @Field(() => String, { description: '8 to 128 characters of any kind, and none of those that are guessed first.' })
  @Valid(password)
  newPassword!: string;
}

@InputType({ description: 'The secret that proves an e-mail address.' })
export class VerifyEmailInput {
  @Field(() => String, { description: 'The secret at the end of the link.' })
  @Valid(secret)
  token!: string;
}

@InputType({ description: 'The address to sign in with from now on.' })
export class RequestEmailChangeInput {
  @Field(() => String, { description: 'The new address. It gets a link that has to be used first.' })
  @Valid(email)
  newEmail!: string;

  @Field(() => String, { description: 'The password of the account.' })
  @Valid(password)
  currentPassword!: string;
}
