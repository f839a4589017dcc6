import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';
import {
  IntegrationKeyStatus,
  IntegrationTokenInvalidReason,
  IntegrationTokenStatus,
} from './integration-token.status.js';

registerEnumType(IntegrationKeyStatus, {
  name: 'IntegrationKeyStatus',
  description: 'What a key is used for at this moment.',
  valuesConfig: {
    NEXT: { description: 'Published, so that everybody has it before it begins to sign.' },
    ACTIVE: { description: 'Signs new tokens.' },
    RETIRING: { description: 'Signs no more, but tokens of it still count.' },
    RETIRED: { description: 'No longer published; no token of it counts.' },
  },
});

registerEnumType(IntegrationTokenStatus, {
  name: 'IntegrationTokenStatus',
  description: 'Whether a token still counts, and if not, why.',
  valuesConfig: {
    ACTIVE: { description: 'It counts.' },
    EXPIRED: { description: 'Its time is over.' },
    REVOKED: { description: 'It was revoked.' },
    KEY_RETIRED: { description: 'Its key was retired before its time was over.' },
  },
});

registerEnumType(IntegrationTokenInvalidReason, {
  name: 'IntegrationTokenInvalidReason',
  description: 'Why a token does not count. More is not told.',
  valuesConfig: {
    INVALID: { description: 'It is no token of this organization for this audience, or its key was retired.' },
    EXPIRED: { description: 'It is genuine, but its time is over.' },
    REVOKED: { description: 'It is genuine, but was revoked.' },
  },
});

@ObjectType({
  description: 'An RSA key with which an organization’s integration tokens are signed.',
  simpleResolvers: true,
})
export class IntegrationKey {
  @Field(() => ID, { description: 'The id of the key.' })
  id!: string;

  @Field(() => String, { description: 'The key id in tokens and key set: the RFC 7638 thumbprint (SHA-256).' })
  kid!: string;

  @Field(() => String, { description: 'The signature algorithm: RS256 (RFC 7518).' })
  alg!: string;

  @Field(() => String, {
    description: 'SHA-256 of the public key in DER (SubjectPublicKeyInfo), in lower-case hex, to compare by phone.',
  })
  fingerprint!: string;

  @Field(() => IntegrationKeyStatus, { description: 'What it is used for at this moment.' })
  status!: IntegrationKeyStatus;

  @Field(() => DateTime, { description: 'When it was made, and published.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it begins to sign.' })
  activatesAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its tokens stop counting, if that was decided. Null: each at its own time.',
  })
  retiresAt!: Date | null;
}

@ObjectType({
  description: 'What is known of a signed grant that was handed to a third party. The token itself is not kept.',
  simpleResolvers: true,
})
export class IntegrationToken {
  @Field(() => ID, { description: 'The id of the record: the same as `jti`.' })
  id!: string;

  @Field(() => ID, { description: 'The id of the token (RFC 7519).' })
  jti!: string;

  @Field(() => String, { description: 'For whom the grant is: the `sub` claim.' })
  subject!: string;

  @Field(() => String, { description: 'Who is to accept it: the `aud` claim.' })
  audience!: string;

  @Field(() => [String], { description: 'The permissions that it names: the `scope` claim (RFC 8693).' })
  scopes!: string[];

  @Field(() => String, { description: 'The key that signed it.' })
  kid!: string;

  @Field(() => IntegrationTokenStatus, { description: 'Whether it still counts.' })
  status!: IntegrationTokenStatus;

  @Field(() => DateTime, { description: 'When it was issued.' })
  issuedAt!: Date;

  @Field(() => DateTime, { description: 'When its time is over.' })
  expiresAt!: Date;

  @Field(() => ID, { nullable: true, description: 'The `jti` of the token that replaced it.' })
  rotatedToJti!: string | null;
}

@ObjectType({ description: 'That a token does not count any more.', simpleResolvers: true })
export class IntegrationTokenRevocation {
  @Field(() => ID, { description: 'The id of the revocation.' })
  id!: string;

  @Field(() => ID, { description: 'The `jti` of the token, which need not be known here.' })
  jti!: string;

  @Field(() => String, { nullable: true, description: 'Why, in the words of who revoked it.' })
  reason!: string | null;

  @Field(() => DateTime, { description: 'When it was revoked.' })
  revokedAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the token expires by itself. Null if it is not known here.',
  })
  expiresAt!: Date | null;
}

@ObjectType({ description: 'Whether an integration token counts at this moment.', simpleResolvers: true })
export class IntegrationTokenVerification {
  @Field(() => Boolean, { description: 'Whether it counts.' })
  valid!: boolean;

  @Field(() => IntegrationTokenInvalidReason, { nullable: true, description: 'Why not. Null for a valid token.' })
  reason!: IntegrationTokenInvalidReason | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What a valid token says; null for any other.' })
  claims!: Record<string, unknown> | null;

  @Field(() => String, { nullable: true, description: 'The key that signed a valid token.' })
  kid!: string | null;

  @Field(() => ID, { nullable: true, description: 'The organization that issued a valid token.' })
  organizationId!: string | null;
}
