import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { TeamRole } from '../../generated/prisma/enums.js';
import { PageInfo } from '../../graphql/connection.js';
import { DateTime } from '../../graphql/scalars.js';
import { Member } from '../member/member.type.js';

registerEnumType(TeamRole, {
  name: 'TeamRole',
  description: 'What a member is in a team.',
  valuesConfig: {
    MEMBER: { description: 'Belongs to the team.' },
    MANAGER: { description: 'Manages the team, if the role in the organization is `team_manager`.' },
  },
});

@ObjectType({ description: 'A group of members inside an organization.', simpleResolvers: true })
export class Team {
  @Field(() => ID, { description: 'The id of the team.' })
  id!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { description: 'The name in URLs. Unique in the organization without regard to case.' })
  slug!: string;

  @Field(() => String, { nullable: true, description: 'What the team is for.' })
  description!: string | null;

  @Field(() => DateTime, { description: 'When the team was made.' })
  createdAt!: Date;
}

@ObjectType({ description: 'That a member belongs to a team.', simpleResolvers: true })
export class TeamMembership {
  @Field(() => ID, { description: 'The id of the membership of the team.' })
  id!: string;

  @Field(() => TeamRole, { description: 'What the member is in the team.' })
  role!: TeamRole;

  @Field(() => DateTime, { description: 'When the member joined the team.' })
  createdAt!: Date;
}

@ObjectType({ description: 'One of the members of a team in a list, with its place.', simpleResolvers: true })
export class TeamMemberEdge {
  @Field(() => Member, { description: 'The member.' })
  node!: Member;

  @Field(() => String, { description: 'The place of the member in this list and order.' })
  cursor!: string;
}

@ObjectType({ description: 'A page of the members of a team.', simpleResolvers: true })
export class TeamMemberConnection {
  @Field(() => [TeamMemberEdge], {
    description: 'The members of this page with their cursors and their part in the team.',
  })
  edges!: TeamMemberEdge[];

  @Field(() => [Member], { description: 'The members of this page.' })
  nodes!: Member[];

  @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many members the team has. Counted only when asked for.' })
  totalCount!: () => Promise<number>;
}
