import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Colleague, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { pathsIn } from '../lists.js';
import { customRole, setMemberStatus } from '../states.js';
import { check, myPermissions, verdict } from './asking.js';

const gateway = useGateway();

const readPeople = ['organization.read', 'users.read', 'roles.read', 'teams.read', 'workspaces.read'];

const no = (reason: string) => ({ granted: false, reason });
const yes = (reason: string) => ({ granted: true, reason });

/** Makes somebody the manager of a new team. */
async function aTeamOf(world: World, manager: Colleague, name = 'Red'): Promise<string> {
  const teamId = await world.team(name, manager);
  const { prisma } = gateway().services.db;
  await prisma.teamMembership.updateMany({
    where: { organizationId: world.organization.id, teamId, memberId: manager.memberId },
    data: { role: 'MANAGER' },
  });
  return teamId;
}

async function setStatus({ organization }: World, status: 'ACTIVE' | 'SUSPENDED') {
  await write(gateway(), (set) => set.update('organizations', { id: organization.id, status }));
}

describe('the map of one’s permissions', () => {
  it('says of every permission whether it is granted, and why', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    const { data, errors } = await myPermissions(world, member);
    expect(errors).toBeUndefined();
    const { organization, role, granted, catalogue } = data.myPermissions;
    expect({ organization, role }).toEqual({ organization: { id: world.organization.id }, role: { key: 'member' } });
    expect([...granted].sort()).toEqual([...readPeople].sort());
    expect(catalogue).toHaveLength(32);
    for (const { permission, ...answer } of catalogue) {
      expect(answer).toEqual(readPeople.includes(permission) ? yes('ROLE') : no('ROLE_LACKS_PERMISSION'));
    }
  });

  it('grants an administrator everything, and a super admin everything without a role', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    for (const [caller, role, reason] of [
      [world.admin, { key: 'administrator' }, 'ROLE'],
      [superAdmin, null, 'SUPER_ADMIN'],
    ] as const) {
      const map = (await myPermissions(world, caller)).data.myPermissions;
      expect(map.role).toEqual(role);
      expect(map.granted).toHaveLength(32);
      expect(new Set(map.catalogue.map((grant) => grant.reason))).toEqual(new Set([reason]));
    }
  });

  it('follows a change of role from the next request on', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: ['stats.read'] });
    const guest = await world.join('guest');
    expect((await myPermissions(world, guest)).data.myPermissions.granted).toEqual(['stats.read']);
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: ['audit.read'] });
    expect((await myPermissions(world, guest)).data.myPermissions.granted).toEqual(['audit.read']);
  });

  it('grants nothing while the membership or the organization is suspended, and says which', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('administrator');
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    const suspended = (await myPermissions(world, member)).data.myPermissions;
    expect(suspended.granted).toEqual([]);
    expect(new Set(suspended.catalogue.map(({ reason }) => reason))).toEqual(new Set(['MEMBER_SUSPENDED']));
    await setStatus(world, 'SUSPENDED');
    const closed = (await myPermissions(world, world.admin)).data.myPermissions;
    expect(closed.granted).toEqual([]);
    expect(new Set(closed.catalogue.map(({ reason }) => reason))).toEqual(new Set(['ORGANIZATION_SUSPENDED']));
  });

  it('leaves out what a team manager may do in teams only, and says so', async () => {
    const world = await aWorld(gateway());
    const manager = await world.join('team_manager');
    await aTeamOf(world, manager);
    const { granted, catalogue } = (await myPermissions(world, manager)).data.myPermissions;
    expect([...granted].sort()).toEqual([...readPeople].sort());
    const inTeams = catalogue.filter(({ reason }) => reason === 'ONLY_IN_MANAGED_TEAMS');
    expect(inTeams.map(({ permission }) => permission).sort()).toEqual(['stats.read', 'teams.assign', 'teams.update']);
    expect(inTeams.every((grant) => !grant.granted)).toBe(true);
  });

  it('is that of the current organization where none is named', async () => {
    const world = await aWorld(gateway());
    const { data } = await myPermissions(world, world.admin, { 'x-organization-id': world.organization.id });
    expect(data.myPermissions.organization.id).toBe(world.organization.id);
    expect(codeOf(await myPermissions(world, world.admin, {}))).toBe('ORGANIZATION_REQUIRED');
  });

  it('is there for members only', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    expect(codeOf(await myPermissions(world, nobody(gateway())))).toBe('UNAUTHENTICATED');
    const ask = (id: string) => myPermissions({ organization: { ...world.organization, id } }, world.admin);
    await answersAlike(ask, other.organization.id);
  });
});

