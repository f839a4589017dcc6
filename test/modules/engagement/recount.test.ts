import { describe, expect, it, vi } from 'vitest';
import { addDays, todayIn } from '../../../src/modules/engagement/engagement.range.js';
import { recount } from '../../../src/modules/engagement/recount.service.js';
import { beginRecording } from '../../../src/modules/engagement/roll-ups.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World } from '../../support/world.js';
import { engagementOf, entry, kpiOf, parts, recorded } from './engaging.js';

const gateway = useGateway();

const Update =
  'mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { timezone } } }';

const moveTo = ({ organization, admin }: World, timezone: string) =>
  admin.send(Update, { input: { organizationId: organization.id, timezone } });

const fields = `${parts.range} ${parts.pulse} ${parts.kpis}`;

/** A day of last week that is UTC's, and two entries of it, of which the first is of the day before in California. */
function lastWeek() {
  const day = addDays(todayIn('UTC'), -7);
  return {
    day,
    dayBefore: addDays(day, -1),
    early: entry({ startedAt: `${day}T03:00:00Z`, activeSeconds: 60 }),
    late: entry({ startedAt: `${day}T20:00:00Z`, activeSeconds: 100 }),
  };
}

/** The seconds of the days with any. */
async function secondsByDay(world: World) {
  const { pulse, range } = await engagementOf(world, world.admin, {}, fields);
  const days = pulse.days
    .filter(({ sessions }) => sessions > 0)
    .map(({ date, activeSeconds }) => [date, activeSeconds]);
  return { timezone: range.timezone, ...Object.fromEntries(days) } as Record<string, unknown>;
}

describe('another time zone of the organization', () => {
  it('lets all activity be counted anew, day by day, and what comes later in the same way', async () => {
    const world = await aWorld(gateway());
    const { day, dayBefore, early, late } = lastWeek();
    await recorded(world, world.admin, early, late);
    expect(await secondsByDay(world)).toEqual({ timezone: 'UTC', [day]: 160 });
    await moveTo(world, 'America/Los_Angeles');
    const expected = { timezone: 'America/Los_Angeles', [dayBefore]: 60, [day]: 100 };
    await vi.waitFor(async () => expect(await secondsByDay(world)).toEqual(expected), { timeout: 20_000 });
    await recorded(world, world.admin, { ...early, idempotencyId: 'another' });
    expect(await secondsByDay(world)).toEqual({ ...expected, [dayBefore]: 120 });
    const { kpis } = await engagementOf(world, world.admin, {}, fields);
    expect(kpiOf(kpis, 'ACTIVE_DAYS').value).toBe(2);
  });

  it('counts at once in an organization that is founded in it', async () => {
    const { admin } = await aWorld(gateway());
    const Create = `mutation { createOrganization(input: { name: "Pacific", timezone: "America/Los_Angeles" }) {
      organization { id engagement { range { timezone } } } } }`;
    const answer = await admin.send<{ createOrganization: { organization: { engagement: object } } }, object>(Create);
    expect(answer.data.createOrganization.organization.engagement).toEqual({
      range: { timezone: 'America/Los_Angeles' },
    });
  });

  it('changes nothing else: roll-ups that are counted anew in the same zone are what they were', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const teamId = await world.team('Red', bo);
    const { early, late } = lastWeek();
    await recorded(world, bo, early, late, entry({ teamId }));
    const { run } = gateway().services.db;
    const rollUps = () =>
      run(
        `SELECT NULL AS user_id, team_id, day, active_seconds, sessions FROM activity_totals WHERE organization_id = $1
         UNION ALL
         SELECT user_id, team_id, day, active_seconds, sessions FROM activity_days WHERE organization_id = $1
         ORDER BY day, active_seconds, user_id, team_id`,
        [world.organization.id],
      );
    const before = await rollUps();
    expect(before).toHaveLength(5);
    await recount(gateway().services, { organizationId: world.organization.id });
    expect(await rollUps()).toEqual(before);
  });

  it('loses no entry that is recorded meanwhile, and counts none twice', async () => {
    const world = await aWorld(gateway());
    const organizationId = world.organization.id;
    const { services } = gateway();
    const zones = ['Asia/Tokyo', 'Europe/Berlin', 'America/Los_Angeles', 'UTC'];
    const changing = (async () => {
      for (const timezone of zones) {
        await services.db.write('UPDATE organizations SET timezone = $2 WHERE id = $1', [organizationId, timezone]);
        await recount(services, { organizationId });
      }
    })();
    const recording = Array.from({ length: 40 }, (_, hour) =>
      recorded(world, world.admin, entry({ startedAt: new Date(Date.now() - hour * 3_600_000).toISOString() })),
    );
    await Promise.all([changing, ...recording]);
    const { pulse, kpis } = await engagementOf(world, world.admin, {}, fields);
    expect(pulse.summary).toMatchObject({ totalActiveSeconds: 24_000, totalSessions: 40 });
    const [{ days }] = (await services.db.run<{ days: number }>(
      `SELECT count(DISTINCT (started_at AT TIME ZONE 'UTC')::date)::int AS days FROM activity_entries
       WHERE organization_id = $1`,
      [organizationId],
    )) as [{ days: number }];
    expect(kpiOf(kpis, 'ACTIVE_DAYS').value).toBe(days);
  });

  it('lets a recording wait for the counting, without a connection', async () => {
    const world = await aWorld(gateway());
    const { db } = gateway().services;
    const [key] = [world.organization.id];
    let answer: Promise<unknown> | undefined;
    await db.transaction(async (run) => {
      await run(`SELECT pg_advisory_xact_lock(hashtextextended('activity of ' || $1::text, 0))`, [key]);
      await db.transaction(async (other) => expect(await beginRecording(other, key)).toBe(false));
      answer = recorded(world, world.admin, entry());
      const pause = new Promise((resolve) => setTimeout(resolve, 400, 'waiting'));
      expect(await Promise.race([answer, pause])).toBe('waiting');
    });
    expect(await answer).toMatchObject({ accepted: 1 });
  });
});
