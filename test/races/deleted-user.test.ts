import { expect, it } from 'vitest';
import { aPerson, aWorld } from '../support/world.js';
import { atOnce, rounds, useTwoProcesses, via } from './processes.js';

const processes = useTwoProcesses();

const addMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { id } } }';
const found =
  'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }';
const setStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }';

it('a user who is deleted joins and founds nothing at that moment', { timeout: 120_000 }, async () => {
  const { gateway } = processes();
  const superAdmin = await aPerson(gateway, { isSuperAdmin: true });
  const world = await aWorld(gateway);
  const organizationId = world.organization.id;
  for (let round = 0; round < rounds; round += 1) {
    const user = await aPerson(gateway);
    const userId = user.user.id;
    const act = () =>
      round % 2
        ? via(processes(), 0, world.admin, addMember, { input: { organizationId, userId, role: 'member' } })
        : via(processes(), 0, user, found, { input: { name: 'Late' } });
    await atOnce(round, act, () =>
      via(processes(), 1, superAdmin, setStatus, { input: { userId, status: 'DELETED' } }),
    );
    const { prisma } = gateway.services.db;
    expect(await prisma.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({ status: 'DELETED' });
    expect(await prisma.member.count({ where: { userId, organization: { status: 'ACTIVE' } } })).toBe(0);
  }
});
