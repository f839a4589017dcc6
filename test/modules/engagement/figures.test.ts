import { describe, expect, it } from 'vitest';
import { distribution, kpi, retention } from '../../../src/modules/engagement/engagement.policy.js';
import { addDays, todayIn } from '../../../src/modules/engagement/engagement.range.js';
import { newMember } from '../../../src/modules/member/member.service.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, write } from '../../support/world.js';
import { aKey, joinAs } from '../api-key/keys.js';
import { setMemberStatus } from '../states.js';
import { engagementOf, entry, joinedAt, kpiOf, longAgo, recorded } from './engaging.js';

const gateway = useGateway();

/** Noon of a day that many days ago. */
const noon = (days: number) => `${addDays(todayIn('UTC'), -days)}T12:00:00.000Z`;

describe('the figures', () => {
  it('compare the range with the one before', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const [bo, di] = [await world.join('member'), await world.join('member')];
    await joinedAt(gateway(), world, bo.user.id, noon(100));
    await joinedAt(gateway(), world, di.user.id, noon(12));
    const by = (userId: string, days: number, activeSeconds: number) =>
      entry({ userId, startedAt: noon(days), activeSeconds });
    await recorded(
      world,
      key,
      by(bo.user.id, 3, 600),
      by(bo.user.id, 3, 60),
      by(bo.user.id, 11, 100),
      by(di.user.id, 12, 300),
      by(bo.user.id, 22, 1),
    );
    const { kpis } = await engagementOf(world, world.admin, {
      startDate: noon(9).slice(0, 10),
      endDate: noon(0).slice(0, 10),
    });
    const figures = kpis.map(({ key, value, previousValue }) => [key, value, previousValue]);
    expect(figures).toEqual([
      ['ACTIVE_MEMBERS', 1, 2],
      ['TOTAL_ACTIVE_TIME', 660, 400],
      ['AVERAGE_ACTIVE_TIME', 660, 200],
      ['SESSIONS', 2, 2],
      ['ACTIVE_DAYS', 1, 2],
      // Of the two of the range before one was active again; of the one before that (Bo) all.
      ['RETENTION', 50, 100],
      // The founder joined today.
      ['NEW_MEMBERS', 1, 1],
    ]);
    expect(kpiOf(kpis, 'TOTAL_ACTIVE_TIME')).toMatchObject({
      delta: 260,
      deltaPercent: 65,
      unit: 'SECONDS',
      direction: 'UP',
    });
    expect(kpiOf(kpis, 'SESSIONS')).toMatchObject({ delta: 0, deltaPercent: 0, direction: 'FLAT' });
    expect(kpi('SESSIONS', 1, 0)).toMatchObject({ delta: 1, deltaPercent: null, direction: 'UP' });
    expect(kpi('SESSIONS', 0, 4)).toMatchObject({ delta: -4, deltaPercent: -100, direction: 'DOWN' });
  });

  it('sort the days into levels by the quartiles of those with activity', async () => {
    const world = await aWorld(gateway());
    const seconds = [10, 20, 30, 40, 50];
    await recorded(
      world,
      world.admin,
      ...seconds.map((activeSeconds, days) => entry({ startedAt: noon(days + 1), activeSeconds })),
    );
    const { pulse } = await engagementOf(world, world.admin);
    const active = pulse.days.filter(({ activeSeconds }) => activeSeconds > 0).toReversed();
    // The quartiles are 20, 30 and 40.
    expect(active.map(({ level }) => level)).toEqual([1, 1, 2, 3, 4]);
    expect(pulse.days.filter(({ level }) => level === 0)).toHaveLength(25);
    expect(pulse.summary).toMatchObject({ totalActiveSeconds: 150, totalSessions: 5, activeDays: 5 });
  });

  it('of an organization in which nobody did anything are zeros', async () => {
    const world = await aWorld(gateway());
    const { kpis, pulse, trend, retention, activityDistribution, memberActivity } = await engagementOf(
      world,
      world.admin,
    );
    expect(kpis.filter(({ key }) => key !== 'NEW_MEMBERS').every(({ value }) => value === 0)).toBe(true);
    expect(pulse.days).toHaveLength(30);
    expect(
      trend.every(({ totalHours, averageHoursPerMember }) => totalHours === 0 && averageHoursPerMember === 0),
    ).toBe(true);
    expect(retention.cohorts).toMatchObject([{ size: 1, periods: [{ label: 'Week 0', retainedMembers: 0, rate: 0 }] }]);
    expect(activityDistribution.map(({ memberCount }) => memberCount)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(memberActivity.nodes).toMatchObject([{ activeSeconds: 0, lastActiveAt: null, status: 'INACTIVE' }]);
  });

  it('of a team are those of its members for it', async () => {
    const world = await aWorld(gateway());
    const [bo, di] = [await world.join('member'), await world.join('member')];
    const [red, blue] = [await world.team('Red', bo), await world.team('Blue', bo, di)];
    await recorded(
      world,
      bo,
      entry({ teamId: red, activeSeconds: 10 }),
      entry({ teamId: blue, activeSeconds: 200 }),
      entry(),
    );
    await recorded(world, di, entry({ teamId: blue, activeSeconds: 3_000 }));
    const { kpis, memberActivity, pulse } = await engagementOf(world, world.admin, { teamId: blue });
    expect(kpiOf(kpis, 'TOTAL_ACTIVE_TIME').value).toBe(3_200);
    expect(pulse.summary.totalActiveSeconds).toBe(3_200);
    expect(memberActivity.nodes.map(({ member, activeSeconds }) => [member.id, activeSeconds])).toEqual([
      [di.memberId, 3_000],
      [bo.memberId, 200],
    ]);
  });

  it('count as active whoever was so in the last week, and as at risk whoever was in the last month', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const last = [6, 7, 29, 30];
    const people = await Promise.all(last.map(() => world.join('member')));
    await recorded(
      world,
      key,
      ...people.map(({ memberId }, index) => entry({ memberId, startedAt: noon(last[index]!) })),
    );
    const { memberDirectory, memberActivity } = await engagementOf(world, world.admin, {
      startDate: noon(2).slice(0, 10),
      endDate: noon(0).slice(0, 10),
    });
    for (const nodes of [
      memberDirectory.nodes.map(({ user, ...node }) => ({ id: user.id, ...node })),
      memberActivity.nodes.map(({ member, ...node }) => ({
        id: people.find(({ memberId }) => memberId === member.id)?.user.id,
        ...node,
      })),
    ]) {
      const of = (index: number) => nodes.find(({ id }) => id === people[index]!.user.id);
      expect(last.map((_, index) => of(index)?.status)).toEqual(['ACTIVE', 'AT_RISK', 'AT_RISK', 'INACTIVE']);
      expect(of(3)?.lastActiveAt).toBe(noon(30));
    }
    const before = await engagementOf(world, world.admin, { endDate: noon(28).slice(0, 10) });
    const of = (index: number) => before.memberDirectory.nodes.find(({ user }) => user.id === people[index]!.user.id);
    expect(of(0)).toMatchObject({ status: 'INACTIVE', lastActiveAt: null });
    expect(of(2)).toMatchObject({ status: 'ACTIVE', lastActiveAt: noon(29) });
  });

  it('show cohorts by the week of joining', async () => {
    const world = await aWorld(gateway());
    const people = await Promise.all(
      ['2025-12-29', '2026-01-04', '2026-01-05', '2026-01-21'].map(async (day) => {
        const person = await world.join('member');
        await joinedAt(gateway(), world, person.user.id, `${day}T10:00:00Z`);
        return person;
      }),
    );
    await joinedAt(gateway(), world, world.admin.user.id, '2025-06-01T10:00:00Z');
    const days = [
      ['2025-12-29', '2026-01-06', '2026-01-20'],
      ['2026-01-05'],
      ['2026-01-18'],
      ['2026-01-21', '2026-01-22'],
    ];
    const entries = people.flatMap(({ user }, index) => days[index]!.map((day) => ({ userId: user.id, day })));
    await longAgo(gateway(), world, ...entries);
    const { retention } = await engagementOf(world, world.admin, { startDate: '2026-01-03', endDate: '2026-01-21' });
    expect(retention.periods).toEqual(['Week 0', 'Week 1', 'Week 2', 'Week 3']);
    const rows = retention.cohorts.map(({ cohort, startDate, size, periods }) => [
      cohort,
      startDate,
      size,
      ...periods.map(({ retainedMembers }) => retainedMembers),
    ]);
    expect(rows).toEqual([
      ['2026-W01', '2025-12-29', 2, 1, 2, 0, 1],
      ['2026-W02', '2026-01-05', 1, 0, 1, 0],
      ['2026-W04', '2026-01-19', 1, 1],
    ]);
    expect(kpiOf(retention.metrics, 'WEEK_1_RETENTION').value).toBe(100);
    expect(kpiOf(retention.metrics, 'LATEST_RETENTION').value).toBe(50);
    expect(kpiOf(retention.metrics, 'COHORT_MEMBERS')).toMatchObject({ value: 4, previousValue: 1 });
    expect(retention.topCohorts.map(({ cohort, week1Rate, latestRate }) => [cohort, week1Rate, latestRate])).toEqual([
      ['2026-W04', null, 100],
      ['2026-W01', 100, 50],
      ['2026-W02', 100, 0],
    ]);
  });
});

