import { describe, expect, it } from 'vitest';
import { demoActivity } from '../../src/demo-activity.js';
import { demoOrganizations } from '../../src/demo-content.js';
import { demoAccount } from '../../src/demo-data.js';
import { addDays, todayIn } from '../../src/modules/engagement/engagement.range.js';
import { recount } from '../../src/modules/engagement/recount.service.js';
import { type EngagementAnswer, everything, kpiOf, withoutErrors } from '../modules/engagement/engaging.js';
import { send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';

const [northwind] = demoOrganizations;
const dayMs = 86_400_000;

/** The days of some entries, with how many there are on each. */
function sessionsByWeekday(moments: readonly Date[]): number[] {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: northwind!.timezone, weekday: 'short' });
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  return days.map((day) => moments.filter((moment) => clock.format(moment) === day).length);
}

describe('what the people of the demo did', () => {
  // On each day of the week, around a change of the clocks, and on both sides of midnight.
  const starts = Array.from({ length: 16 }, (_, n) => new Date(Date.UTC(2026, 2, 24 + n, (n * 7) % 24, 30)));

  it.each(starts)('by %s is over, and looks like work', (now) => {
    const activity = demoActivity(northwind!, now);
    const hour = new Intl.DateTimeFormat('en-GB', { timeZone: northwind!.timezone, hour: '2-digit' });
    for (const { startedAt, activeSeconds } of activity) {
      expect(startedAt.getTime() + activeSeconds * 1_000).toBeLessThan(now.getTime());
      expect(now.getTime() - startedAt.getTime()).toBeLessThan(91 * dayMs);
      expect(Number(hour.format(startedAt))).toBeGreaterThanOrEqual(7);
      expect(Number(hour.format(startedAt))).toBeLessThan(18);
      expect(activeSeconds).toBeGreaterThan(3 * 60);
      expect(activeSeconds).toBeLessThan(3 * 3_600);
    }
    const [sunday, ...weekdays] = sessionsByWeekday(activity.map(({ startedAt }) => startedAt));
    const saturday = weekdays.pop()!;
    expect(saturday).toBeGreaterThan(0);
    for (const count of weekdays) expect(count).toBeGreaterThan(5 * Math.max(saturday, sunday!));

    const lastDays = new Map(activity.map(({ person, startedAt }) => [person, startedAt.getTime()]));
    for (const { person, startedAt } of activity) {
      lastDays.set(person, Math.max(lastDays.get(person)!, startedAt.getTime()));
    }
    const present = northwind!.members.map(({ person }) => (now.getTime() - (lastDays.get(person) ?? 0)) / dayMs);
    expect(present.filter((days) => days < 6).length).toBeGreaterThan(15);
    expect(present.filter((days) => days > 8 && days < 28).length).toBeGreaterThan(1);
    expect(present.filter((days) => days > 31).length).toBeGreaterThan(1);
    for (const { person, leftDaysAgo } of northwind!.former) {
      expect((now.getTime() - lastDays.get(person)!) / dayMs).toBeGreaterThan(leftDaysAgo);
    }
  });

  it('is the same at every start of the same day', () => {
    const now = new Date('2026-03-26T23:30:00Z');
    expect(demoActivity(northwind!, now)).toEqual(demoActivity(northwind!, now));
  });
});

