import { describe, expect, it } from 'vitest';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { aKeeperOfRoles, aRole, CreateRole, create, remove, rolesOf, UpdateRole, update } from './roles.js';

const gateway = useGateway();

const people = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';

/** Expects an attempt to be refused with a code, and to change nothing. */
async function refused(world: World, code: string, attempt: () => Promise<Answer<unknown>>) {
  const before = { traces: await tracesIn(gateway(), world.organization.id), roles: await rolesOf(world) };
  const answer = await attempt();
  expect(codeOf(answer)).toBe(code);
  expect({ traces: await tracesIn(gateway(), world.organization.id), roles: await rolesOf(world) }).toEqual(before);
  return answer.errors![0]!.extensions;
}

describe('making a custom role', () => {
  itIsRefusedToOthers(gateway, 'roles.create', async () => (caller, organizationId) => {
    const input = { organizationId, key: 'guest', name: 'Guest', rank: 5, permissions: [] };
    return caller.send(CreateRole, { input });
  });

  it('gives the organization a role that its members can hold', async () => {
    const world = await aWorld(gateway());
    const draft = { key: 'auditor', name: ' Auditor ', description: 'Looks on', rank: 25 };
    const permissions = ['users.read', 'organization.read'];
    const { data, errors } = await create(world, world.admin, { ...draft, permissions });
    expect(errors).toBeUndefined();
    const { role } = data.createRole;
    expect(role).toMatchObject({ ...draft, name: 'Auditor', permissions: permissions.sort(), memberCount: 0 });
    expect(role).toMatchObject({ isSystem: false, shadows: false });
    world.roles.auditor = role.id;
    const auditor = await world.join('auditor');
    expect(codeOf(await auditor.send(people, { id: world.organization.id }))).toBeUndefined();
    expect(Object.keys(await rolesOf(world))).toHaveLength(7);
    expect((await rolesOf(world)).auditor).toEqual({ ...role, memberCount: 1 });
  });

  it('is recorded once', async () => {
    const world = await aWorld(gateway());
    const { id } = await aRole(world, { key: 'auditor', name: 'Auditor', rank: 25, permissions: ['audit.read'] });
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'ROLE_CREATED',
        targetType: 'ROLE',
        targetId: id,
        changes: expect.objectContaining({
          key: { before: null, after: 'auditor' },
          name: { before: null, after: 'Auditor' },
          rank: { before: null, after: 25 },
          permissions: { before: null, after: ['audit.read'] },
        }),
      },
    ]);
  });

  it('refuses permissions outside the catalogue, naming each by its place', async () => {
    const world = await aWorld(gateway());
    const permissions = ['users.read', 'users.fly', 'super_admin', 'teams.read', 'Users.read'];
    const { issues } = await refused(world, 'BAD_USER_INPUT', () =>
      create(world, world.admin, { key: 'guest', permissions }),
    );
    const paths = issues!.map(({ path }) => path);
    expect(paths).toEqual(['input.permissions.1', 'input.permissions.2', 'input.permissions.4']);
  });

  it('takes a rank from 1 to 99, which leaves 100 to administrators', async () => {
    const world = await aWorld(gateway());
    for (const rank of [0, -1, 100, 1000]) {
      expect(pathsIn(await create(world, world.admin, { key: 'guest', rank }))).toEqual(['input.rank']);
    }
    for (const rank of [1, 99]) expect((await aRole(world, { key: `rank_${rank}`, rank })).rank).toBe(rank);
  });

  it('takes a key that reads well in programs', async () => {
    const world = await aWorld(gateway());
    for (const key of ['', 'Guest', '1guest', 'my-guest', 'my guest', '_guest', 'gäst', 'g'.repeat(64)]) {
      expect(pathsIn(await create(world, world.admin, { key }))).toEqual(['input.key']);
    }
    expect((await aRole(world, { key: 'g2_guest' })).key).toBe('g2_guest');
  });

  it('is refused with a key that another custom role has, but free in every other organization', async () => {
    const world = await aWorld(gateway());
    await aRole(world, { key: 'guest' });
    const { reason } = await refused(world, 'CONFLICT', () => create(world, world.admin, { key: 'guest', rank: 3 }));
    expect(reason).toBe('ROLE_KEY_TAKEN');
    const other = await aWorld(gateway());
    expect(codeOf(await create(other, other.admin, { key: 'guest' }))).toBeUndefined();
  });

  it('lets nobody make a role that holds more, or ranks higher, than the own one', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const permissions = ['users.read', 'users.update', 'audit.read'];
    const more = await refused(world, 'ROLE_CEILING', () => create(world, keeper, { key: 'guest', permissions }));
    expect(more.missingPermissions).toEqual(['users.update', 'audit.read']);
    await refused(world, 'ROLE_CEILING', () => create(world, keeper, { key: 'guest', rank: 51 }));
    const equal = { key: 'guest', rank: 50, permissions: ['roles.create', 'roles.update'] };
    expect(codeOf(await create(world, keeper, equal))).toBeUndefined();
  });

  it('is open to a super admin, and recorded as such', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await create(world, superAdmin, { key: 'guest' }))).toBeUndefined();
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id, action: 'ROLE_CREATED' },
    ]);
  });
});

