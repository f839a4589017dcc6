import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World, write } from '../../support/world.js';
import { answersAlike, type Caller, itIsRefusedToOthers, nobody } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { mailTo, secretMailedTo } from '../mailbox.js';
import { customRole } from '../states.js';
import { subjectsTo } from '../user/accounts.js';
import { acceptAs, decline, deleteRole, managed, mutation, refusedAs, rowOf } from './answering.js';
import { accept, anInvited, expire } from './inviting.js';

const gateway = useGateway();

const Resend = mutation('resendInvitation', 'invitation { id status sendCount sentAt expiresAt createdAt }');

interface Resent {
  resendInvitation: {
    invitation: { id: string; status: string; sendCount: number; sentAt: string; expiresAt: string; createdAt: string };
  };
}

const resend = ({ organization, admin }: World, invitationId: string, by: Caller = admin) =>
  by.send<Resent, object>(Resend, { input: { organizationId: organization.id, invitationId } });

/** Lets so many seconds pass since the mail. */
async function wait({ organization }: World, id: string, seconds = 61): Promise<void> {
  const sentAt = new Date(Date.now() - seconds * 1000);
  await write(gateway(), (set) => set.update('invitations', { organizationId: organization.id, id, sentAt }));
}

async function anEarlierInvited(world: World, more?: Parameters<typeof anInvited>[2]) {
  const person = await anInvited(gateway(), world, more);
  await wait(world, person.invitationId);
  return person;
}

