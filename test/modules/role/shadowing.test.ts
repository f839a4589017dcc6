import { describe, expect, it } from 'vitest';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World, write } from '../../support/world.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { aKeeperOfRoles, aRole, create, remove, roleOf, rolesOf, update } from './roles.js';

const gateway = useGateway();

const people = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';
const mine = 'query ($id: ID!) { organization(id: $id) { viewerRole { id key rank permissions shadows isSystem } } }';
const makeTeam = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';
const updateTeam = 'mutation ($input: UpdateTeamInput!) { updateTeam(input: $input) { team { name } } }';

const structure = ['organization.read', 'teams.read', 'workspaces.read'];

/** Expects an attempt to be refused with a code, and to change nothing. */
async function refused(world: World, code: string, attempt: () => Promise<Answer<unknown>>) {
  const before = { traces: await tracesIn(gateway(), world.organization.id), roles: await rolesOf(world) };
  const answer = await attempt();
  expect(codeOf(answer)).toBe(code);
  expect({ traces: await tracesIn(gateway(), world.organization.id), roles: await rolesOf(world) }).toEqual(before);
  return answer.errors![0]!.extensions;
}

describe('a custom role with the key of a system role', () => {
  it('takes its place for everybody who holds the key, at once', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    const members = [await world.join('member'), await world.join('member')];
    for (const member of members) expect(codeOf(await member.send(people, { id }))).toBeUndefined();
    const shadow = await aRole(world, { key: 'member', rank: 12, permissions: structure });
    expect(shadow).toMatchObject({ key: 'member', rank: 12, shadows: true, isSystem: false, memberCount: 2 });
    for (const member of members) {
      expect(codeOf(await member.send(people, { id }))).toBe('FORBIDDEN');
      const viewerRole = { id: shadow.id, key: 'member', rank: 12, permissions: structure };
      expect((await member.send(mine, { id })).data).toEqual({
        organization: { viewerRole: { ...viewerRole, shadows: true, isSystem: false } },
      });
    }
  });

  it('can give more as well as less', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const attempt = () => viewer.send(makeTeam, { input: { organizationId: world.organization.id, name: 'Red' } });
    expect(codeOf(await attempt())).toBe('FORBIDDEN');
    await aRole(world, { key: 'viewer', rank: 10, permissions: [...structure, 'teams.create'] });
    expect(codeOf(await attempt())).toBeUndefined();
  });

  it('is the same role by its id, and the only one of that key', async () => {
    const world = await aWorld(gateway());
    const before = (await rolesOf(world)).developer!;
    const shadow = await aRole(world, { key: 'developer', rank: 30 });
    expect(shadow.id).toBe(before.id);
    const roles = await rolesOf(world);
    expect(Object.keys(roles)).toHaveLength(6);
    expect(roles.developer).toEqual(shadow);
  });

  it('is what those get who are given the key from then on', async () => {
    const world = await aWorld(gateway());
    const shadow = await aRole(world, { key: 'member', rank: 12, permissions: structure });
    const newcomer = await aPerson(gateway());
    const { data } = await world.admin.send<{ addMember: { member: { role: object } } }, object>(
      `mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role { id permissions } } } }`,
      { input: { organizationId: world.organization.id, userId: newcomer.user.id, role: 'member' } },
    );
    expect(data.addMember.member.role).toEqual({ id: shadow.id, permissions: structure });
  });

  it('leaves every other organization as it is', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const member = await other.join('member');
    const before = await rolesOf(other);
    await aRole(world, { key: 'member', rank: 12 });
    expect(await rolesOf(other)).toEqual(before);
    expect(codeOf(await member.send(people, { id: other.organization.id }))).toBeUndefined();
    expect(codeOf(await create(other, other.admin, { key: 'member', rank: 13 }))).toBeUndefined();
  });

  it('is recorded as a new role', async () => {
    const world = await aWorld(gateway());
    const { id } = await aRole(world, { key: 'member', rank: 12, permissions: structure });
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { action: 'ROLE_CREATED', targetType: 'ROLE', targetId: id, changes: { key: { after: 'member' } } },
    ]);
  });

  it('cannot be one of administrators or super admins', async () => {
    const world = await aWorld(gateway());
    for (const key of ['administrator', 'super_admin']) {
      for (const rank of [1, 99]) {
        await refused(world, 'BAD_USER_INPUT', async () => {
          const answer = await create(world, world.admin, { key, rank });
          expect(pathsIn(answer)).toEqual(['input.key']);
          return answer;
        });
      }
    }
  });

  it('does not rank above the original, neither when it is made nor later', async () => {
    const world = await aWorld(gateway());
    for (const [key, rank] of Object.entries({ viewer: 10, member: 20, developer: 30, billing_manager: 40 })) {
      const { issues } = await refused(world, 'BAD_USER_INPUT', () =>
        create(world, world.admin, { key, rank: rank + 1 }),
      );
      expect(issues).toMatchObject([{ path: 'input.rank' }]);
      const shadow = await aRole(world, { key, rank });
      await refused(world, 'BAD_USER_INPUT', () => update(world, world.admin, shadow.id, { rank: rank + 1 }));
      expect(codeOf(await update(world, world.admin, shadow.id, { rank: rank - 1 }))).toBeUndefined();
    }
  });

  it('cannot be made twice', async () => {
    const world = await aWorld(gateway());
    await aRole(world, { key: 'member', rank: 12 });
    const { reason } = await refused(world, 'CONFLICT', () => create(world, world.admin, { key: 'member' }));
    expect(reason).toBe('ROLE_KEY_TAKEN');
  });

  it('changes like any custom role', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    const member = await world.join('member');
    const shadow = await aRole(world, { key: 'member', rank: 12, permissions: structure });
    await update(world, world.admin, shadow.id, { permissions: [...structure, 'users.read'] });
    expect(codeOf(await member.send(people, { id }))).toBeUndefined();
  });

  it('is refused to whoever has less than the original, or less than the shadow', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const original = await refused(world, 'ROLE_CEILING', () => create(world, keeper, { key: 'billing_manager' }));
    expect(original.missingPermissions).toEqual(['billing.read', 'billing.update']);
    const shadow = await refused(world, 'ROLE_CEILING', () =>
      create(world, keeper, { key: 'member', permissions: ['users.delete'] }),
    );
    expect(shadow.missingPermissions).toEqual(['users.delete']);
    expect(codeOf(await create(world, keeper, { key: 'member', permissions: ['users.read'] }))).toBeUndefined();
  });
});

