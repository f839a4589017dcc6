import { describe, expect, it } from 'vitest';
import type { LimitName } from '../../src/auth/plans.js';
import { aPerson, aWorld, write } from '../support/world.js';
import { atOnce, patience, rounds, useTwoProcesses, via } from './processes.js';

const most = 3;
const processes = useTwoProcesses({
  plans: [
    {
      key: 'roomy',
      name: 'Roomy',
      maximum: { members: null, pendingInvitations: null, teams: null, workspaces: null, apiKeys: null },
    },
    {
      key: 'small',
      name: 'Small',
      maximum: { members: most, pendingInvitations: most, teams: most, workspaces: most, apiKeys: most },
    },
  ],
});

const mutation = (name: string) =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`;

/** How to take one more of something, and which of them to keep so that one place is left. */
const things: [LimitName, table: string, keep: number, name: string, input: (index: number) => object][] = [
  ['teams', 'teams', 0, 'createTeam', (index) => ({ name: `Team ${index}` })],
  ['workspaces', 'workspaces', 1, 'createWorkspace', (index) => ({ name: `Lab ${index}` })],
  ['apiKeys', 'api_keys', 0, 'createApiKey', (index) => ({ name: `Key ${index}`, scopes: ['organizations:read'] })],
  [
    'pendingInvitations',
    'invitations',
    0,
    'inviteMember',
    (index) => ({ email: `${index}@example.net`, role: 'viewer' }),
  ],
];

/** As often as elsewhere, but a quarter of that is enough for ten requests each of four kinds. */
const times = Math.ceil(rounds / 4);

describe('ten who take the last places at the same moment, through two processes,', { timeout: patience }, () => {
  it.each(things)('never take more than there are, nor fewer: %s', async (limit, table, keep, name, input) => {
    const { gateway } = processes();
    const { organization, admin } = await aWorld(gateway);
    const organizationId = organization.id;
    await write(gateway, (set) => set.update('organizations', { id: organizationId, plan: 'small' }));
    const { db } = gateway.services;
    for (let round = 1; round <= times; round += 1) {
      const requests = Array.from({ length: 10 }, (_, index) =>
        via(processes(), ((index + round) % 2) as 0 | 1, admin, mutation(name), {
          input: { organizationId, ...input(index) },
        }),
      );
      const answers = await Promise.all(requests);
      const [{ used }] = (await db.write<{ used: number }>(
        `WITH gone AS (DELETE FROM ${table} t WHERE organization_id = $1
           AND id NOT IN (SELECT id FROM ${table} WHERE organization_id = $1 ORDER BY id LIMIT $2) RETURNING 1)
         SELECT count(*)::int + $2::int AS used FROM gone`,
        [organizationId, keep],
      )) as [{ used: number }];
      const refused = answers.filter(({ errors }) => errors);
      expect({ round, used, refused: refused.length }).toEqual({ round, used: most, refused: 10 - (most - keep) });
      for (const { errors } of refused) {
        const facts = { code: 'CONFLICT', reason: 'LIMIT_REACHED', limit, used: most, maximum: most };
        expect(errors![0]!.extensions).toMatchObject(facts);
      }
    }
  });
});

describe('at the same moment, through two processes,', { timeout: patience }, () => {
  it('an organization gets a smaller plan and a member: nobody joins once it counts', async () => {
    const { gateway } = processes();
    const { organization, admin, join } = await aWorld(gateway);
    const organizationId = organization.id;
    for (let member = 1; member < most; member += 1) await join('viewer');
    const { user } = await aPerson(gateway);
    await write(gateway, (set) => set.update('organizations', { id: organizationId, plan: 'roomy' }));
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(
        round,
        () =>
          via(processes(), 0, admin, mutation('updateOrganizationPlan'), { input: { organizationId, plan: 'small' } }),
        () =>
          via(processes(), 1, admin, mutation('addMember'), {
            input: { organizationId, userId: user.id, role: 'viewer' },
          }),
      );
      // Transactions are numbered as they begin to write, and neither of these wrote before it had the organization's lock.
      const [state] = await gateway.services.db.write<{ added: boolean; inOrder: boolean | null }>(
        `WITH gone AS (DELETE FROM members WHERE organization_id = $1 AND user_id = $2 RETURNING xmin),
         back AS (UPDATE organizations SET plan = 'roomy' WHERE id = $1)
         SELECT EXISTS (SELECT 1 FROM gone) AS added,
           (SELECT max(xmin::text::bigint) FROM gone) < o.xmin::text::bigint AS "inOrder"
         FROM organizations o WHERE o.id = $1`,
        [organizationId, user.id],
      );
      const expected = state!.added
        ? { outcomes: [undefined, undefined], inOrder: true }
        : { outcomes: [undefined, 'CONFLICT'], inOrder: null };
      expect({ round, outcomes, inOrder: state!.inOrder }).toEqual({ round, ...expected });
    }
  });
});
