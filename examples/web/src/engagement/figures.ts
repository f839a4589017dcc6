import type { EngagementUnit } from '../generated/graphql.ts';

const wholes = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function hours(seconds: number): string {
  return `${tenths.format(seconds / 3_600)} h`;
}

export function count(value: number): string {
  return wholes.format(value);
}

export function percent(value: number): string {
  return `${wholes.format(value)}%`;
}

/** A figure with its unit, for people. */
export function figure(value: number, unit: EngagementUnit): string {
  switch (unit) {
    case 'SECONDS':
      return hours(value);
    case 'PERCENT':
      return percent(value);
    case 'DAYS':
    case 'MEMBERS':
    case 'SESSIONS':
      return tenths.format(value);
  }
}
