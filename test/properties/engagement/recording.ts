import fc from 'fast-check';

// What people do in an organization while their apps report activity. All of it happens today; the activity may be older.

/** The administrator, and three others. */
export const peopleCount = 4;
export type TeamName = 'red' | 'blue';

/** An entry as an app reports it. */
export interface Report {
  whom: number;
  named: 'BY_MEMBER' | 'BY_USER' | 'NOT';
  team: TeamName | null;
  daysAgo: number;
  second: number;
  activeSeconds: number;
  /** Few, so that many come again. */
  id: number;
}

/** One call of somebody's, or of the app of the administrator with its API key. */
export interface Call {
  by: number | 'KEY';
  reports: Report[];
}

export type Step =
  | { does: 'RECORD'; atOnce: Call[] }
  | { does: 'JOIN_TEAM' | 'LEAVE_TEAM'; whom: number; team: TeamName }
  | { does: 'ADD' | 'REMOVE' | 'TRANSFER' | 'SUSPEND' | 'REINSTATE'; whom: number }
  | { does: 'DELETE_TEAM'; team: TeamName }
  | { does: 'MOVE'; zone: string };

export interface Course {
  /** The time zone in which days are counted at first. */
  zone: string;
  /** The one that the organization has, if its activity is still to be counted anew. */
  awaited: string | null;
  /** How many days ago each of them joined. */
  joinedDaysAgo: number[];
  /** Who is in which team at first. */
  red: boolean[];
  blue: boolean[];
  steps: Step[];
}

const zones = ['UTC', 'Europe/Berlin', 'America/Havana', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kathmandu'];
const zone = fc.constantFrom(...zones);
const team = fc.constantFrom<TeamName[]>('red', 'blue');
const anybody = fc.nat({ max: peopleCount - 1 });
const others = fc.integer({ min: 1, max: peopleCount - 1 });

const report: fc.Arbitrary<Report> = fc.record({
  whom: anybody,
  named: fc.constantFrom('NOT', 'BY_USER', 'BY_MEMBER', 'NOT'),
  team: fc.constantFrom(null, null, 'red', 'blue'),
  // Tomorrow and longer ago than a year are refused.
  daysAgo: fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 2 }) },
    { weight: 1, arbitrary: fc.nat({ max: 364 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 367) },
  ),
  second: fc.oneof(fc.constantFrom(0, 3_600, 86_399), fc.nat({ max: 86_399 })),
  activeSeconds: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 7_200 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 86_400, 86_401) },
  ),
  id: fc.nat({ max: 60 }),
});

const call: fc.Arbitrary<Call> = fc.record({
  by: fc.oneof(fc.constant<'KEY'>('KEY'), anybody),
  reports: fc.array(report, { minLength: 1, maxLength: 12, size: 'max' }),
});

const recording = fc.record({
  does: fc.constant<'RECORD'>('RECORD'),
  atOnce: fc.array(call, { minLength: 1, maxLength: 4, size: 'max' }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: recording },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('JOIN_TEAM', 'LEAVE_TEAM'), whom: anybody, team }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('ADD', 'REMOVE', 'TRANSFER', 'SUSPEND', 'REINSTATE'), whom: others }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant<'MOVE'>('MOVE'), zone }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant<'DELETE_TEAM'>('DELETE_TEAM'), team }) },
);

const each = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: peopleCount, maxLength: peopleCount });

export const anyCourse: fc.Arbitrary<Course> = fc.record({
  zone,
  // None of those to which it moves, as that would be no move.
  awaited: fc.constantFrom(null, null, 'Pacific/Chatham', 'America/Nome'),
  joinedDaysAgo: each(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 }))),
  red: each(fc.boolean()),
  blue: each(fc.boolean()),
  steps: fc.array(step, { minLength: 1, maxLength: 10, size: 'max' }),
});
