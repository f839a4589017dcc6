const dayMs = 86_400_000;

/** The date (YYYY-MM-DD) that it was some days ago in a time zone. */
export function daysAgo(days: number, timezone: string): string {
  // Of all locales, Swedish writes dates as ISO 8601 does.
  const today = new Intl.DateTimeFormat('sv', { timeZone: timezone }).format(Date.now());
  return new Date(Date.parse(today) - days * dayMs).toISOString().slice(0, 10);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(date: string): number {
  return (new Date(date).getUTCDay() + 6) % 7;
}

/** Days in rows of a weekday each, so that every column is a week. What lies before the first day is undefined. */
export function byWeekday<Day extends { date: string }>(days: readonly Day[]): (Day | undefined)[][] {
  const before = days[0] ? weekdayOf(days[0].date) : 0;
  const padded = [...Array<undefined>(before), ...days];
  return Array.from({ length: 7 }, (_, weekday) => padded.filter((_, index) => index % 7 === weekday));
}

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Such as `Mar 5`. */
export function shortDay(date: string): string {
  return dayFormat.format(new Date(date));
}
