import { randomUUID } from 'node:crypto';
import type { Gateway } from '../../../src/gateway.js';
import { send } from '../../support/client.js';
import { writeApiKey } from '../../support/secrets.js';
import { aPerson, aWorld, type Person, type World, write } from '../../support/world.js';
import type { Period } from './facts.js';
import type { Call, Course, Report, TeamName } from './recording.js';

const dayMs = 86_400_000;

/** Somebody as far as recording goes. */
export interface Worker extends Person {
  /** What the latest membership was, also when it is over. */
  memberId: string;
  isPresent: boolean;
  isSuspended: boolean;
  teams: Set<TeamName>;
  isElsewhere: boolean;
  periods: Period[];
}

/** An organization that stands in the database, and what should be true of it by now. */
export interface Company {
  organizationId: string;
  otherId: string;
  /** The administrator first. */
  workers: Worker[];
  teamIds: Record<TeamName, string>;
  teams: Set<TeamName>;
  zone: string;
  /** Sends something as the app of the administrator. */
  asKey: Person['send'];
  /** When it all began. */
  now: number;
}

export async function found(gateway: Gateway, course: Course): Promise<Company> {
  const { organization, admin, roles } = await aWorld(gateway);
  const other: World = await aWorld(gateway);
  const organizationId = organization.id;
  const teamIds = { red: randomUUID(), blue: randomUUID() };
  const now = Date.now();
  const joinedAt = (index: number) => new Date(now - course.joinedDaysAgo[index]! * dayMs);
  const others = await Promise.all(course.joinedDaysAgo.slice(1).map(() => aPerson(gateway)));
  const members = others.map(({ user }, index) => ({
    ...{ organizationId, id: randomUUID(), userId: user.id, roleId: roles.member!, joinedAt: joinedAt(index + 1) },
  }));
  let secret = '';
  const people: Worker[] = [admin, ...others].map((person, index) => {
    const teams = (['red', 'blue'] as const).filter((team) => course[team][index]);
    const from = index === 0 ? now : joinedAt(index).getTime();
    const periods = [null, ...teams].map((team) => ({ teamId: team && teamIds[team], from, to: null }));
    const memberId = index === 0 ? admin.memberId : members[index - 1]!.id;
    const state = { isPresent: true, isSuspended: false, isElsewhere: index === 0 };
    return { ...person, memberId, ...state, teams: new Set(teams), periods };
  });
  await write(gateway, (writes) => {
    writes.update('organizations', {
      id: organizationId,
      timezone: course.awaited ?? course.zone,
      activityTimezone: course.zone,
    });
    writes.insert('teams', ...Object.entries(teamIds).map(([name, id]) => ({ organizationId, id, name, slug: name })));
    writes.insert('members', ...members);
    const there = { organizationId: other.organization.id, id: randomUUID(), userId: admin.user.id };
    writes.insert('members', { ...there, roleId: other.roles.administrator! });
    const memberships = people.flatMap(({ memberId, teams, periods }) =>
      [...teams].map((team) => {
        const createdAt = new Date(periods[0]!.from);
        return { organizationId, id: randomUUID(), teamId: teamIds[team], memberId, createdAt };
      }),
    );
    writes.insert('team_memberships', ...memberships);
    const maker = { organizationId, id: admin.memberId, userId: admin.user.id };
    secret = writeApiKey(writes, maker, ['organizations:write']).secret;
  });
  return {
    ...{ organizationId, otherId: other.organization.id, workers: people, teamIds, zone: course.zone, now },
    teams: new Set(['red', 'blue']),
    asKey: (document, variables) => send(gateway.url, document, variables, { 'x-api-key': secret }),
  };
}

/** What happens to one entry, decided by hand. */
export type Verdict = 'COUNTS' | 'BAD_USER_INPUT' | 'FORBIDDEN' | 'NOT_FOUND';

/** An entry as it is sent, with who is meant by it. */
export interface Sent {
  input: {
    memberId?: string;
    userId?: string;
    teamId?: string;
    startedAt: string;
    activeSeconds: number;
    idempotencyId: string;
  };
  userId: string;
  verdict: Verdict;
}

export function toSend({ workers, teamIds, now }: Company, { by }: Call, report: Report): Sent {
  const caller = by === 'KEY' ? 0 : by;
  const whom = workers[report.named === 'NOT' ? caller : report.whom]!;
  const { memberId } = whom;
  const userId = whom.user.id;
  const { activeSeconds, team } = report;
  const startedAt = startOf(report, now);
  const isRight = activeSeconds >= 1 && activeSeconds <= 86_400 && report.daysAgo >= 0 && report.daysAgo < 366;
  const isOwn = whom === workers[caller];
  const isThere = whom.isPresent && !whom.isSuspended && (team === null || whom.teams.has(team));
  const verdict = !isRight ? 'BAD_USER_INPUT' : !isOwn && by !== 'KEY' ? 'FORBIDDEN' : isThere ? 'COUNTS' : 'NOT_FOUND';
  return {
    input: {
      ...(report.named === 'BY_MEMBER' && { memberId }),
      ...(report.named === 'BY_USER' && { userId }),
      ...(team && { teamId: teamIds[team] }),
      ...{ startedAt: new Date(startedAt).toISOString(), activeSeconds, idempotencyId: `entry-${report.id}` },
    },
    ...{ userId, verdict },
  };
}

function startOf({ daysAgo, second }: Report, now: number): number {
  if (daysAgo < 0) return now + 3_600_000 + second * 1_000;
  const midnight = now - (now % dayMs);
  const start = midnight - daysAgo * dayMs + second * 1_000;
  return start > now ? start - dayMs : start;
}
