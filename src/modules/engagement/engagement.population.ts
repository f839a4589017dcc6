import type { Key } from '../../platform/batcher.js';
import type { Range } from './engagement.range.js';
import { noTeam } from './roll-ups.js';

/** Whose engagement it is. */
export type Group = 'ORGANIZATION' | 'TEAM' | 'MEMBER';

/** An engagement that somebody has asked for. Each of its parts reads its own figures. */
export interface Engaged {
  group: Group;
  organizationId: string;
  teamId: string | null;
  /** The user who is the member. */
  userId: string | null;
  range: Range;
}

/** What every statement about an engagement is asked with. */
export const engagedKey = {
  key: ['organization_id', 'team_id', 'user_id', 'zone', 'start_day', 'end_day'],
  types: ['uuid', 'uuid', 'uuid', 'text', 'date', 'date'],
  mayBeOld: true,
};

export function keyOf({ organizationId, teamId, userId, range }: Engaged): Key {
  return [organizationId, teamId, userId, range.timezone, range.startDate, range.endDate];
}

/** Where the figures of a group are, in SQL. */
export interface Population {
  /** Selects day, active_seconds and sessions: one row for each day with activity. */
  days: string;
  /** What must hold of rows `a` of activity_days, beside the organization, the user and the day. */
  activity: string;
  /** What must hold of rows `p` of membership_periods, for all who ever belonged to the group. */
  periods: string;
  /** Rows `m` of members and `u` of users: who belongs to the group now. To be followed by joins and by `present`. */
  members: string;
  /** What must hold of these rows. */
  present: string;
  /** What must hold of rows `e` of activity_entries. */
  entries: string;
}

const totals = `SELECT t.day, t.active_seconds, t.sessions FROM activity_totals t
  WHERE t.organization_id = key.organization_id AND coalesce(t.team_id, ${noTeam}) = coalesce(key.team_id, ${noTeam})`;

const periods = `p.organization_id = key.organization_id
  AND coalesce(p.team_id, ${noTeam}) = coalesce(key.team_id, ${noTeam})`;

const populations: Record<Group, Population> = {
  ORGANIZATION: {
    days: totals,
    activity: '',
    periods,
    members: 'members m JOIN users u ON u.id = m.user_id',
    present: 'm.organization_id = key.organization_id',
    entries: 'e.organization_id = key.organization_id',
  },
  TEAM: {
    days: totals,
    activity: 'AND a.team_id = key.team_id',
    periods,
    members: `team_memberships tm JOIN members m ON m.organization_id = tm.organization_id AND m.id = tm.member_id
      JOIN users u ON u.id = m.user_id`,
    present: 'tm.organization_id = key.organization_id AND tm.team_id = key.team_id',
    entries: 'e.organization_id = key.organization_id AND e.team_id = key.team_id',
  },
  MEMBER: {
    days: `SELECT a.day, sum(a.active_seconds) AS active_seconds, sum(a.sessions) AS sessions FROM activity_days a
      WHERE a.organization_id = key.organization_id AND a.user_id = key.user_id GROUP BY a.day`,
    activity: '',
    periods: `${periods} AND p.user_id = key.user_id`,
    members: 'members m JOIN users u ON u.id = m.user_id',
    present: 'm.organization_id = key.organization_id AND m.user_id = key.user_id',
    entries: 'e.organization_id = key.organization_id AND e.user_id = key.user_id',
  },
};

/** The same statement for each of the groups. */
export function forEachGroup<Statement>(make: (population: Population) => Statement): Record<Group, Statement> {
  const { ORGANIZATION, TEAM, MEMBER } = populations;
  return { ORGANIZATION: make(ORGANIZATION), TEAM: make(TEAM), MEMBER: make(MEMBER) };
}

/** The day of a moment in the time zone of the organization. */
export function dayOf(moment: string): string {
  return `(${moment} AT TIME ZONE key.zone)::date`;
}

/** The Monday of the week of a day. */
export function mondayOf(day: string): string {
  return `date_trunc('week', (${day})::timestamp)::date`;
}

/** Everybody who ever belonged to the group, with the day of first joining it. */
export function peopleOf({ periods }: Population): string {
  return `SELECT p.user_id, ${dayOf('min(p.joined_at)')} AS joined
    FROM membership_periods p WHERE ${periods} GROUP BY p.user_id`;
}

/** Joins, as `name`, whether a user was active from one day to another: one look into the index, however many days. */
export function wasActive({ activity }: Population, name: string, userId: string, from: string, to: string): string {
  return `LEFT JOIN LATERAL (
    SELECT true AS yes FROM activity_days a WHERE a.organization_id = key.organization_id AND a.user_id = ${userId}
      ${activity} AND a.day BETWEEN ${from} AND ${to} LIMIT 1
  ) ${name} ON true`;
}
