import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { orderedBy } from '../../graphql/connection.js';
import { OrganizationInput } from '../../graphql/organization-input.js';
import { DateTime } from '../../graphql/scalars.js';
import { future, id, keyScopeList, name, optional, Valid } from '../../graphql/validation.js';

@InputType({ description: 'A new API key.' })
export class CreateApiKeyInput extends OrganizationInput {
  @Field(() => String, { description: 'What it is for, 1 to 100 characters.' })
  @Valid(name)
  name!: string;

  @Field(() => [String], {
    description: '`organizations:read` for queries, `organizations:write` for queries and mutations. At least one.',
  })
  @Valid(keyScopeList)
  scopes!: string[];

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ends, at most ten years ahead. Left out, it ends with the membership of who made it.',
  })
  @Valid(optional(future))
  expiresAt?: Date | null;
}

@InputType({ description: 'The API key to delete.' })
export class DeleteApiKeyInput extends OrganizationInput {
  @Field(() => ID, { description: 'The key.' })
  @Valid(id)
  apiKeyId!: string;
}

export enum ApiKeyOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
}

@ArgsType()
export class ApiKeysArgs extends orderedBy('ApiKey', ApiKeyOrderField, {
  NAME: 'By name, without regard to case.',
  CREATED_AT: 'By when they were made.',
}) {}
