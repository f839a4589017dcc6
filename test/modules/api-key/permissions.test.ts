import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World, write } from '../../support/world.js';
import type { Caller } from '../adversaries.js';
import { check, myPermissions, verdict } from '../permission/asking.js';
import { customRole, setMemberStatus } from '../states.js';
import { acting, aTeamOf } from '../team/managing.js';
import { aKey, factsOf, inTwoOrganizations, joinAs, lacksScope, read, readAndWrite } from './keys.js';

const publish = { permission: 'tours.publish', description: 'Publish tours.' };
const gateway = useGateway({ permissions: [publish] });

const no = (reason: string) => ({ granted: false, reason });
const yes = (reason: string) => ({ granted: true, reason });

const granted = async (world: World, caller: Caller) =>
  [...(await myPermissions(world, caller)).data.myPermissions.granted].sort();

const ids = (...worlds: World[]) => worlds.map(({ organization }) => organization.id).sort();

/** The organizations in which somebody holds a permission. */
async function holding(caller: Caller, code: string): Promise<string[]> {
  type Page = { organizations: { totalCount: number; nodes: { id: string }[] } };
  const { data } = await caller.send<Page, object>(
    'query ($code: String) { organizations(withPermission: $code) { totalCount nodes { id } } }',
    { code },
  );
  expect(data.organizations.totalCount).toBe(data.organizations.nodes.length);
  return data.organizations.nodes.map(({ id }) => id).sort();
}

describe('what the key of an administrator may do', () => {
  it('is only to read, if its scope is to read: all the rest lacks the scope', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin, { scopes: read });
    const map = (await myPermissions(world, key)).data.myPermissions;
    expect(map.role).toEqual({ key: 'administrator' });
    expect(map.catalogue).toHaveLength(33);
    for (const { permission, ...answer } of map.catalogue) {
      expect([permission, answer]).toEqual([
        permission,
        permission.endsWith('.read') ? yes('ROLE') : no('KEY_LACKS_SCOPE'),
      ]);
      expect([permission, await verdict(world, key, permission)]).toEqual([permission, answer]);
    }
    expect(map.granted.every((code) => code.endsWith('.read'))).toBe(true);
    expect(map.granted).toHaveLength(map.catalogue.filter((grant) => grant.granted).length);
  });

  it('is everything but making and deleting keys, if its scope is to write', async () => {
    const world = await aWorld(gateway());
    for (const scopes of [readAndWrite, [...read, ...readAndWrite]]) {
      const key = await aKey(gateway(), world, world.admin, { scopes });
      const { catalogue } = (await myPermissions(world, key)).data.myPermissions;
      for (const { permission, ...answer } of catalogue) {
        const never = ['api_keys.create', 'api_keys.delete'].includes(permission);
        expect([permission, answer]).toEqual([permission, never ? no('KEY_LACKS_SCOPE') : yes('ROLE')]);
      }
    }
  });

  it('leaves its maker what it was', async () => {
    const world = await aWorld(gateway());
    await aKey(gateway(), world, world.admin, { scopes: read });
    expect((await myPermissions(world, world.admin)).data.myPermissions.granted).toHaveLength(33);
  });
});

describe('what any key may do', () => {
  it('is at most what its maker’s role permits, whatever the scopes', async () => {
    const world = await aWorld(gateway());
    for (const role of ['billing_manager', 'team_manager', 'developer', 'member', 'viewer']) {
      const maker = await world.join(role);
      const own = await granted(world, maker);
      const [reading, writing] = [
        await aKey(gateway(), world, maker, { scopes: read }),
        await aKey(gateway(), world, maker),
      ];
      expect(await granted(world, writing)).toEqual(own.filter((code) => !/^api_keys\.(create|delete)$/.test(code)));
      expect(await granted(world, reading)).toEqual(own.filter((code) => code.endsWith('.read')));
    }
  });

  it('says of a role that lacks the permission that it is the role', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, await world.join('viewer'));
    expect(await verdict(world, key, 'users.read')).toEqual(no('ROLE_LACKS_PERMISSION'));
    expect(await verdict(world, key, 'teams.create')).toEqual(no('ROLE_LACKS_PERMISSION'));
  });

  it('is no more for a super admin than the role permits', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const memberId = await joinAs(gateway(), world, superAdmin, 'viewer');
    const key = await aKey(gateway(), world, { ...superAdmin, memberId });
    expect(await verdict(world, superAdmin, 'organization.delete')).toEqual(yes('SUPER_ADMIN'));
    expect(await verdict(world, key, 'organization.delete')).toEqual(no('ROLE_LACKS_PERMISSION'));
    expect(await granted(world, key)).toEqual(['organization.read', 'teams.read', 'workspaces.read']);
  });

  it('takes the scope for writing where the permission is one of the operator’s app', async () => {
    const world = await aWorld(gateway());
    const [reading, writing] = [
      await aKey(gateway(), world, world.admin, { scopes: read }),
      await aKey(gateway(), world, world.admin),
    ];
    expect(await verdict(world, reading, 'tours.publish')).toEqual(no('KEY_LACKS_SCOPE'));
    expect(await verdict(world, writing, 'tours.publish')).toEqual(yes('ROLE'));
  });

  it('is not what others may do: about them the answer is theirs', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const key = await aKey(gateway(), world, world.admin, { scopes: read });
    const about = { userId: viewer.user.id };
    expect(await verdict(world, key, 'teams.read', about)).toEqual(yes('ROLE'));
    expect(await verdict(world, key, 'teams.create', about)).toEqual(no('ROLE_LACKS_PERMISSION'));
    const { admin } = await aWorld(gateway());
    expect(await verdict(world, key, 'teams.read', { userId: admin.user.id })).toEqual(no('NOT_A_MEMBER'));
    const weak = await aKey(gateway(), world, viewer);
    expect(codeOf(await check(world, weak, 'teams.read', { userId: world.admin.user.id }))).toBe('FORBIDDEN');
  });
});