describe('changing a custom role', () => {
  itIsRefusedToOthers(gateway, 'roles.update', async (world) => {
    const { id: roleId } = await aRole(world, { key: 'guest' });
    return (caller, organizationId) => caller.send(UpdateRole, { input: { organizationId, roleId, name: 'Visitor' } });
  });

  it('counts for all who hold it from the next request on', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    const role = await aRole(world, { key: 'guest', permissions: ['organization.read'] });
    const guests = [await world.join('guest'), await world.join('guest')];
    for (const guest of guests) expect(codeOf(await guest.send(people, { id }))).toBe('FORBIDDEN');
    await update(world, world.admin, role.id, { permissions: ['organization.read', 'users.read'] });
    for (const guest of guests) expect(codeOf(await guest.send(people, { id }))).toBeUndefined();
    await update(world, world.admin, role.id, { permissions: [] });
    for (const guest of guests) expect(codeOf(await guest.send(people, { id }))).toBe('FORBIDDEN');
  });

  it('keeps what it leaves out, and clears a description that is set to null', async () => {
    const world = await aWorld(gateway());
    const draft = { name: 'Guest', description: 'Visits', rank: 5, permissions: ['organization.read'] };
    const role = await aRole(world, { key: 'guest', ...draft });
    const renamed = (await update(world, world.admin, role.id, { name: 'Visitor' })).data.updateRole.role;
    expect(renamed).toEqual({ ...role, name: 'Visitor' });
    await update(world, world.admin, role.id, { description: null });
    expect((await rolesOf(world)).guest).toEqual({ ...role, name: 'Visitor', description: null });
  });

  it('cannot clear name, rank and permissions', async () => {
    const world = await aWorld(gateway());
    const { id } = await aRole(world, { key: 'guest' });
    await refused(world, 'BAD_USER_INPUT', async () => {
      const answer = await update(world, world.admin, id, { name: null, rank: null, permissions: null });
      expect(pathsIn(answer)).toEqual(['input.name', 'input.rank', 'input.permissions']);
      return answer;
    });
  });

  it('never changes the key', async () => {
    const world = await aWorld(gateway());
    const { id } = await aRole(world, { key: 'guest' });
    await refused(world, 'BAD_USER_INPUT', () => update(world, world.admin, id, { key: 'visitor', name: 'Visitor' }));
  });

  it('is recorded once with what has changed, and the same once more changes nothing', async () => {
    const world = await aWorld(gateway());
    const { id } = await aRole(world, { key: 'guest', rank: 5, permissions: ['organization.read'] });
    const changes = { name: 'The guest', rank: 6, permissions: ['organization.read', 'teams.read'] };
    await update(world, world.admin, id, changes);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toHaveLength(2);
    expect(after.events[1]).toEqual({
      actorType: 'USER',
      actorUserId: world.admin.user.id,
      action: 'ROLE_UPDATED',
      targetType: 'ROLE',
      targetId: id,
      changes: {
        rank: { before: 5, after: 6 },
        permissions: { before: ['organization.read'], after: ['organization.read', 'teams.read'] },
      },
    });
    expect(codeOf(await update(world, world.admin, id, changes))).toBeUndefined();
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('refuses permissions outside the catalogue, and ranks out of bounds', async () => {
    const world = await aWorld(gateway());
    const { id } = await aRole(world, { key: 'guest' });
    for (const [changes, path] of [
      [{ permissions: ['users.read', 'users.fly'] }, 'input.permissions.1'],
      [{ rank: 100 }, 'input.rank'],
      [{ rank: 0 }, 'input.rank'],
    ] as const) {
      const { issues } = await refused(world, 'BAD_USER_INPUT', () => update(world, world.admin, id, changes));
      expect(issues).toMatchObject([{ path }]);
    }
  });

  it('lets nobody give a role more than they hold themselves', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const { id } = await aRole(world, { key: 'guest', permissions: ['users.read'] });
    const permissions = ['users.read', 'users.delete'];
    const { missingPermissions } = await refused(world, 'ROLE_CEILING', () =>
      update(world, keeper, id, { permissions }),
    );
    expect(missingPermissions).toEqual(['users.delete']);
    await refused(world, 'ROLE_CEILING', () => update(world, keeper, id, { rank: 51 }));
    const within = { permissions: ['users.read', 'roles.read'], rank: 50 };
    expect(codeOf(await update(world, keeper, id, within))).toBeUndefined();
  });

  it('lets nobody touch a role that is above them, not even to take from it', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const stronger = await aRole(world, { key: 'stronger', rank: 5, permissions: ['audit.read'] });
    const { missingPermissions } = await refused(world, 'ROLE_CEILING', () =>
      update(world, keeper, stronger.id, { permissions: [] }),
    );
    expect(missingPermissions).toEqual(['audit.read']);
    const higher = await aRole(world, { key: 'higher', rank: 51 });
    await refused(world, 'ROLE_CEILING', () => update(world, keeper, higher.id, { rank: 1 }));
    await refused(world, 'ROLE_CEILING', () => update(world, keeper, higher.id, { name: 'Lower' }));
  });

  it('lets nobody raise themselves by way of their own role', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const own = (await rolesOf(world)).keeper!;
    await refused(world, 'ROLE_CEILING', () =>
      update(world, keeper, own.id, { permissions: [...own.permissions, 'users.update'] }),
    );
    await refused(world, 'ROLE_CEILING', () => update(world, keeper, own.id, { rank: 60 }));
  });

  it('is refused for system roles, which can only be shadowed', async () => {
    const world = await aWorld(gateway());
    for (const key of ['administrator', 'team_manager', 'viewer']) {
      const { reason } = await refused(world, 'CONFLICT', () =>
        update(world, world.admin, world.roles[key]!, { name: 'Mine' }),
      );
      expect(reason).toBe('SYSTEM_ROLE');
    }
  });

  it('is refused for a role of another organization, or one that is gone, as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await aRole(other, { key: 'guest' });
    await answersAlike((roleId) => update(world, world.admin, roleId, { name: 'Ours' }), theirs.id);
    expect((await rolesOf(other)).guest).toEqual(theirs);
    const gone = await aRole(world, { key: 'guest' });
    await remove(world, world.admin, gone.id);
    await answersAlike((roleId) => update(world, world.admin, roleId, { name: 'Back' }), gone.id);
  });
});
