import type { MemberRow } from '../../auth/standing.js';
import { type ActivityEntry, Prisma } from '../../generated/prisma/client.js';
import type { List } from '../../platform/list.js';
import { type Condition, containing } from '../../platform/page.js';
import { columnsOf, keyed } from '../../platform/sql.js';
import type {
  ActivitySessionOrderField,
  MemberActivityOrderField,
  MemberDirectoryFilter,
  MemberDirectoryOrderField,
} from './engagement.input.js';
import { bucketBounds } from './engagement.policy.js';
import { dayOf, engagedKey, forEachGroup, type Population } from './engagement.population.js';
import type { AccountStatus, EngagementStatus } from './people.type.js';

/** Joins, as `active`, what a member did in the range. */
const activeInRange = ({ activity }: Population) => `CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.active_seconds), 0)::bigint AS seconds, coalesce(sum(a.sessions), 0)::bigint AS sessions,
      count(DISTINCT a.day) AS days
    FROM activity_days a WHERE a.organization_id = key.organization_id AND a.user_id = m.user_id
      ${activity} AND a.day BETWEEN key.start_day AND key.end_day
  ) active`;

/** Joins, as `latest`, when a member was last active by the end of the range: one look into the index, from its end. */
const lastActive = ({ activity }: Population) => `LEFT JOIN LATERAL (
    SELECT a.day, a.last_active_at FROM activity_days a
    WHERE a.organization_id = key.organization_id AND a.user_id = m.user_id ${activity} AND a.day <= key.end_day
    ORDER BY a.day DESC, a.last_active_at DESC LIMIT 1
  ) latest ON true`;

const status = `CASE WHEN latest.day > key.end_day - 7 THEN 'ACTIVE' WHEN latest.day > key.end_day - 30 THEN 'AT_RISK'
  ELSE 'INACTIVE' END`;

const accountStatus = `CASE WHEN m.status = 'SUSPENDED' THEN 'SUSPENDED' ELSE u.status::text END`;

/** How many of the members were active for how long, by the number of the bucket. */
export const distributionOf = forEachGroup((population) =>
  keyed<{ bucket: number; memberCount: number }>({
    ...engagedKey,
    select: 'counted.*',
    from: `CROSS JOIN LATERAL (
      SELECT width_bucket(active.seconds, ARRAY[${bucketBounds.join(', ')}]::bigint[]) AS bucket, count(*)::int AS "memberCount"
      FROM ${population.members} ${activeInRange(population)} WHERE ${population.present} GROUP BY 1
    ) counted`,
  }),
);

/** A member with what it did in the range. */
export type MemberActivityRow = MemberRow & {
  activeSeconds: number;
  sessions: number;
  activeDays: number;
  lastActiveAt: Date | null;
  engagementStatus: EngagementStatus;
};

export const activityOfMembers = forEachGroup(
  (population): List<MemberActivityRow, MemberActivityOrderField> => ({
    name: 'member-activity',
    ...engagedKey,
    columns: {
      ...columnsOf('m', Prisma.MemberScalarFieldEnum),
      activeSeconds: 'active.seconds::float8',
      sessions: 'active.sessions::int',
      activeDays: 'active.days::int',
      lastActiveAt: 'latest.last_active_at',
      engagementStatus: status,
    },
    from: `${population.members} ${activeInRange(population)} ${lastActive(population)}`,
    where: population.present,
    id: 'm.id',
    order: {
      ACTIVE_TIME: { by: 'active.seconds', type: 'bigint' },
      SESSIONS: { by: 'active.sessions', type: 'bigint' },
      ACTIVE_DAYS: { by: 'active.days', type: 'bigint' },
      LAST_ACTIVE_AT: { by: `coalesce(latest.last_active_at, 'epoch')`, type: 'timestamptz' },
      NAME: { by: 'lower(u.full_name)', type: 'text' },
    },
    defaultOrder: { field: 'ACTIVE_TIME' as MemberActivityOrderField, direction: 'DESC' },
  }),
);

/** Somebody in the directory of members. */
export interface DirectoryRow {
  organizationId: string;
  userId: string;
  joinedAt: Date;
  accountStatus: AccountStatus;
  status: EngagementStatus;
  lastActiveAt: Date | null;
}

export const directoryOf = forEachGroup(
  (population): List<DirectoryRow, MemberDirectoryOrderField> => ({
    name: 'member-directory',
    ...engagedKey,
    columns: {
      organizationId: 'm.organization_id',
      userId: 'm.user_id',
      joinedAt: 'm.joined_at',
      accountStatus,
      status,
      lastActiveAt: 'latest.last_active_at',
    },
    from: `${population.members} ${lastActive(population)}`,
    where: population.present,
    id: 'm.id',
    order: { NAME: { by: 'lower(u.full_name)', type: 'text' }, JOINED_AT: { by: 'm.joined_at', type: 'timestamptz' } },
    defaultOrder: { field: 'NAME' as MemberDirectoryOrderField, direction: 'ASC' },
  }),
);

/** What a filter of the directory asks for, condition by condition. */
export function matching(filter: MemberDirectoryFilter | null | undefined): Condition[] {
  const conditions: Condition[] = [];
  const { search, teamId } = filter ?? {};
  if (search) conditions.push(containing(search, 'u.full_name', 'u.email', 'u.username'));
  if (filter?.accountStatus) {
    const { accountStatus: wanted } = filter;
    conditions.push((parameter) => `${accountStatus} = ${parameter(wanted)}::text`);
  }
  if (filter?.status) {
    const { status: wanted } = filter;
    conditions.push((parameter) => `${status} = ${parameter(wanted)}::text`);
  }
  if (teamId) {
    conditions.push(
      (parameter) => `EXISTS (SELECT 1 FROM team_memberships mine WHERE mine.organization_id = m.organization_id
        AND mine.team_id = ${parameter(teamId)}::uuid AND mine.member_id = m.id)`,
    );
  }
  return conditions;
}

export type SessionRow = Pick<
  ActivityEntry,
  'organizationId' | 'id' | 'userId' | 'teamId' | 'startedAt' | 'activeSeconds'
>;

/** The entries of the range. The moments around it are for the index; which day it is, only the time zone tells. */
export const sessionsOf = forEachGroup(
  ({ entries }): List<SessionRow, ActivitySessionOrderField> => ({
    name: 'sessions',
    ...engagedKey,
    columns: columnsOf('e', {
      organizationId: 'organizationId',
      id: 'id',
      userId: 'userId',
      teamId: 'teamId',
      startedAt: 'startedAt',
      activeSeconds: 'activeSeconds',
    }),
    from: 'activity_entries e',
    where: `${entries} AND ${dayOf('e.started_at')} BETWEEN key.start_day AND key.end_day
      AND e.started_at >= (key.start_day - 1)::timestamp AT TIME ZONE key.zone
      AND e.started_at < (key.end_day + 2)::timestamp AT TIME ZONE key.zone`,
    id: 'e.id',
    order: { STARTED_AT: { by: 'e.started_at', type: 'timestamptz' } },
    defaultOrder: { field: 'STARTED_AT' as ActivitySessionOrderField, direction: 'DESC' },
  }),
);
