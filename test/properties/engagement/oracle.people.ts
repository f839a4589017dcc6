import { addDays } from './calendar.js';
import type { PersonFacts } from './facts.js';
import { entriesIn, type Range, secondsOf, type View } from './oracle.js';

export type Direction = 'ASC' | 'DESC';
export const activityOrders = ['ACTIVE_TIME', 'SESSIONS', 'ACTIVE_DAYS', 'LAST_ACTIVE_AT', 'NAME'] as const;
export type ActivityOrder = (typeof activityOrders)[number];
export const directoryOrders = ['NAME', 'JOINED_AT'] as const;
export type DirectoryOrder = (typeof directoryOrders)[number];

export interface DirectoryFilter {
  search: string | null;
  accountStatus: 'ACTIVE' | 'SUSPENDED' | null;
  status: 'ACTIVE' | 'AT_RISK' | 'INACTIVE' | null;
  teamId: string | null;
}

/** Every member with what it did, all pages one after the other. */
export function expectedActivity(view: View, range: Range, field: ActivityOrder, direction: Direction) {
  const rows = view.present.map((person) => {
    const entries = entriesIn(view, range).filter(({ userId }) => userId === person.userId);
    const latest = latestOf(view, range, person);
    const node = {
      member: { id: person.membership!.id },
      activeSeconds: secondsOf(entries),
      sessions: entries.length,
      activeDays: new Set(entries.map(({ day }) => day)).size,
      lastActiveAt: timeOf(latest?.at),
      status: statusOf(latest?.day, range),
    };
    const order = {
      ACTIVE_TIME: node.activeSeconds,
      SESSIONS: node.sessions,
      ACTIVE_DAYS: node.activeDays,
      // Who never was active was so before everybody else.
      LAST_ACTIVE_AT: latest?.at ?? Number.NEGATIVE_INFINITY,
      NAME: person.fullName.toLowerCase(),
    };
    return { node, order: order[field], id: node.member.id };
  });
  return inOrder(rows, direction);
}

export function expectedDirectory(
  view: View,
  range: Range,
  { search, accountStatus, status, teamId }: DirectoryFilter,
  field: DirectoryOrder,
  direction: Direction,
) {
  const matches = (person: PersonFacts) =>
    [person.fullName, person.username, person.email].some((text) =>
      text?.toLowerCase().includes(search?.toLowerCase() ?? ''),
    );
  const rows = view.present
    .filter((person) => matches(person) && (teamId === null || person.membership!.teamIds.includes(teamId)))
    .map((person) => {
      const { id, joinedAt, suspended } = person.membership!;
      const latest = latestOf(view, range, person);
      const node = {
        user: { id: person.userId },
        joinedAt: timeOf(joinedAt),
        plan: view.facts.plan,
        accountStatus: suspended || person.suspended ? 'SUSPENDED' : 'ACTIVE',
        status: statusOf(latest?.day, range),
        lastActiveAt: timeOf(latest?.at),
        affiliations: affiliationsOf(view, person),
      };
      return { node, order: field === 'NAME' ? person.fullName.toLowerCase() : joinedAt, id };
    })
    .filter(({ node }) => (accountStatus ?? node.accountStatus) === node.accountStatus)
    .filter(({ node }) => (status ?? node.status) === node.status);
  return inOrder(rows, direction);
}

/** One for each team, or one without a team; in the order of their ids, as names say nothing here. */
function affiliationsOf({ facts: { organizationId } }: View, { membership, elsewhere }: PersonFacts) {
  const places = [{ organizationId, teamIds: membership!.teamIds }];
  for (const { organizationId, teamId, visible } of elsewhere) {
    if (visible !== 'NO') places.push({ organizationId, teamIds: teamId && visible === 'TEAMS' ? [teamId] : [] });
  }
  const rows = places.flatMap(({ organizationId, teamIds }) =>
    (teamIds.length > 0 ? teamIds : [null]).map((teamId) => `${organizationId} ${teamId}`),
  );
  return rows.sort();
}

/** The entries of the range, the latest first. */
export function expectedSessions(view: View, range: Range) {
  const rows = entriesIn(view, range).map(({ id, userId, teamId, at, seconds }) => {
    const team = teamId !== null && view.facts.teamIds.includes(teamId) ? { id: teamId } : null;
    return { node: { id, user: { id: userId }, startedAt: timeOf(at), activeSeconds: seconds, team }, order: at, id };
  });
  return inOrder(rows, 'DESC');
}

/** Somebody's latest entry up to the last day of the range. */
function latestOf(view: View, { endDate }: Range, { userId }: PersonFacts) {
  const entries = view.entries.filter((entry) => entry.userId === userId && entry.day <= endDate);
  return entries.sort((a, b) => b.at - a.at)[0];
}

function statusOf(day: string | undefined, { endDate }: Range) {
  if (day === undefined || day < addDays(endDate, -29)) return 'INACTIVE';
  return day < addDays(endDate, -6) ? 'AT_RISK' : 'ACTIVE';
}

function timeOf(moment: number | undefined): string | null {
  return moment === undefined ? null : new Date(moment).toISOString();
}

/** Rows of equal order go by id, in the same direction. */
function inOrder<Node>(rows: { node: Node; order: number | string; id: string }[], direction: Direction): Node[] {
  const compare = <T extends number | string>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
  rows.sort((a, b) => compare(a.order, b.order) || compare(a.id, b.id));
  if (direction === 'DESC') rows.reverse();
  return rows.map(({ node }) => node);
}
