import { describe, expect, it } from 'vitest';
import { newMember } from '../../../src/modules/member/member.service.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type Colleague, type Person, type World, write } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { leadRole, setMemberStatus } from '../states.js';

const gateway = useGateway();

const Remove = graphql(`
  mutation RemoveMemberTest_Remove($input: RemoveMemberInput!) {
    removeMember(input: $input) { removedMemberId }
  }
`);

const read = 'query ($id: ID!) { organization(id: $id) { id } }';

function remove({ organization }: World, actor: Person, { memberId }: { memberId: string }) {
  return actor.send(Remove, { input: { organizationId: organization.id, memberId } });
}

function isMember({ organization }: World, { memberId }: Colleague): Promise<boolean> {
  const where = { organizationId: organization.id, id: memberId };
  return gateway()
    .services.db.prisma.member.count({ where })
    .then((count) => count === 1);
}

/** Expects an attempt to be refused with a code, and to leave no trace. */
async function refused(world: World, code: string, actor: Person, target: Colleague) {
  const before = await tracesIn(gateway(), world.organization.id);
  const answer = await remove(world, actor, target);
  expect(codeOf(answer)).toBe(code);
  expect(await isMember(world, target)).toBe(true);
  expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  return answer.errors![0]!.extensions;
}

describe('removing a member', () => {
  itIsRefusedToOthers(gateway, 'users.delete', async ({ join }) => {
    const { memberId } = await join('viewer');
    return (caller, organizationId) => caller.send(Remove, { input: { organizationId, memberId } });
  });

  it('counts from the next request on', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    const { id } = world.organization;
    expect(codeOf(await member.send(read, { id }))).toBeUndefined();
    const { data, errors } = await remove(world, world.admin, member);
    expect(errors).toBeUndefined();
    expect(data.removeMember.removedMemberId).toBe(member.memberId);
    await answersAlike((organization) => member.send(read, { id: organization }), id);
    expect((await member.send('{ organizations { totalCount nodes { id } } }')).data).toEqual({
      organizations: { totalCount: 0, nodes: [] },
    });
  });

  it('takes the member out of all teams', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    const teamId = await world.team('Red', world.admin, member);
    await remove(world, world.admin, member);
    const { data } = await world.admin.send(
      'query ($id: ID!, $teamId: ID!) { organization(id: $id) { memberCount team(id: $teamId) { memberCount members { nodes { id } } } } }',
      { id: world.organization.id, teamId },
    );
    const team = { memberCount: 1, members: { nodes: [{ id: world.admin.memberId }] } };
    expect(data).toEqual({ organization: { memberCount: 1, team } });
  });

  it('is recorded once', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('developer');
    await remove(world, world.admin, member);
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'MEMBER_REMOVED',
        targetType: 'MEMBER',
        targetId: member.memberId,
        changes: {
          userId: { before: member.user.id, after: null },
          role: { before: 'developer', after: null },
        },
      },
    ]);
  });

  it('cannot be repeated', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    await remove(world, world.admin, member);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(codeOf(await remove(world, world.admin, member))).toBe('NOT_FOUND');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is refused for a member of another organization as if there were none', async () => {
    const world = await aWorld(gateway());
    const other = await aWorld(gateway());
    const theirs = await other.join('viewer');
    await answersAlike((memberId) => remove(world, world.admin, { memberId }), theirs.memberId);
    await answersAlike((memberId) => remove(world, world.admin, { memberId }), theirs.user.id);
    expect(await isMember(other, theirs)).toBe(true);
  });

  it('is refused to an administrator if the other one is an administrator, too', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('administrator');
    expect((await refused(world, 'FORBIDDEN', second, world.admin)).reason).toBe('RANK');
    expect((await refused(world, 'FORBIDDEN', world.admin, second)).reason).toBe('RANK');
  });

  it('needs a lower rank than one’s own', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const [lead, peer, lower] = [await world.join('lead'), await world.join('lead'), await world.join('team_manager')];
    expect((await refused(world, 'FORBIDDEN', lead, peer)).reason).toBe('RANK');
    expect((await refused(world, 'FORBIDDEN', lead, world.admin)).reason).toBe('RANK');
    expect(codeOf(await remove(world, lead, lower))).toBeUndefined();
  });

  it('is open to a super admin, also for one of two administrators, but not for the last', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('administrator');
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await remove(world, superAdmin, second))).toBeUndefined();
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id, action: 'MEMBER_REMOVED' },
    ]);
    await refused(world, 'LAST_ADMINISTRATOR', superAdmin, world.admin);
  });
});