describe('the key of a team manager', () => {
  async function ofAManager() {
    const world = await aWorld(gateway());
    const [manager, plain] = [await world.join('team_manager'), await world.join('viewer')];
    const [managed, other] = [await aTeamOf(gateway(), world, manager), await world.team('Blue')];
    const [reading, writing] = [
      await aKey(gateway(), world, manager, { scopes: read }),
      await aKey(gateway(), world, manager),
    ];
    return { world, plain, managed, other, reading, writing };
  }

  it('for writing may in the managed teams what the manager may', async () => {
    const { world, plain, managed, other, writing } = await ofAManager();
    for (const permission of ['teams.update', 'teams.assign', 'stats.read']) {
      expect(await verdict(world, writing, permission, { teamId: managed })).toEqual(yes('TEAM_MANAGER'));
      expect(await verdict(world, writing, permission, { teamId: other })).toEqual(no('ONLY_IN_MANAGED_TEAMS'));
      expect(await verdict(world, writing, permission)).toEqual(no('ONLY_IN_MANAGED_TEAMS'));
    }
    expect(codeOf(await acting(world, writing, managed).rename())).toBeUndefined();
    expect(codeOf(await acting(world, writing, managed).add(plain))).toBeUndefined();
    expect(factsOf(await acting(world, writing, other).rename())).toMatchObject({ requiredPermission: 'teams.update' });
  });

  it('for reading may only read there', async () => {
    const { world, plain, managed, reading } = await ofAManager();
    expect(await verdict(world, reading, 'stats.read', { teamId: managed })).toEqual(yes('TEAM_MANAGER'));
    for (const permission of ['teams.update', 'teams.assign']) {
      expect(await verdict(world, reading, permission, { teamId: managed })).toEqual(no('KEY_LACKS_SCOPE'));
    }
    expect(factsOf(await acting(world, reading, managed).rename())).toEqual(lacksScope);
    expect(factsOf(await acting(world, reading, managed).add(plain))).toEqual(lacksScope);
  });
});

describe('the organizations in which one may make API keys', () => {
  it('are those where the role permits it, and the membership counts', async () => {
    const person = await aPerson(gateway());
    const worlds: Record<string, World> = {};
    for (const role of ['administrator', 'developer', 'integrator', 'team_manager', 'member', 'viewer', 'suspended']) {
      const world = await aWorld(gateway());
      const permissions = ['organization.read', 'api_keys.create'];
      await customRole(gateway(), world, { key: 'integrator', rank: 5, permissions });
      const memberId = await joinAs(gateway(), world, person, role === 'suspended' ? 'developer' : role);
      if (role === 'suspended') await setMemberStatus(gateway(), world, { ...person, memberId }, 'SUSPENDED');
      worlds[role] = world;
    }
    const { administrator, developer, integrator } = worlds as Record<string, World>;
    expect(await holding(person, 'api_keys.create')).toEqual(ids(administrator!, developer!, integrator!));
    await write(gateway(), (set) =>
      set.update('organizations', { id: developer!.organization.id, status: 'SUSPENDED' }),
    );
    expect(await holding(person, 'api_keys.create')).toEqual(ids(administrator!, integrator!));
  });

  it('are none for a key, as for whatever else its scopes do not cover', async () => {
    const { world, other, key } = await inTwoOrganizations(gateway());
    const reading = await aKey(gateway(), world, world.admin, { scopes: read });
    expect(await holding(world.admin, 'api_keys.create')).toEqual(ids(world, other));
    for (const code of ['api_keys.create', 'api_keys.delete']) {
      expect(await holding(key, code)).toEqual([]);
      expect(await holding(reading, code)).toEqual([]);
    }
    for (const code of ['teams.create', 'tours.publish', 'billing.update']) {
      expect(await holding(key, code)).toEqual(ids(world));
      expect(await holding(reading, code)).toEqual([]);
    }
    for (const code of ['teams.read', 'audit.read']) {
      expect(await holding(key, code)).toEqual(ids(world));
      expect(await holding(reading, code)).toEqual(ids(world));
    }
  });

  it('are none for a key whose maker’s role does not permit it', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, await world.join('viewer'));
    expect(await holding(key, 'teams.create')).toEqual([]);
    expect(await holding(key, 'teams.read')).toEqual(ids(world));
  });

  it('go by the role also for the key of a super admin', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const memberId = await joinAs(gateway(), world, superAdmin, 'viewer');
    const key = await aKey(gateway(), world, { ...superAdmin, memberId });
    expect(await holding(superAdmin, 'teams.create')).toEqual(ids(world));
    expect(await holding(key, 'teams.create')).toEqual([]);
  });
});
