import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type Colleague, type Person, type World, write } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { customRole, leadRole, setMemberStatus } from '../states.js';

const gateway = useGateway();

const UpdateRole = graphql(`
  mutation UpdateMemberRoleTest_Update($input: UpdateMemberRoleInput!) {
    updateMemberRole(input: $input) { member { id role { key } } }
  }
`);

const readPeople = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';

function give({ organization }: World, actor: Person, { memberId }: { memberId: string }, role: string) {
  return actor.send(UpdateRole, { input: { organizationId: organization.id, memberId, role } });
}

async function roleOf({ organization }: World, { memberId }: Colleague): Promise<string> {
  const { role } = await gateway().services.db.prisma.member.findUniqueOrThrow({
    where: { organizationId_id: { organizationId: organization.id, id: memberId } },
    include: { role: true },
  });
  return role.key;
}

/** Expects an attempt to be refused with a code, and to leave no trace. */
async function refused(world: World, code: string, actor: Person, target: Colleague, role: string) {
  const before = await tracesIn(gateway(), world.organization.id);
  const was = await roleOf(world, target);
  const answer = await give(world, actor, target, role);
  expect(codeOf(answer)).toBe(code);
  expect(await roleOf(world, target)).toBe(was);
  expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  return answer.errors![0]!.extensions;
}

describe('giving a member another role', () => {
  itIsRefusedToOthers(gateway, 'users.update', async ({ join }) => {
    const { memberId } = await join('viewer');
    return (caller, organizationId) => {
      return caller.send(UpdateRole, { input: { organizationId, memberId, role: 'member' } });
    };
  });

  it('changes what the member may do from the next request on', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('viewer');
    const { id } = world.organization;
    expect(codeOf(await member.send(readPeople, { id }))).toBe('FORBIDDEN');
    const { data, errors } = await give(world, world.admin, member, 'member');
    expect(errors).toBeUndefined();
    expect(data.updateMemberRole.member).toEqual({ id: member.memberId, role: { key: 'member' } });
    expect(codeOf(await member.send(readPeople, { id }))).toBeUndefined();
    await give(world, world.admin, member, 'viewer');
    expect(codeOf(await member.send(readPeople, { id }))).toBe('FORBIDDEN');
  });

  it('is recorded once, and the same role once more changes nothing', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('viewer');
    await give(world, world.admin, member, 'developer');
    const { version } = await tracesIn(gateway(), world.organization.id);
    const again = await give(world, world.admin, member, 'developer');
    expect(again.data.updateMemberRole.member.role.key).toBe('developer');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual({
      version,
      events: [
        {
          actorType: 'USER',
          actorUserId: world.admin.user.id,
          action: 'MEMBER_ROLE_CHANGED',
          targetType: 'MEMBER',
          targetId: member.memberId,
          changes: { role: { before: 'viewer', after: 'developer' } },
        },
      ],
    });
  });

  it('is refused for a member of another organization as if there were none', async () => {
    const world = await aWorld(gateway());
    const other = await aWorld(gateway());
    const theirs = await other.join('viewer');
    await answersAlike((memberId) => give(world, world.admin, { memberId }, 'member'), theirs.memberId);
    await answersAlike((memberId) => give(world, world.admin, { memberId }, 'member'), theirs.user.id);
    expect(await roleOf(other, theirs)).toBe('viewer');
  });

  it('is refused with a role that only another organization has', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), await aWorld(gateway()), { key: 'guest', rank: 5, permissions: [] });
    const member = await world.join('viewer');
    await refused(world, 'NOT_FOUND', world.admin, member, 'guest');
  });
});

