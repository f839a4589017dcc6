import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';
import { IntegrationKey, IntegrationTokenRevocation } from './integration-token.type.js';

/** A token at the only moment at which it can be seen. */
@ObjectType({ simpleResolvers: true })
export abstract class IssuedIntegrationToken {
  @Field(() => String, {
    description:
      'The token: a JWT (RFC 7519), signed with RS256, of the type `integration+jwt`. It is shown only here.',
  })
  token!: string;

  @Field(() => ID, { description: 'Its id, by which it can be revoked.' })
  jti!: string;

  @Field(() => String, { description: 'The key that signed it.' })
  kid!: string;

  @Field(() => DateTime, {
    description: 'When its time is over: earlier than asked for if its key is to be retired before.',
  })
  expiresAt!: Date;
}

@ObjectType({ description: 'The new integration token.', simpleResolvers: true })
export class IssueIntegrationTokenPayload extends IssuedIntegrationToken {}

@ObjectType({ description: 'The token that replaces the one that was sent.', simpleResolvers: true })
export class RotateIntegrationTokenPayload extends IssuedIntegrationToken {}

@ObjectType({ description: 'What was revoked.', simpleResolvers: true })
export class RevokeIntegrationTokenPayload {
  @Field(() => IntegrationTokenRevocation, {
    nullable: true,
    description:
      'The revocation, the first one if there were several. Null if what was sent is no token of this organization.',
  })
  revocation!: IntegrationTokenRevocation | null;
}

@ObjectType({ description: 'The new key.', simpleResolvers: true })
export class RotateIntegrationKeyPayload {
  @Field(() => IntegrationKey, { description: 'The key that is now published, and signs from `activatesAt` on.' })
  integrationKey!: IntegrationKey;
}
