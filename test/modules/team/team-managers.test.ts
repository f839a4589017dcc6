import { describe, expect, it } from 'vitest';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type Colleague, type World, write } from '../../support/world.js';
import { answersAlike } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { customRole, setMemberStatus } from '../states.js';
import { acting, aTeamOf, membersOf } from './managing.js';

const gateway = useGateway();

const UpdateMemberRole = `mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }`;

/** An organization with a manager of one team, in which a plain member is, and with another team. */
async function aManagedTeam(role = 'team_manager') {
  const world = await aWorld(gateway());
  const [manager, member, outside] = [await world.join(role), await world.join('member'), await world.join('member')];
  const red = await aTeamOf(gateway(), world, manager, member);
  const blue = await world.team('Blue', outside);
  return { world, manager, member, outside, red, blue };
}

/** Expects an attempt to be forbidden, and to change nothing. */
async function forbidden(world: World, teamIds: string[], attempt: () => Promise<Answer<unknown>>) {
  const state = async () => ({
    traces: await tracesIn(gateway(), world.organization.id),
    teams: await Promise.all(teamIds.map((teamId) => membersOf(gateway(), world, teamId))),
  });
  const before = await state();
  const answer = await attempt();
  expect(codeOf(answer)).toBe('FORBIDDEN');
  expect(await state()).toEqual(before);
  return answer.errors![0]!.extensions;
}

async function giveRole(world: World, { memberId }: Colleague, role: string) {
  const input = { organizationId: world.organization.id, memberId, role };
  expect(codeOf(await world.admin.send(UpdateMemberRole, { input }))).toBeUndefined();
}

describe('the manager of a team', () => {
  it('changes what the team says of itself', async () => {
    const { world, manager, red } = await aManagedTeam();
    const { data, errors } = await acting(world, manager, red).rename('Crimson');
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ updateTeam: { team: { id: red, name: 'Crimson' } } });
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { actorType: 'USER', actorUserId: manager.user.id, action: 'TEAM_UPDATED', targetId: red },
    ]);
  });

  it('puts members of lower rank into the team, and takes them out', async () => {
    const { world, manager, member, outside, red } = await aManagedTeam();
    const team = acting(world, manager, red);
    const developer = await world.join('developer');
    for (const newcomer of [outside, developer]) expect(codeOf(await team.add(newcomer))).toBeUndefined();
    expect(codeOf(await team.remove(member))).toBeUndefined();
    expect(await membersOf(gateway(), world, red)).toEqual({
      [manager.memberId]: 'MANAGER',
      [outside.memberId]: 'MEMBER',
      [developer.memberId]: 'MEMBER',
    });
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { action: 'TEAM_MEMBER_ADDED', actorUserId: manager.user.id, targetId: red },
      { action: 'TEAM_MEMBER_ADDED', actorUserId: manager.user.id, targetId: red },
      { action: 'TEAM_MEMBER_REMOVED', actorUserId: manager.user.id, targetId: red },
    ]);
  });

  it('has no say in other teams, also not in those that a manager is but a member of', async () => {
    const { world, manager, member, outside, red, blue } = await aManagedTeam();
    const green = await world.team('Green', manager, outside);
    for (const teamId of [blue, green]) {
      const team = acting(world, manager, teamId);
      for (const [permission, attempt] of [
        ['teams.update', () => team.rename()],
        ['teams.assign', () => team.add(member)],
        ['teams.assign', () => team.remove(outside)],
        ['teams.assign', () => team.make(outside, 'MEMBER')],
      ] as const) {
        const { requiredPermission } = await forbidden(world, [red, blue, green], attempt);
        expect(requiredPermission).toBe(permission);
      }
    }
  });

  it('has no say over members of equal or higher rank', async () => {
    const { world, manager, red } = await aManagedTeam();
    await customRole(gateway(), world, { key: 'lead', rank: 41, permissions: [] });
    const team = acting(world, manager, red);
    for (const role of ['team_manager', 'billing_manager', 'lead', 'administrator']) {
      const superior = await world.join(role);
      expect((await forbidden(world, [red], () => team.add(superior))).reason).toBe('RANK');
      expect(codeOf(await acting(world, world.admin, red).add(superior))).toBeUndefined();
      expect((await forbidden(world, [red], () => team.remove(superior))).reason).toBe('RANK');
      expect((await forbidden(world, [red], () => team.make(superior, 'MEMBER'))).reason).toBe('RANK');
    }
  });

  it('appoints and dismisses no managers', async () => {
    const { world, manager, member, outside, red } = await aManagedTeam();
    const team = acting(world, manager, red);
    expect((await forbidden(world, [red], () => team.add(outside, 'MANAGER'))).reason).toBe('MANAGER');
    expect((await forbidden(world, [red], () => team.make(member, 'MANAGER'))).reason).toBe('MANAGER');
    expect(codeOf(await acting(world, world.admin, red).make(member, 'MANAGER'))).toBeUndefined();
    expect((await forbidden(world, [red], () => team.make(member, 'MEMBER'))).reason).toBe('MANAGER');
    expect((await forbidden(world, [red], () => team.remove(member))).reason).toBe('MANAGER');
    await forbidden(world, [red], () => team.make(manager, 'MEMBER'));
    await forbidden(world, [red], () => team.remove(manager));
  });

  it('neither makes nor deletes teams', async () => {
    const { world, manager, red } = await aManagedTeam();
    const input = { organizationId: world.organization.id };
    const made = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';
    const attempt = () => manager.send(made, { input: { ...input, name: 'New' } });
    expect((await forbidden(world, [red], attempt)).requiredPermission).toBe('teams.create');
    const deleted = 'mutation ($input: DeleteTeamInput!) { deleteTeam(input: $input) { team { id } } }';
    const erase = () => manager.send(deleted, { input: { ...input, teamId: red } });
    expect((await forbidden(world, [red], erase)).requiredPermission).toBe('teams.delete');
  });

  it('finds no team and no members of another organization', async () => {
    const [here, there] = [await aManagedTeam(), await aManagedTeam()];
    const team = acting(here.world, here.manager, here.red);
    for (const act of [team.add, team.remove]) {
      await answersAlike((memberId) => act({ ...there.member, memberId }), there.member.memberId);
    }
    const elsewhere = acting(there.world, here.manager, there.red);
    for (const answer of [await elsewhere.rename(), await elsewhere.add(there.outside)]) {
      expect(codeOf(answer)).toBe('NOT_FOUND');
    }
    const theirs = acting(here.world, here.manager, there.red);
    for (const answer of [await theirs.rename(), await theirs.add(here.outside)]) {
      expect(codeOf(answer)).toBe('FORBIDDEN');
    }
    expect(await eventsOf(gateway(), there.world.organization.id)).toEqual([]);
    expect(await membersOf(gateway(), there.world, there.red)).not.toHaveProperty(here.outside.memberId);
  });
});