describe('mailing an invitation again', () => {
  itIsRefusedToOthers(gateway, 'users.invite', async (world) => {
    const { invitationId } = await anEarlierInvited(world);
    return (caller, organizationId) => caller.send(Resend, { input: { organizationId, invitationId } });
  });

  it('brings a reminder with a new secret that works, and the old one is dead', async () => {
    const world = await aWorld(gateway());
    const { secret: old, ...person } = await anEarlierInvited(world, { role: 'developer' });
    const { email } = person.user;
    const answer = await resend(world, person.invitationId);
    expect(answer.errors).toBeUndefined();
    const secret = await secretMailedTo(email, 2);
    expect(secret).not.toBe(old);
    expect(JSON.stringify(answer)).not.toContain(secret);
    const [, reminder] = await mailTo(email, 2);
    expect(reminder!.subject).toBe('Reminder: Acme is waiting for you');
    for (const body of [reminder!.text, reminder!.html]) {
      expect(body).toContain('as Developer');
      expect(body).toContain(`/invitations/${secret}`);
    }
    const preview = 'query ($token: String!) { invitationByToken(token: $token) { status } }';
    for (const refused of [
      await accept(person, old),
      await decline(nobody(gateway()), { token: old }),
      await nobody(gateway()).send(preview, { token: old }),
    ]) {
      expect(codeOf(refused)).toBe('NOT_FOUND');
    }
    const { data } = await accept(person, secret);
    expect(data.acceptInvitation.member.role.key).toBe('developer');
  });

  it('counts, and its time begins anew', async () => {
    const world = await aWorld(gateway());
    const { invitationId } = await anEarlierInvited(world);
    const before = await rowOf(gateway(), world, invitationId);
    await write(gateway(), (set) => {
      const expiresAt = new Date(Date.now() + 60_000);
      set.update('invitations', { organizationId: world.organization.id, id: invitationId, expiresAt });
    });
    const began = Date.now();
    const { invitation } = (await resend(world, invitationId)).data.resendInvitation;
    expect(invitation).toMatchObject({ id: invitationId, status: 'PENDING', sendCount: 2 });
    expect(invitation.createdAt).toBe(before.createdAt.toISOString());
    expect(Date.parse(invitation.sentAt)).toBeGreaterThanOrEqual(began);
    expect(Date.parse(invitation.expiresAt) - Date.parse(invitation.sentAt)).toBe(7 * 86_400_000);
    await wait(world, invitationId);
    expect((await resend(world, invitationId)).data.resendInvitation.invitation.sendCount).toBe(3);
    const { sendCount, expiresAt } = await rowOf(gateway(), world, invitationId);
    expect({ sendCount, isRenewed: expiresAt > before.expiresAt }).toEqual({ sendCount: 3, isRenewed: true });
  });

  it('is recorded once', async () => {
    const world = await aWorld(gateway());
    const { invitationId } = await anEarlierInvited(world);
    await resend(world, invitationId);
    const { events } = await tracesIn(gateway(), world.organization.id);
    expect(events.slice(1)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'INVITATION_RESENT',
        targetType: 'INVITATION',
        targetId: invitationId,
        changes: { sendCount: { before: 1, after: 2 } },
      },
    ]);
  });

  it('is refused within a minute, which leaves the secret as it was and mails nothing', async () => {
    const world = await aWorld(gateway());
    const { invitationId, secret, ...person } = await anInvited(gateway(), world);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const [passed, least, most] of [
      [0, 50, 60],
      [45, 5, 15],
    ] as const) {
      if (passed > 0) await wait(world, invitationId, passed);
      const answer = await resend(world, invitationId);
      expect(codeOf(answer)).toBe('RATE_LIMITED');
      const { retryAfter } = answer.errors![0]!.extensions;
      expect(Number.isInteger(retryAfter)).toBe(true);
      expect(retryAfter).toBeGreaterThanOrEqual(least);
      expect(retryAfter).toBeLessThanOrEqual(most);
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(await subjectsTo(gateway(), person.user.email)).toHaveLength(1);
    expect(codeOf(await accept(person, secret))).toBeUndefined();
  });

  it('happens once if ten ask at once', async () => {
    const world = await aWorld(gateway());
    const { invitationId, user } = await anEarlierInvited(world);
    const answers = await Promise.all(Array.from({ length: 10 }, () => resend(world, invitationId)));
    const codes = answers.map(codeOf).sort();
    expect(codes).toEqual([...Array<string>(9).fill('RATE_LIMITED'), undefined]);
    expect(await subjectsTo(gateway(), user.email)).toHaveLength(2);
    expect((await rowOf(gateway(), world, invitationId)).sendCount).toBe(2);
  });

  it('is refused once the invitation is answered, taken back or over', async () => {
    const world = await aWorld(gateway());
    const accepted = await anEarlierInvited(world);
    await accept(accepted, accepted.secret);
    const declined = await anEarlierInvited(world);
    await decline(declined, { token: declined.secret });
    const revoked = await anEarlierInvited(world);
    await managed(world, 'revokeInvitation', revoked.invitationId);
    const expired = await anEarlierInvited(world);
    await expire(gateway(), world, expired.invitationId);
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: [] });
    const invalidated = await anEarlierInvited(world, { role: 'guest' });
    await deleteRole(gateway(), world, 'guest');
    await accept(invalidated, invalidated.secret);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const [{ invitationId }, status] of [
      [accepted, 'ACCEPTED'],
      [declined, 'DECLINED'],
      [revoked, 'REVOKED'],
      [expired, 'EXPIRED'],
      [invalidated, 'INVALIDATED'],
    ] as const) {
      refusedAs(await resend(world, invitationId), status);
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('is refused once the offered role is gone', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: [] });
    const { invitationId } = await anEarlierInvited(world, { role: 'guest' });
    await deleteRole(gateway(), world, 'guest');
    expect(codeOf(await resend(world, invitationId))).toBe('NOT_FOUND');
  });

  it('is open to others who may invite, and leaves it the invitation of whoever has made it', async () => {
    const world = await aWorld(gateway());
    const { invitationId, secret: _, ...person } = await anEarlierInvited(world);
    const second = await world.join('administrator');
    expect(codeOf(await resend(world, invitationId, second))).toBeUndefined();
    const { data } = await accept(person, await secretMailedTo(person.user.email, 2));
    expect(data.acceptInvitation.member.invitedBy).toEqual({ id: world.admin.user.id });
  });

  it('of another organization is refused as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await anEarlierInvited(other);
    await answersAlike((id) => resend(world, id), theirs.invitationId);
    expect(codeOf(await acceptAs(theirs, { token: theirs.secret }))).toBeUndefined();
  });
});
