import { describe, expect, it } from 'vitest';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { accept, anInvited } from '../invitation/inviting.js';
import { aKeeperOfRoles, aRole, create, DeleteRole, remove, roleOf, rolesOf } from './roles.js';

const gateway = useGateway();

/** Expects an attempt to be refused with a code, and to change nothing. */
async function refused(world: World, code: string, attempt: () => Promise<Answer<unknown>>) {
  const before = { traces: await tracesIn(gateway(), world.organization.id), roles: await rolesOf(world) };
  const answer = await attempt();
  expect(codeOf(answer)).toBe(code);
  expect({ traces: await tracesIn(gateway(), world.organization.id), roles: await rolesOf(world) }).toEqual(before);
  return answer.errors![0]!.extensions;
}

async function invitationOf({ organization }: World, id: string) {
  const { status, role } = await gateway().services.db.prisma.invitation.findUniqueOrThrow({
    where: { organizationId_id: { organizationId: organization.id, id } },
    include: { role: true },
  });
  return { status, role: role.key };
}

describe('deleting a custom role', () => {
  itIsRefusedToOthers(gateway, 'roles.delete', async (world) => {
    const { id: roleId } = await aRole(world, { key: 'guest' });
    return (caller, organizationId) => caller.send(DeleteRole, { input: { organizationId, roleId } });
  });

  it('takes one that nobody holds off the list, and frees its key', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    const { data, errors } = await remove(world, world.admin, role.id);
    expect(errors).toBeUndefined();
    expect(data.deleteRole.role).toEqual({ id: role.id, key: 'guest', isSystem: false });
    expect(Object.keys(await rolesOf(world))).toHaveLength(6);
    const successor = await aRole(world, { key: 'guest', rank: 3 });
    expect(successor.id).not.toBe(role.id);
    expect((await rolesOf(world)).guest).toMatchObject({ id: successor.id, rank: 3 });
  });

  it('is recorded once, and cannot be repeated', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    await remove(world, world.admin, role.id);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toHaveLength(2);
    expect(after.events[1]).toMatchObject({
      actorType: 'USER',
      actorUserId: world.admin.user.id,
      action: 'ROLE_DELETED',
      targetType: 'ROLE',
      targetId: role.id,
      changes: { key: { before: 'guest', after: null } },
    });
    await answersAlike((id) => remove(world, world.admin, id), role.id);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is refused while members hold it, and says how many', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    const guests = [await world.join('guest'), await world.join('guest'), await world.join('guest')];
    const { count } = await refused(world, 'ROLE_IN_USE', () => remove(world, world.admin, role.id));
    expect(count).toBe(3);
    for (const guest of guests) expect(await roleOf(gateway(), world, guest)).toBe('guest');
  });

  it('is refused for system roles, also with a successor', async () => {
    const world = await aWorld(gateway());
    for (const key of ['administrator', 'member', 'viewer']) {
      for (const successor of [undefined, 'developer']) {
        const { reason } = await refused(world, 'CONFLICT', () =>
          remove(world, world.admin, world.roles[key]!, successor),
        );
        expect(reason).toBe('SYSTEM_ROLE');
      }
    }
  });

  it('is refused for a role of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await aRole(other, { key: 'guest' });
    await answersAlike((id) => remove(world, world.admin, id), theirs.id);
    await answersAlike((id) => remove(world, world.admin, id, 'viewer'), theirs.id);
    expect((await rolesOf(other)).guest).toEqual(theirs);
  });

  it('is refused for a role that is above the actor', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const stronger = await aRole(world, { key: 'stronger', permissions: ['audit.read'] });
    const { missingPermissions } = await refused(world, 'ROLE_CEILING', () => remove(world, keeper, stronger.id));
    expect(missingPermissions).toEqual(['audit.read']);
    const higher = await aRole(world, { key: 'higher', rank: 51 });
    await refused(world, 'ROLE_CEILING', () => remove(world, keeper, higher.id));
    const lower = await aRole(world, { key: 'lower', rank: 49 });
    expect(codeOf(await remove(world, keeper, lower.id))).toBeUndefined();
  });
});

