import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { orderedBy } from '../../graphql/connection.js';
import { Day } from '../../graphql/scalars.js';
import { id, optional, searchText, Valid } from '../../graphql/validation.js';
import { isDay } from './engagement.range.js';
import { AccountStatus, EngagementStatus } from './people.type.js';

const day = z.string('must be a text').refine(isDay, 'is not a day from the year 2000 to 2100, such as 2026-02-28');

@ArgsType()
export class MemberEngagementArgs {
  @Field(() => Day, {
    nullable: true,
    description: 'The first day. Default: 29 days before `endDate`, so that there are 30.',
  })
  @Valid(optional(day))
  startDate?: string | null;

  @Field(() => Day, {
    nullable: true,
    description:
      'The last day, at most 365 days after `startDate`. Default: 29 days after `startDate`; without it, today in the time zone of the organization.',
  })
  @Valid(optional(day))
  endDate?: string | null;
}

@ArgsType()
export class EngagementArgs extends MemberEngagementArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only this team: its members, and activity for it. Null: the whole organization.',
  })
  @Valid(optional(id))
  teamId?: string | null;
}

export enum MemberActivityOrderField {
  ACTIVE_TIME = 'ACTIVE_TIME',
  SESSIONS = 'SESSIONS',
  ACTIVE_DAYS = 'ACTIVE_DAYS',
  LAST_ACTIVE_AT = 'LAST_ACTIVE_AT',
  NAME = 'NAME',
}

@ArgsType()
export class MemberActivityArgs extends orderedBy('MemberActivity', MemberActivityOrderField, {
  ACTIVE_TIME: 'By active time in the range.',
  SESSIONS: 'By sessions in the range.',
  ACTIVE_DAYS: 'By days with activity in the range.',
  LAST_ACTIVE_AT: 'By the latest activity. Who never was active counts as longest ago.',
  NAME: 'By full name, without regard to case.',
}) {}

@InputType({ description: 'Whom to list. All conditions have to hold.' })
export class MemberDirectoryFilter {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the full name, username or e-mail address, in any case.',
  })
  @Valid(optional(searchText))
  search?: string | null;

  @Field(() => AccountStatus, { nullable: true, description: 'Whether the person may do anything here.' })
  accountStatus?: AccountStatus | null;

  @Field(() => EngagementStatus, { nullable: true, description: 'How recently the person was active.' })
  status?: EngagementStatus | null;

  @Field(() => ID, { nullable: true, description: 'The id of a team.' })
  @Valid(optional(id))
  teamId?: string | null;
}

export enum MemberDirectoryOrderField {
  NAME = 'NAME',
  JOINED_AT = 'JOINED_AT',
}

@ArgsType()
export class MemberDirectoryArgs extends orderedBy('MemberDirectory', MemberDirectoryOrderField, {
  NAME: 'By full name, without regard to case.',
  JOINED_AT: 'By the moment of joining the organization.',
}) {
  @Field(() => MemberDirectoryFilter, { nullable: true, description: 'Whom to list. Default: everybody.' })
  filter?: MemberDirectoryFilter | null;
}

export enum ActivitySessionOrderField {
  STARTED_AT = 'STARTED_AT',
}

@ArgsType()
export class ActivitySessionsArgs extends orderedBy('ActivitySession', ActivitySessionOrderField, {
  STARTED_AT: 'By when they began.',
}) {}
