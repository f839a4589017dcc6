import fc from 'fast-check';
import { activityOrders, type DirectoryFilter, directoryOrders } from './oracle.people.js';

// Histories of an organization, as plans: days are counted from the day around which everything happens.

/** A time on a clock on the wall. */
export interface Moment {
  day: number;
  second: number;
  ms: number;
}

export const teamNames = ['red', 'blue', 'gone'] as const;
export type TeamName = (typeof teamNames)[number];

/** Somebody's time in a team, as far as it lies in the stay. */
export interface TeamTime {
  from: Moment;
  to: Moment | null;
}

export interface PersonPlan {
  name: string;
  username: string | null;
  suspended: 'NO' | 'MEMBERSHIP' | 'USER';
  /** Joining, leaving, joining again, …: who has left last is no member any more. */
  turns: Moment[];
  /** The times in teams, stay by stay. */
  teams: Record<TeamName, TeamTime | null>[];
  /** Whether this person is in another organization as well, and in its team. */
  elsewhere: 'NO' | 'ORGANIZATION' | 'TEAM';
}

export interface EntryPlan {
  /** Counted round the people; without any there is no entry. */
  person: number;
  /** One of the teams that this person has ever been in; beyond them, none. */
  team: number;
  at: Moment;
  seconds: number;
}

export interface Place {
  zone: string;
  /** The day around which everything happens. */
  day: string | 'TODAY';
}

export interface History {
  place: Place;
  people: PersonPlan[];
  entries: EntryPlan[];
  /** What the one who asks is in the other organization, if the first person is still here to ask. */
  askerElsewhere: 'NOTHING' | 'viewer' | 'people' | 'member' | 'SUSPENDED';
}

/** Days on which clocks change: which have no midnight or two of them, or are left out altogether. */
const changes: Record<string, string[]> = {
  UTC: [],
  'Europe/Berlin': ['2024-03-31', '2023-10-29'],
  'America/New_York': ['2024-03-10', '2021-11-07'],
  'America/Sao_Paulo': ['2018-11-04', '2018-02-18'],
  'America/Havana': ['2023-11-05', '2022-11-06', '2024-03-10'],
  'Atlantic/Azores': ['2023-10-29', '2022-10-30', '2024-03-31'],
  'Asia/Beirut': ['2022-03-27', '2022-10-30'],
  'Europe/Moscow': ['2014-10-26'],
  'Australia/Lord_Howe': ['2024-04-07', '2023-10-01'],
  'Pacific/Chatham': ['2024-04-07', '2023-09-24'],
  'Pacific/Apia': ['2011-12-30', '2011-12-31', '2012-04-01'],
  'Pacific/Kiritimati': [],
  'Asia/Kathmandu': [],
  'Asia/Kolkata': [],
};

/** A leap day, ends of years with 53 weeks and with 52, and ends of months. */
const dates = ['2024-02-29', '2020-12-31', '2021-01-03', '2016-01-01', '2018-12-31', '2023-02-28', '2023-04-30'];

const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom(...Object.entries(changes).flatMap(([zone, days]) => days.map((day): Place => ({ zone, day })))),
  fc.record({ zone: fc.constantFrom(...Object.keys(changes)), day: fc.constantFrom<string[]>(...dates, 'TODAY') }),
);

const aroundMidnight = [0, 1, 59, 1_800, 3_599, 3_600, 5_400, 7_199, 43_200, 82_800, 84_600, 86_399];
const second = fc.oneof(fc.constantFrom(...aroundMidnight), fc.integer({ min: 0, max: 86_399 }));
const ms = fc.constantFrom(0, 0, 1, 999);
const momentOn = (day: fc.Arbitrary<number>): fc.Arbitrary<Moment> => fc.record({ day, second, ms });

const near = fc.integer({ min: -2, max: 2 });
const about = fc.integer({ min: -40, max: 12 });
const turn = momentOn(fc.oneof(near, about, fc.integer({ min: -430, max: 20 })));

const teamTime: fc.Arbitrary<TeamTime | null> = fc.option(
  fc.record({ from: turn, to: fc.option(turn, { nil: null, freq: 2 }) }),
  { nil: null, freq: 3 },
);

