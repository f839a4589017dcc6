import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Day } from '../../graphql/scalars.js';
import { EngagementKpi } from './engagement.type.js';

@ObjectType({ description: 'How many of a cohort were active in one week.', simpleResolvers: true })
export class EngagementCohortPeriod {
  @Field(() => Int, { description: 'How many weeks after the week of joining, from 0.' })
  period!: number;

  @Field(() => String, { description: 'The name to show, such as Week 0.' })
  label!: string;

  @Field(() => Int, {
    description: 'How many people of the cohort had any activity in that week, as far as it lies in the range.',
  })
  retainedMembers!: number;

  @Field(() => Float, { description: 'The same in percent of the cohort’s size, 0 to 100, not rounded.' })
  rate!: number;
}

@ObjectType({
  description:
    'The people who joined in the same ISO week (Monday to Sunday, in the time zone of the range) for the first time ever, those who have left since included.',
  simpleResolvers: true,
})
export class EngagementCohort {
  @Field(() => String, { description: 'The ISO week, such as 2026-W09.' })
  cohort!: string;

  @Field(() => Day, { description: 'The Monday of that week.' })
  startDate!: string;

  @Field(() => Int, { description: 'How many people.' })
  size!: number;

  @Field(() => [EngagementCohortPeriod], {
    description: 'Week by week from that of joining to that of the last day of the range.',
  })
  periods!: EngagementCohortPeriod[];
}

@ObjectType({ description: 'A cohort, and what has become of it.', simpleResolvers: true })
export class EngagementTopCohort {
  @Field(() => String, { description: 'The ISO week of joining, such as 2026-W09.' })
  cohort!: string;

  @Field(() => Day, { description: 'The Monday of that week.' })
  startDate!: string;

  @Field(() => Int, { description: 'How many people.' })
  size!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'How many percent of them were active in the week after that of joining, not rounded. Null if it has not begun in the range.',
  })
  week1Rate!: number | null;

  @Field(() => Float, {
    description: 'How many percent of them were active in the last week of the range, not rounded.',
  })
  latestRate!: number;

  @Field(() => Int, { description: 'How many of them were active in the last week of the range.' })
  retainedLatest!: number;
}

@ObjectType({ description: 'Whether people stay, by the week of joining.', simpleResolvers: true })
export class EngagementRetention {
  @Field(() => [String], { description: 'The names of the weeks, as many as the oldest cohort has.' })
  periods!: string[];

  @Field(() => [EngagementCohort], {
    description:
      'The cohorts of all weeks that share a day with the range, the oldest first. Who joined after the last day of the range is left out, and so are weeks in which nobody joined.',
  })
  cohorts!: EngagementCohort[];

  @Field(() => [EngagementKpi], {
    description:
      '`WEEK_1_RETENTION`, `LATEST_RETENTION` and `COHORT_MEMBERS`, compared with the cohorts of the range before.',
  })
  metrics!: EngagementKpi[];

  @Field(() => [EngagementTopCohort], {
    description: 'The five best cohorts: by `latestRate`, then by size, then the latest first.',
  })
  topCohorts!: EngagementTopCohort[];
}
