import type { Gateway } from '../../../src/gateway.js';
import { recount } from '../../../src/modules/engagement/recount.service.js';
import { newId } from '../../../src/platform/id.js';
import type { Answer } from '../../support/client.js';
import type { World } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

export interface Entry {
  memberId?: string | null;
  userId?: string | null;
  teamId?: string | null;
  startedAt?: string;
  activeSeconds?: number;
  idempotencyId?: string;
}

export interface Recorded {
  accepted: number;
  duplicates: number;
  rejected: { index: number; code: string; message: string }[];
}

const RecordActivity = `mutation ($input: RecordActivityInput!) {
  recordActivity(input: $input) { accepted duplicates rejected { index code message } }
}`;

/** A moment so many days ago, and so many milliseconds later than that. */
export const daysAgo = (days: number, laterMs = 0) => new Date(Date.now() - days * 86_400_000 + laterMs).toISOString();

/** Ten minutes of yesterday, unless given otherwise. */
export const entry = (
  given: Entry = {},
): Required<Pick<Entry, 'startedAt' | 'activeSeconds' | 'idempotencyId'>> & Entry => ({
  startedAt: daysAgo(1),
  activeSeconds: 600,
  idempotencyId: newId(),
  ...given,
});

type Place = Pick<World, 'organization'>;

export const record = ({ organization }: Place, caller: Caller, ...entries: object[]) =>
  caller.send<{ recordActivity: Recorded }, object>(RecordActivity, {
    input: { organizationId: organization.id, entries },
  });

/** What has become of entries that are recorded without an error. */
export async function recorded(place: Place, caller: Caller, ...entries: object[]): Promise<Recorded> {
  const answer = await record(place, caller, ...entries);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.recordActivity;
}

export interface Kpi {
  key: string;
  label: string;
  value: number;
  previousValue: number;
  delta: number;
  deltaPercent: number | null;
  unit: string;
  direction: string;
}

interface Connection<Node> {
  totalCount: number;
  nodes: Node[];
}

/** An engagement, as far as it was asked for. */
export interface EngagementAnswer {
  organization: { id: string };
  team: { id: string } | null;
  range: {
    startDate: string;
    endDate: string;
    previousStartDate: string;
    previousEndDate: string;
    days: number;
    timezone: string;
  };
  kpis: Kpi[];
  pulse: {
    days: { date: string; activeSeconds: number; sessions: number; level: number }[];
    summary: {
      totalActiveSeconds: number;
      totalSessions: number;
      activeDays: number;
      periodStart: string;
      periodEnd: string;
    };
  };
  trend: { date: string; totalHours: number; averageHoursPerMember: number }[];
  activityDistribution: { bucket: string; minSeconds: number; maxSeconds: number | null; memberCount: number }[];
  retention: {
    periods: string[];
    cohorts: {
      cohort: string;
      startDate: string;
      size: number;
      periods: { period: number; label: string; retainedMembers: number; rate: number }[];
    }[];
    metrics: Kpi[];
    topCohorts: {
      cohort: string;
      startDate: string;
      size: number;
      week1Rate: number | null;
      latestRate: number;
      retainedLatest: number;
    }[];
  };
  memberActivity: Connection<{
    member: { id: string };
    activeSeconds: number;
    sessions: number;
    activeDays: number;
    lastActiveAt: string | null;
    status: string;
  }>;
  memberDirectory: Connection<{
    user: { id: string };
    joinedAt: string;
    plan: string;
    accountStatus: string;
    status: string;
    lastActiveAt: string | null;
    affiliations: { organization: { id: string }; team: { id: string } | null }[];
  }>;
  sessions: Connection<{
    id: string;
    user: { id: string };
    startedAt: string;
    activeSeconds: number;
    team: { id: string } | null;
  }>;
}

const kpi = '{ key label value previousValue delta deltaPercent unit direction }';

