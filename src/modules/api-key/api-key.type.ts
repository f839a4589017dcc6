import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';

@ObjectType({
  description: 'A key that acts as the member who made it, in one organization, as far as its scopes go.',
  simpleResolvers: true,
})
export class ApiKey {
  @Field(() => ID, { description: 'The id of the key, which is not secret.' })
  id!: string;

  @Field(() => String, { description: 'What it is for.' })
  name!: string;

  @Field(() => String, { description: 'The first characters of the key, to recognise it by.' })
  prefix!: string;

  @Field(() => [String], {
    description: 'What it may be used for: `organizations:read` for queries, `organizations:write` for mutations, too.',
  })
  scopes!: string[];

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the minute. Null: never.' })
  lastUsedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ends. Null: with the membership of who made it.' })
  expiresAt!: Date | null;
}