describe('the ceiling', () => {
  it('lets nobody give more permissions, or a higher rank, than their own', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    await customRole(gateway(), world, { key: 'higher', rank: 51, permissions: [] });
    const [lead, member] = [await world.join('lead'), await world.join('member')];
    const administrator = await refused(world, 'ROLE_CEILING', lead, member, 'administrator');
    expect(administrator.missingPermissions).toContain('organization.update');
    const billing = await refused(world, 'ROLE_CEILING', lead, member, 'billing_manager');
    expect(billing.missingPermissions).toEqual(['billing.read', 'billing.update']);
    const higher = await refused(world, 'ROLE_CEILING', lead, member, 'higher');
    expect(higher.missingPermissions).toEqual([]);
    expect(codeOf(await give(world, lead, member, 'lead'))).toBeUndefined();
  });

  it('counts what a shadowed role grants now, not what it is called', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    await customRole(gateway(), world, { key: 'viewer', rank: 5, permissions: ['audit.read'] });
    const [lead, member] = [await world.join('lead'), await world.join('member')];
    const { missingPermissions } = await refused(world, 'ROLE_CEILING', lead, member, 'viewer');
    expect(missingPermissions).toEqual(['audit.read']);
  });

  it('lets nobody raise themselves', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    await customRole(gateway(), world, { key: 'higher', rank: 51, permissions: [] });
    const lead = await world.join('lead');
    await refused(world, 'ROLE_CEILING', lead, lead, 'administrator');
    await refused(world, 'ROLE_CEILING', lead, lead, 'higher');
  });
});

describe('rank', () => {
  it('protects an administrator from another administrator', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('administrator');
    for (const role of ['member', 'administrator']) {
      const { reason, requiredPermission } = await refused(world, 'FORBIDDEN', second, world.admin, role);
      expect(reason).toBe('RANK');
      expect(requiredPermission).toBeUndefined();
    }
  });

  it('protects whoever ranks as high or higher', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const [lead, peer] = [await world.join('lead'), await world.join('lead')];
    expect((await refused(world, 'FORBIDDEN', lead, peer, 'member')).reason).toBe('RANK');
    expect((await refused(world, 'FORBIDDEN', lead, world.admin, 'member')).reason).toBe('RANK');
    const lower = await world.join('billing_manager');
    expect(codeOf(await give(world, lead, lower, 'member'))).toBeUndefined();
  });

  it('lets everybody lower themselves, and not raise themselves again', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const lead = await world.join('lead');
    expect(codeOf(await give(world, lead, lead, 'member'))).toBeUndefined();
    expect(await roleOf(world, lead)).toBe('member');
    await refused(world, 'ROLE_CEILING', lead, lead, 'lead');
  });

  it('yields to a super admin, who may change an administrator’s role', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('administrator');
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await give(world, superAdmin, second, 'viewer'))).toBeUndefined();
    expect(await roleOf(world, second)).toBe('viewer');
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id, action: 'MEMBER_ROLE_CHANGED' },
    ]);
  });
});

describe('the last administrator', () => {
  it('cannot step down', async () => {
    const world = await aWorld(gateway());
    await world.join('member');
    await refused(world, 'LAST_ADMINISTRATOR', world.admin, world.admin, 'member');
    expect(codeOf(await give(world, world.admin, world.admin, 'administrator'))).toBeUndefined();
  });

  it('cannot be demoted by a super admin either', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    await refused(world, 'LAST_ADMINISTRATOR', superAdmin, world.admin, 'member');
  });

  it('may step down once there is another one', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('member');
    await give(world, world.admin, second, 'administrator');
    expect(codeOf(await give(world, world.admin, world.admin, 'viewer'))).toBeUndefined();
    expect(await roleOf(world, world.admin)).toBe('viewer');
    await refused(world, 'LAST_ADMINISTRATOR', second, second, 'viewer');
  });

  it('is the last one also if others are suspended', async () => {
    const world = await aWorld(gateway());
    const [suspendedHere, suspendedEverywhere] = [await world.join('administrator'), await world.join('administrator')];
    await setMemberStatus(gateway(), world, suspendedHere, 'SUSPENDED');
    await write(gateway(), (set) => set.update('users', { id: suspendedEverywhere.user.id, status: 'SUSPENDED' }));
    await refused(world, 'LAST_ADMINISTRATOR', world.admin, world.admin, 'member');
    await setMemberStatus(gateway(), world, suspendedHere, 'ACTIVE');
    expect(codeOf(await give(world, world.admin, world.admin, 'member'))).toBeUndefined();
  });

  it('is the last one also if other organizations have more', async () => {
    const world = await aWorld(gateway());
    const other = await aWorld(gateway());
    await other.join('administrator');
    await refused(world, 'LAST_ADMINISTRATOR', world.admin, world.admin, 'member');
  });

  it('does not stand in the way of demoting a suspended one', async () => {
    const world = await aWorld(gateway());
    const suspended = await world.join('administrator');
    await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await give(world, superAdmin, suspended, 'member'))).toBeUndefined();
  });
});
