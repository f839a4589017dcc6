import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Day } from '../../graphql/scalars.js';
import type { BucketName, KpiDirection, KpiKey, KpiUnit } from './engagement.policy.js';

/** A GraphQL enum whose values say what they mean. */
export function describedEnum<Name extends string>(
  name: string,
  description: string,
  values: Record<Name, string>,
): { [Value in Name]: Value } {
  const names = Object.keys(values) as Name[];
  const described = Object.fromEntries(names.map((value) => [value, value])) as { [Value in Name]: Value };
  registerEnumType(described, {
    name,
    description,
    valuesConfig: Object.fromEntries(names.map((value) => [value, { description: values[value] }])) as never,
  });
  return described;
}

const EngagementKpiKey = describedEnum<KpiKey>('EngagementKpiKey', 'What a figure of an engagement counts.', {
  ACTIVE_MEMBERS:
    'How many people had any activity in the range, those who have left since included. Of one member: 1 or 0.',
  TOTAL_ACTIVE_TIME: 'The seconds of all activity in the range.',
  AVERAGE_ACTIVE_TIME: 'The total active time divided by the active members, in seconds; 0 where there are none.',
  SESSIONS: 'How many entries were recorded.',
  ACTIVE_DAYS: 'On how many days there was any activity.',
  RETENTION:
    'How many percent of the people with activity in the range before had some in this one, too; 0 where there were none.',
  NEW_MEMBERS: 'How many people joined in the range for the first time ever: the organization or, of a team, the team.',
  WEEK_1_RETENTION:
    'How many percent of the people of all cohorts whose week 1 has begun were active in it; 0 where there are none.',
  LATEST_RETENTION:
    'How many percent of the people of all cohorts were active in the last week of the range; 0 where there are none.',
  COHORT_MEMBERS: 'How many people there are in all cohorts.',
});

const EngagementUnit = describedEnum<KpiUnit>('EngagementUnit', 'In what a figure is counted.', {
  MEMBERS: 'People.',
  SECONDS: 'Seconds.',
  SESSIONS: 'Entries as they were recorded.',
  DAYS: 'Days in the time zone of the range.',
  PERCENT: 'Hundredths, from 0 to 100.',
});

const EngagementDirection = describedEnum<KpiDirection>('EngagementDirection', 'Where a figure has moved.', {
  UP: 'It is higher than in the range before.',
  DOWN: 'It is lower than in the range before.',
  FLAT: 'It is what it was.',
});

const EngagementBucket = describedEnum<BucketName>('EngagementBucket', 'How long somebody was active in the range.', {
  NONE: 'Not at all.',
  UNDER_1_HOUR: 'Less than 1 hour.',
  FROM_1_TO_5_HOURS: '1 hour to less than 5.',
  FROM_5_TO_10_HOURS: '5 hours to less than 10.',
  FROM_10_TO_20_HOURS: '10 hours to less than 20.',
  FROM_20_HOURS: '20 hours or more.',
});

@ObjectType({
  description: 'The days that an engagement is about, and as many right before them to compare with.',
  simpleResolvers: true,
})
export class EngagementRange {
  @Field(() => Day, { description: 'The first day.' })
  startDate!: string;

  @Field(() => Day, { description: 'The last day.' })
  endDate!: string;

  @Field(() => Day, { description: 'The first day of the range before.' })
  previousStartDate!: string;

  @Field(() => Day, { description: 'The last day of the range before.' })
  previousEndDate!: string;

  @Field(() => Int, { description: 'How many days the range has, and the one before.' })
  days!: number;

  @Field(() => String, {
    description:
      'The IANA time zone in which days are counted. After the organization has changed its own it takes a while to count anew.',
  })
  timezone!: string;
}

@ObjectType({ description: 'A figure of the range beside that of the range before.', simpleResolvers: true })
export class EngagementKpi {
  @Field(() => EngagementKpiKey, { description: 'What it counts.' })
  key!: KpiKey;

