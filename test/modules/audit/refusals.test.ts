import { describe, expect, it } from 'vitest';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Colleague, type World, write } from '../../support/world.js';
import { type Caller, nobody } from '../adversaries.js';
import { leadRole, setMemberStatus } from '../states.js';
import { trailOf } from './reading.js';

const gateway = useGateway();

const CreateTeam = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';
const UpdateRole = 'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }';

const makeTeam = ({ organization }: World, caller: Caller, name = 'Red') =>
  caller.send(CreateTeam, { input: { organizationId: organization.id, name } });

const give = ({ organization }: World, caller: Caller, { memberId }: Colleague, role: string) =>
  caller.send(UpdateRole, { input: { organizationId: organization.id, memberId, role } });

const refusalsIn = (world: World) => trailOf(world, { actions: ['ACCESS_REFUSED'] });

const value = (after: string) => ({ before: null, after });

describe('a refused mutation', () => {
  it('is recorded once, with the operation, the code and what was missing', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    expect(codeOf(await makeTeam(world, viewer))).toBe('FORBIDDEN');
    const [refusal, ...more] = await refusalsIn(world);
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({
      actor: { type: 'USER', userId: viewer.user.id, apiKeyId: null },
      target: { type: 'ORGANIZATION', id: world.organization.id },
      ip: expect.any(String),
      requestId: expect.any(String),
    });
    expect(refusal!.changes).toEqual({
      operation: value('createTeam'),
      code: value('FORBIDDEN'),
      requiredPermission: value('teams.create'),
    });
  });

  it('is recorded once also where the rule lets pass and only the decision refuses', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const [lead, member] = [await world.join('lead'), await world.join('member')];
    expect(codeOf(await give(world, lead, member, 'billing_manager'))).toBe('ROLE_CEILING');
    expect(codeOf(await give(world, lead, world.admin, 'member'))).toBe('FORBIDDEN');
    const refusals = await refusalsIn(world);
    expect(refusals.map(({ changes }) => changes)).toEqual([
      { operation: value('updateMemberRole'), code: value('FORBIDDEN'), reason: value('RANK') },
      { operation: value('updateMemberRole'), code: value('ROLE_CEILING') },
    ]);
    expect(refusals.every(({ actor }) => actor.userId === lead.user.id)).toBe(true);
  });

  it('is recorded also where it is but one of several people to invite', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const lead = await world.join('lead');
    const document =
      'mutation ($input: InviteMembersInput!) { inviteMembers(input: $input) { results { error { code } } } }';
    const invitations = ['member', 'administrator'].map((role, index) => ({
      email: `${lead.memberId}${index}@example.com`,
      role,
    }));
    await lead.send(document, { input: { organizationId: world.organization.id, invitations } });
    const [refusal, ...more] = await refusalsIn(world);
    expect(more).toEqual([]);
    expect(refusal!.changes).toMatchObject({ operation: value('inviteMembers'), code: { before: null } });
  });

  it('is recorded for each field of a document that asks for several', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const { id: organizationId } = world.organization;
    await viewer.send(
      `mutation ($team: CreateTeamInput!, $name: UpdateOrganizationInput!) {
        updateOrganization(input: $name) { organization { id } } createTeam(input: $team) { team { id } }
      }`,
      { team: { organizationId, name: 'Red' }, name: { organizationId, name: 'Mine' } },
    );
    const refusals = await refusalsIn(world);
    // The first error ends a document whose fields cannot be null; none is recorded twice.
    const operations = refusals.map(({ changes }) => changes.operation!.after);
    expect(operations).toContain('updateOrganization');
    expect(new Set(operations).size).toBe(operations.length);
  });

  it('is recorded for people who are suspended here', async () => {
    const world = await aWorld(gateway());
    const suspended = await world.join('administrator');
    await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
    expect(codeOf(await makeTeam(world, suspended))).toBe('FORBIDDEN');
    expect(await refusalsIn(world)).toMatchObject([{ actor: { userId: suspended.user.id } }]);
  });

  it('is recorded in the current organization where none is named', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    await viewer.send(CreateTeam, { input: { name: 'Red' } }, { 'x-organization-id': world.organization.id });
    expect(await refusalsIn(world)).toMatchObject([{ actor: { userId: viewer.user.id } }]);
  });

  it('changes nothing else, not even the version of the organization', async () => {
    const world = await aWorld(gateway());
    const state = async () => {
      const { prisma } = gateway().services.db;
      return [
        await prisma.organization.findUniqueOrThrow({ where: { id: world.organization.id } }),
        await prisma.team.count({ where: { organizationId: world.organization.id } }),
      ];
    };
    const viewer = await world.join('viewer');
    const before = await state();
    await makeTeam(world, viewer);
    expect(await state()).toEqual(before);
  });
});

describe('no record of a refusal', () => {
  it('is left by people who have nothing to do with the organization', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const removed = await world.join('member');
    await write(gateway(), (set) =>
      set.delete('members', { organizationId: world.organization.id, id: removed.memberId }),
    );
    for (const caller of [other.admin, await aPerson(gateway()), removed]) {
      expect(codeOf(await makeTeam(world, caller))).toBe('NOT_FOUND');
    }
    expect(codeOf(await makeTeam(world, nobody(gateway())))).toBe('UNAUTHENTICATED');
    expect(await refusalsIn(world)).toEqual([]);
    expect(await refusalsIn(other)).toEqual([]);
  });

  it('is left by what is not possible, rather than not permitted', async () => {
    const world = await aWorld(gateway());
    const attempts: [string, Promise<Answer<unknown>>][] = [
      ['BAD_USER_INPUT', makeTeam(world, world.admin, '')],
      ['NOT_FOUND', give(world, world.admin, world.admin, 'nothing')],
      ['LAST_ADMINISTRATOR', give(world, world.admin, world.admin, 'member')],
    ];
    for (const [code, attempt] of attempts) expect(codeOf(await attempt)).toBe(code);
    expect(await refusalsIn(world)).toEqual([]);
  });

  it('is left by what succeeds', async () => {
    const world = await aWorld(gateway());
    expect(codeOf(await makeTeam(world, world.admin))).toBeUndefined();
    expect(await refusalsIn(world)).toEqual([]);
  });
});
