import { Field, ID, ObjectType } from 'type-graphql';
import { Team, TeamMembership } from './team.type.js';

@ObjectType({ description: 'The new team.', simpleResolvers: true })
export class CreateTeamPayload {
  @Field(() => Team, { description: 'The team.' })
  team!: Team;
}

@ObjectType({ description: 'The new membership of a team.', simpleResolvers: true })
export class AddTeamMemberPayload {
  @Field(() => TeamMembership, { description: 'The membership of the team.' })
  teamMembership!: TeamMembership;
}

@ObjectType({ description: 'The ended membership of a team.', simpleResolvers: true })
export class RemoveTeamMemberPayload {
  @Field(() => ID, { description: 'The id of the membership of the team that is gone.' })
  removedTeamMembershipId!: string;
}
