import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';

@ObjectType({ description: 'The tokens of a session.', simpleResolvers: true })
export class Session {
  @Field(() => String, {
    description: 'A JWT for the Authorization header: `Bearer <accessToken>`. Lives ten minutes.',
  })
  accessToken!: string;

  @Field(() => String, {
    description:
      'Exchange it with `refreshSession` for new tokens, once. Using it a second time ends the session. Shown only here.',
  })
  refreshToken!: string;

  @Field(() => String, { description: 'Always `Bearer`.' })
  tokenType!: string;

  @Field(() => DateTime, { description: 'When the access token expires.' })
  expiresAt!: Date;
}
