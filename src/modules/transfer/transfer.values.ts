import { z } from 'zod';

const earliest = Date.UTC(1970, 0, 1);

function moment(isWithin: (ms: number) => boolean, message: string) {
  return z.iso
    .datetime({ offset: true, message: 'must be a date and time in ISO 8601' })
    .refine((text) => isWithin(Date.parse(text)), message)
    .transform((text) => new Date(text).toISOString());
}

/** A moment that is over, but for what clocks differ by, in milliseconds. */
export function momentBefore(clocksMs: number) {
  return moment((ms) => ms >= earliest && ms <= Date.now() + clocksMs, 'must not be in the future, nor before 1970');
}

/** A moment that is at most so many milliseconds ahead. It may be over: the file may have lain somewhere. */
export function momentWithin(aheadMs: number) {
  return moment((ms) => ms >= earliest && ms <= Date.now() + aheadMs, 'must be at most a year ahead');
}

const deepest = 32;

/** A JSON object that PostgreSQL can keep. */
export const storableObject = z
  .record(z.string(), z.unknown(), 'must be an object')
  .refine(
    (value) => isStorable(value, 0),
    'holds what cannot be kept: a text with a zero character, or too deep levels',
  );

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (depth === deepest) return false;
  return Object.entries(value).every(([key, inner]) => isStorable(key, depth) && isStorable(inner, depth + 1));
}
