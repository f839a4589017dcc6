// What the oracle is told: everything that has happened, with the ids that it got. Moments are milliseconds.

/** From when to when somebody belonged to the organization, or with a team to that team. */
export interface Period {
  teamId: string | null;
  from: number;
  /** Null if it has not ended. */
  to: number | null;
}

/** What somebody is at present. */
export interface Membership {
  id: string;
  joinedAt: number;
  suspended: boolean;
  teamIds: string[];
}

/** Where else somebody belongs. */
export interface Elsewhere {
  organizationId: string;
  teamId: string | null;
  /** Whether the one who asks may see this person there, and whether the teams as well. */
  visible: 'NO' | 'PEOPLE' | 'TEAMS';
}

export interface PersonFacts {
  userId: string;
  fullName: string;
  email: string;
  username: string | null;
  suspended: boolean;
  periods: Period[];
  /** Null for who has left. */
  membership: Membership | null;
  elsewhere: Elsewhere[];
}

export interface EntryFacts {
  id: string;
  userId: string;
  teamId: string | null;
  at: number;
  seconds: number;
}

export interface Facts {
  organizationId: string;
  plan: string;
  zone: string;
  /** The teams that there are; entries may name others that have been deleted since. */
  teamIds: string[];
  people: PersonFacts[];
  entries: EntryFacts[];
}

/** Whose engagement is asked for. */
export type Group = { of: 'ORGANIZATION' } | { of: 'TEAM'; teamId: string } | { of: 'MEMBER'; userId: string };

/** The ends of a range as they are given; null is left out. */
export interface GivenRange {
  startDate: string | null;
  endDate: string | null;
}
