import { GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { orderedBy } from '../../graphql/connection.js';
import { OrganizationInput } from '../../graphql/organization-input.js';
import { DateTime } from '../../graphql/scalars.js';
import { id, line, optional, permissionCodes, seconds, Valid, whole } from '../../graphql/validation.js';
import { customClaims } from './custom-claims.js';
import { IntegrationTokenStatus } from './integration-token.status.js';

const minute = 60;
const year = 31_536_000;

/** RFC 7519 leaves these open; what is printable ASCII, 1 to 255 characters, suits everybody (OpenID Connect Core 1.0). */
const party = line(1, 255).refine((text) => /^[\x21-\x7e]+$/.test(text), 'must be ASCII characters without spaces');

/** A token of ours with all that may stand in it; longer ones are not even parsed. */
const token = whole(32_768);

@InputType({ description: 'A grant for a third party.' })
export class IssueIntegrationTokenInput extends OrganizationInput {
  @Field(() => String, { description: 'Who is to accept it, such as `https://partner.example`: the `aud` claim.' })
  @Valid(party)
  audience!: string;

  @Field(() => String, { description: 'For whom it is, such as the id of a service: the `sub` claim.' })
  @Valid(party)
  subject!: string;

  @Field(() => [String], { description: 'The permissions that it names, all of which you hold. May be empty.' })
  @Valid(permissionCodes)
  scopes!: string[];

  @Field(() => Int, {
    defaultValue: 3_600,
    description: 'For how many seconds it counts: 60 (a minute) to 31536000 (a year). Default: an hour.',
  })
  @Valid(seconds(minute, year))
  expiresIn!: number;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Up to 20 further claims, together at most 4096 bytes of JSON. Registered claims and those of the gateway are refused.',
  })
  @Valid(optional(customClaims))
  claims?: Record<string, unknown> | null;
}

@InputType({ description: 'The token to check, and for whom.' })
export class VerifyIntegrationTokenInput extends OrganizationInput {
  @Field(() => String, { description: 'The token, as it was handed to you.' })
  @Valid(token)
  token!: string;

  @Field(() => String, { description: 'Who you are: what the `aud` claim has to say.' })
  @Valid(party)
  audience!: string;
}

@InputType({ description: 'The token to revoke, as it is or by its `jti`.' })
export class RevokeIntegrationTokenInput extends OrganizationInput {
  @Field(() => String, { nullable: true, description: 'The token. This or `jti`.' })
  @Valid(optional(token))
  token?: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of the token. This or `token`.' })
  @Valid(optional(id))
  jti?: string | null;

  @Field(() => String, { nullable: true, description: 'Why, for the record: at most 500 characters.' })
  @Valid(optional(line(0, 500)))
  reason?: string | null;
}

@InputType({ description: 'The token to replace by a new one.' })
export class RotateIntegrationTokenInput extends OrganizationInput {
  @Field(() => String, { description: 'The token, which still has to count.' })
  @Valid(token)
  token!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the old token stops counting at once. Default: it counts until it expires.',
  })
  revokePrevious!: boolean;
}

@InputType({ description: 'How the key is to be replaced.' })
export class RotateIntegrationKeyInput extends OrganizationInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'For how many seconds the tokens of the keys so far still count, at most 31536000 (a year). 0 replaces a leaked key at once. Left out, each token counts until it expires.',
  })
  @Valid(optional(seconds(0, year)))
  graceSeconds?: number | null;
}

@InputType({ description: 'Which tokens to list. All conditions have to hold.' })
export class IntegrationTokenFilter {
  @Field(() => IntegrationTokenStatus, { nullable: true, description: 'Whether they count, or why not.' })
  status?: IntegrationTokenStatus | null;

  @Field(() => String, { nullable: true, description: 'For whom they are.' })
  @Valid(optional(party))
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'Who is to accept them.' })
  @Valid(optional(party))
  audience?: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of the user who issued them.' })
  @Valid(optional(id))
  issuedById?: string | null;
}

export enum IntegrationTokenOrderField {
  ISSUED_AT = 'ISSUED_AT',
  EXPIRES_AT = 'EXPIRES_AT',
}

@ArgsType()
export class IntegrationTokensArgs extends orderedBy('IntegrationToken', IntegrationTokenOrderField, {
  ISSUED_AT: 'By when they were issued.',
  EXPIRES_AT: 'By when they expire.',
}) {
  @Field(() => IntegrationTokenFilter, { nullable: true, description: 'Which tokens to list. Default: all.' })
  filter?: IntegrationTokenFilter | null;
}

@InputType({ description: 'Which revocations to list. All conditions have to hold.' })
export class IntegrationTokenRevocationFilter {
  @Field(() => ID, { nullable: true, description: 'The id of the token.' })
  @Valid(optional(id))
  jti?: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of the user who revoked.' })
  @Valid(optional(id))
  revokedById?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'From this moment on.' })
  since?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Before this moment.' })
  until?: Date | null;
}

export enum IntegrationTokenRevocationOrderField {
  REVOKED_AT = 'REVOKED_AT',
}

@ArgsType()
export class IntegrationTokenRevocationsArgs extends orderedBy(
  'IntegrationTokenRevocation',
  IntegrationTokenRevocationOrderField,
  { REVOKED_AT: 'By when it was revoked.' },
) {
  @Field(() => IntegrationTokenRevocationFilter, {
    nullable: true,
    description: 'Which revocations to list. Default: all.',
  })
  filter?: IntegrationTokenRevocationFilter | null;
}