describe('deleting a shadow', () => {
  it('brings the system role back to all who hold the key, under the same id', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    const member = await world.join('member');
    const before = (await rolesOf(world)).member!;
    const shadow = await aRole(world, { key: 'member', name: 'Guest', description: 'x', rank: 12 });
    expect(codeOf(await member.send(people, { id }))).toBe('FORBIDDEN');
    const { data, errors } = await remove(world, world.admin, shadow.id);
    expect(errors).toBeUndefined();
    expect(data.deleteRole.role).toEqual({ id: before.id, key: 'member', isSystem: true });
    expect((await rolesOf(world)).member).toEqual(before);
    expect(await roleOf(gateway(), world, member)).toBe('member');
    expect(codeOf(await member.send(people, { id }))).toBeUndefined();
  });

  it('is recorded, and leaves a system role that cannot be deleted', async () => {
    const world = await aWorld(gateway());
    const shadow = await aRole(world, { key: 'member', rank: 12 });
    await remove(world, world.admin, shadow.id);
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({ action: 'ROLE_DELETED', targetType: 'ROLE', targetId: shadow.id });
    expect(codeOf(await remove(world, world.admin, shadow.id))).toBe('CONFLICT');
    expect(codeOf(await create(world, world.admin, { key: 'member', rank: 13 }))).toBeUndefined();
  });

  it('is refused to whoever has less than the system role that would come back', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const shadow = await aRole(world, { key: 'billing_manager', permissions: structure });
    const { missingPermissions } = await refused(world, 'ROLE_CEILING', () => remove(world, keeper, shadow.id));
    expect(missingPermissions).toEqual(['billing.read', 'billing.update']);
  });
});

describe('a shadow of team_manager', () => {
  it('still makes the managers of teams count', async () => {
    const world = await aWorld(gateway());
    const manager = await world.join('team_manager');
    const [red, blue] = [await world.team('Red', manager), await world.team('Blue', manager)];
    const { organization } = world;
    const membership = await gateway().services.db.prisma.teamMembership.findFirstOrThrow({
      where: { organizationId: organization.id, teamId: red, memberId: manager.memberId },
    });
    await write(gateway(), (set) =>
      set.update('team_memberships', { organizationId: organization.id, id: membership.id, role: 'MANAGER' }),
    );
    await aRole(world, { key: 'team_manager', rank: 35, permissions: structure });
    const rename = (teamId: string) =>
      manager.send(updateTeam, { input: { organizationId: organization.id, teamId, name: 'Crimson' } });
    expect(codeOf(await manager.send(people, { id: organization.id }))).toBe('FORBIDDEN');
    expect(codeOf(await rename(red))).toBeUndefined();
    expect(codeOf(await rename(blue))).toBe('FORBIDDEN');
  });
});
