import { describe, expect, it } from 'vitest';
import { addDays, rangeOf, todayIn } from '../../../src/modules/engagement/engagement.range.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { pathsIn } from '../lists.js';
import { ask, askOfMember, engagementOf, parts } from './engaging.js';

const gateway = useGateway();

const { range } = parts;
const today = () => todayIn('UTC');

describe('the range of an engagement', () => {
  it('is the last 30 days up to today, and the 30 before them, unless told', async () => {
    const world = await aWorld(gateway());
    const { range: answered } = await engagementOf(world, world.admin, {}, range);
    expect(answered).toEqual({
      startDate: addDays(today(), -29),
      endDate: today(),
      previousStartDate: addDays(today(), -59),
      previousEndDate: addDays(today(), -30),
      days: 30,
      timezone: 'UTC',
    });
  });

  it('has 30 days from or up to the one end that is given, and as many as from one to the other', async () => {
    const world = await aWorld(gateway());
    const of = async (wanted: object) => (await engagementOf(world, world.admin, wanted, range)).range;
    expect(await of({ endDate: '2026-03-15' })).toMatchObject({ startDate: '2026-02-14', days: 30 });
    expect(await of({ startDate: '2024-02-01' })).toMatchObject({ endDate: '2024-03-01', days: 30 });
    expect(await of({ startDate: '2024-01-01', endDate: '2024-12-31' })).toEqual({
      startDate: '2024-01-01',
      endDate: '2024-12-31',
      previousStartDate: '2022-12-31',
      previousEndDate: '2023-12-31',
      days: 366,
      timezone: 'UTC',
    });
    expect(await of({ startDate: '2026-02-28', endDate: '2026-02-28' })).toMatchObject({
      previousStartDate: '2026-02-27',
      previousEndDate: '2026-02-27',
      days: 1,
    });
  });

  const refused: [why: string, wanted: { startDate?: string; endDate?: string }, paths: string[]][] = [
    ['reversed', { startDate: '2026-03-02', endDate: '2026-03-01' }, ['endDate']],
    ['of 367 days', { startDate: '2025-01-01', endDate: '2026-01-02' }, ['endDate']],
    ['of 10,000 years', { startDate: '0001-01-01', endDate: '9999-12-31' }, ['startDate', 'endDate']],
    ['in a year of five digits', { endDate: '12026-01-01' }, ['endDate']],
    ['before the year 2000', { startDate: '1999-12-31' }, ['startDate']],
    ['after the year 2100', { startDate: '2101-01-01' }, ['startDate']],
    ['more than a year ahead', { endDate: addDays(today(), 368) }, ['endDate']],
    ['more than a year ahead from its start', { startDate: addDays(today(), 360) }, ['startDate']],
    ['without a meaning', { startDate: 'yesterday', endDate: '' }, ['startDate', 'endDate']],
    ['on a day that is none', { startDate: '2026-02-30' }, ['startDate']],
    ['on a leap day in another year', { endDate: '2026-02-29' }, ['endDate']],
    ['in a month that is none', { endDate: '2026-13-01' }, ['endDate']],
    ['written without zeros', { endDate: '2026-3-1' }, ['endDate']],
    ['a moment', { endDate: '2026-03-01T00:00:00Z' }, ['endDate']],
    ['followed by a line break', { endDate: '2026-03-01\n' }, ['endDate']],
  ];
  for (const [why, wanted, paths] of refused) {
    it(`cannot be ${why}, among the variables or in the document, of an organization or of a member`, async () => {
      const world = await aWorld(gateway());
      expect(pathsIn(await ask(world, world.admin, wanted, range))).toEqual(paths);
      expect(pathsIn(await askOfMember(world, world.admin, world.admin.memberId, wanted, range))).toEqual(paths);
      const args = Object.entries(wanted).map(([name, day]) => `${name}: ${JSON.stringify(day)}`);
      const { id } = world.organization;
      const document = `{ organization(id: "${id}") { engagement(${args.join(', ')}) { ${range} } } }`;
      expect(pathsIn(await world.admin.send(document))).toEqual(paths);
    });
  }

  it('takes texts only', async () => {
    const world = await aWorld(gateway());
    const { errors } = await world.admin.send(
      'query ($day: Date) { currentOrganization { engagement(endDate: $day) { range { days } } } }',
      {
        day: 20_260_101,
      },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('today', () => {
  it('is the day that it is in the time zone', () => {
    const now = new Date('2026-03-29T00:30:00Z');
    expect(rangeOf({}, 'Europe/Berlin', now).endDate).toBe('2026-03-29');
    expect(rangeOf({}, 'America/Los_Angeles', now).endDate).toBe('2026-03-28');
    expect(rangeOf({}, 'Pacific/Kiritimati', new Date('2026-12-31T10:00:00Z')).endDate).toBe('2027-01-01');
  });
});

describe('days', () => {
  it('follow each other across months, leap days and changes of the clocks', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  it('are known to PostgreSQL in every time zone that an organization may have', async () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const [row] = await gateway().services.db.run<{ unknown: string[] }>(
      `SELECT array(SELECT zone FROM unnest($1::text[]) AS given(zone)
        WHERE NOT EXISTS (SELECT 1 FROM pg_timezone_names known WHERE known.name = given.zone)) AS unknown`,
      [zones],
    );
    expect(row!.unknown).toEqual([]);
  });
});
