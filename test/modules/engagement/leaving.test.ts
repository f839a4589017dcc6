import { describe, expect, it } from 'vitest';
import { addDays, todayIn } from '../../../src/modules/engagement/engagement.range.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World } from '../../support/world.js';
import { inTwoOrganizations } from '../api-key/keys.js';
import { acting } from '../team/managing.js';
import { daysAgo, engagementOf, entry, joinedAt, kpiOf, recorded } from './engaging.js';

const gateway = useGateway();

const DeleteTeam = 'mutation ($input: DeleteTeamInput!) { deleteTeam(input: $input) { team { id } } }';
const Remove = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId } }';
const Update = 'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id } } }';
const AddMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { id } } }';

const act = async ({ organization, admin }: World, document: string, input: object) => {
  const answer = await admin.send(document, { input: { organizationId: organization.id, ...input } });
  expect(answer.errors).toBeUndefined();
};

/** When somebody belonged to an organization and its teams: to what, and whether that has ended. */
async function periods({ organization }: World, userId: string) {
  const rows = await gateway().services.db.run<{ teamId: string | null; over: boolean; sound: boolean }>(
    `SELECT team_id AS "teamId", left_at IS NOT NULL AS over, coalesce(left_at, now()) >= joined_at - interval '1 minute' AS sound
     FROM membership_periods WHERE organization_id = $1 AND user_id = $2 ORDER BY joined_at, team_id NULLS FIRST, left_at`,
    [organization.id, userId],
  );
  expect(rows.every(({ sound }) => sound)).toBe(true);
  return rows.map(({ teamId, over }) => [teamId, over]);
}

describe('a team that is deleted', () => {
  it('leaves its activity with the organization and its members', async () => {
    const world = await aWorld(gateway());
    const teamId = await world.team('Red', world.admin);
    await recorded(world, world.admin, entry({ teamId }));
    await act(world, DeleteTeam, { teamId });
    const { kpis, sessions, memberActivity } = await engagementOf(world, world.admin);
    expect(kpiOf(kpis, 'TOTAL_ACTIVE_TIME').value).toBe(600);
    expect(sessions.nodes).toMatchObject([{ activeSeconds: 600, team: null }]);
    expect(memberActivity.nodes).toMatchObject([{ activeSeconds: 600, sessions: 1 }]);
    expect(await periods(world, world.admin.user.id)).toEqual([
      [null, false],
      [teamId, true],
    ]);
  });
});

describe('who leaves', () => {
  it('counts in the figures of the past, and is on no list of members', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const teamId = await world.team('Red', bo);
    await recorded(world, bo, entry({ teamId }));
    await act(world, Remove, { memberId: bo.memberId });
    for (const wanted of [{}, { teamId }]) {
      const { kpis, memberActivity, memberDirectory, activityDistribution, sessions, trend } = await engagementOf(
        world,
        world.admin,
        wanted,
      );
      expect(kpiOf(kpis, 'ACTIVE_MEMBERS').value).toBe(1);
      expect(kpiOf(kpis, 'NEW_MEMBERS').value).toBe('teamId' in wanted ? 1 : 2);
      const listed = [...memberActivity.nodes, ...memberDirectory.nodes];
      expect(JSON.stringify(listed)).not.toContain(bo.user.id);
      expect(activityDistribution.find(({ bucket }) => bucket === 'UNDER_1_HOUR')?.memberCount).toBe(0);
      expect(sessions.nodes).toMatchObject([{ user: { id: bo.user.id }, team: { id: teamId } }]);
      // Bo belonged on the day of leaving.
      expect(trend.at(-1)).toMatchObject({ date: todayIn('UTC') });
    }
    expect(await periods(world, bo.user.id)).toEqual([
      [null, true],
      [teamId, true],
    ]);
  });

  it('and comes back is not new again', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const at = daysAgo(100);
    await joinedAt(gateway(), world, bo.user.id, at);
    await joinedAt(gateway(), world, world.admin.user.id, at);
    await act(world, Remove, { memberId: bo.memberId });
    await act(world, AddMember, { userId: bo.user.id, role: 'member' });
    expect(await periods(world, bo.user.id)).toEqual([
      [null, true],
      [null, false],
    ]);
    const { kpis, retention, trend } = await engagementOf(world, world.admin);
    expect(kpiOf(kpis, 'NEW_MEMBERS').value).toBe(0);
    expect(retention.cohorts).toEqual([]);
    const first = await engagementOf(world, world.admin, { startDate: at.slice(0, 10), endDate: at.slice(0, 10) });
    expect(kpiOf(first.kpis, 'NEW_MEMBERS').value).toBe(2);
    expect(trend).toHaveLength(30);
  });

  it('one day and comes back on it counts once on that day', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    for (const { user } of [bo, world.admin]) await joinedAt(gateway(), world, user.id, daysAgo(10));
    await act(world, Remove, { memberId: bo.memberId });
    await act(world, AddMember, { userId: bo.user.id, role: 'member' });
    const now = new Date().toISOString();
    await recorded(world, bo, entry({ startedAt: now, activeSeconds: 7_200 }), entry({ activeSeconds: 3_600 }));
    const { trend } = await engagementOf(world, world.admin);
    const on = (day: string) => trend.find(({ date }) => date === day);
    const today = now.slice(0, 10);
    expect(on(today)).toEqual({ date: today, totalHours: 2, averageHoursPerMember: 1 });
    expect(on(addDays(today, -1))).toMatchObject({ totalHours: 1, averageHoursPerMember: 0.5 });
    expect(on(addDays(today, -11))).toMatchObject({ totalHours: 0, averageHoursPerMember: 0 });
  });
});

describe('periods of membership', () => {
  it('begin and end with the teams that somebody joins and leaves', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const [red, blue] = [await world.team('Red'), await world.team('Blue', bo)];
    await acting(world, world.admin, red).add(bo);
    await acting(world, world.admin, blue).remove(bo);
    await acting(world, world.admin, blue).add(bo);
    const [own, ...teams] = await periods(world, bo.user.id);
    expect(own).toEqual([null, false]);
    expect(teams.map(String).sort()).toEqual([`${red},false`, `${blue},true`, `${blue},false`].sort());
  });

  it('end in one organization and begin in the other with a transfer', async () => {
    const { world, other } = await inTwoOrganizations(gateway());
    const bo = await world.join('member');
    const [red, blue] = [await world.team('Red', bo), await other.team('Blue')];
    await act(world, Update, { memberId: bo.memberId, targetOrganizationId: other.organization.id, teamId: blue });
    expect(await periods(world, bo.user.id)).toEqual([
      [null, true],
      [red, true],
    ]);
    const there = await periods(other, bo.user.id);
    expect(there.map(String).sort()).toEqual([',false', `${blue},false`].sort());
  });
});
