import type { SystemRoleKey } from './auth/permissions.js';
import type { TeamRole } from './generated/prisma/client.js';

/** Everybody in the demo. Days count back from the start that seeds it, so the demo is always of the past three months. */
export const demoPeople = {
  ada: { fullName: 'Ada Lindqvist', daysAgo: 90.2 },
  mateo: { fullName: 'Mateo Fernández', daysAgo: 88.7 },
  priya: { fullName: 'Priya Raman', daysAgo: 84.1 },
  tomas: { fullName: 'Tomáš Novák', daysAgo: 79.4 },
  wanjiru: { fullName: 'Wanjiru Kamau', daysAgo: 71.9 },
  yuki: { fullName: 'Yuki Tanaka', daysAgo: 66.3 },
  elif: { fullName: 'Elif Yıldız', daysAgo: 58.6 },
  samuel: { fullName: 'Samuel Osei', daysAgo: 47.8 },
  ingrid: { fullName: 'Ingrid Solberg', daysAgo: 39.2 },
  rafael: { fullName: 'Rafael Costa', daysAgo: 27.5 },
  nadia: { fullName: 'Nadia Haddad', daysAgo: 14.6 },
  owen: { fullName: 'Owen Gallagher', daysAgo: 5.3 },
  hannah: { fullName: 'Hannah Weiss', daysAgo: 62.4 },
  freya: { fullName: 'Freya Nygaard', daysAgo: 82.6 },
  marta: { fullName: 'Marta Kowalska', daysAgo: 81.2 },
  lucas: { fullName: 'Lucas Moreau', daysAgo: 77.3 },
  amara: { fullName: 'Amara Okafor', daysAgo: 75.8 },
  felix: { fullName: 'Felix Brandt', daysAgo: 73.5 },
  henrik: { fullName: 'Henrik Dahl', daysAgo: 68.9 },
  mei: { fullName: 'Mei Lin', daysAgo: 63.2 },
  grace: { fullName: 'Grace Mwangi', daysAgo: 61.8 },
  diego: { fullName: 'Diego Santos', daysAgo: 56.4 },
  sofia: { fullName: 'Sofia Marino', daysAgo: 53.7 },
  jonah: { fullName: 'Jonah Reed', daysAgo: 45.1 },
  leena: { fullName: 'Leena Virtanen', daysAgo: 35.6 },
  anton: { fullName: 'Anton Petrov', daysAgo: 34.2 },
  arjun: { fullName: 'Arjun Mehta', daysAgo: 21.3 },
  chloe: { fullName: 'Chloé Bernard', daysAgo: 18.9 },
  viktor: { fullName: 'Viktor Horvat', daysAgo: 9.8 },
} as const satisfies Record<string, { fullName: string; daysAgo: number }>;

export type DemoPerson = keyof typeof demoPeople;

/** How much somebody does. */
export interface Habit {
  /** How many sessions there are on a usual working day, and how long one is. */
  sessions: number;
  minutes: number;
  /** When the last one was; it has become less and less before. Left out, it goes on. */
  untilDaysAgo?: number;
}

export interface DemoOrganization {
  name: string;
  slug: string;
  description: string;
  timezone: string;
  founder: DemoPerson;
  daysAgo: number;
  /** Beside the default one. */
  workspaces: { name: string; slug: string; description: string; daysAgo: number }[];
  /** Beside the founder. Whoever has no day of its own joined on the day of signing up. */
  members: { person: DemoPerson; role: SystemRoleKey; daysAgo?: number }[];
  teams: {
    name: string;
    slug: string;
    description: string;
    daysAgo: number;
    members: Partial<Record<DemoPerson, TeamRole>>;
  }[];
  /** Who was a member, and has left. */
  former: { person: DemoPerson; leftDaysAgo: number; team: string }[];
  /** Who has none was never active. */
  habits: Partial<Record<DemoPerson, Habit>>;
  /** Sent by the founder. */
  invitations: { email: string; role: SystemRoleKey; teams: string[]; daysAgo: number }[];
}

