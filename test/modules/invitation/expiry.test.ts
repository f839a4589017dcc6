import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, readConfig } from '../../../src/platform/config.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World, write } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { mutation, refusedAs, rowOf, verified } from './answering.js';
import { accept, anInvited, expire, Invite } from './inviting.js';

const gateway = useGateway({ invitationDays: 2 });

const dayMs = 86_400_000;

/** Lets an invitation have so much time left. */
async function leave({ organization }: World, id: string, ms: number): Promise<void> {
  const expiresAt = new Date(Date.now() + ms);
  await write(gateway(), (set) => set.update('invitations', { organizationId: organization.id, id, expiresAt }));
}

describe('an invitation whose time is over', () => {
  it('is over everywhere at once, though no job has run and nothing was written', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    await verified(gateway(), person);
    await expire(gateway(), world, person.invitationId);
    const preview = await nobody(gateway()).send(
      'query ($token: String!) { invitationByToken(token: $token) { status } }',
      { token: person.secret },
    );
    expect(preview.data).toEqual({ invitationByToken: { status: 'EXPIRED' } });
    expect((await person.send('{ myInvitations { id } }')).data).toEqual({ myInvitations: [] });
    const list = `query ($id: ID!) { organization(id: $id) {
      expired: invitations(filter: { status: EXPIRED }) { nodes { status } }
      pending: invitations(filter: { status: PENDING }) { totalCount }
      limits { name used }
    } }`;
    const { data } = await world.admin.send<{ organization: { limits: object[] } }, object>(list, {
      id: world.organization.id,
    });
    expect(data.organization).toMatchObject({
      expired: { nodes: [{ status: 'EXPIRED' }] },
      pending: { totalCount: 0 },
    });
    expect(data.organization.limits).toContainEqual({ name: 'pendingInvitations', used: 0 });
    refusedAs(await accept(person, person.secret), 'EXPIRED');
    expect((await rowOf(gateway(), world, person.invitationId)).status).toBe('PENDING');
  });

  it('is open until the last moment', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    await leave(world, person.invitationId, 5_000);
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
  });

  it('does not bring it back if the clock is set anew by inviting again', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    await expire(gateway(), world, person.invitationId);
    const input = { organizationId: world.organization.id, email: person.user.email, role: 'viewer' };
    expect(codeOf(await world.admin.send(Invite, { input }))).toBeUndefined();
    refusedAs(await accept(person, person.secret), 'EXPIRED');
    expect((await rowOf(gateway(), world, person.invitationId)).status).toBe('EXPIRED');
  });
});

describe('the days for which an invitation holds', () => {
  it('are what the operator has said, for new ones, those among several, and those mailed again', async () => {
    const world = await aWorld(gateway());
    const { id: organizationId } = world.organization;
    const one = { organizationId, email: `${randomUUID()}@example.net`, role: 'member' };
    const { id } = (await world.admin.send(Invite, { input: one })).data.inviteMember.invitation;
    const invitations = [{ email: `${randomUUID()}@example.net`, role: 'member' }];
    await world.admin.send(mutation('inviteMembers'), { input: { organizationId, invitations } });
    const sentAt = new Date(Date.now() - 61_000);
    await write(gateway(), (set) => set.update('invitations', { organizationId, id, sentAt, expiresAt: sentAt }));
    await leave(world, id, 1_000);
    await world.admin.send(mutation('resendInvitation'), { input: { organizationId, invitationId: id } });
    const rows = await gateway().services.db.prisma.invitation.findMany({ where: { organizationId } });
    expect(rows.map((row) => row.expiresAt.getTime() - row.sentAt.getTime())).toEqual([2 * dayMs, 2 * dayMs]);
    expect(rows.map(({ sendCount }) => sendCount).sort()).toEqual([1, 2]);
  });

  it('are seven unless TENANTRY_INVITATION_DAYS says otherwise, from 1 to 365', () => {
    const days = (text?: string) => readConfig({ TENANTRY_INVITATION_DAYS: text }).invitationDays;
    expect([days(), days(''), days('1'), days('30'), days('365')]).toEqual([7, 7, 1, 30, 365]);
    for (const wrong of ['0', '366', '-1', '1.5', 'week', '1e2']) {
      expect(() => days(wrong)).toThrow(ConfigurationError);
      expect(() => days(wrong)).toThrow('TENANTRY_INVITATION_DAYS must be a whole number from 1 to 365');
    }
  });
});
