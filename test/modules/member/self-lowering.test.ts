import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type Colleague, type World } from '../../support/world.js';
import { eventsOf, tracesIn } from '../audit.js';
import { roleOf } from '../role/roles.js';
import { customRole, setMemberStatus } from '../states.js';

const gateway = useGateway();

const UpdateRole = 'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }';

const give = ({ organization }: World, actor: Colleague, { memberId }: Colleague, role: string) =>
  actor.send(UpdateRole, { input: { organizationId: organization.id, memberId, role } });

/** Expects an attempt to be refused with a code, and to change nothing. */
async function refused(world: World, code: string, actor: Colleague, target: Colleague, role: string) {
  const state = async () => [await tracesIn(gateway(), world.organization.id), await roleOf(gateway(), world, target)];
  const before = await state();
  const answer = await give(world, actor, target, role);
  expect(codeOf(answer)).toBe(code);
  expect(await state()).toEqual(before);
  return answer.errors![0]!.extensions;
}

describe('a member who may not change roles', () => {
  it('may still take a lower one, step by step', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('developer');
    for (const role of ['member', 'viewer']) {
      expect(codeOf(await give(world, member, member, role))).toBeUndefined();
      expect(await roleOf(gateway(), world, member)).toBe(role);
    }
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { action: 'MEMBER_ROLE_CHANGED', actorUserId: member.user.id, targetId: member.memberId },
      { changes: { role: { before: 'member', after: 'viewer' } } },
    ]);
  });

  it('has no way back up', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    await give(world, member, member, 'viewer');
    for (const role of ['member', 'developer', 'team_manager', 'administrator']) {
      await refused(world, 'ROLE_CEILING', member, member, role);
    }
  });

  it('may take nothing that ranks higher, or holds anything else', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'higher', rank: 21, permissions: [] });
    await customRole(gateway(), world, { key: 'lower', rank: 1, permissions: ['stats.read'] });
    const member = await world.join('member');
    await refused(world, 'ROLE_CEILING', member, member, 'higher');
    const { missingPermissions } = await refused(world, 'ROLE_CEILING', member, member, 'lower');
    expect(missingPermissions).toEqual(['stats.read']);
  });

  it('lowers nobody else, however low', async () => {
    const world = await aWorld(gateway());
    const [developer, member] = [await world.join('developer'), await world.join('member')];
    const { requiredPermission } = await refused(world, 'FORBIDDEN', developer, member, 'viewer');
    expect(requiredPermission).toBe('users.update');
  });

  it('does it in the own organization only', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const member = await world.join('member');
    expect(codeOf(await give(other, member, member, 'viewer'))).toBe('NOT_FOUND');
    expect(await roleOf(gateway(), world, member)).toBe('member');
  });

  it('may take no role at all while suspended', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'nothing', rank: 1, permissions: [] });
    const member = await world.join('member');
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    await refused(world, 'ROLE_CEILING', member, member, 'viewer');
    await refused(world, 'ROLE_CEILING', member, member, 'nothing');
  });
});
