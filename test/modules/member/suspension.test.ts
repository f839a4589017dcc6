import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Colleague, type World, write } from '../../support/world.js';
import { answersAlike, type Caller, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { customRole, leadRole, setMemberStatus } from '../states.js';

const gateway = useGateway();

const fields = 'member { id status role { key } teams { id } }';
const Suspend = `mutation ($input: SuspendMemberInput!) { suspendMember(input: $input) { ${fields} } }`;
const Reinstate = `mutation ($input: ReinstateMemberInput!) { reinstateMember(input: $input) { ${fields} } }`;
const read = 'query ($id: ID!) { organization(id: $id) { name } }';

const suspend = ({ organization }: World, actor: Caller, { memberId }: { memberId: string }) =>
  actor.send(Suspend, { input: { organizationId: organization.id, memberId } });

const reinstate = ({ organization }: World, actor: Caller, { memberId }: { memberId: string }) =>
  actor.send(Reinstate, { input: { organizationId: organization.id, memberId } });

async function statusOf({ organization }: World, { memberId: id }: Colleague): Promise<string> {
  const { status } = await gateway().services.db.prisma.member.findUniqueOrThrow({
    where: { organizationId_id: { organizationId: organization.id, id } },
  });
  return status;
}

/** Expects an attempt to be refused with a code, and to change nothing. */
async function refused(world: World, code: string, attempt: typeof suspend, actor: Caller, target: Colleague) {
  const state = async () => [await tracesIn(gateway(), world.organization.id), await statusOf(world, target)];
  const before = await state();
  const answer = await attempt(world, actor, target);
  expect(codeOf(answer)).toBe(code);
  expect(await state()).toEqual(before);
  return answer.errors![0]!.extensions;
}

describe('suspending a member', () => {
  itIsRefusedToOthers(gateway, 'users.update', async ({ join }) => {
    const { memberId } = await join('viewer');
    return (caller, organizationId) => caller.send(Suspend, { input: { organizationId, memberId } });
  });

  it('takes every permission from the next request on, and keeps role and teams', async () => {
    const world = await aWorld(gateway());
    const [member, other] = [await world.join('developer'), await world.join('developer')];
    const teamId = await world.team('Red', member, other);
    const { id } = world.organization;
    expect(codeOf(await member.send(read, { id }))).toBeUndefined();
    const { data, errors } = await suspend(world, world.admin, member);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      suspendMember: {
        member: { id: member.memberId, status: 'SUSPENDED', role: { key: 'developer' }, teams: [{ id: teamId }] },
      },
    });
    expect(codeOf(await member.send(read, { id }))).toBe('FORBIDDEN');
    expect(codeOf(await other.send(read, { id }))).toBeUndefined();
    const list = await member.send('{ organizations { totalCount } }');
    expect(list.data).toEqual({ organizations: { totalCount: 0 } });
  });

  it('concerns this organization only', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const member = await world.join('member');
    const added = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { id } } }';
    await other.admin.send(added, {
      input: { organizationId: other.organization.id, userId: member.user.id, role: 'member' },
    });
    await suspend(world, world.admin, member);
    expect(codeOf(await member.send(read, { id: other.organization.id }))).toBeUndefined();
  });

  it('is recorded once, and the second time changes nothing', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    await suspend(world, world.admin, member);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'MEMBER_SUSPENDED',
        targetType: 'MEMBER',
        targetId: member.memberId,
        changes: { status: { before: 'ACTIVE', after: 'SUSPENDED' } },
      },
    ]);
    const again = await suspend(world, world.admin, member);
    expect(again.data).toMatchObject({ suspendMember: { member: { status: 'SUSPENDED' } } });
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is for lower ranks only, so that administrators are safe from each other', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const [second, lead, peer] = [
      await world.join('administrator'),
      await world.join('lead'),
      await world.join('lead'),
    ];
    expect((await refused(world, 'FORBIDDEN', suspend, second, world.admin)).reason).toBe('RANK');
    expect((await refused(world, 'FORBIDDEN', suspend, lead, peer)).reason).toBe('RANK');
    expect((await refused(world, 'FORBIDDEN', suspend, lead, world.admin)).reason).toBe('RANK');
    expect(codeOf(await suspend(world, lead, await world.join('billing_manager')))).toBeUndefined();
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await suspend(world, superAdmin, second))).toBeUndefined();
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { actorType: 'USER', actorUserId: lead.user.id },
      { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id, targetId: second.memberId },
    ]);
  });

  it('never leaves the organization without an active administrator', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const [second, third] = [await world.join('administrator'), await world.join('administrator')];
    await setMemberStatus(gateway(), world, second, 'SUSPENDED');
    await write(gateway(), (set) => set.update('users', { id: third.user.id, status: 'SUSPENDED' }));
    for (const actor of [world.admin, superAdmin]) {
      await refused(world, 'LAST_ADMINISTRATOR', suspend, actor, world.admin);
    }
    await setMemberStatus(gateway(), world, second, 'ACTIVE');
    // Whoever is suspended reads no teams any more, not even in this answer.
    await suspend(world, world.admin, world.admin);
    expect(await statusOf(world, world.admin)).toBe('SUSPENDED');
    await refused(world, 'LAST_ADMINISTRATOR', suspend, superAdmin, second);
  });

  it('is refused for a member of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await other.join('viewer');
    await answersAlike((memberId) => suspend(world, world.admin, { memberId }), theirs.memberId);
    await answersAlike((memberId) => suspend(world, world.admin, { memberId }), theirs.user.id);
    expect(await statusOf(other, theirs)).toBe('ACTIVE');
  });

  it('stays while the role changes', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('viewer');
    await suspend(world, world.admin, member);
    const give = 'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { status } } }';
    const input = { organizationId: world.organization.id, memberId: member.memberId, role: 'administrator' };
    const { data } = await world.admin.send(give, { input });
    expect(data).toEqual({ updateMemberRole: { member: { status: 'SUSPENDED' } } });
    expect(codeOf(await member.send(read, { id: world.organization.id }))).toBe('FORBIDDEN');
  });
});