describe('the dashboard of the demo', () => {
  const gateway = useOwnGateway({ seed: 'demo' });

  const Dashboard = `query ($teamId: ID, $startDate: Date, $endDate: Date) {
    organizationBySlug(slug: "northwind") {
      id teams { nodes { id name } }
      engagement(teamId: $teamId, startDate: $startDate, endDate: $endDate) { ${everything} }
    }
  }`;

  interface Shown {
    organizationBySlug: {
      id: string;
      teams: { nodes: { id: string; name: string }[] };
      engagement: EngagementAnswer;
    };
  }

  async function dashboard(wanted: object = {}): Promise<Shown['organizationBySlug']> {
    const login = `mutation ($email: String!, $password: String!) {
      login(input: { email: $email, password: $password }) { session { accessToken } }
    }`;
    const signedIn = await send<{ login: { session: { accessToken: string } } }, object>(
      gateway().url,
      login,
      demoAccount,
    );
    const authorization = `Bearer ${signedIn.data.login.session.accessToken}`;
    return withoutErrors(await send<Shown, object>(gateway().url, Dashboard, wanted, { authorization }))
      .organizationBySlug;
  }

  const today = () => todayIn(northwind!.timezone);

  it('shows ninety days with a rhythm, and every level', async () => {
    const { engagement } = await dashboard({ startDate: addDays(today(), -89), endDate: today() });
    const { days, summary } = engagement.pulse;
    expect(days).toHaveLength(90);
    expect(new Set(days.map(({ level }) => level))).toEqual(new Set([0, 1, 2, 3, 4]));
    const isWeekend = (date: string) => [0, 6].includes(new Date(date).getUTCDay());
    const mean = (some: typeof days) => some.reduce((sum, { activeSeconds }) => sum + activeSeconds, 0) / some.length;
    const weekdays = days.filter(({ date }) => !isWeekend(date));
    const weekends = days.filter(({ date }) => isWeekend(date));
    expect(mean(weekdays)).toBeGreaterThan(8 * mean(weekends));
    expect(summary.totalSessions).toBeGreaterThan(1_000);

    const { cohorts, metrics } = engagement.retention;
    expect(cohorts.length).toBeGreaterThan(8);
    expect(kpiOf(metrics, 'WEEK_1_RETENTION').value).toBeGreaterThan(80);
    expect(kpiOf(metrics, 'LATEST_RETENTION').value).toBeLessThan(kpiOf(metrics, 'WEEK_1_RETENTION').value);
    const falling = cohorts.filter(({ periods }) => periods.at(-1)!.rate < periods[0]!.rate);
    expect(falling.length).toBeGreaterThan(2);
  });

  it('shows who is active, who drifts away and who has gone', async () => {
    const { engagement } = await dashboard();
    const { nodes } = engagement.memberActivity;
    expect(nodes).toHaveLength(24);
    const count = (wanted: string) => nodes.filter(({ status }) => status === wanted).length;
    expect([count('ACTIVE'), count('AT_RISK'), count('INACTIVE')]).toEqual([18, 3, 3]);
    expect(nodes.some(({ lastActiveAt }) => lastActiveAt === null)).toBe(true);
    expect(engagement.kpis.map(({ direction }) => direction)).toEqual(expect.arrayContaining(['UP', 'DOWN']));
    // Who has left was active in the range and is counted, but not listed.
    const active = nodes.filter(({ sessions }) => sessions > 0).length;
    expect(kpiOf(engagement.kpis, 'ACTIVE_MEMBERS').value).toBeGreaterThan(active);
    expect(engagement.activityDistribution.filter(({ memberCount }) => memberCount > 0).length).toBeGreaterThan(2);
  });

  it('shows three teams that differ', async () => {
    const { teams } = await dashboard();
    expect(teams.nodes).toHaveLength(3);
    const hours = [];
    for (const { id } of teams.nodes) {
      const { engagement } = await dashboard({ teamId: id, startDate: addDays(today(), -89), endDate: today() });
      hours.push(engagement.pulse.summary.totalActiveSeconds / 3_600);
      expect(engagement.retention.cohorts.length).toBeGreaterThan(2);
    }
    for (const time of hours) expect(time).toBeGreaterThan(50);
    expect(Math.max(...hours)).toBeGreaterThan(1.2 * Math.min(...hours));
  });

  it('is what it would be if all activity were counted anew', async () => {
    const range = { startDate: addDays(today(), -91), endDate: today() };
    const before = await dashboard(range);
    await recount(gateway().services, { organizationId: before.id });
    expect(await dashboard(range)).toEqual(before);
  });
});
