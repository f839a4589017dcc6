import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { TeamRole } from '../../generated/prisma/enums.js';
import { orderedBy } from '../../graphql/connection.js';
import { description, id, name, optional, slug, Valid } from '../../graphql/validation.js';

@InputType({ description: 'A new team.' })
export class CreateTeamInput {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;

  @Field(() => String, { description: '1 to 100 characters.' })
  @Valid(name)
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: '2 to 63 letters a–z, digits and hyphens. Left out, one is made from the name.',
  })
  @Valid(optional(slug))
  slug?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  @Valid(optional(description))
  description?: string | null;
}

@InputType({ description: 'A member to put into a team.' })
export class AddTeamMemberInput {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;

  @Field(() => ID, { description: 'The team.' })
  @Valid(id)
  teamId!: string;

  @Field(() => ID, { description: 'The member.' })
  @Valid(id)
  memberId!: string;

  @Field(() => TeamRole, { defaultValue: TeamRole.MEMBER, description: 'What the member is to be in the team.' })
  role!: TeamRole;
}

@InputType({ description: 'A member to take out of a team.' })
export class RemoveTeamMemberInput {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;

  @Field(() => ID, { description: 'The team.' })
  @Valid(id)
  teamId!: string;

  @Field(() => ID, { description: 'The member.' })
  @Valid(id)
  memberId!: string;
}

export enum TeamOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
}

@ArgsType()
export class TeamsArgs extends orderedBy('Team', TeamOrderField, {
  NAME: 'By name, without regard to case.',
  CREATED_AT: 'By the moment of making.',
}) {}

export enum TeamMemberOrderField {
  JOINED_AT = 'JOINED_AT',
  NAME = 'NAME',
}

@ArgsType()
export class TeamMembersArgs extends orderedBy('TeamMember', TeamMemberOrderField, {
  JOINED_AT: 'By the moment of joining the team.',
  NAME: 'By full name, without regard to case.',
}) {}

@ArgsType()
export class TeamArgs {
  @Field(() => ID, { description: 'The id of the team.' })
  @Valid(id)
  id!: string;
}
