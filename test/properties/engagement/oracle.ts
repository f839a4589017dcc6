import { addDays, countDays, datesBetween, dayIn } from './calendar.js';
import type { EntryFacts, Facts, GivenRange, Group, PersonFacts } from './facts.js';

// What an engagement should say, worked out from everything that happened, entry by entry and day by day. Nothing here comes
// from the code that it is to judge.

export interface Range {
  startDate: string;
  endDate: string;
}

/** An entry with the day on which it counts. */
export interface Counted extends EntryFacts {
  day: string;
}

/** What happened, as far as one engagement is about it. */
export interface View {
  facts: Facts;
  group: Group;
  /** Everybody who ever belonged to the group, those who have left included. */
  people: PersonFacts[];
  /** Who belongs to it at present. */
  present: PersonFacts[];
  /** All activity that counts, of whatever day. */
  entries: Counted[];
}

export function viewOf(facts: Facts, group: Group): View {
  const entries = facts.entries.map((entry) => ({ ...entry, day: dayIn(facts.zone, entry.at) }));
  const members = facts.people.filter(({ membership }) => membership !== null);
  const all = { facts, group, people: facts.people, present: members, entries };
  if (group.of === 'TEAM') {
    const { teamId } = group;
    return {
      ...all,
      present: members.filter(({ membership }) => membership!.teamIds.includes(teamId)),
      entries: entries.filter((entry) => entry.teamId === teamId),
    };
  }
  if (group.of === 'MEMBER') {
    const isThis = ({ userId }: { userId: string }) => userId === group.userId;
    return {
      ...all,
      people: facts.people.filter(isThis),
      present: members.filter(isThis),
      entries: entries.filter(isThis),
    };
  }
  return all;
}

/** The days that are meant: 30 up to today, unless an end or both are given. */
export function rangeOf({ startDate, endDate }: GivenRange, today: string): Range {
  if (startDate !== null) return { startDate, endDate: endDate ?? addDays(startDate, 29) };
  return { startDate: addDays(endDate ?? today, -29), endDate: endDate ?? today };
}

/** As many days right before. */
export function rangeBefore({ startDate, endDate }: Range): Range {
  const days = countDays(startDate, endDate) + 1;
  return { startDate: addDays(startDate, -days), endDate: addDays(startDate, -1) };
}

export function isWithin(day: string, { startDate, endDate }: Range): boolean {
  return startDate <= day && day <= endDate;
}

export function entriesIn(view: View, range: Range): Counted[] {
  return view.entries.filter(({ day }) => isWithin(day, range));
}

export function usersOf(entries: readonly Counted[]): Set<string> {
  return new Set(entries.map(({ userId }) => userId));
}

export function secondsOf(entries: readonly Counted[]): number {
  return entries.reduce((total, { seconds }) => total + seconds, 0);
}

/** From which day to which somebody belonged to the group, each time. */
export function staysOf({ facts, group }: View, person: PersonFacts): { first: string; last: string | null }[] {
  const teamId = group.of === 'TEAM' ? group.teamId : null;
  return person.periods
    .filter((period) => period.teamId === teamId)
    .map(({ from, to }) => ({ first: dayIn(facts.zone, from), last: to === null ? null : dayIn(facts.zone, to) }));
}

/** The day on which somebody belonged to the group for the first time ever. */
export function firstDayOf(view: View, person: PersonFacts): string | undefined {
  return staysOf(view, person)
    .map(({ first }) => first)
    .sort()[0];
}

export function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : (part * 100) / whole;
}

export function expectedRange(range: Range, timezone: string) {
  const before = rangeBefore(range);
  return {
    ...range,
    previousStartDate: before.startDate,
    previousEndDate: before.endDate,
    days: datesBetween(range.startDate, range.endDate).length,
    timezone,
  };
}

/** A figure beside the same of the range before. */
export function comparison(key: string, unit: string, value: number, previousValue: number) {
  const delta = value - previousValue;
  const deltaPercent = previousValue === 0 ? null : (delta / previousValue) * 100;
  const direction = value > previousValue ? 'UP' : value < previousValue ? 'DOWN' : 'FLAT';
  return { key, unit, value, previousValue, delta, deltaPercent, direction };
}