describe('reinstating a member', () => {
  itIsRefusedToOthers(gateway, 'users.update', async (world) => {
    const member = await world.join('viewer');
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    const { memberId } = member;
    return (caller, organizationId) => caller.send(Reinstate, { input: { organizationId, memberId } });
  });

  it('gives everything back from the next request on, the part in teams included', async () => {
    const world = await aWorld(gateway());
    const manager = await world.join('team_manager');
    const teamId = await world.team('Red', manager);
    const { prisma } = gateway().services.db;
    await prisma.teamMembership.updateMany({ where: { teamId }, data: { role: 'MANAGER' } });
    const rename = 'mutation ($input: UpdateTeamInput!) { updateTeam(input: $input) { team { id } } }';
    const attempt = () =>
      manager.send(rename, { input: { organizationId: world.organization.id, teamId, description: 'Ours' } });
    await suspend(world, world.admin, manager);
    expect(codeOf(await attempt())).toBe('FORBIDDEN');
    const { data } = await reinstate(world, world.admin, manager);
    expect(data).toEqual({
      reinstateMember: {
        member: { id: manager.memberId, status: 'ACTIVE', role: { key: 'team_manager' }, teams: [{ id: teamId }] },
      },
    });
    expect(codeOf(await attempt())).toBeUndefined();
  });

  it('is recorded once, and the second time changes nothing', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    await suspend(world, world.admin, member);
    await reinstate(world, world.admin, member);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toHaveLength(2);
    expect(after.events[1]).toMatchObject({
      action: 'MEMBER_REINSTATED',
      targetId: member.memberId,
      changes: { status: { before: 'SUSPENDED', after: 'ACTIVE' } },
    });
    expect(codeOf(await reinstate(world, world.admin, member))).toBeUndefined();
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is nothing that one can do for oneself', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('administrator');
    await setMemberStatus(gateway(), world, second, 'SUSPENDED');
    const { requiredPermission } = await refused(world, 'FORBIDDEN', reinstate, second, second);
    expect(requiredPermission).toBe('users.update');
    expect((await refused(world, 'FORBIDDEN', reinstate, world.admin, second)).reason).toBe('RANK');
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await reinstate(world, superAdmin, second))).toBeUndefined();
  });

  it('is under the ceiling, since it gives a role anew', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    await customRole(gateway(), world, { key: 'auditor', rank: 5, permissions: ['audit.read'] });
    const [lead, auditor] = [await world.join('lead'), await world.join('auditor')];
    await setMemberStatus(gateway(), world, auditor, 'SUSPENDED');
    const { missingPermissions } = await refused(world, 'ROLE_CEILING', reinstate, lead, auditor);
    expect(missingPermissions).toEqual(['audit.read']);
    expect(codeOf(await reinstate(world, world.admin, auditor))).toBeUndefined();
  });

  it('is refused for a member of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await other.join('viewer');
    await setMemberStatus(gateway(), other, theirs, 'SUSPENDED');
    await answersAlike((memberId) => reinstate(world, world.admin, { memberId }), theirs.memberId);
    expect(await statusOf(other, theirs)).toBe('SUSPENDED');
  });
});
