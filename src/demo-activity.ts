import { type DemoOrganization, type DemoPerson, demoPeople, type Habit } from './demo-content.js';
import { addDays, todayIn } from './modules/engagement/engagement.range.js';

const dayMs = 86_400_000;
const secondsOfHour = 3_600;

/** Within so many days a habit fades away. */
const fadingDays = 21;

/** Which part of the usual is done on each day of the week, from Sunday on. */
const weekRhythm = [0.02, 1.05, 1.1, 1, 1.05, 0.8, 0.08];

/** A week when most are on holiday, and two days off: which part of the usual is done then. */
const dips = [
  { fromDaysAgo: 46, toDaysAgo: 40, part: 0.35 },
  { fromDaysAgo: 72, toDaysAgo: 72, part: 0.05 },
  { fromDaysAgo: 17, toDaysAgo: 17, part: 0.05 },
];

/** How much of what is done is for none of the teams. */
const withoutTeam = 0.12;

/** What somebody in the demo did. */
export interface DemoActivity {
  person: DemoPerson;
  /** The slug of the team that it was for. */
  team: string | null;
  startedAt: Date;
  activeSeconds: number;
}

/** When somebody came and went, and the teams from when on, in days ago. */
interface Stay {
  person: DemoPerson;
  joined: number;
  left: number;
  teams: { slug: string; since: number }[];
}

/**
 * What the people of an organization did up to now, each by its habit: on working days from about eight o'clock in the
 * organization's time zone. It looks the same for every start that falls on the same day of the week.
 */
export function demoActivity(given: DemoOrganization, now: Date): DemoActivity[] {
  const today = todayIn(given.timezone, now);
  const noonOf = noonIn(given.timezone);
  return staysIn(given).flatMap(({ person, joined, left, teams }, index) => {
    const habit = given.habits[person];
    if (!habit) return [];
    const random = randomFrom(index + 1);
    const activity: DemoActivity[] = [];
    for (let daysAgo = Math.floor(joined); daysAgo >= Math.floor(left); daysAgo -= 1) {
      const day = addDays(today, -daysAgo);
      const expected = habit.sessions * partOn(day, daysAgo, habit);
      for (const { second, activeSeconds } of sessionsOfDay(expected, habit.minutes, random)) {
        const startedAt = new Date(noonOf(day) + (second - 12 * secondsOfHour) * 1_000);
        const ago = (now.getTime() - startedAt.getTime()) / dayMs;
        const team = oneOf(
          teams.filter(({ since }) => ago < since),
          random,
        );
        const isOver = ago * dayMs > activeSeconds * 1_000;
        if (isOver && ago < joined && ago > left) activity.push({ person, team, startedAt, activeSeconds });
      }
    }
    return activity;
  });
}

function staysIn({ founder, daysAgo, members, former, teams }: DemoOrganization): Stay[] {
  const founding = { person: founder, joined: daysAgo, left: 0 };
  const present = members.map(({ person, daysAgo = demoPeople[person].daysAgo }) => ({
    person,
    joined: daysAgo,
    left: 0,
  }));
  const gone = former.map(({ person, leftDaysAgo }) => ({
    person,
    joined: demoPeople[person].daysAgo,
    left: leftDaysAgo,
  }));
  const teamOf = new Map(former.map(({ person, team }) => [person, team]));
  return [founding, ...present, ...gone].map((stay) => ({
    ...stay,
    teams: teams
      .filter(({ slug, members }) => stay.person in members || teamOf.get(stay.person) === slug)
      .map(({ slug, daysAgo }) => ({ slug, since: Math.min(daysAgo, stay.joined) })),
  }));
}

/** Which part of its usual somebody does on a day. */
function partOn(day: string, daysAgo: number, { untilDaysAgo = -fadingDays }: Habit): number {
  const left = Math.max(0, Math.min(1, (daysAgo - untilDaysAgo) / fadingDays));
  const dip = dips.find(({ fromDaysAgo, toDaysAgo }) => daysAgo <= fromDaysAgo && daysAgo >= toDaysAgo);
  return weekRhythm[new Date(day).getUTCDay()]! * left * (dip?.part ?? 1);
}

/** One session after the other, with pauses, until the evening. */
function sessionsOfDay(expected: number, minutes: number, random: () => number) {
  const count = Math.floor(expected * (0.5 + random()) + random());
  const sessions: { second: number; activeSeconds: number }[] = [];
  let second = Math.round((7.75 + 2.5 * random()) * secondsOfHour);
  while (sessions.length < count && second < 18 * secondsOfHour) {
    const activeSeconds = Math.round(60 * minutes * (0.3 + 0.9 * random() + 0.9 * random() * random()));
    sessions.push({ second, activeSeconds });
    second += activeSeconds + Math.round((0.2 + 1.8 * random()) * secondsOfHour);
  }
  return sessions;
}

function oneOf(teams: readonly { slug: string }[], random: () => number): string | null {
  const [hasNone, which] = [random() < withoutTeam, Math.floor(random() * teams.length)];
  return hasNone ? null : (teams[which]?.slug ?? null);
}

/** Says when it is noon on a day. No clock is changed between then and any hour of work. */
function noonIn(timezone: string): (day: string) => number {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  return (day) => {
    const noon = Date.parse(`${day}T12:00:00Z`);
    const ahead = Date.parse(`${clock.format(noon).replace(' ', 'T')}Z`) - noon;
    return noon - ahead;
  };
}

/** Numbers from 0 to 1 that look like chance, and are the same for the same seed: Lehmer's generator. */
function randomFrom(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  let state = (seed * 1_000_003) % modulus;
  return () => {
    state = (state * 48_271) % modulus;
    return state / modulus;
  };
}
