/** What a plan can limit, in the words of `Organization.limits`. */
export const limitNames = ['members', 'pendingInvitations', 'teams', 'workspaces', 'apiKeys'] as const;

export type LimitName = (typeof limitNames)[number];

/** How much of everything an organization may have; null is no limit. */
export interface Plan {
  key: string;
  name: string;
  maximum: Readonly<Record<LimitName, number | null>>;
}

/** More than a team of a hundred ever meets, and less than what could only be a mistake. */
const standard: Plan = {
  key: 'standard',
  name: 'Standard',
  maximum: { members: 10_000, pendingInvitations: 1_000, teams: 1_000, workspaces: 1_000, apiKeys: 1_000 },
};

/** The plans that organizations can be on. A new one begins with the first. */
export class Plans {
  readonly all: readonly Plan[];

  constructor(given: readonly Plan[] = []) {
    this.all = given.length > 0 ? given : [standard];
  }

  get first(): Plan {
    return this.all[0]!;
  }

  find(key: string): Plan | undefined {
    return this.all.find((plan) => plan.key === key);
  }

  /** The plan of an organization. If the operator has taken it away, the first one counts. */
  of(organization: { plan: string }): Plan {
    return this.find(organization.plan) ?? this.first;
  }
}
