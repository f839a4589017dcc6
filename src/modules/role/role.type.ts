import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What a member may do in an organization.', simpleResolvers: true })
export class Role {
  @Field(() => ID, { description: 'The id of the role.' })
  id!: string;

  @Field(() => String, { description: 'The name of the role in inputs, such as `member`. It never changes.' })
  key!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What the role is for.' })
  description!: string | null;

  @Field(() => Int, {
    description:
      '1 to 100. Members act only on members of lower rank, and give no role of a higher rank than their own.',
  })
  rank!: number;

  @Field(() => Boolean, { description: 'Whether it is one of the roles that every organization has.' })
  isSystem!: boolean;
}