const northwind: DemoOrganization = {
  name: 'Northwind Learning',
  slug: 'northwind',
  description: 'Courses on weather and the sea, for schools along the coast.',
  timezone: 'Europe/Oslo',
  founder: 'ada',
  daysAgo: 90.1,
  workspaces: [
    {
      name: 'Course Catalogue',
      slug: 'catalogue',
      description: 'What is published, and what comes next.',
      daysAgo: 83,
    },
    { name: 'School Portal', slug: 'portal', description: 'Where schools book their courses.', daysAgo: 41.7 },
  ],
  members: [
    { person: 'mateo', role: 'administrator' },
    { person: 'priya', role: 'billing_manager' },
    { person: 'tomas', role: 'team_manager' },
    { person: 'wanjiru', role: 'team_manager' },
    { person: 'yuki', role: 'developer' },
    { person: 'elif', role: 'developer' },
    { person: 'samuel', role: 'member' },
    { person: 'ingrid', role: 'member' },
    { person: 'rafael', role: 'member' },
    { person: 'nadia', role: 'member' },
    { person: 'owen', role: 'viewer' },
    { person: 'freya', role: 'member' },
    { person: 'lucas', role: 'member' },
    { person: 'amara', role: 'member' },
    { person: 'henrik', role: 'member' },
    { person: 'mei', role: 'member' },
    { person: 'diego', role: 'developer' },
    { person: 'sofia', role: 'member' },
    { person: 'jonah', role: 'member' },
    { person: 'leena', role: 'developer' },
    { person: 'arjun', role: 'member' },
    { person: 'chloe', role: 'viewer' },
    { person: 'viktor', role: 'member' },
  ],
  teams: [
    {
      name: 'Curriculum',
      slug: 'curriculum',
      description: 'Writes the courses.',
      daysAgo: 78.2,
      members: {
        ...{ tomas: 'MANAGER', ada: 'MEMBER', samuel: 'MEMBER', ingrid: 'MEMBER', nadia: 'MEMBER' },
        ...{ freya: 'MEMBER', lucas: 'MEMBER', henrik: 'MEMBER', arjun: 'MEMBER' },
      },
    },
    {
      name: 'School Support',
      slug: 'school-support',
      description: 'Answers what teachers ask.',
      daysAgo: 70.5,
      members: {
        ...{ wanjiru: 'MANAGER', rafael: 'MEMBER', ingrid: 'MEMBER' },
        ...{ amara: 'MEMBER', mei: 'MEMBER', sofia: 'MEMBER', jonah: 'MEMBER', viktor: 'MEMBER' },
      },
    },
    {
      name: 'Platform',
      slug: 'platform',
      description: 'Builds the portal.',
      daysAgo: 65.9,
      members: { yuki: 'MEMBER', elif: 'MEMBER', mateo: 'MEMBER', diego: 'MEMBER', leena: 'MEMBER' },
    },
  ],
  former: [
    { person: 'marta', leftDaysAgo: 36.4, team: 'school-support' },
    { person: 'felix', leftDaysAgo: 24.7, team: 'platform' },
    { person: 'grace', leftDaysAgo: 47.3, team: 'curriculum' },
    { person: 'anton', leftDaysAgo: 12.6, team: 'school-support' },
  ],
  habits: {
    ada: { sessions: 3, minutes: 35 },
    mateo: { sessions: 1.4, minutes: 25 },
    priya: { sessions: 0.8, minutes: 30 },
    tomas: { sessions: 2.8, minutes: 50 },
    wanjiru: { sessions: 3.2, minutes: 30 },
    yuki: { sessions: 2.4, minutes: 75 },
    elif: { sessions: 2.2, minutes: 65 },
    samuel: { sessions: 2.2, minutes: 45, untilDaysAgo: 12 },
    ingrid: { sessions: 2, minutes: 40 },
    rafael: { sessions: 2.6, minutes: 25 },
    nadia: { sessions: 2.4, minutes: 45 },
    owen: { sessions: 0.6, minutes: 12 },
    freya: { sessions: 2, minutes: 55 },
    marta: { sessions: 1.8, minutes: 30, untilDaysAgo: 36 },
    lucas: { sessions: 1.5, minutes: 40 },
    amara: { sessions: 3, minutes: 25 },
    felix: { sessions: 2, minutes: 60, untilDaysAgo: 25 },
    henrik: { sessions: 1.6, minutes: 35, untilDaysAgo: 39 },
    mei: { sessions: 1.8, minutes: 20, untilDaysAgo: 20 },
    grace: { sessions: 1.2, minutes: 30, untilDaysAgo: 47 },
    diego: { sessions: 1.9, minutes: 70 },
    sofia: { sessions: 1.4, minutes: 25, untilDaysAgo: 33 },
    jonah: { sessions: 2, minutes: 20, untilDaysAgo: 15 },
    leena: { sessions: 2.1, minutes: 60 },
    anton: { sessions: 1.7, minutes: 25, untilDaysAgo: 13 },
    arjun: { sessions: 2.2, minutes: 40 },
    viktor: { sessions: 2.5, minutes: 30 },
  },
  invitations: [
    { email: 'leila.karimi@example.com', role: 'developer', teams: ['platform'], daysAgo: 2.4 },
    { email: 'jonas.berg@example.com', role: 'member', teams: ['curriculum', 'school-support'], daysAgo: 0.8 },
  ],
};

const harbour: DemoOrganization = {
  name: 'Harbour Makers',
  slug: 'harbour-makers',
  description: 'A workshop that anybody in town may use.',
  timezone: 'Europe/Berlin',
  founder: 'hannah',
  daysAgo: 62.3,
  workspaces: [],
  members: [
    { person: 'samuel', role: 'developer', daysAgo: 33.1 },
    { person: 'ada', role: 'member', daysAgo: 20.9 },
  ],
  teams: [
    {
      name: 'Open Evening',
      slug: 'open-evening',
      description: 'Keeps the workshop open on Thursdays.',
      daysAgo: 30.6,
      members: { hannah: 'MEMBER', ada: 'MEMBER' },
    },
  ],
  former: [],
  habits: {},
  invitations: [],
};

export const demoOrganizations: readonly DemoOrganization[] = [northwind, harbour];
