import type { Figures } from './kpis.loader.js';
import type { Cohort } from './retention.loader.js';

/** How active time is sorted into buckets: from one of these many seconds to less than the next. */
const buckets = [
  { bucket: 'NONE', label: 'None', minSeconds: 0 },
  { bucket: 'UNDER_1_HOUR', label: 'Under 1 hour', minSeconds: 1 },
  { bucket: 'FROM_1_TO_5_HOURS', label: '1 to 5 hours', minSeconds: 3_600 },
  { bucket: 'FROM_5_TO_10_HOURS', label: '5 to 10 hours', minSeconds: 18_000 },
  { bucket: 'FROM_10_TO_20_HOURS', label: '10 to 20 hours', minSeconds: 36_000 },
  { bucket: 'FROM_20_HOURS', label: '20 hours and more', minSeconds: 72_000 },
] as const;

export type BucketName = (typeof buckets)[number]['bucket'];

/** Where the second bucket begins, the third, and so on. */
export const bucketBounds = buckets.slice(1).map(({ minSeconds }) => minSeconds);

/** Every bucket with how many members are in it, the lowest first. */
export function distribution(counted: readonly { bucket: number; memberCount: number }[]) {
  const countOf = new Map(counted.map(({ bucket, memberCount }) => [bucket, memberCount]));
  return buckets.map((bucket, index) => ({
    ...bucket,
    maxSeconds: buckets[index + 1]?.minSeconds ?? null,
    memberCount: countOf.get(index) ?? 0,
  }));
}

/** What each figure is called, and in what it is counted. */
const kpis = {
  ACTIVE_MEMBERS: { label: 'Active members', unit: 'MEMBERS' },
  TOTAL_ACTIVE_TIME: { label: 'Total active time', unit: 'SECONDS' },
  AVERAGE_ACTIVE_TIME: { label: 'Average active time', unit: 'SECONDS' },
  SESSIONS: { label: 'Sessions', unit: 'SESSIONS' },
  ACTIVE_DAYS: { label: 'Active days', unit: 'DAYS' },
  RETENTION: { label: 'Retention', unit: 'PERCENT' },
  NEW_MEMBERS: { label: 'New members', unit: 'MEMBERS' },
  WEEK_1_RETENTION: { label: 'Week 1 retention', unit: 'PERCENT' },
  LATEST_RETENTION: { label: 'Latest retention', unit: 'PERCENT' },
  COHORT_MEMBERS: { label: 'Members in cohorts', unit: 'MEMBERS' },
} as const;

export type KpiKey = keyof typeof kpis;
export type KpiUnit = (typeof kpis)[KpiKey]['unit'];
export type KpiDirection = 'UP' | 'DOWN' | 'FLAT';

/** A figure beside that of the range before. */
export function kpi(key: KpiKey, value: number, previousValue: number) {
  const delta = value - previousValue;
  const direction: KpiDirection = delta > 0 ? 'UP' : delta < 0 ? 'DOWN' : 'FLAT';
  const deltaPercent = previousValue === 0 ? null : (delta / previousValue) * 100;
  return { key, ...kpis[key], value, previousValue, delta, deltaPercent, direction };
}

/** The cards on top of the dashboard, in their order. */
export function kpiCards(current: Figures, previous: Figures) {
  const card = (key: KpiKey, figure: (figures: Figures) => number) => kpi(key, figure(current), figure(previous));
  return [
    card('ACTIVE_MEMBERS', ({ activeMembers }) => activeMembers),
    card('TOTAL_ACTIVE_TIME', ({ activeSeconds }) => activeSeconds),
    card('AVERAGE_ACTIVE_TIME', ({ activeSeconds, activeMembers }) => ratio(activeSeconds, activeMembers)),
    card('SESSIONS', ({ sessions }) => sessions),
    card('ACTIVE_DAYS', ({ activeDays }) => activeDays),
    card('RETENTION', ({ stayed, activeBefore }) => percent(stayed, activeBefore)),
    card('NEW_MEMBERS', ({ newMembers }) => newMembers),
  ];
}

const mostTopCohorts = 5;

/** The cohorts as rows of a triangle, with what they come to. */
export function retention(all: readonly Cohort[]) {
  const cohorts = all.filter(({ isPrevious }) => !isPrevious);
  const before = all.filter(({ isPrevious }) => isPrevious);
  const metric = (key: KpiKey, figure: (cohorts: readonly Cohort[]) => number) =>
    kpi(key, figure(cohorts), figure(before));
  return {
    periods: Array.from({ length: Math.max(0, ...cohorts.map(({ retained }) => retained.length)) }, (_, n) => label(n)),
    cohorts: cohorts.map(({ cohort, startDate, size, retained }) => ({
      cohort,
      startDate,
      size,
      periods: retained.map((count, n) => ({
        period: n,
        label: label(n),
        retainedMembers: count,
        rate: percent(count, size),
      })),
    })),
    metrics: [
      metric('WEEK_1_RETENTION', weekOneRate),
      metric('LATEST_RETENTION', latestRate),
      metric('COHORT_MEMBERS', (some) => sum(some, ({ size }) => size)),
    ],
    topCohorts: cohorts
      .map(({ cohort, startDate, size, retainedInWeek1, retainedInLastWeek }) => ({
        cohort,
        startDate,
        size,
        week1Rate: retainedInWeek1 === null ? null : percent(retainedInWeek1, size),
        latestRate: percent(retainedInLastWeek, size),
        retainedLatest: retainedInLastWeek,
      }))
      .sort((a, b) => b.latestRate - a.latestRate || b.size - a.size || (a.startDate < b.startDate ? 1 : -1))
      .slice(0, mostTopCohorts),
  };
}

function label(week: number): string {
  return `Week ${week}`;
}

/** Of everybody whose week 1 has begun, so that large cohorts weigh more. */
function weekOneRate(cohorts: readonly Cohort[]): number {
  const begun = cohorts.filter(({ retainedInWeek1 }) => retainedInWeek1 !== null);
  return percent(
    sum(begun, ({ retainedInWeek1 }) => retainedInWeek1!),
    sum(begun, ({ size }) => size),
  );
}

function latestRate(cohorts: readonly Cohort[]): number {
  return percent(
    sum(cohorts, ({ retainedInLastWeek }) => retainedInLastWeek),
    sum(cohorts, ({ size }) => size),
  );
}

function sum(cohorts: readonly Cohort[], figure: (cohort: Cohort) => number): number {
  return cohorts.reduce((total, cohort) => total + figure(cohort), 0);
}

/** 0 where there is nothing to divide by. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function percent(part: number, whole: number): number {
  return ratio(part * 100, whole);
}