describe('deleting a role in favour of another one', () => {
  it('gives the other one to all who held it, from the next request on', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest', permissions: ['organization.read', 'users.read'] });
    const [guests, bystander] = [[await world.join('guest'), await world.join('guest')], await world.join('developer')];
    const people = 'query ($id: ID!) { organization(id: $id) { viewerRole { key } members { totalCount } } }';
    for (const guest of guests) {
      expect(codeOf(await guest.send(people, { id: world.organization.id }))).toBeUndefined();
    }
    expect(codeOf(await remove(world, world.admin, role.id, 'viewer'))).toBeUndefined();
    for (const guest of guests) {
      expect(await roleOf(gateway(), world, guest)).toBe('viewer');
      expect(codeOf(await guest.send(people, { id: world.organization.id }))).toBe('FORBIDDEN');
    }
    expect(await roleOf(gateway(), world, bystander)).toBe('developer');
    expect(await roleOf(gateway(), world, world.admin)).toBe('administrator');
    expect((await rolesOf(world)).viewer!.memberCount).toBe(2);
  });

  it('is recorded once, with the one that comes in its place', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    await world.join('guest');
    await remove(world, world.admin, role.id, 'viewer');
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events.slice(1)).toMatchObject([
      {
        action: 'ROLE_DELETED',
        targetId: role.id,
        changes: { key: { before: 'guest', after: null }, reassignedTo: { before: null, after: 'viewer' } },
      },
    ]);
  });

  it('gives it to people who are still invited, too', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    const [pending, revoked] = [
      await anInvited(gateway(), world, { role: 'guest' }),
      await anInvited(gateway(), world, { role: 'guest' }),
    ];
    const { invitationId } = revoked;
    await world.admin.send(
      'mutation ($input: RevokeInvitationInput!) { revokeInvitation(input: $input) { invitation { id } } }',
      { input: { organizationId: world.organization.id, invitationId } },
    );
    await remove(world, world.admin, role.id, 'developer');
    expect(await invitationOf(world, pending.invitationId)).toEqual({ status: 'PENDING', role: 'developer' });
    expect(await invitationOf(world, invitationId)).toEqual({ status: 'REVOKED', role: 'guest' });
    const { data } = await accept(pending, pending.secret);
    expect(data.acceptInvitation.member.role.key).toBe('developer');
  });

  it('keeps to the ceiling', async () => {
    const world = await aWorld(gateway());
    const keeper = await aKeeperOfRoles(gateway(), world);
    const role = await aRole(world, { key: 'guest' });
    const guest = await world.join('guest');
    await aRole(world, { key: 'higher', rank: 51 });
    const missing = await refused(world, 'ROLE_CEILING', () => remove(world, keeper, role.id, 'billing_manager'));
    expect(missing.missingPermissions).toEqual(['billing.read', 'billing.update']);
    await refused(world, 'ROLE_CEILING', () => remove(world, keeper, role.id, 'administrator'));
    await refused(world, 'ROLE_CEILING', () => remove(world, keeper, role.id, 'higher'));
    expect(await roleOf(gateway(), world, guest)).toBe('guest');
    expect(codeOf(await remove(world, keeper, role.id, 'member'))).toBeUndefined();
    expect(await roleOf(gateway(), world, guest)).toBe('member');
  });

  it('is refused with the role itself', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    await world.join('guest');
    const { issues } = await refused(world, 'BAD_USER_INPUT', () => remove(world, world.admin, role.id, 'guest'));
    expect(issues).toMatchObject([{ path: 'input.reassignTo' }]);
  });

  it('is refused with a role that the organization does not have', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await aRole(other, { key: 'theirs' });
    const gone = await aRole(world, { key: 'gone' });
    await remove(world, world.admin, gone.id);
    const role = await aRole(world, { key: 'guest' });
    for (const key of ['nothing', 'theirs', 'gone', 'super_admin']) {
      await refused(world, 'NOT_FOUND', () => remove(world, world.admin, role.id, key));
    }
  });
});

describe('an invitation to a role that was deleted', () => {
  it('is invalidated when it is accepted', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    const invited = await anInvited(gateway(), world, { role: 'guest' });
    expect(codeOf(await remove(world, world.admin, role.id))).toBeUndefined();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await accept(invited, invited.secret);
      expect(codeOf(answer)).toBe('INVITATION_NOT_PENDING');
      expect(answer.errors![0]!.extensions.status).toBe('INVALIDATED');
    }
    expect((await invitationOf(world, invited.invitationId)).status).toBe('INVALIDATED');
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { action: 'ROLE_CREATED' },
      { action: 'INVITATION_SENT' },
      { action: 'ROLE_DELETED' },
      { action: 'INVITATION_INVALIDATED', actorUserId: invited.user.id, targetId: invited.invitationId },
    ]);
  });

  it('does not become one to a later role of the same key', async () => {
    const world = await aWorld(gateway());
    const role = await aRole(world, { key: 'guest' });
    const invited = await anInvited(gateway(), world, { role: 'guest' });
    await remove(world, world.admin, role.id);
    await create(world, world.admin, { key: 'guest', permissions: ['audit.read'] });
    expect(codeOf(await accept(invited, invited.secret))).toBe('INVITATION_NOT_PENDING');
    expect((await rolesOf(world)).guest!.memberCount).toBe(0);
  });
});
