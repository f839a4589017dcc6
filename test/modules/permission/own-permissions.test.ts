import { describe, expect, it } from 'vitest';
import { startGateway } from '../../../src/gateway.js';
import { ConfigurationError, readConfig } from '../../../src/platform/config.js';
import { createLog } from '../../../src/platform/log.js';
import { codeOf, send } from '../../support/client.js';
import { testConfig, useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { pathsIn } from '../lists.js';
import { aRole, create } from '../role/roles.js';
import { check, myPermissions, verdict } from './asking.js';

const publish = { permission: 'tours.publish', description: 'Publish tours.' };
const gateway = useGateway({ permissions: [publish] });

const catalogue = '{ permissionCatalogue { permission description isBuiltIn } }';
const mine = 'query ($code: String) { organizations(withPermission: $code) { nodes { id } } }';

const parsed = (value: string) => readConfig({ TENANTRY_PERMISSIONS: value }).permissions;

function problemsWith(value: string): readonly string[] {
  try {
    parsed(value);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('the permission catalogue', () => {
  it('has what the gateway checks, and what the app of the operator checks', async () => {
    const { admin } = await aWorld(gateway());
    const { data } = await admin.send<{ permissionCatalogue: object[] }, object>(catalogue);
    expect(data.permissionCatalogue).toHaveLength(33);
    expect(data.permissionCatalogue).toContainEqual({ ...publish, isBuiltIn: false });
    expect(data.permissionCatalogue).toContainEqual({
      permission: 'users.invite',
      description: expect.stringMatching(/\w/),
      isBuiltIn: true,
    });
  });

  it('is for people who are signed in', async () => {
    expect(codeOf(await nobody(gateway()).send(catalogue))).toBe('UNAUTHENTICATED');
  });
});

describe('a permission of the operator’s own', () => {
  it('is held by administrators, and by nobody else to begin with', async () => {
    const world = await aWorld(gateway());
    expect((await myPermissions(world, world.admin)).data.myPermissions.granted).toContain('tours.publish');
    expect(await verdict(world, world.admin, 'tours.publish')).toEqual({ granted: true, reason: 'ROLE' });
    for (const role of ['team_manager', 'billing_manager', 'developer', 'member', 'viewer']) {
      const member = await world.join(role);
      expect((await myPermissions(world, member)).data.myPermissions.granted).not.toContain('tours.publish');
      const answer = { granted: false, reason: 'ROLE_LACKS_PERMISSION' };
      expect(await verdict(world, member, 'tours.publish')).toEqual(answer);
    }
  });

  it('can be granted by a role, which those who hold it then have', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guide', permissions: ['organization.read', 'tours.publish'] });
    expect(role.permissions).toEqual(['organization.read', 'tours.publish']);
    const guide = await world.join('guide');
    const map = (await myPermissions(world, guide)).data.myPermissions;
    expect(map.granted).toEqual(['organization.read', 'tours.publish']);
    expect(map.catalogue).toContainEqual({ permission: 'tours.publish', granted: true, reason: 'ROLE' });
    const about = { userId: guide.user.id };
    expect(await verdict(world, world.admin, 'tours.publish', about)).toEqual({ granted: true, reason: 'ROLE' });
    const holders = (await guide.send(mine, { code: 'tours.publish' })).data;
    expect(holders).toEqual({ organizations: { nodes: [{ id: world.organization.id }] } });
  });

  it('is under the ceiling like any other', async () => {
    const world = await aWorld(gateway());
    await aRole(world, { key: 'keeper', rank: 50, permissions: ['roles.create'] });
    const keeper = await world.join('keeper');
    const answer = await create(world, keeper, { key: 'guide', permissions: ['tours.publish'] });
    expect(codeOf(answer)).toBe('ROLE_CEILING');
    expect(answer.errors![0]!.extensions.missingPermissions).toEqual(['tours.publish']);
  });

  it('is unknown as long as the operator has not named it', async () => {
    const world = await aWorld(gateway());
    expect(pathsIn(await check(world, world.admin, 'tours.delete'))).toEqual(['permission']);
    const answer = await create(world, world.admin, { key: 'guide', permissions: ['tours.publish', 'tours.delete'] });
    expect(pathsIn(answer)).toEqual(['input.permissions.1']);
  });

  it('is held by nobody any more once the operator has taken it out of the catalogue', async () => {
    const world = await aWorld(gateway());
    await aRole(world, { key: 'guide', permissions: ['organization.read', 'tours.publish'] });
    const guide = await world.join('guide');
    const without = await startGateway(testConfig(), createLog('silent'));
    try {
      const role = 'query ($id: ID!) { organization(id: $id) { viewerRole { permissions } } }';
      const headers = { authorization: `Bearer ${guide.accessToken}` };
      const { data } = await send(without.url, role, { id: world.organization.id }, headers);
      expect(data).toEqual({ organization: { viewerRole: { permissions: ['organization.read'] } } });
    } finally {
      await without.stop();
    }
  });
});

describe('TENANTRY_PERMISSIONS', () => {
  it('lists codes with what they are for, apart by semicolons', () => {
    expect(parsed('tours.publish=Publish tours; tours.edit = Edit tours, and save them')).toEqual([
      { permission: 'tours.publish', description: 'Publish tours' },
      { permission: 'tours.edit', description: 'Edit tours, and save them' },
    ]);
    expect(readConfig({}).permissions).toEqual([]);
    expect(parsed('')).toEqual([]);
  });

  it('gives a code without a description one that names it', () => {
    const [permission] = parsed('tours.publish');
    expect(permission).toMatchObject({
      permission: 'tours.publish',
      description: expect.stringMatching('tours.publish'),
    });
  });

  it('is refused with what is no code, and says how it has to read', () => {
    for (const value of ['tours', 'Tours.publish', 'tours.', 'tours.a.b', 'tours.publish=', '*', 'a b.c=d']) {
      expect(problemsWith(value)).toContainEqual(
        expect.stringMatching(/^TENANTRY_PERMISSIONS must read like \w+\.\w+/),
      );
    }
    expect(problemsWith('tours.publish=Publish tours; nonsense')).toHaveLength(1);
  });

  it('stops the start with a code that is built in, or that stands there twice', async () => {
    for (const value of ['users.read=Read users', 'tours.edit=Edit; tours.edit=Edit again']) {
      const start = startGateway(testConfig({ permissions: parsed(value) }), createLog('silent'));
      await expect(start).rejects.toThrow(ConfigurationError);
      await expect(start).rejects.toThrow('TENANTRY_PERMISSIONS');
    }
  });
});
