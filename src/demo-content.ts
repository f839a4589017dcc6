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
} as const satisfies Record<string, { fullName: string; daysAgo: number }>;

export type DemoPerson = keyof typeof demoPeople;

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
  ],
  teams: [
    {
      name: 'Curriculum',
      slug: 'curriculum',
      description: 'Writes the courses.',
      daysAgo: 78.2,
      members: { tomas: 'MANAGER', ada: 'MEMBER', samuel: 'MEMBER', ingrid: 'MEMBER', nadia: 'MEMBER' },
    },
    {
      name: 'School Support',
      slug: 'school-support',
      description: 'Answers what teachers ask.',
      daysAgo: 70.5,
      members: { wanjiru: 'MANAGER', rafael: 'MEMBER', ingrid: 'MEMBER' },
    },
    {
      name: 'Platform',
      slug: 'platform',
      description: 'Builds the portal.',
      daysAgo: 65.9,
      members: { yuki: 'MEMBER', elif: 'MEMBER', mateo: 'MEMBER' },
    },
  ],
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
  invitations: [],
};

export const demoOrganizations: readonly DemoOrganization[] = [northwind, harbour];
