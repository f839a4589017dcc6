import { Field, ID, InputType } from 'type-graphql';
import { id, secret, Valid } from '../../graphql/validation.js';

@InputType({ description: 'The secret that renews a session.' })
export class RefreshSessionInput {
  @Field(() => String, { description: 'The refresh token that was handed out last.' })
  @Valid(secret)
  refreshToken!: string;
}

@InputType({ description: 'Which sessions to end.' })
export class LogoutInput {
  @Field(() => Boolean, { nullable: true, description: 'End all sessions of the user, on every device.' })
  everywhere?: boolean | null;
}

@InputType({ description: 'The organization to work in.' })
export class SwitchOrganizationInput {
  @Field(() => ID, { description: 'An organization that the caller belongs to.' })
  @Valid(id)
  organizationId!: string;
}
