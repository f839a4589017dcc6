import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { TeamRole } from '../../generated/prisma/enums.js';
import { orderedBy } from '../../graphql/connection.js';
import { ChangedName, ChangedSlug, Description, NewName, NewSlug } from '../../graphql/named-fields.js';
import { OrganizationInput } from '../../graphql/organization-input.js';
import { id, optional, searchText, Valid } from '../../graphql/validation.js';

@InputType()
abstract class OneTeamInput extends OrganizationInput {
  @Field(() => ID, { description: 'The team.' })
  @Valid(id)
  teamId!: string;
}

@InputType()
abstract class OneTeamMemberInput extends OneTeamInput {
  @Field(() => ID, { description: 'The member.' })
  @Valid(id)
  memberId!: string;
}

@InputType({ description: 'A new team.' })
export class CreateTeamInput extends OrganizationInput {
  @NewName()
  name!: string;

  @NewSlug()
  slug?: string | null;

  @Description()
  description?: string | null;
}

@InputType({ description: 'What to change of a team. An absent field keeps its value; null clears it.' })
export class UpdateTeamInput extends OneTeamInput {
  @ChangedName()
  name?: string;

  @ChangedSlug()
  slug?: string;

  @Description()
  description?: string | null;
}

@InputType({ description: 'The team to delete. Its members stay members of the organization.' })
export class DeleteTeamInput extends OneTeamInput {}

@InputType({ description: 'What a member of a team is to be there from now on.' })
export class UpdateTeamMemberInput extends OneTeamMemberInput {
  @Field(() => TeamRole, { description: 'What the member is to be in the team.' })
  role!: TeamRole;
}

@InputType({ description: 'Which teams to list.' })
export class TeamFilter {
  @Field(() => String, { nullable: true, description: 'A part of the name or slug, in any case.' })
  @Valid(optional(searchText))
  search?: string | null;
}

@InputType({ description: 'Which members of a team to list. All conditions have to hold.' })
export class TeamMemberFilter {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the full name, username or e-mail address, in any case.',
  })
  @Valid(optional(searchText))
  search?: string | null;

  @Field(() => TeamRole, { nullable: true, description: 'What they are in the team.' })
  role?: TeamRole | null;
}

@InputType({ description: 'A member to put into a team.' })
export class AddTeamMemberInput extends OneTeamMemberInput {
  @Field(() => TeamRole, { defaultValue: TeamRole.MEMBER, description: 'What the member is to be in the team.' })
  role!: TeamRole;
}

@InputType({ description: 'A member to take out of a team.' })
export class RemoveTeamMemberInput extends OneTeamMemberInput {}

export enum TeamOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
}

@ArgsType()
export class TeamsArgs extends orderedBy('Team', TeamOrderField, {
  NAME: 'By name, without regard to case.',
  CREATED_AT: 'By the moment of making.',
}) {
  @Field(() => TeamFilter, { nullable: true, description: 'Which teams to list. Default: all.' })
  filter?: TeamFilter | null;
}

export enum TeamMemberOrderField {
  JOINED_AT = 'JOINED_AT',
  NAME = 'NAME',
}

@ArgsType()
export class TeamMembersArgs extends orderedBy('TeamMember', TeamMemberOrderField, {
  JOINED_AT: 'By the moment of joining the team.',
  NAME: 'By full name, without regard to case.',
}) {
  @Field(() => TeamMemberFilter, { nullable: true, description: 'Which members to list. Default: all.' })
  filter?: TeamMemberFilter | null;
}

@ArgsType()
export class TeamArgs {
  @Field(() => ID, { description: 'The id of the team.' })
  @Valid(id)
  id!: string;
}