describe('a manager of a team by name only', () => {
  it('is whoever does not hold the role of team managers', async () => {
    for (const role of ['viewer', 'member', 'developer', 'billing_manager']) {
      const { world, manager, member, outside, red } = await aManagedTeam(role);
      const team = acting(world, manager, red);
      for (const attempt of [() => team.rename(), () => team.add(outside), () => team.remove(member)]) {
        await forbidden(world, [red], attempt);
      }
    }
  });

  it('is whoever holds the role of team managers, but manages none', async () => {
    const { world, outside, red } = await aManagedTeam();
    const other = await world.join('team_manager');
    const inside = await world.join('team_manager');
    await acting(world, world.admin, red).add(inside);
    for (const caller of [other, inside]) {
      await forbidden(world, [red], () => acting(world, caller, red).rename());
      await forbidden(world, [red], () => acting(world, caller, red).add(outside));
    }
  });
});

describe('managing a team', () => {
  it('ends with the role, from the next request on, and comes back with it', async () => {
    const { world, manager, red } = await aManagedTeam();
    const { rename } = acting(world, manager, red);
    expect(codeOf(await rename('One'))).toBeUndefined();
    await giveRole(world, manager, 'developer');
    await forbidden(world, [red], () => rename('Two'));
    await giveRole(world, manager, 'team_manager');
    expect(codeOf(await rename('Three'))).toBeUndefined();
  });

  it('ends with the part in the team, from the next request on', async () => {
    const { world, manager, red } = await aManagedTeam();
    const [{ rename }, byAdmin] = [acting(world, manager, red), acting(world, world.admin, red)];
    await byAdmin.make(manager, 'MEMBER');
    await forbidden(world, [red], () => rename());
    await byAdmin.make(manager, 'MANAGER');
    expect(codeOf(await rename())).toBeUndefined();
    await byAdmin.remove(manager);
    await forbidden(world, [red], () => rename());
  });

  it('rests while the membership or the user is suspended', async () => {
    const { world, manager, red, outside } = await aManagedTeam();
    const team = acting(world, manager, red);
    await setMemberStatus(gateway(), world, manager, 'SUSPENDED');
    await forbidden(world, [red], () => team.rename());
    await forbidden(world, [red], () => team.add(outside));
    await setMemberStatus(gateway(), world, manager, 'ACTIVE');
    expect(codeOf(await team.add(outside))).toBeUndefined();
    await write(gateway(), (set) => set.update('users', { id: manager.user.id, status: 'SUSPENDED' }));
    expect(codeOf(await team.rename())).toBe('UNAUTHENTICATED');
  });

  it('is counted team by team where somebody manages several', async () => {
    const { world, manager, member, red, blue } = await aManagedTeam();
    const green = await aTeamOf(gateway(), world, manager);
    expect(codeOf(await acting(world, manager, red).remove(member))).toBeUndefined();
    expect(codeOf(await acting(world, manager, green).add(member))).toBeUndefined();
    await forbidden(world, [red, blue, green], () => acting(world, manager, blue).add(member));
    expect(await membersOf(gateway(), world, green)).toHaveProperty(member.memberId, 'MEMBER');
  });
});