const person: fc.Arbitrary<PersonPlan> = fc.record({
  name: fc.constantFrom('Ada', 'ada', 'Bo', 'Cleo', 'CLEO', 'Dirk', 'Ely'),
  username: fc.constantFrom(null, 'zorro', 'Yeti_x'),
  suspended: fc.constantFrom<PersonPlan['suspended'][]>('NO', 'NO', 'NO', 'MEMBERSHIP', 'USER'),
  turns: fc.array(turn, { minLength: 1, maxLength: 5 }),
  teams: fc.tuple(...[1, 2, 3].map(() => fc.record({ red: teamTime, blue: teamTime, gone: teamTime }))),
  elsewhere: fc.constantFrom('NO', 'NO', 'ORGANIZATION', 'TEAM'),
});

const seconds = fc.oneof(
  fc.integer({ min: 1, max: 7_200 }),
  fc.constantFrom(1, 60, 3_599, 3_600, 18_000, 36_000, 72_000, 86_400),
);

const entry: fc.Arbitrary<EntryPlan> = fc.record({
  person: fc.nat({ max: 11 }),
  team: fc.nat({ max: 3 }),
  at: momentOn(fc.oneof(near, near, about, about, fc.integer({ min: -400, max: 12 }))),
  seconds,
});

export const anyHistory: fc.Arbitrary<History> = fc.record({
  place: anyPlace,
  people: fc.oneof(
    { weight: 1, arbitrary: fc.constant<PersonPlan[]>([]) },
    { weight: 20, arbitrary: fc.array(person, { minLength: 1, maxLength: 12, size: 'max' }) },
  ),
  entries: fc.array(entry, { maxLength: 150, size: 'max' }),
  askerElsewhere: fc.constantFrom('NOTHING', 'viewer', 'people', 'member', 'SUSPENDED'),
});

/** What is asked of a history. */
export interface Question {
  /** How many days, of which the first or the last one lies so many days from that of the place. */
  span: { days: number; edge: 'FIRST' | 'LAST'; at: number };
  given: 'BOTH' | 'START' | 'END' | 'NEITHER';
  group: 'ORGANIZATION' | 'red' | 'blue' | number;
  activityOrder: (typeof activityOrders)[number];
  directoryOrder: (typeof directoryOrders)[number];
  direction: 'ASC' | 'DESC';
  filter: Omit<DirectoryFilter, 'teamId'> & { team: 'red' | 'blue' | null };
  pageSize: number;
  backward: boolean;
}

const seldom = <T>(...values: T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...values) });

const edgeAt = fc.oneof(fc.constantFrom(0, -1, 1), fc.integer({ min: -10, max: 15 }));
const shortDays = fc.oneof(fc.constantFrom(1, 2, 7, 28, 30, 31), fc.integer({ min: 1, max: 70 }));

export const anyQuestion: fc.Arbitrary<Question> = fc.record({
  span: fc.oneof(
    fc.record({ days: shortDays, edge: fc.constant<'FIRST'>('FIRST'), at: edgeAt }),
    // Not from the first one, as nobody may ask for more than a year ahead.
    fc.record({
      days: fc.oneof(shortDays, fc.constantFrom(365, 366)),
      edge: fc.constant<'LAST'>('LAST'),
      at: edgeAt,
    }),
  ),
  given: fc.constantFrom('BOTH', 'BOTH', 'BOTH', 'START', 'END', 'NEITHER'),
  group: fc.oneof(fc.constantFrom('ORGANIZATION', 'red', 'blue'), fc.nat({ max: 11 })),
  activityOrder: fc.constantFrom(...activityOrders),
  directoryOrder: fc.constantFrom(...directoryOrders),
  direction: fc.constantFrom('ASC', 'DESC'),
  filter: fc.record({
    search: seldom('y', 'LE', 'orro', '_X', '%', '@Example.com'),
    accountStatus: seldom('ACTIVE', 'SUSPENDED'),
    status: seldom('ACTIVE', 'AT_RISK', 'INACTIVE'),
    team: seldom('red', 'blue'),
  }),
  pageSize: fc.integer({ min: 2, max: 12 }),
  backward: fc.boolean(),
});
