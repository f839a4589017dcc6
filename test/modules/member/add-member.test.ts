import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, write } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { customRole, leadRole } from '../states.js';

const gateway = useGateway();

const Add = graphql(`
  mutation AddMemberTest_Add($input: AddMemberInput!) {
    addMember(input: $input) {
      member {
        id status
        user { id }
        role { key }
        teams { id }
        invitedBy { id }
        organization { id memberCount }
      }
    }
  }
`);

describe('adding a member', () => {
  itIsRefusedToOthers(gateway, 'users.add', async () => {
    const { user } = await aPerson(gateway());
    return (caller, organizationId) => {
      return caller.send(Add, { input: { organizationId, userId: user.id, role: 'viewer' } });
    };
  });

  it('makes an existing user a member at once', async () => {
    const { organization, admin } = await aWorld(gateway());
    const newcomer = await aPerson(gateway());
    const input = { organizationId: organization.id, userId: newcomer.user.id, role: 'developer' };
    const { data, errors } = await admin.send(Add, { input });
    expect(errors).toBeUndefined();
    expect(data.addMember.member).toMatchObject({
      status: 'ACTIVE',
      user: { id: newcomer.user.id },
      role: { key: 'developer' },
      teams: [],
      invitedBy: { id: admin.user.id },
      organization: { id: organization.id, memberCount: 2 },
    });
    const answer = await newcomer.send('query ($id: ID!) { organization(id: $id) { viewerRole { key } } }', {
      id: organization.id,
    });
    expect(answer.data).toEqual({ organization: { viewerRole: { key: 'developer' } } });
  });

  it('finds the user by e-mail address in any case', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { user } = await aPerson(gateway());
    const input = { organizationId: organization.id, email: user.email.toUpperCase(), role: 'member' };
    const { data } = await admin.send(Add, { input });
    expect(data.addMember.member.user.id).toBe(user.id);
  });

  it('puts the member into teams at once', async () => {
    const { organization, admin, team } = await aWorld(gateway());
    const teams = [await team('Red'), await team('Blue')];
    const { user } = await aPerson(gateway());
    const input = {
      organizationId: organization.id,
      userId: user.id,
      role: 'member',
      teamIds: [...teams, teams[0]!.toUpperCase()],
    };
    const { data } = await admin.send(Add, { input });
    expect(data.addMember.member.teams.map(({ id }) => id).sort()).toEqual(teams.sort());
  });

  it('is recorded once', async () => {
    const { organization, admin, team } = await aWorld(gateway());
    const red = await team('Red');
    const { user } = await aPerson(gateway());
    const input = { organizationId: organization.id, userId: user.id, role: 'member', teamIds: [red] };
    const { data } = await admin.send(Add, { input });
    expect(await eventsOf(gateway(), organization.id)).toEqual([
      {
        actorType: 'USER',
        actorUserId: admin.user.id,
        action: 'MEMBER_ADDED',
        targetType: 'MEMBER',
        targetId: data.addMember.member.id,
        changes: {
          userId: { before: null, after: user.id },
          role: { before: null, after: 'member' },
          teamIds: { before: [], after: [red] },
        },
      },
    ]);
  });

  it('is refused for somebody who is a member already, whatever the role', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    const member = await join('member');
    const before = await tracesIn(gateway(), organization.id);
    for (const role of ['member', 'viewer']) {
      for (const who of [{ userId: member.user.id }, { email: member.user.email.toUpperCase() }]) {
        const answer = await admin.send(Add, { input: { organizationId: organization.id, role, ...who } });
        expect(codeOf(answer)).toBe('CONFLICT');
        expect(answer.errors![0]!.extensions.reason).toBe('ALREADY_MEMBER');
      }
    }
    expect(await tracesIn(gateway(), organization.id)).toEqual(before);
  });

  it('is refused for a user who does not exist, or not any more', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { user } = await aPerson(gateway());
    await write(gateway(), (set) => set.update('users', { id: user.id, status: 'DELETED' }));
    const organizationId = organization.id;
    await answersAlike((userId) => admin.send(Add, { input: { organizationId, userId, role: 'member' } }), user.id);
    const email = `${randomUUID()}@example.com`;
    expect(codeOf(await admin.send(Add, { input: { organizationId, email, role: 'member' } }))).toBe('NOT_FOUND');
    expect(await eventsOf(gateway(), organizationId)).toEqual([]);
  });

  it('names the user by id or by address, not by both or neither', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { user } = await aPerson(gateway());
    for (const who of [{}, { userId: null, email: null }, { userId: user.id, email: user.email }]) {
      const answer = await admin.send(Add, { input: { organizationId: organization.id, role: 'member', ...who } });
      expect(pathsIn(answer)).toEqual(['input.userId']);
    }
    expect(await eventsOf(gateway(), organization.id)).toEqual([]);
  });

  it('is refused with a role or a team of another organization, as if there were none', async () => {
    const { organization, admin, team } = await aWorld(gateway());
    const other = await aWorld(gateway());
    await customRole(gateway(), other, { key: 'guest', rank: 5, permissions: [] });
    const { user } = await aPerson(gateway());
    const given = { organizationId: organization.id, userId: user.id, role: 'member' };
    const foreign = await admin.send(Add, { input: { ...given, role: 'guest' } });
    expect(codeOf(foreign)).toBe('NOT_FOUND');
    expect(await admin.send(Add, { input: { ...given, role: 'ghost' } })).toEqual(foreign);
    const [red, theirs] = [await team('Red'), await other.team('Theirs')];
    await answersAlike((id) => admin.send(Add, { input: { ...given, teamIds: [red, id] } }), theirs);
    expect(await eventsOf(gateway(), organization.id)).toEqual([]);
    expect(codeOf(await admin.send(Add, { input: given }))).toBeUndefined();
  });

  it('gives nobody more than the giver has', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    await customRole(gateway(), world, { key: 'higher', rank: 51, permissions: [] });
    await customRole(gateway(), world, { key: 'broader', rank: 1, permissions: ['users.read', 'audit.read'] });
    const lead = await world.join('lead');
    const { user } = await aPerson(gateway());
    const add = (role: string) =>
      lead.send(Add, { input: { organizationId: world.organization.id, userId: user.id, role } });
    const missing = {
      administrator: expect.arrayContaining(['organization.delete', 'roles.update']),
      billing_manager: ['billing.read', 'billing.update'],
      broader: ['audit.read'],
      higher: [],
    };
    for (const [role, missingPermissions] of Object.entries(missing)) {
      const answer = await add(role);
      expect(codeOf(answer)).toBe('ROLE_CEILING');
      expect(answer.errors![0]!.extensions.missingPermissions).toEqual(missingPermissions);
    }
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
    expect(codeOf(await add('lead'))).toBeUndefined();
  });

  it('lets an administrator make another administrator', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { user } = await aPerson(gateway());
    const input = { organizationId: organization.id, userId: user.id, role: 'administrator' };
    expect((await admin.send(Add, { input })).data.addMember.member.role.key).toBe('administrator');
  });

  it('is open to a super admin, and recorded as such', async () => {
    const { organization } = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { user } = await aPerson(gateway());
    const input = { organizationId: organization.id, userId: user.id, role: 'administrator' };
    expect(codeOf(await superAdmin.send(Add, { input }))).toBeUndefined();
    expect(await eventsOf(gateway(), organization.id)).toMatchObject([
      { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id, action: 'MEMBER_ADDED' },
    ]);
  });

  it('never gives the platform role, which is no role of an organization', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { user } = await aPerson(gateway());
    const input = { organizationId: organization.id, userId: user.id, role: 'super_admin' };
    expect(codeOf(await admin.send(Add, { input }))).toBe('NOT_FOUND');
    const malformed = { organizationId: organization.id, userId: newId(), role: 'Super Admin' };
    expect(pathsIn(await admin.send(Add, { input: malformed }))).toEqual(['input.role']);
  });
});
