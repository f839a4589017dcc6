import { randomUUID } from 'node:crypto';
import type { Gateway } from '../../../src/gateway.js';
import { recountActivity } from '../../../src/modules/engagement/roll-ups.js';
import type { Writes } from '../../../src/platform/writes.js';
import { aPerson, type Person, write } from '../../support/world.js';
import { addDays, dayIn } from './calendar.js';
import { plantOtherOrganization } from './elsewhere.js';
import type { EntryFacts, Facts, Membership, Period, PersonFacts } from './facts.js';
import { type History, type Moment, type PersonPlan, type TeamName, teamNames } from './history.js';

/** A history that stands in the database. */
export interface Planted {
  facts: Facts;
  /** The teams that there still are. */
  teams: { red: string; blue: string };
  /** The day around which everything happened. */
  day: string;
  /** Who may see everything: the first person, or a super admin if that one is no member any more. */
  asker: Person;
}

/** One time between joining and leaving. */
interface Stay {
  memberId: string;
  from: number;
  to: number | null;
  teams: { name: TeamName; id: string; from: number; to: number | null }[];
}

interface Settled {
  plan: PersonPlan;
  userId: string;
  email: string;
  username: string | null;
  stays: Stay[];
}

/**
 * Puts a history into the database. Memberships begin and end as they do in the gateway, so that the periods are what its
 * triggers write; but it cannot end one in the past, so when it ended is set afterwards. Nor does it take entries that are
 * older than a year, so these are written as they are, and counted by its own recount.
 */
export async function plant(gateway: Gateway, superAdmin: Person, history: History): Promise<Planted> {
  const { zone, day: given } = history.place;
  const day = given === 'TODAY' ? dayIn(zone, Date.now()) : given;
  const at = (moment: Moment) => momentAt(zone, day, moment);
  const teamIds: Record<TeamName, string> = { red: randomUUID(), blue: randomUUID(), gone: randomUUID() };
  const people = history.people.map((plan) => settle(plan, teamIds, at));

  const isAskedByFirst = people[0]?.stays.at(-1)?.to === null;
  let asker = superAdmin;
  if (isAskedByFirst) {
    const { userId: id, email, username, plan } = people[0]!;
    people[0]!.plan = { ...plan, suspended: 'NO' };
    asker = await aPerson(gateway, { id, email, username, fullName: plan.name });
  }
  const organizationId = randomUUID();
  const others = isAskedByFirst ? people.slice(1) : people;
  await plantPeople(gateway, { organizationId, zone, teamIds, people, others });
  const elsewhere = await plantOtherOrganization(gateway, history, people, isAskedByFirst);

  const told = people.length === 0 ? [] : history.entries;
  const entries = told.map(({ person, team, at: moment, seconds }): EntryFacts => {
    const { userId, stays } = people[person % people.length]!;
    const joined = [...new Set(stays.flatMap(({ teams }) => teams.map(({ id }) => id)))];
    return { id: randomUUID(), userId, teamId: joined[team] ?? null, at: at(moment), seconds };
  });
  await plantEntries(gateway, organizationId, entries);
  const facts: Facts = {
    ...{ organizationId, plan: 'standard', zone, teamIds: [teamIds.red, teamIds.blue], entries },
    people: people.map((person, index) => ({ ...factsOf(person), elsewhere: elsewhere[index]! })),
  };
  return { facts, teams: teamIds, day, asker };
}

/** When a clock on the wall shows this. One that never does shows it nearly. */
function momentAt(zone: string, from: string, { day, second, ms }: Moment): number {
  const shown = Date.parse(`${addDays(from, day)}T00:00:00Z`) + second * 1_000 + ms;
  const guess = shown - aheadIn(zone, shown);
  return shown - aheadIn(zone, guess);
}

/** How far the clocks of a time zone are ahead of UTC at a moment. */
function aheadIn(zone: string, moment: number): number {
  const shown = new Date(moment).toLocaleString('sv-SE', { timeZone: zone });
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(moment / 1_000) * 1_000;
}

function settle(plan: PersonPlan, teamIds: Record<TeamName, string>, at: (moment: Moment) => number): Settled {
  const turns = plan.turns.map(at).sort((a, b) => a - b);
  for (const [index, turn] of turns.entries()) if (index > 0) turns[index] = Math.max(turn, turns[index - 1]! + 1);
  const stays: Stay[] = [];
  for (let index = 0; index < turns.length; index += 2) {
    const from = turns[index]!;
    const to = turns[index + 1] ?? null;
    const within = (moment: Moment) => Math.min(Math.max(at(moment), from), to ?? Number.POSITIVE_INFINITY);
    const teams = teamNames.flatMap((name) => {
      const time = plan.teams[index / 2]![name];
      if (!time) return [];
      const first = within(time.from);
      const last = time.to === null ? to : within(time.to);
      return [{ name, id: teamIds[name], from: first, to: last !== null && last <= first ? to : last }];
    });
    stays.push({ memberId: randomUUID(), from, to, teams });
  }
  const unique = randomUUID();
  const username = plan.username && `${plan.username}${unique}`;
  return { plan, userId: randomUUID(), email: `${plan.name.toLowerCase()}-${unique}@example.com`, username, stays };
}