/** Every part of an engagement with all its fields. */
export const parts = {
  range: 'range { startDate endDate previousStartDate previousEndDate days timezone }',
  kpis: `kpis ${kpi}`,
  pulse: `pulse { days { date activeSeconds sessions level }
    summary { totalActiveSeconds totalSessions activeDays periodStart periodEnd } }`,
  trend: 'trend { date totalHours averageHoursPerMember }',
  activityDistribution: 'activityDistribution { bucket label minSeconds maxSeconds memberCount }',
  retention: `retention { periods
    cohorts { cohort startDate size periods { period label retainedMembers rate } }
    metrics ${kpi} topCohorts { cohort startDate size week1Rate latestRate retainedLatest } }`,
  memberActivity: `memberActivity(first: 100) {
    nodes { member { id } activeSeconds sessions activeDays lastActiveAt status } }`,
  memberDirectory: `memberDirectory(first: 100) { nodes { user { id } joinedAt plan accountStatus status lastActiveAt
    affiliations { organization { id } team { id } } } }`,
  sessions: 'sessions(first: 100) { nodes { id user { id } startedAt activeSeconds team { id } } }',
};

export const everything = ['organization { id } team { id }', ...Object.values(parts)].join('\n');

interface Wanted {
  teamId?: string | null;
  startDate?: string | null;
  endDate?: string | null;
}

export type EngagementOf = { organization: { engagement: EngagementAnswer } };

/** Asks for the engagement of an organization. */
export const ask = ({ organization }: Place, caller: Caller, wanted: Wanted = {}, fields = everything) =>
  caller.send<EngagementOf, object>(
    `query ($id: ID!, $teamId: ID, $startDate: Date, $endDate: Date) {
      organization(id: $id) { engagement(teamId: $teamId, startDate: $startDate, endDate: $endDate) { ${fields} } }
    }`,
    { id: organization.id, ...wanted },
  );

/** The engagement of an organization, which is answered without an error. */
export async function engagementOf(place: Place, caller: Caller, wanted: Wanted = {}, fields = everything) {
  return withoutErrors(await ask(place, caller, wanted, fields)).organization.engagement;
}

export type MemberEngagementOf = { organization: { member: { engagement: EngagementAnswer } } };

/** Asks for the engagement of a member. */
export const askOfMember = (
  { organization }: Place,
  caller: Caller,
  memberId: string,
  wanted: Omit<Wanted, 'teamId'> = {},
  fields = everything,
) =>
  caller.send<MemberEngagementOf, object>(
    `query ($id: ID!, $memberId: ID!, $startDate: Date, $endDate: Date) {
      organization(id: $id) { member(id: $memberId) { engagement(startDate: $startDate, endDate: $endDate) { ${fields} } } }
    }`,
    { id: organization.id, memberId, ...wanted },
  );

export function withoutErrors<Data>({ data, errors }: Answer<Data>): Data {
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** A figure of a dashboard by its key. */
export function kpiOf(kpis: readonly Kpi[], key: string): Kpi {
  const found = kpis.find((kpi) => kpi.key === key);
  if (!found) throw new Error(`There is no ${key}.`);
  return found;
}

/** Lets somebody have joined, the organization and its teams, at another moment. */
export async function joinedAt(gateway: Gateway, { organization }: Place, userId: string, at: string): Promise<void> {
  await gateway.services.db.write(
    'UPDATE membership_periods SET joined_at = $3 WHERE organization_id = $1 AND user_id = $2',
    [organization.id, userId, at],
  );
}

/** Writes ten minutes at ten o'clock of each of these days, however long ago, and counts all activity anew. */
export async function longAgo(
  { services }: Gateway,
  { organization }: Place,
  ...entries: { userId: string; day: string }[]
): Promise<void> {
  const organizationId = organization.id;
  await services.db.prisma.activityEntry.createMany({
    data: entries.map(({ userId, day }) => {
      const [id, idempotencyId] = [newId(), newId()];
      return { organizationId, id, userId, startedAt: `${day}T10:00:00Z`, activeSeconds: 600, idempotencyId };
    }),
  });
  await recount(services, { organizationId });
}
