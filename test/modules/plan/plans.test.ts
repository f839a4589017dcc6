import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { itIsRefusedToOthers, nobody } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { customRole } from '../states.js';
import { accountsOf } from '../user/accounts.js';
import { aPlan, Limits, limitsOf, putOn, toPlan, UpdatePlan } from './limits.js';

const small = { members: 5, pendingInvitations: 4, teams: 3, workspaces: 2, apiKeys: 0 };
const gateway = useGateway({ plans: [aPlan('free', small), aPlan('large', { members: 500 })] });
const people = accountsOf(gateway);

const plans = '{ plans { key name limits { name maximum } } }';

const maximum = (limits: Record<string, number | null>) =>
  Object.entries(limits).map(([name, most]) => ({ name, maximum: most }));

describe('the plans', () => {
  it('are shown in order to whoever is signed in, with what they limit', async () => {
    const { data, errors } = await (await aPerson(gateway())).send(plans);
    expect(errors).toBeUndefined();
    const none = { pendingInvitations: null, teams: null, workspaces: null, apiKeys: null };
    expect(data).toEqual({
      plans: [
        { key: 'free', name: 'The free one', limits: maximum(small) },
        { key: 'large', name: 'The large one', limits: maximum({ members: 500, ...none }) },
      ],
    });
    expect(codeOf(await nobody(gateway()).send(plans))).toBe('UNAUTHENTICATED');
  });

  it('begin with the one that a new organization is on, personal or not', async () => {
    const person = await aPerson(gateway());
    const found =
      'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { plan } } }';
    const { data } = await person.send(found, {
      input: { name: 'Acme', slug: `acme-${randomUUID()}` },
    });
    expect(data).toEqual({ createOrganization: { organization: { plan: 'free' } } });
    const { organization } = await people.signUp();
    const { plan } = await gateway().services.db.prisma.organization.findUniqueOrThrow({
      where: { id: organization.id },
    });
    expect(plan).toBe('free');
  });
});

describe('the limits of an organization', () => {
  it('say how much of everything there is, and may be', async () => {
    const world = await aWorld(gateway());
    await world.join('member');
    await world.team('Red');
    expect(await limitsOf(world)).toEqual([
      { name: 'members', used: 2, maximum: 5 },
      { name: 'pendingInvitations', used: 0, maximum: 4 },
      { name: 'teams', used: 1, maximum: 3 },
      { name: 'workspaces', used: 1, maximum: 2 },
      { name: 'apiKeys', used: 0, maximum: 0 },
    ]);
    await putOn(gateway(), world, 'large');
    const [members, ...others] = await limitsOf(world);
    expect(members).toEqual({ name: 'members', used: 2, maximum: 500 });
    expect(others.map(({ maximum: most }) => most)).toEqual([null, null, null, null]);
  });

  it('are those of the first plan where the operator has taken the organization’s own away', async () => {
    const world = await aWorld(gateway());
    await putOn(gateway(), world, 'legacy');
    expect((await limitsOf(world))[0]).toEqual({ name: 'members', used: 1, maximum: 5 });
    const answer = await world.admin.send('query ($id: ID!) { organization(id: $id) { plan } }', {
      id: world.organization.id,
    });
    expect(answer.data).toEqual({ organization: { plan: 'legacy' } });
  });

  it('are for those who hold billing.read', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    await customRole(gateway(), world, {
      key: 'accountant',
      rank: 5,
      permissions: ['organization.read', 'billing.read'],
    });
    for (const role of ['administrator', 'billing_manager', 'accountant']) {
      expect(codeOf(await (await world.join(role)).send(Limits, { id }))).toBeUndefined();
    }
    expect(codeOf(await (await aPerson(gateway(), { isSuperAdmin: true })).send(Limits, { id }))).toBeUndefined();
    for (const role of ['team_manager', 'developer', 'member', 'viewer']) {
      const answer = await (await world.join(role)).send(Limits, { id });
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('billing.read');
    }
    expect(codeOf(await (await aPerson(gateway())).send(Limits, { id }))).toBe('NOT_FOUND');
  });
});

describe('changing to another plan', () => {
  itIsRefusedToOthers(gateway, 'billing.update', async () => (caller, organizationId) => {
    return caller.send(UpdatePlan, { input: { organizationId, plan: 'large' } });
  });

  it('is possible for a billing manager, and counts at once', async () => {
    const world = await aWorld(gateway());
    const { data, errors } = await toPlan(world, 'large', await world.join('billing_manager'));
    expect(errors).toBeUndefined();
    expect(data.updateOrganizationPlan.organization).toMatchObject({ id: world.organization.id, plan: 'large' });
    expect(data.updateOrganizationPlan.organization.limits[0]).toEqual({ name: 'members', used: 2, maximum: 500 });
    expect((await limitsOf(world))[0]!.maximum).toBe(500);
  });

  it('takes billing.update, reading is not enough', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, {
      key: 'accountant',
      rank: 5,
      permissions: ['organization.read', 'billing.read'],
    });
    const answer = await toPlan(world, 'large', await world.join('accountant'));
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors![0]!.extensions.requiredPermission).toBe('billing.update');
  });

  it('is recorded once, and the same once more changes nothing', async () => {
    const world = await aWorld(gateway());
    await toPlan(world, 'large');
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'ORGANIZATION_PLAN_CHANGED',
        targetType: 'ORGANIZATION',
        targetId: world.organization.id,
        changes: { plan: { before: 'free', after: 'large' } },
      },
    ]);
    expect(codeOf(await toPlan(world, 'large'))).toBeUndefined();
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('takes the key of a plan that there is', async () => {
    const world = await aWorld(gateway());
    for (const plan of ['', 'gold', 'Large', 'The large one', 'x'.repeat(64), 'constructor']) {
      expect(pathsIn(await toPlan(world, plan))).toEqual(['input.plan']);
    }
    expect((await tracesIn(gateway(), world.organization.id)).events).toEqual([]);
  });
});
