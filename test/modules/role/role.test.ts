import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { customRole, setMemberStatus } from '../states.js';

const gateway = useGateway();

const Roles = graphql(`
  query RoleTest_Roles($id: ID!) {
    organization(id: $id) {
      viewerRole { key }
      roles { id key name description rank permissions isSystem shadows memberCount }
    }
  }
`);

const viewerRole = 'query ($id: ID!) { organization(id: $id) { viewerRole { key rank permissions shadows } } }';

const structure = ['organization.read', 'teams.read', 'workspaces.read'];
const people = ['organization.read', 'roles.read', 'teams.read', 'users.read', 'workspaces.read'];

describe('the roles of an organization', () => {
  it('are the six system roles from its first moment, the highest first', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { data } = await admin.send(Roles, { id: organization.id });
    const roles = data.organization.roles.map(({ key, name, rank, isSystem, shadows }) => {
      return { key, name, rank, isSystem, shadows };
    });
    const system = { isSystem: true, shadows: false };
    expect(roles).toEqual([
      { key: 'administrator', name: 'Admin', rank: 100, ...system },
      { key: 'billing_manager', name: 'Billing Manager', rank: 40, ...system },
      { key: 'team_manager', name: 'Team Manager', rank: 40, ...system },
      { key: 'developer', name: 'Developer', rank: 30, ...system },
      { key: 'member', name: 'Member', rank: 20, ...system },
      { key: 'viewer', name: 'Viewer', rank: 10, ...system },
    ]);
  });

  it('grant what the table of system roles says', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { data } = await admin.send(Roles, { id: organization.id });
    const granted = Object.fromEntries(data.organization.roles.map(({ key, permissions }) => [key, permissions]));
    const apiKeys = ['api_keys.create', 'api_keys.delete', 'api_keys.read'];
    expect(granted).toEqual({
      administrator: [
        ...apiKeys,
        ...['audit.read', 'billing.read', 'billing.update'],
        ...['integrations.issue', 'integrations.read', 'integrations.revoke', 'integrations.rotate'],
        ...['organization.delete', 'organization.read', 'organization.update'],
        ...['roles.create', 'roles.delete', 'roles.read', 'roles.update', 'stats.read'],
        ...['teams.assign', 'teams.create', 'teams.delete', 'teams.read', 'teams.update'],
        ...['users.add', 'users.delete', 'users.invite', 'users.read', 'users.update'],
        ...['workspaces.create', 'workspaces.delete', 'workspaces.read', 'workspaces.update'],
      ],
      billing_manager: ['billing.read', 'billing.update', ...people],
      team_manager: people,
      developer: [
        ...apiKeys,
        'integrations.read',
        ...['organization.read', 'roles.read', 'teams.read', 'users.read'],
        ...['workspaces.create', 'workspaces.read', 'workspaces.update'],
      ],
      member: people,
      viewer: structure,
    });
  });

  it('count who holds them', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    await Promise.all([join('member'), join('member'), join('viewer')]);
    const { data } = await admin.send(Roles, { id: organization.id });
    const counts = data.organization.roles.map(({ key, memberCount }) => [key, memberCount]);
    expect(Object.fromEntries(counts)).toEqual({
      administrator: 1,
      billing_manager: 0,
      team_manager: 0,
      developer: 0,
      member: 2,
      viewer: 1,
    });
  });

  it('are the organization’s own', async () => {
    const world = await aWorld(gateway());
    const other = await aWorld(gateway());
    await customRole(gateway(), other, { key: 'guest', rank: 5, permissions: [] });
    const { data } = await world.admin.send(Roles, { id: world.organization.id });
    expect(data.organization.roles.map(({ id }) => id).sort()).toEqual(Object.values(world.roles).sort());
    await answersAlike((id) => world.admin.send(Roles, { id }), other.organization.id);
  });

  it('are refused to whoever is not signed in', async () => {
    const { organization } = await aWorld(gateway());
    expect(codeOf(await nobody(gateway()).send(Roles, { id: organization.id }))).toBe('UNAUTHENTICATED');
  });

  it('are refused to a viewer, who still sees the own one', async () => {
    const { organization, join } = await aWorld(gateway());
    const viewer = await join('viewer');
    const { id } = organization;
    const answer = await viewer.send(Roles, { id });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors![0]!.extensions.requiredPermission).toBe('roles.read');
    expect((await viewer.send(viewerRole, { id })).data).toEqual({
      organization: { viewerRole: { key: 'viewer', rank: 10, permissions: structure, shadows: false } },
    });
  });

  it('are open to a super admin, who has none', async () => {
    const { organization } = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { data, errors } = await superAdmin.send(Roles, { id: organization.id });
    expect(errors).toBeUndefined();
    expect(data.organization.viewerRole).toBeNull();
    expect(data.organization.roles).toHaveLength(6);
  });
});

describe('a role that shadows a system role', () => {
  it('counts at once for everybody who holds the key', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    const members = await Promise.all([world.join('member'), world.join('member')]);
    const read = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';
    for (const member of members) expect(codeOf(await member.send(read, { id }))).toBeUndefined();
    await customRole(gateway(), world, { key: 'member', rank: 15, permissions: ['organization.read'] });
    for (const member of members) {
      expect(codeOf(await member.send(read, { id }))).toBe('FORBIDDEN');
      expect((await member.send(viewerRole, { id })).data).toEqual({
        organization: { viewerRole: { key: 'member', rank: 15, permissions: ['organization.read'], shadows: true } },
      });
    }
    expect(codeOf(await (await world.join('developer')).send(read, { id }))).toBeUndefined();
  });
});

describe('a role', () => {
  it('permits nothing while the membership is suspended, and everything again after', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    const second = await world.join('administrator');
    await setMemberStatus(gateway(), world, second, 'SUSPENDED');
    expect(codeOf(await second.send(Roles, { id }))).toBe('FORBIDDEN');
    await setMemberStatus(gateway(), world, second, 'ACTIVE');
    expect(codeOf(await second.send(Roles, { id }))).toBeUndefined();
  });
});
