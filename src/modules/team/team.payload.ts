import { Field, ObjectType } from 'type-graphql';
import { Team, TeamMembership } from './team.type.js';

@ObjectType({ description: 'The new team.', simpleResolvers: true })
export class CreateTeamPayload {
  @Field(() => Team, { description: 'The team.' })
  team!: Team;
}

@ObjectType({ description: 'The changed team.', simpleResolvers: true })
export class UpdateTeamPayload {
  @Field(() => Team, { description: 'The team as it is now.' })
  team!: Team;
}

@ObjectType({ description: 'The deleted team.', simpleResolvers: true })
export class DeleteTeamPayload {
  @Field(() => Team, { description: 'The team as it was.' })
  team!: Team;
}

@ObjectType({ description: 'The changed membership of a team.', simpleResolvers: true })
export class UpdateTeamMemberPayload {
  @Field(() => TeamMembership, { description: 'The membership as it is now.' })
  teamMembership!: TeamMembership;
}

@ObjectType({ description: 'The new membership of a team.', simpleResolvers: true })
export class AddTeamMemberPayload {
  @Field(() => TeamMembership, { description: 'The membership of the team.' })
  teamMembership!: TeamMembership;
}

@ObjectType({ description: 'The ended membership of a team.', simpleResolvers: true })
export class RemoveTeamMemberPayload {
  @Field(() => TeamMembership, { description: 'The membership as it was.' })
  teamMembership!: TeamMembership;
}