export function expectedKpis(view: View, range: Range) {
  const now = figuresOf(view, range);
  const before = figuresOf(view, rangeBefore(range));
  return [
    comparison('ACTIVE_MEMBERS', 'MEMBERS', now.activeMembers, before.activeMembers),
    comparison('TOTAL_ACTIVE_TIME', 'SECONDS', now.seconds, before.seconds),
    comparison('AVERAGE_ACTIVE_TIME', 'SECONDS', now.average, before.average),
    comparison('SESSIONS', 'SESSIONS', now.sessions, before.sessions),
    comparison('ACTIVE_DAYS', 'DAYS', now.activeDays, before.activeDays),
    comparison('RETENTION', 'PERCENT', now.retention, before.retention),
    comparison('NEW_MEMBERS', 'MEMBERS', now.newMembers, before.newMembers),
  ];
}

function figuresOf(view: View, range: Range) {
  const entries = entriesIn(view, range);
  const active = usersOf(entries);
  const activeBefore = usersOf(entriesIn(view, rangeBefore(range)));
  const stayed = [...activeBefore].filter((userId) => active.has(userId));
  const firstDays = view.people.map((person) => firstDayOf(view, person));
  const seconds = secondsOf(entries);
  return {
    activeMembers: active.size,
    seconds,
    average: active.size === 0 ? 0 : seconds / active.size,
    sessions: entries.length,
    activeDays: new Set(entries.map(({ day }) => day)).size,
    retention: percentage(stayed.length, activeBefore.size),
    newMembers: firstDays.filter((day) => day !== undefined && isWithin(day, range)).length,
  };
}

export function expectedPulse(view: View, range: Range) {
  const days = datesBetween(range.startDate, range.endDate).map((date) => {
    const entries = view.entries.filter(({ day }) => day === date);
    return { date, activeSeconds: secondsOf(entries), sessions: entries.length };
  });
  const active = days.filter(({ sessions }) => sessions > 0);
  const quartiles = [0.25, 0.5, 0.75].map((fraction) =>
    percentile(
      active.map(({ activeSeconds }) => activeSeconds),
      fraction,
    ),
  );
  const levelOf = (seconds: number) =>
    seconds === 0 ? 0 : 1 + quartiles.filter((quartile) => quartile < seconds).length;
  return {
    days: days.map((day) => ({ ...day, level: levelOf(day.activeSeconds) })),
    summary: {
      totalActiveSeconds: secondsOf(entriesIn(view, range)),
      totalSessions: entriesIn(view, range).length,
      activeDays: active.length,
      periodStart: range.startDate,
      periodEnd: range.endDate,
    },
  };
}

/** The value below which a fraction of the values lies, on the straight line between its two neighbours. */
function percentile(values: number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

export function expectedTrend(view: View, range: Range) {
  const stays = view.people.map((person) => staysOf(view, person));
  return datesBetween(range.startDate, range.endDate).map((date) => {
    const totalHours = secondsOf(view.entries.filter(({ day }) => day === date)) / 3_600;
    const belonging = stays.filter((each) => each.some(({ first, last }) => first <= date && (last ?? date) >= date));
    return { date, totalHours, averageHoursPerMember: belonging.length === 0 ? 0 : totalHours / belonging.length };
  });
}

const buckets = [
  ['NONE', 0],
  ['UNDER_1_HOUR', 1],
  ['FROM_1_TO_5_HOURS', 3_600],
  ['FROM_5_TO_10_HOURS', 18_000],
  ['FROM_10_TO_20_HOURS', 36_000],
  ['FROM_20_HOURS', 72_000],
] as const;

export function expectedDistribution(view: View, range: Range) {
  const times = view.present.map(({ userId }) =>
    secondsOf(entriesIn(view, range).filter((entry) => entry.userId === userId)),
  );
  return buckets.map(([bucket, minSeconds], index) => {
    const maxSeconds = buckets[index + 1]?.[1] ?? null;
    const memberCount = times.filter((time) => time >= minSeconds && (maxSeconds === null || time < maxSeconds)).length;
    return { bucket, minSeconds, maxSeconds, memberCount };
  });
}