describe('leaving', () => {
  it('is open to every member, and recorded as such', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const { data, errors } = await remove(world, viewer, viewer);
    expect(errors).toBeUndefined();
    expect(data.removeMember.removedMemberId).toBe(viewer.memberId);
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([
      {
        actorType: 'USER',
        actorUserId: viewer.user.id,
        action: 'MEMBER_LEFT',
        targetType: 'MEMBER',
        targetId: viewer.memberId,
        changes: {
          userId: { before: viewer.user.id, after: null },
          role: { before: 'viewer', after: null },
        },
      },
    ]);
    await answersAlike((id) => viewer.send(read, { id }), world.organization.id);
    expect(codeOf(await remove(world, viewer, viewer))).toBe('NOT_FOUND');
  });

  it('is open to a member while suspended', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    expect(codeOf(await remove(world, member, member))).toBeUndefined();
    expect(await isMember(world, member)).toBe(false);
  });

  it('works however the id is spelled', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    expect(codeOf(await remove(world, viewer, { memberId: viewer.memberId.toUpperCase() }))).toBeUndefined();
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([{ action: 'MEMBER_LEFT' }]);
  });

  it('works in the current organization', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    const headers = { 'x-organization-id': world.organization.id };
    const answer = await member.send(Remove, { input: { memberId: member.memberId } }, headers);
    expect(codeOf(answer)).toBeUndefined();
    expect(await isMember(world, member)).toBe(false);
  });

  it('does not let a member send others away', async () => {
    const world = await aWorld(gateway());
    const [member, other] = [await world.join('member'), await world.join('viewer')];
    expect((await refused(world, 'FORBIDDEN', member, other)).requiredPermission).toBe('users.delete');
  });

  it('one organization leaves the others as they are', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const person = await world.join('member');
    const { id } = other.organization;
    await write(gateway(), (set) =>
      set.insert('members', newMember(id, person.user.id, other.roles.viewer!, other.admin.user.id)),
    );
    expect(codeOf(await remove(other, person, person))).toBe('FORBIDDEN');
    expect(codeOf(await remove(world, person, person))).toBeUndefined();
    expect(codeOf(await person.send(read, { id }))).toBeUndefined();
  });
});

describe('the last administrator', () => {
  it('cannot leave', async () => {
    const world = await aWorld(gateway());
    await world.join('member');
    await refused(world, 'LAST_ADMINISTRATOR', world.admin, world.admin);
  });

  it('cannot leave though others are administrators, if they are suspended', async () => {
    const world = await aWorld(gateway());
    const [suspendedHere, suspendedEverywhere] = [await world.join('administrator'), await world.join('administrator')];
    await setMemberStatus(gateway(), world, suspendedHere, 'SUSPENDED');
    await write(gateway(), (set) => set.update('users', { id: suspendedEverywhere.user.id, status: 'SUSPENDED' }));
    await refused(world, 'LAST_ADMINISTRATOR', world.admin, world.admin);
  });

  it('may leave once there is another one, who then is the last', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('administrator');
    expect(codeOf(await remove(world, world.admin, world.admin))).toBeUndefined();
    await refused(world, 'LAST_ADMINISTRATOR', second, second);
  });

  it('does not keep a suspended administrator from leaving', async () => {
    const world = await aWorld(gateway());
    const suspended = await world.join('administrator');
    await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
    expect(codeOf(await remove(world, suspended, suspended))).toBeUndefined();
  });
});