describe('the best cohorts', () => {
  it('are at most five: by the latest rate, then by size, then the latest first', () => {
    const cohort = (startDate: string, size: number, retainedInLastWeek: number) => ({
      ...{ isPrevious: false, cohort: startDate, startDate, size, retained: [retainedInLastWeek] },
      ...{ retainedInWeek1: null, retainedInLastWeek },
    });
    const all = [
      cohort('1', 2, 1),
      cohort('2', 4, 2),
      cohort('3', 2, 1),
      cohort('4', 1, 1),
      cohort('5', 1, 0),
      cohort('6', 9, 0),
    ];
    expect(retention(all).topCohorts.map(({ startDate }) => startDate)).toEqual(['4', '2', '3', '1', '6']);
  });
});

describe('buckets', () => {
  it('lie side by side, from nothing to without end', () => {
    const buckets = distribution([]);
    expect(buckets.map(({ minSeconds }) => minSeconds)).toEqual([0, 1, 3_600, 18_000, 36_000, 72_000]);
    expect(buckets.map(({ maxSeconds }) => maxSeconds)).toEqual([1, 3_600, 18_000, 36_000, 72_000, null]);
  });

  it('hold who was active from their lower bound on', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const seconds = [1, 3_599, 3_600, 17_999, 18_000, 35_999, 36_000, 71_999, 72_000];
    const people = await Promise.all(seconds.map(() => world.join('member')));
    await recorded(
      world,
      key,
      ...people.map(({ memberId }, index) => entry({ memberId, activeSeconds: seconds[index]! })),
    );
    const { activityDistribution } = await engagementOf(world, world.admin);
    expect(activityDistribution.map(({ memberCount }) => memberCount)).toEqual([1, 2, 2, 2, 2, 1]);
  });
});

