import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { type Caller, nobody } from '../adversaries.js';
import { aKey } from '../api-key/keys.js';
import { setMemberStatus } from '../states.js';
import { aTeamOf } from '../team/managing.js';
import { ask, askOfMember, engagementOf, entry, everything, parts, recorded, withoutErrors } from './engaging.js';

const gateway = useGateway();

const { range } = parts;

const lacking = (permission: string) => ({ code: 'FORBIDDEN', requiredPermission: permission });

const factsOf = (answer: Answer<unknown>) => answer.errors?.[0]?.extensions;

describe('the engagement of an organization', () => {
  it('is for whoever holds stats.read, and others learn what is missing', async () => {
    const world = await aWorld(gateway());
    expect((await ask(world, world.admin)).errors).toBeUndefined();
    for (const role of ['billing_manager', 'team_manager', 'developer', 'member', 'viewer']) {
      expect(factsOf(await ask(world, await world.join(role), {}, range))).toMatchObject(lacking('stats.read'));
    }
  });

  it('is not there for outsiders, and closed to whoever is not signed in or suspended', async () => {
    const world = await aWorld(gateway());
    expect(codeOf(await ask(world, nobody(gateway()), {}, range))).toBe('UNAUTHENTICATED');
    expect(codeOf(await ask(world, await aPerson(gateway()), {}, range))).toBe('NOT_FOUND');
    const suspended = await world.join('administrator');
    await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
    expect(codeOf(await ask(world, suspended, {}, range))).toBe('FORBIDDEN');
    expect((await ask(world, await aPerson(gateway(), { isSuperAdmin: true }))).errors).toBeUndefined();
  });

  it('shows its managers that of a team, and of no other', async () => {
    const world = await aWorld(gateway());
    const manager = await world.join('team_manager');
    const teamId = await aTeamOf(gateway(), world, manager);
    const other = await world.team('Blue', manager);
    const { team, organization } = await engagementOf(world, manager, { teamId });
    expect([team?.id, organization.id]).toEqual([teamId, world.organization.id]);
    expect((await ask(world, manager, { teamId: teamId.toUpperCase() }, range)).errors).toBeUndefined();
    for (const wanted of [{}, { teamId: other }, { teamId: newId() }, { teamId: 'red' }]) {
      expect(factsOf(await ask(world, manager, wanted, range))).toMatchObject(lacking('stats.read'));
    }
    const member = await world.join('member');
    expect(factsOf(await ask(world, member, { teamId }, range))).toMatchObject(lacking('stats.read'));
  });

  it('has teams of its own only', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    for (const teamId of [newId(), await other.team('Red')]) {
      expect(codeOf(await ask(world, world.admin, { teamId }, range))).toBe('NOT_FOUND');
    }
    expect(codeOf(await ask(world, world.admin, { teamId: 'red' }, range))).toBe('BAD_USER_INPUT');
  });

  it('shows people to whoever may see them', async () => {
    const world = await aWorld(gateway());
    const id = newId();
    await gateway().services.db.prisma.role.create({
      data: {
        organizationId: world.organization.id,
        id,
        key: 'analyst',
        name: 'Analyst',
        rank: 20,
        permissions: ['organization.read', 'stats.read'],
      },
    });
    world.roles.analyst = id;
    const analyst = await world.join('analyst');
    for (const part of [parts.memberActivity, parts.memberDirectory, parts.sessions]) {
      expect(factsOf(await ask(world, analyst, {}, part))).toMatchObject(lacking('users.read'));
    }
    const { kpis, pulse, trend, activityDistribution, retention } = parts;
    const figures = [range, kpis, pulse, trend, activityDistribution, retention].join('\n');
    expect((await ask(world, analyst, {}, figures)).errors).toBeUndefined();
  });

  it('is read with an API key of whoever may, and only of its organization', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const reader = await aKey(gateway(), world, world.admin, { scopes: ['organizations:read'] });
    expect((await ask(world, reader)).errors).toBeUndefined();
    expect(codeOf(await ask(other, reader, {}, range))).toBe('NOT_FOUND');
    const none = await aKey(gateway(), world, world.admin, { scopes: [] });
    expect(factsOf(await ask(world, none, {}, range))).toMatchObject({ requiredScope: 'organizations:read' });
    const manager = await world.join('team_manager');
    const teamId = await aTeamOf(gateway(), world, manager);
    const managers = await aKey(gateway(), world, manager, { scopes: ['organizations:read'] });
    expect((await ask(world, managers, { teamId }, range)).errors).toBeUndefined();
  });
});

describe('the engagement of a member', () => {
  it('is for whoever holds stats.read and for the member itself', async () => {
    const world = await aWorld(gateway());
    const [bo, other] = [await world.join('member'), await world.join('member')];
    await recorded(world, bo, entry());
    for (const caller of [world.admin, bo]) {
      const { engagement } = withoutErrors(await askOfMember(world, caller, bo.memberId)).organization.member;
      expect(engagement.sessions.nodes.map(({ user }) => user.id)).toEqual([bo.user.id]);
      expect(engagement.memberActivity.nodes.map(({ member }) => member.id)).toEqual([bo.memberId]);
    }
    expect(factsOf(await askOfMember(world, other, bo.memberId, {}, range))).toMatchObject(lacking('stats.read'));
    const manager = await world.join('team_manager');
    await aTeamOf(gateway(), world, manager, bo);
    expect(factsOf(await askOfMember(world, manager, bo.memberId, {}, range))).toMatchObject(lacking('stats.read'));
  });

  it('is for the member itself also without any permission, but not while suspended', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const own = (caller: Caller, fields: string) =>
      caller.send<object, object>(`{ me { memberships(first: 1) { nodes { engagement { ${fields} } } } } }`);
    expect((await own(viewer, everything)).errors).toBeUndefined();
    await setMemberStatus(gateway(), world, viewer, 'SUSPENDED');
    expect(factsOf(await own(viewer, range))).toMatchObject({ code: 'FORBIDDEN' });
  });
});
