import { addDays, mondayOf, weekName } from './calendar.js';
import {
  comparison,
  entriesIn,
  firstDayOf,
  percentage,
  type Range,
  rangeBefore,
  usersOf,
  type View,
} from './oracle.js';

/** Who joined in the same week, and who of them was active in each week from that one to the last of the range. */
interface Cohort {
  monday: string;
  size: number;
  retained: number[];
}

export function expectedRetention(view: View, range: Range) {
  const cohorts = cohortsOf(view, range);
  const before = cohortsOf(view, rangeBefore(range));
  return {
    periods: Array.from({ length: Math.max(0, ...cohorts.map(({ retained }) => retained.length)) }, (_, n) => label(n)),
    cohorts: cohorts.map(({ monday, size, retained }) => ({
      cohort: weekName(monday),
      startDate: monday,
      size,
      periods: retained.map((retainedMembers, period) => ({
        ...{ period, label: label(period), retainedMembers },
        rate: percentage(retainedMembers, size),
      })),
    })),
    metrics: [
      comparison('WEEK_1_RETENTION', 'PERCENT', weekOneRate(cohorts), weekOneRate(before)),
      comparison('LATEST_RETENTION', 'PERCENT', latestRate(cohorts), latestRate(before)),
      comparison('COHORT_MEMBERS', 'MEMBERS', sizeOf(cohorts), sizeOf(before)),
    ],
    topCohorts: topOf(cohorts),
  };
}

function cohortsOf(view: View, range: Range): Cohort[] {
  const firstDays = view.people.map((person) => ({ userId: person.userId, day: firstDayOf(view, person) }));
  const lastMonday = mondayOf(range.endDate);
  const cohorts: Cohort[] = [];
  for (let monday = mondayOf(range.startDate); monday <= lastMonday; monday = addDays(monday, 7)) {
    const people = firstDays.filter(({ day }) => day && mondayOf(day) === monday && day <= range.endDate);
    if (people.length === 0) continue;
    const retained: number[] = [];
    for (let week = monday; week <= lastMonday; week = addDays(week, 7)) {
      const sunday = addDays(week, 6);
      const endDate = sunday < range.endDate ? sunday : range.endDate;
      const active = usersOf(entriesIn(view, { startDate: week, endDate }));
      retained.push(people.filter(({ userId }) => active.has(userId)).length);
    }
    cohorts.push({ monday, size: people.length, retained });
  }
  return cohorts;
}

/** Of all people whose second week has begun. */
function weekOneRate(cohorts: Cohort[]): number {
  const begun = cohorts.filter(({ retained }) => retained.length > 1);
  const stayed = begun.reduce((sum, { retained }) => sum + retained[1]!, 0);
  return percentage(stayed, sizeOf(begun));
}

function latestRate(cohorts: Cohort[]): number {
  const stayed = cohorts.reduce((sum, { retained }) => sum + retained.at(-1)!, 0);
  return percentage(stayed, sizeOf(cohorts));
}

function topOf(cohorts: Cohort[]) {
  const rated = cohorts.map(({ monday, size, retained }) => ({
    cohort: weekName(monday),
    startDate: monday,
    size,
    week1Rate: retained.length > 1 ? percentage(retained[1]!, size) : null,
    latestRate: percentage(retained.at(-1)!, size),
    retainedLatest: retained.at(-1)!,
  }));
  rated.sort((a, b) => b.latestRate - a.latestRate || b.size - a.size || (a.startDate < b.startDate ? 1 : -1));
  return rated.slice(0, 5);
}

function sizeOf(cohorts: Cohort[]): number {
  return cohorts.reduce((sum, { size }) => sum + size, 0);
}

function label(week: number): string {
  return `Week ${week}`;
}
