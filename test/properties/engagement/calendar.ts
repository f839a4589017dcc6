// Days and weeks of the calendar, reckoned the slow way: by asking what the date is somewhere, and by counting days.

const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date that a calendar on the wall shows at a moment in a time zone, such as 2024-02-29. */
export function dayIn(zone: string, moment: number): string {
  let format = formats.get(zone);
  if (!format) {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-US', { ...digits, timeZone: zone, calendar: 'gregory' });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}`;
}

/** The date so many days later, or earlier. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

/** Every date from one to another, both included. */
export function datesBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

export function countDays(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / dayMs);
}

/** The Monday of the week of a day, counted from one of which we know it: 3 January 2000. */
export function mondayOf(day: string): string {
  const since = countDays('2000-01-03', day);
  return addDays(day, -(((since % 7) + 7) % 7));
}

/** What ISO 8601 calls the week of a Monday, such as 2020-W53: the first week of a year is that of 4 January. */
export function weekName(monday: string): string {
  const year = addDays(monday, 3).slice(0, 4);
  const number = 1 + countDays(mondayOf(`${year}-01-04`), monday) / 7;
  return `${year}-W${String(number).padStart(2, '0')}`;
}
