import { describe, expect, it } from 'vitest';
import { newSecret, secretHashText } from '../../../src/platform/secret.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World, write } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { customRole, leadRole, setMemberStatus } from '../states.js';
import { decline, managed, mutation, reasonOf, refusedAs, rowOf } from './answering.js';
import { accept, anInvited, expire, type Invited } from './inviting.js';

const gateway = useGateway();

const preview = 'query ($token: String!) { invitationByToken(token: $token) { status } }';

async function isMember({ organization }: World, { user }: Invited): Promise<boolean> {
  const where = { organizationId: organization.id, userId: user.id };
  return (await gateway().services.db.prisma.member.count({ where })) === 1;
}

const administer = ({ admin, organization }: World, name: string, input: object) =>
  admin.send(mutation(name), { input: { organizationId: organization.id, ...input } });

/** The secret with one character of it changed. */
function changed(secret: string, index: number): string {
  const other = secret[index] === 'A' ? 'B' : 'A';
  return secret.slice(0, index) + other + secret.slice(index + 1);
}

describe('the secret of an invitation', () => {
  it('is dead if anything of it is changed, missing or added', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const { secret, invitationId } = person;
    const before = await tracesIn(gateway(), world.organization.id);
    const forged = [
      ...[0, 1, 20, 41, 42].map((index) => changed(secret, index)),
      ...[1, 21, 42].map((length) => secret.slice(0, length)),
      ...[`${secret}A`, `${secret}=`, secret.slice(1), secret.toLowerCase(), secret.toUpperCase()],
      ...[invitationId, secretHashText(secret), secretHashText(secret).slice(2), newSecret()],
    ];
    for (const [index, token] of forged.entries()) {
      expect({ token, code: codeOf(await accept(person, token)) }).toEqual({ token, code: 'NOT_FOUND' });
      if (index % 10 > 0) continue;
      expect(codeOf(await nobody(gateway()).send(preview, { token }))).toBe('NOT_FOUND');
      expect(codeOf(await decline(nobody(gateway()), { token }))).toBe('NOT_FOUND');
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(codeOf(await accept(person, secret))).toBeUndefined();
  });

  it('makes a member of nobody once the invitation was declined, taken back or has expired', async () => {
    const world = await aWorld(gateway());
    const endings: [status: string, end: (person: Invited) => Promise<unknown>][] = [
      ['DECLINED', ({ secret }) => decline(nobody(gateway()), { token: secret })],
      ['REVOKED', ({ invitationId }) => managed(world, 'revokeInvitation', invitationId)],
      ['EXPIRED', ({ invitationId }) => expire(gateway(), world, invitationId)],
    ];
    for (const [status, end] of endings) {
      const person = await anInvited(gateway(), world);
      await end(person);
      refusedAs(await accept(person, person.secret), status);
      expect(await isMember(world, person)).toBe(false);
      expect((await person.send('{ me { emailVerified } }')).data).toEqual({ me: { emailVerified: false } });
    }
  });
});

describe('an invitation whose role', () => {
  it('was deleted meanwhile is void for good', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: ['organization.read'] });
    const person = await anInvited(gateway(), world, { role: 'guest' });
    const roleId = world.roles.guest!;
    await administer(world, 'deleteRole', { roleId });
    refusedAs(await accept(person, person.secret), 'INVALIDATED');
    const { events } = await tracesIn(gateway(), world.organization.id);
    expect(events.at(-1)).toMatchObject({ action: 'INVITATION_INVALIDATED', targetId: person.invitationId });
    await write(gateway(), (set) => {
      set.update('roles', { organizationId: world.organization.id, id: roleId, deletedAt: null });
    });
    refusedAs(await accept(person, person.secret), 'INVALIDATED');
    expect(await isMember(world, person)).toBe(false);
  });

  it('has other permissions by then gives those', async () => {
    const world = await aWorld(gateway());
    const guest = { key: 'guest', rank: 5, permissions: ['organization.read', 'teams.read'] };
    await customRole(gateway(), world, guest);
    const person = await anInvited(gateway(), world, { role: 'guest' });
    await customRole(gateway(), world, { ...guest, permissions: [...guest.permissions, 'users.read'] });
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
    const members = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';
    expect(codeOf(await person.send(members, { id: world.organization.id }))).toBeUndefined();
  });
});

describe('an invitation whose inviter was no longer able to invite when it was accepted', () => {
  async function anInviter() {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const inviter = await world.join('lead');
    const person = await anInvited(gateway(), world, { by: inviter });
    return { world, inviter, person };
  }

  it('stays void when the inviter is again', async () => {
    const { world, inviter, person } = await anInviter();
    await administer(world, 'updateMemberRole', { memberId: inviter.memberId, role: 'member' });
    refusedAs(await accept(person, person.secret), 'INVALIDATED');
    await administer(world, 'updateMemberRole', { memberId: inviter.memberId, role: 'lead' });
    refusedAs(await accept(person, person.secret), 'INVALIDATED');
    expect(await isMember(world, person)).toBe(false);
  });

  it('stays void when the inviter’s suspension is lifted', async () => {
    const { world, inviter, person } = await anInviter();
    await setMemberStatus(gateway(), world, inviter, 'SUSPENDED');
    refusedAs(await accept(person, person.secret), 'INVALIDATED');
    await setMemberStatus(gateway(), world, inviter, 'ACTIVE');
    refusedAs(await accept(person, person.secret), 'INVALIDATED');
  });

  it('is not void if nobody has tried before the inviter was able to again', async () => {
    const { world, inviter, person } = await anInviter();
    await setMemberStatus(gateway(), world, inviter, 'SUSPENDED');
    await setMemberStatus(gateway(), world, inviter, 'ACTIVE');
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
  });

  it('cannot be declined, taken back or mailed again either', async () => {
    const { world, inviter, person } = await anInviter();
    await administer(world, 'removeMember', { memberId: inviter.memberId });
    await accept(person, person.secret);
    refusedAs(await decline(person, { token: person.secret }), 'INVALIDATED');
    refusedAs(await managed(world, 'revokeInvitation', person.invitationId), 'INVALIDATED');
    refusedAs(await managed(world, 'resendInvitation', person.invitationId), 'INVALIDATED');
  });
});

describe('an invitation to an organization', () => {
  it('that is suspended cannot be accepted meanwhile, but stands', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const { id } = world.organization;
    await write(gateway(), (set) => set.update('organizations', { id, status: 'SUSPENDED' }));
    expect(reasonOf(await accept(person, person.secret))).toEqual(['CONFLICT', 'ORGANIZATION_SUSPENDED']);
    expect((await rowOf(gateway(), world, person.invitationId)).status).toBe('PENDING');
    await write(gateway(), (set) => set.update('organizations', { id, status: 'ACTIVE' }));
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
  });
});
