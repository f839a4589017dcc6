import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';

@ObjectType({ description: 'A tenant: people with roles, in teams, working in workspaces.', simpleResolvers: true })
export class Organization {
  @Field(() => ID, { description: 'The id of the organization.' })
  id!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { description: 'The name in URLs. Unique without regard to case.' })
  slug!: string;

  @Field(() => String, { nullable: true, description: 'What the organization is about.' })
  description!: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL of a logo.' })
  logoUrl!: string | null;

  @Field(() => String, { description: 'The IANA time zone in which the days of the organization begin.' })
  timezone!: string;

  @Field(() => String, { description: 'The key of the plan.' })
  plan!: string;

  @Field(() => Boolean, { description: 'Whether it was made for one person at sign-up.' })
  isPersonal!: boolean;

  @Field(() => DateTime, { description: 'When it was founded.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When its own fields were last changed.' })
  updatedAt!: Date;
}