function factsOf({ plan, userId, email, username, stays }: Settled): Omit<PersonFacts, 'elsewhere'> {
  const periods = stays.flatMap(({ from, to, teams }): Period[] => [
    { teamId: null, from, to },
    ...teams.map((time) => ({ teamId: time.id, from: time.from, to: time.to })),
  ]);
  const last = stays.at(-1)!;
  const present = last.teams.filter(({ name, to }) => to === null && name !== 'gone');
  const membership: Membership = {
    ...{ id: last.memberId, joinedAt: last.from, suspended: plan.suspended === 'MEMBERSHIP' },
    teamIds: present.map(({ id }) => id),
  };
  return {
    ...{ userId, fullName: plan.name, email, username, suspended: plan.suspended === 'USER', periods },
    membership: last.to === null ? membership : null,
  };
}

interface Peopled {
  organizationId: string;
  zone: string;
  teamIds: Record<TeamName, string>;
  people: Settled[];
  /** Those whose user is not there yet. */
  others: Settled[];
}

async function plantPeople(gateway: Gateway, peopled: Peopled): Promise<void> {
  const { organizationId, zone, teamIds, people, others } = peopled;
  const role = { organizationId, id: randomUUID(), key: 'administrator', name: 'Administrator', rank: 100 };
  await write(gateway, (writes) => {
    writes.insert('organizations', {
      id: organizationId,
      name: 'Acme',
      slug: `acme-${organizationId}`,
      timezone: zone,
    });
    writes.insert('roles', { ...role, permissions: [], isSystem: true });
    writes.insert('teams', ...teamNames.map((name) => ({ organizationId, id: teamIds[name], name, slug: name })));
    writes.insert(
      'users',
      ...others.map(({ userId: id, email, username, plan }) => {
        const status = plan.suspended === 'USER' ? ('SUSPENDED' as const) : ('ACTIVE' as const);
        return { id, email, username, fullName: plan.name, status };
      }),
    );
  });
  for (let round = 0; people.some(({ stays }) => stays.length > round); round += 1) {
    const staying = people.filter(({ stays }) => stays.length > round);
    await write(gateway, (writes) => begin(writes, organizationId, role.id, staying, round));
    await write(gateway, (writes) => end(writes, organizationId, staying, round));
  }
  await write(gateway, (writes) => writes.delete('teams', { organizationId, id: teamIds.gone }));
  await backdate(gateway, organizationId, people);
}

function begin(writes: Writes, organizationId: string, roleId: string, people: Settled[], round: number): void {
  const members = people.map(({ userId, plan, stays }) => ({
    ...{ organizationId, id: stays[round]!.memberId, userId, roleId, joinedAt: new Date(stays[round]!.from) },
    status: plan.suspended === 'MEMBERSHIP' ? ('SUSPENDED' as const) : ('ACTIVE' as const),
  }));
  const memberships = people.flatMap(({ stays }) =>
    stays[round]!.teams.map(({ id: teamId, from }) => {
      return { organizationId, id: randomUUID(), teamId, memberId: stays[round]!.memberId, createdAt: new Date(from) };
    }),
  );
  writes.insert('members', ...members);
  writes.insert('team_memberships', ...memberships);
}

/** Some leave a team, then some leave the organization with whatever teams they are in. */
function end(writes: Writes, organizationId: string, people: Settled[], round: number): void {
  for (const { stays } of people) {
    const { memberId, teams, to } = stays[round]!;
    for (const time of teams) {
      if (time.to === null || time.to === to) continue;
      writes.deleteWhere('team_memberships', { organizationId, memberId, teamId: time.id });
    }
    if (to !== null) writes.delete('members', { organizationId, id: memberId });
  }
}

async function backdate(gateway: Gateway, organizationId: string, people: Settled[]): Promise<void> {
  const ended = people.flatMap((person) =>
    factsOf(person).periods.flatMap(({ teamId, from, to }) => {
      const dates = { joinedAt: new Date(from), leftAt: to === null ? null : new Date(to) };
      return to === null ? [] : [{ userId: person.userId, teamId, ...dates }];
    }),
  );
  const rows = await gateway.services.db.write(
    `UPDATE membership_periods p SET left_at = e."leftAt"
     FROM jsonb_to_recordset($2::jsonb) AS e("userId" uuid, "teamId" uuid, "joinedAt" timestamptz, "leftAt" timestamptz)
     WHERE p.organization_id = $1::uuid AND p.user_id = e."userId" AND p.team_id IS NOT DISTINCT FROM e."teamId"
       AND p.joined_at = e."joinedAt" AND p.left_at IS NOT NULL RETURNING 1`,
    [organizationId, JSON.stringify(ended)],
  );
  if (rows.length !== ended.length) throw new Error(`${ended.length} periods have ended, ${rows.length} are written`);
}

async function plantEntries({ services }: Gateway, organizationId: string, entries: EntryFacts[]): Promise<void> {
  await services.db.transaction(async (run) => {
    await run(
      `INSERT INTO activity_entries (organization_id, id, user_id, team_id, started_at, active_seconds, idempotency_id)
       SELECT $1::uuid, e."id", e."userId", e."teamId", to_timestamp(e."at" / 1000.0), e."seconds", e."id"::text
       FROM jsonb_to_recordset($2::jsonb) AS e("id" uuid, "userId" uuid, "teamId" uuid, "at" bigint, "seconds" int)`,
      [organizationId, JSON.stringify(entries)],
    );
    await recountActivity(run, organizationId);
  });
}
