import { badInput } from '../../platform/errors.js';

// Days are texts such as 2026-02-28, which sort as the days do. They are reckoned in UTC, where every day has 24 hours.

const dayMs = 86_400_000;
const defaultDays = 30;
const mostDays = 366;
const firstYear = 2000;
const lastYear = 2100;

/** The days of an engagement, first and last included, and as many before them to compare with. */
export interface Range {
  startDate: string;
  endDate: string;
  previousStartDate: string;
  previousEndDate: string;
  days: number;
  timezone: string;
}

/** Whether a text is a day of the calendar, in a year that anything here can be about. */
export function isDay(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (year === undefined || year < firstYear || year > lastYear) return false;
  return textOf(Date.UTC(year, month! - 1, day)) === text;
}

/** The day that many days later, or earlier. */
export function addDays(day: string, days: number): string {
  return textOf(Date.parse(day) + days * dayMs);
}

/** The day that it is in a time zone. */
export function todayIn(timezone: string, now = new Date()): string {
  // Swedes write days as we need them.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(now);
}

/**
 * The days that are asked for: without any the last 30 up to today, with one of the ends 30 from or up to it.
 *
 * @throws {DomainError} BAD_USER_INPUT for more than 366 days, for an end before the start, or more than a year ahead.
 */
export function rangeOf(
  given: { startDate?: string | null; endDate?: string | null },
  timezone: string,
  now = new Date(),
): Range {
  const today = todayIn(timezone, now);
  const endDate = given.endDate ?? (given.startDate == null ? today : addDays(given.startDate, defaultDays - 1));
  const startDate = given.startDate ?? addDays(endDate, 1 - defaultDays);
  const days = (Date.parse(endDate) - Date.parse(startDate)) / dayMs + 1;
  const path = given.endDate == null ? 'startDate' : 'endDate';
  if (days < 1) throw badInput({ path, message: 'must not be before startDate' });
  if (days > mostDays)
    throw badInput({ path, message: `must be at most ${mostDays} days from startDate, both included` });
  if (endDate > addDays(today, mostDays)) throw badInput({ path, message: 'must be at most a year ahead' });
  return {
    startDate,
    endDate,
    previousStartDate: addDays(startDate, -days),
    previousEndDate: addDays(startDate, -1),
    days,
    timezone,
  };
}

function textOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
