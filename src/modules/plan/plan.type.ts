import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'How much an organization may have of something, and has.', simpleResolvers: true })
export class OrganizationLimit {
  @Field(() => String, {
    description: 'What is limited: `members`, `pendingInvitations`, `teams`, `workspaces` or `apiKeys`.',
  })
  name!: string;

  @Field(() => Int, { description: 'How much there is. Counted only when asked for.' })
  used!: number | (() => Promise<number>);

  @Field(() => Int, { nullable: true, description: 'How much there may be. Null: no limit.' })
  maximum!: number | null;
}

@ObjectType({ description: 'How much a plan allows of something.', simpleResolvers: true })
export class PlanLimit {
  @Field(() => String, { description: 'What is limited, as in `OrganizationLimit.name`.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'How much there may be. Null: no limit.' })
  maximum!: number | null;
}

@ObjectType({ description: 'What an organization may have.', simpleResolvers: true })
export class Plan {
  @Field(() => String, { description: 'The key, as in `Organization.plan`.' })
  key!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => [PlanLimit], { description: 'What it limits.' })
  limits!: PlanLimit[];
}
