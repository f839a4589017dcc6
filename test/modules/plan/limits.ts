import { expect } from 'vitest';
import type { Plan } from '../../../src/auth/plans.js';
import type { Gateway } from '../../../src/gateway.js';
import { type Answer, codeOf } from '../../support/client.js';
import { type World, write } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

const unlimited = { members: null, pendingInvitations: null, teams: null, workspaces: null, apiKeys: null };

/** A plan that limits only what is given. */
export const aPlan = (key: string, maximum: Partial<Plan['maximum']> = {}): Plan => {
  return { key, name: `The ${key} one`, maximum: { ...unlimited, ...maximum } };
};

export const UpdatePlan = `mutation ($input: UpdateOrganizationPlanInput!) {
  updateOrganizationPlan(input: $input) { organization { id plan limits { name used maximum } } }
}`;

export interface Limit {
  name: string;
  used: number;
  maximum: number | null;
}

export const toPlan = ({ organization, admin }: World, plan: string, by: Caller = admin) =>
  by.send<{ updateOrganizationPlan: { organization: { id: string; plan: string; limits: Limit[] } } }, object>(
    UpdatePlan,
    { input: { organizationId: organization.id, plan } },
  );

/** Puts an organization on a plan past all rules. */
export async function putOn(gateway: Gateway, { organization: { id } }: World, plan: string): Promise<void> {
  await write(gateway, (set) => set.update('organizations', { id, plan }));
}

export const Limits = 'query ($id: ID!) { organization(id: $id) { limits { name used maximum } } }';

/** What an organization has of each thing that is limited, as its founder sees it. */
export async function limitsOf({ organization, admin }: World): Promise<Limit[]> {
  const { data } = await admin.send<{ organization: { limits: Limit[] } }, object>(Limits, { id: organization.id });
  return data.organization.limits;
}

/** Expects that nothing is left of a limit, and that the answer says of which. */
export function limitReached(answer: Answer<unknown>, limit: string, maximum: number, used = maximum): void {
  expect(codeOf(answer)).toBe('CONFLICT');
  expect(answer.errors![0]!.extensions).toMatchObject({ reason: 'LIMIT_REACHED', limit, maximum, used });
}
