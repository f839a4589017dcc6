import { describe, expect, it } from 'vitest';
import { timeZoneName } from '../../src/platform/timezone.js';

describe('a time zone', () => {
  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['US/Pacific', 'America/Los_Angeles'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['Pacific/Enderbury', 'Pacific/Kanton'],
  ])('that is called %s has the name %s', (given, name) => {
    expect(timeZoneName(given)).toBe(name);
  });

  it('has one name, which stands for the same zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    expect(zones.length).toBeGreaterThan(400);
    for (const zone of zones) {
      const name = timeZoneName(zone)!;
      expect(timeZoneName(name)).toBe(name);
      const canonical = (text: string) => new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
      expect(canonical(name)).toBe(canonical(zone));
    }
  });

  it.each(['', '+01:00', 'Etc/Unknown', 'Europe/Atlantis', 'Europe/Berlin ', "'; --", 'UTC\0'])('is not %j', (text) => {
    expect(timeZoneName(text)).toBeNull();
  });
});