  @Field(() => String, { description: 'The name to show, in English.' })
  label!: string;

  @Field(() => Float, { description: 'The figure of the range, in `unit`, not rounded.' })
  value!: number;

  @Field(() => Float, { description: 'The figure of the range before, in `unit`, not rounded.' })
  previousValue!: number;

  @Field(() => Float, { description: '`value` less `previousValue`, in `unit`.' })
  delta!: number;

  @Field(() => Float, {
    nullable: true,
    description: '`delta` in percent of `previousValue`, not rounded. Null if that is 0.',
  })
  deltaPercent!: number | null;

  @Field(() => EngagementUnit, { description: 'In what it is counted.' })
  unit!: KpiUnit;

  @Field(() => EngagementDirection, { description: 'Where it has moved.' })
  direction!: KpiDirection;
}

@ObjectType({ description: 'The activity of one day.', simpleResolvers: true })
export class EngagementPulseDay {
  @Field(() => Day, { description: 'The day.' })
  date!: string;

  @Field(() => Float, { description: 'The seconds of all activity that began on it. May go beyond 32 bits.' })
  activeSeconds!: number;

  @Field(() => Int, { description: 'How many entries began on it.' })
  sessions!: number;

  @Field(() => Int, {
    description:
      'How much that is, 0 to 4: 0 for nothing, else 1 and one more for each quartile that lies below it. The quartiles (25, 50 and 75 percent, interpolated) are those of the seconds of the days of the range with any.',
  })
  level!: number;
}

@ObjectType({ description: 'What the days of the range come to.', simpleResolvers: true })
export class EngagementPulseSummary {
  @Field(() => Float, { description: 'The seconds of all activity. May go beyond 32 bits.' })
  totalActiveSeconds!: number;

  @Field(() => Int, { description: 'How many entries there are.' })
  totalSessions!: number;

  @Field(() => Int, { description: 'How many days have any activity.' })
  activeDays!: number;

  @Field(() => Day, { description: 'The first day of the range.' })
  periodStart!: string;

  @Field(() => Day, { description: 'The last day of the range.' })
  periodEnd!: string;
}

@ObjectType({ description: 'The activity day by day, as for a calendar.', simpleResolvers: true })
export class EngagementPulse {
  @Field(() => [EngagementPulseDay], { description: 'Every day of the range, the first one first.' })
  days!: EngagementPulseDay[];

  @Field(() => EngagementPulseSummary, { description: 'What the days come to.' })
  summary!: EngagementPulseSummary;
}

@ObjectType({ description: 'The active time of one day.', simpleResolvers: true })
export class EngagementTrendDay {
  @Field(() => Day, { description: 'The day.' })
  date!: string;

  @Field(() => Float, { description: 'The hours of all activity that began on it, not rounded.' })
  totalHours!: number;

  @Field(() => Float, {
    description:
      'The same divided by the number of people who belonged to the organization (or team) at any time of that day, not rounded; 0 where nobody did.',
  })
  averageHoursPerMember!: number;
}

@ObjectType({ description: 'How many members were active for how long.', simpleResolvers: true })
export class EngagementDistribution {
  @Field(() => EngagementBucket, { description: 'How long, all in all.' })
  bucket!: BucketName;

  @Field(() => String, { description: 'The name to show, in English.' })
  label!: string;

  @Field(() => Int, { description: 'From how many seconds on.' })
  minSeconds!: number;

  @Field(() => Int, { nullable: true, description: 'To less than how many seconds. Null: there is no limit.' })
  maxSeconds!: number | null;

  @Field(() => Int, { description: 'How many of the present members.' })
  memberCount!: number;
}

@ObjectType({
  description:
    'Who is active, and whether people stay. An entry counts, whole, on the day on which it began. A day begins at midnight in the time zone of the range. Each part costs one statement, and none if it is not asked for.',
  simpleResolvers: true,
})
export class Engagement {
  @Field(() => EngagementRange, { description: 'The days that it is about.' })
  range!: EngagementRange;
}
