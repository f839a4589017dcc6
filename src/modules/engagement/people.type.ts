import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';
import { Organization } from '../organization/organization.type.js';
import { Team } from '../team/team.type.js';

export enum EngagementStatus {
  ACTIVE = 'ACTIVE',
  AT_RISK = 'AT_RISK',
  INACTIVE = 'INACTIVE',
}

registerEnumType(EngagementStatus, {
  name: 'EngagementStatus',
  description: 'How recently somebody was active, seen from the last day of the range.',
  valuesConfig: {
    ACTIVE: { description: 'On one of the last 7 days up to that day.' },
    AT_RISK: { description: 'On one of the last 30 days up to that day, but on none of the last 7.' },
    INACTIVE: { description: 'Before that, or never.' },
  },
});

export enum AccountStatus {
  ACTIVE = 'ACTIVE',
  SUSPENDED = 'SUSPENDED',
  DELETED = 'DELETED',
}

registerEnumType(AccountStatus, {
  name: 'AccountStatus',
  description: 'Whether somebody may do anything in the organization.',
  valuesConfig: {
    ACTIVE: { description: 'Membership and user are active.' },
    SUSPENDED: { description: 'The membership or the user is suspended.' },
    DELETED: { description: 'The user is gone.' },
  },
});

@ObjectType({ description: 'What a member did in the range.', simpleResolvers: true })
export class MemberActivity {
  @Field(() => Float, { description: 'The seconds of all activity in the range. May go beyond 32 bits.' })
  activeSeconds!: number;

  @Field(() => Int, { description: 'How many entries there are in the range.' })
  sessions!: number;

  @Field(() => Int, { description: 'On how many days of the range there was any activity.' })
  activeDays!: number;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When the latest activity up to the last day of the range began; of a team, for the team. Null if there was none.',
  })
  lastActiveAt!: Date | null;
}

@ObjectType({ description: 'Where somebody belongs.', simpleResolvers: true })
export class Affiliation {
  @Field(() => Organization, { description: 'The organization.' })
  organization!: Organization;

  @Field(() => Team, {
    nullable: true,
    description: 'One of the teams of the organization. Null in none, or if you may not see its teams.',
  })
  team!: Team | null;
}

@ObjectType({ description: 'Somebody in the directory of members.', simpleResolvers: true })
export class MemberDirectoryEntry {
  @Field(() => DateTime, { description: 'When this person joined the organization.' })
  joinedAt!: Date;

  @Field(() => AccountStatus, { description: 'Whether this person may do anything in the organization.' })
  accountStatus!: AccountStatus;

  @Field(() => EngagementStatus, { description: 'How recently this person was active.' })
  status!: EngagementStatus;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When the latest activity up to the last day of the range began; of a team, for the team. Null if there was none.',
  })
  lastActiveAt!: Date | null;
}

@ObjectType({ description: 'Activity without a pause, as it was recorded.', simpleResolvers: true })
export class ActivitySession {
  @Field(() => ID, { description: 'The id of the entry.' })
  id!: string;

  @Field(() => DateTime, { description: 'When it began.' })
  startedAt!: Date;

  @Field(() => Int, { description: 'How long it lasted, in seconds.' })
  activeSeconds!: number;
}