describe('the question whether somebody may', () => {
  it('is answered for oneself, whatever the role', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    expect(await verdict(world, viewer, 'teams.read')).toEqual(yes('ROLE'));
    expect(await verdict(world, viewer, 'users.read')).toEqual(no('ROLE_LACKS_PERMISSION'));
    expect(await verdict(world, viewer, 'users.read', { userId: viewer.user.id })).toEqual(no('ROLE_LACKS_PERMISSION'));
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(await verdict(world, superAdmin, 'organization.delete')).toEqual(yes('SUPER_ADMIN'));
  });

  it('is answered for others to whoever sees people', async () => {
    const world = await aWorld(gateway());
    const [member, viewer] = [await world.join('member'), await world.join('viewer')];
    const about = { userId: world.admin.user.id };
    expect(await verdict(world, member, 'users.delete', about)).toEqual(yes('ROLE'));
    expect(await verdict(world, member, 'users.read', { userId: viewer.user.id })).toEqual(no('ROLE_LACKS_PERMISSION'));
    const answer = await check(world, viewer, 'users.read', about);
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors![0]!.extensions.requiredPermission).toBe('users.read');
  });

  it('does not tell a stranger from somebody who does not exist', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const suspended = await aPerson(gateway(), { status: 'SUSPENDED' });
    for (const userId of [other.admin.user.id, (await aPerson(gateway())).user.id, suspended.user.id, newId()]) {
      const answer = await check(world, world.admin, 'organization.read', { userId });
      expect(answer).toEqual(await check(world, world.admin, 'organization.read', { userId: newId() }));
      expect(answer.data.checkPermission).toEqual(no('NOT_A_MEMBER'));
    }
  });

  it('says of people who are suspended what it is that is suspended', async () => {
    const world = await aWorld(gateway());
    const [here, everywhere] = [await world.join('member'), await world.join('member')];
    await setMemberStatus(gateway(), world, here, 'SUSPENDED');
    await write(gateway(), (set) => set.update('users', { id: everywhere.user.id, status: 'SUSPENDED' }));
    const ask = ({ user }: Colleague) => verdict(world, world.admin, 'teams.read', { userId: user.id });
    expect(await ask(here)).toEqual(no('MEMBER_SUSPENDED'));
    expect(await ask(everywhere)).toEqual(no('USER_SUSPENDED'));
    expect(await verdict(world, here, 'teams.read')).toEqual(no('MEMBER_SUSPENDED'));
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    await setStatus(world, 'SUSPENDED');
    const about = { userId: world.admin.user.id };
    expect(await verdict(world, superAdmin, 'teams.read', about)).toEqual(no('ORGANIZATION_SUSPENDED'));
  });

  it('is answered for a team where it concerns one', async () => {
    const world = await aWorld(gateway());
    const manager = await world.join('team_manager');
    const [red, blue] = [await aTeamOf(world, manager), await world.team('Blue', manager)];
    const asked = [
      { caller: manager, about: {} },
      { caller: world.admin, about: { userId: manager.user.id } },
    ];
    for (const { caller, about } of asked) {
      for (const permission of ['teams.update', 'teams.assign', 'stats.read']) {
        const ask = (teamId?: string) => verdict(world, caller, permission, { ...about, ...(teamId && { teamId }) });
        expect(await ask(red)).toEqual(yes('TEAM_MANAGER'));
        expect(await ask(blue)).toEqual(no('ONLY_IN_MANAGED_TEAMS'));
        expect(await ask()).toEqual(no('ONLY_IN_MANAGED_TEAMS'));
      }
      const others = { ...about, teamId: red };
      expect(await verdict(world, caller, 'teams.delete', others)).toEqual(no('ROLE_LACKS_PERMISSION'));
      expect(await verdict(world, caller, 'teams.read', others)).toEqual(yes('ROLE'));
    }
    expect(await verdict(world, world.admin, 'teams.update', { teamId: blue })).toEqual(yes('ROLE'));
  });

  it('takes nobody for the manager of a team without the role for it', async () => {
    const world = await aWorld(gateway());
    const developer = await world.join('developer');
    const teamId = await aTeamOf(world, developer);
    const answer = no('ROLE_LACKS_PERMISSION');
    expect(await verdict(world, developer, 'teams.assign', { teamId })).toEqual(answer);
    expect(await verdict(world, world.admin, 'teams.assign', { teamId, userId: developer.user.id })).toEqual(answer);
  });

  it('takes nobody for the manager of a team while suspended', async () => {
    const world = await aWorld(gateway());
    const [here, everywhere] = [await world.join('team_manager'), await world.join('team_manager')];
    const [red, blue] = [await aTeamOf(world, here), await aTeamOf(world, everywhere, 'Blue')];
    await setMemberStatus(gateway(), world, here, 'SUSPENDED');
    await write(gateway(), (set) => set.update('users', { id: everywhere.user.id, status: 'SUSPENDED' }));
    const ask = ({ user }: Colleague, teamId: string) =>
      verdict(world, world.admin, 'teams.assign', { userId: user.id, teamId });
    expect(await verdict(world, here, 'teams.assign', { teamId: red })).toEqual(no('MEMBER_SUSPENDED'));
    expect(await ask(here, red)).toEqual(no('MEMBER_SUSPENDED'));
    expect(await ask(everywhere, blue)).toEqual(no('USER_SUSPENDED'));
  });

  it('is refused with a team of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await other.team('Theirs', other.admin);
    await answersAlike((teamId) => check(world, world.admin, 'teams.read', { teamId }), theirs);
    await answersAlike((teamId) => check(world, world.admin, 'teams.read', { teamId, userId: newId() }), theirs);
  });

  it('is refused with a permission that nobody has heard of', async () => {
    const world = await aWorld(gateway());
    for (const permission of ['users.fly', 'super_admin', 'users', 'Users.read', '*']) {
      expect(pathsIn(await check(world, world.admin, permission))).toEqual(['permission']);
    }
  });

  it('is for members to ask', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    expect(codeOf(await check(world, nobody(gateway()), 'teams.read'))).toBe('UNAUTHENTICATED');
    const ask = (id: string) => check({ organization: { ...world.organization, id } }, world.admin, 'teams.read');
    await answersAlike(ask, other.organization.id);
  });
});