describe('affiliations', () => {
  it('are those that the caller sees: with people, and with teams where it may see these', async () => {
    const [world, seen, half, hidden] = await Promise.all(Array.from({ length: 4 }, () => aWorld(gateway())));
    const bo = await world!.join('member');
    const red = await world!.team('Red', bo);
    for (const other of [seen!, half!, hidden!]) {
      const member = newMember(other.organization.id, bo.user.id, other.roles.member!, other.admin.user.id);
      await write(gateway(), (set) => set.insert('members', member));
      await other.team('Blue', { ...bo, memberId: member.id });
    }
    const roleId = crypto.randomUUID();
    const organizationId = half!.organization.id;
    const permissions = ['organization.read', 'users.read'];
    await write(gateway(), (set) =>
      set.insert('roles', { organizationId, id: roleId, key: 'people', name: 'People', rank: 10, permissions }),
    );
    half!.roles.people = roleId;
    await joinAs(gateway(), seen!, world!.admin, 'member');
    await joinAs(gateway(), half!, world!.admin, 'people');
    await joinAs(gateway(), hidden!, world!.admin, 'viewer');
    const affiliations = async (caller: Parameters<typeof engagementOf>[1]) => {
      const { memberDirectory } = await engagementOf(world!, caller);
      const found = memberDirectory.nodes.find(({ user }) => user.id === bo.user.id)!.affiliations;
      return found.map(({ organization, team }) => `${organization.id} ${team ? 'with' : 'without'} a team`).sort();
    };
    const here = `${world!.organization.id} with a team`;
    const expected = [here, `${seen!.organization.id} with a team`, `${half!.organization.id} without a team`].sort();
    expect(await affiliations(world!.admin)).toEqual(expected);
    expect(await affiliations(await aKey(gateway(), world!, world!.admin))).toEqual([here]);
    await write(gateway(), (set) =>
      set.updateWhere('members', { organizationId, userId: world!.admin.user.id }, { status: 'SUSPENDED' }),
    );
    expect(await affiliations(world!.admin)).toEqual(expected.filter((text) => !text.startsWith(organizationId)));
    const { memberDirectory } = await engagementOf(world!, world!.admin, { teamId: red });
    expect(memberDirectory.nodes.map(({ user }) => user.id)).toEqual([bo.user.id]);
  });

  it('come with what the account is', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    await setMemberStatus(gateway(), world, bo, 'SUSPENDED');
    const { memberDirectory } = await engagementOf(world, world.admin);
    const found = memberDirectory.nodes.find(({ user }) => user.id === bo.user.id);
    expect(found).toMatchObject({ accountStatus: 'SUSPENDED', plan: 'standard' });
    expect(found!.affiliations).toEqual([{ organization: { id: world.organization.id }, team: null }]);
  });
});
