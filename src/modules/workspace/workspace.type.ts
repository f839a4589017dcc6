import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';

@ObjectType({ description: 'A place for a project inside an organization.', simpleResolvers: true })
export class Workspace {
  @Field(() => ID, { description: 'The id of the workspace.' })
  id!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { description: 'The name in URLs. Unique in the organization without regard to case.' })
  slug!: string;

  @Field(() => String, { nullable: true, description: 'What the workspace is for.' })
  description!: string | null;

  @Field(() => Boolean, { description: 'Whether it is the one that every organization begins with.' })
  isDefault!: boolean;

  @Field(() => DateTime, { description: 'When the workspace was made.' })
  createdAt!: Date;
}
