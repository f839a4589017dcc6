import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { secretMailedTo } from '../mailbox.js';
import { acceptAs, decline, managed, mutation, reasonOf, refusedAs, rowOf, verified } from './answering.js';
import { accept, anInvited, expire, Invite } from './inviting.js';

const gateway = useGateway();

const declined = (invitationId: string, actorUserId: string | null) => ({
  actorType: 'USER',
  actorUserId,
  action: 'INVITATION_DECLINED',
  targetType: 'INVITATION',
  targetId: invitationId,
  changes: { status: { before: 'PENDING', after: 'DECLINED' } },
});

describe('declining an invitation', () => {
  it('takes nothing but its secret', async () => {
    const world = await aWorld(gateway());
    const { secret: token, ...person } = await anInvited(gateway(), world, { role: 'viewer' });
    const { data, errors } = await decline(nobody(gateway()), { token });
    expect(errors).toBeUndefined();
    expect(data.declineInvitation.invitation).toMatchObject({
      organizationName: 'Acme',
      roleName: 'Viewer',
      inviterName: world.admin.user.fullName,
      email: person.user.email,
      status: 'DECLINED',
    });
    refusedAs(await accept(person, token), 'DECLINED');
    const { status, respondedAt } = await rowOf(gateway(), world, person.invitationId);
    expect({ status, answered: respondedAt !== null }).toEqual({ status: 'DECLINED', answered: true });
  });

  it('is possible for the invited person who is signed in, which proves nothing and makes nobody a member', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const { data } = await decline(person, { token: person.secret });
    expect(data.declineInvitation.invitation.status).toBe('DECLINED');
    expect((await person.send('{ me { emailVerified } }')).data).toEqual({ me: { emailVerified: false } });
    await answersAlike(
      (id) => person.send('query ($id: ID!) { organization(id: $id) { id } }', { id }),
      world.organization.id,
    );
  });

  it('is possible by id for whoever has proven the address', async () => {
    const world = await aWorld(gateway());
    const { invitationId, ...person } = await anInvited(gateway(), world);
    expect(reasonOf(await decline(person, { invitationId }))).toEqual(['FORBIDDEN', 'EMAIL_NOT_VERIFIED']);
    expect(codeOf(await decline(nobody(gateway()), { invitationId }))).toBe('UNAUTHENTICATED');
    await verified(gateway(), person);
    const { data } = await decline(person, { invitationId });
    expect(data.declineInvitation.invitation.status).toBe('DECLINED');
  });

  it('is refused to somebody else who is signed in, with the secret or the id', async () => {
    const world = await aWorld(gateway());
    const { invitationId, secret: token, ...person } = await anInvited(gateway(), world);
    const other = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    const before = await tracesIn(gateway(), world.organization.id);
    for (const caller of [other, world.admin]) {
      expect(reasonOf(await decline(caller, { token }))).toEqual(['FORBIDDEN', 'EMAIL_MISMATCH']);
    }
    await answersAlike((id) => decline(other, { invitationId: id }), invitationId);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(codeOf(await accept(person, token))).toBeUndefined();
  });

  it('happens once', async () => {
    const world = await aWorld(gateway());
    const { invitationId, secret: token, ...person } = await anInvited(gateway(), world);
    await verified(gateway(), person);
    await decline(person, { token });
    const before = await tracesIn(gateway(), world.organization.id);
    refusedAs(await decline(person, { token }), 'DECLINED');
    refusedAs(await decline(nobody(gateway()), { token }), 'DECLINED');
    refusedAs(await decline(person, { invitationId }), 'DECLINED');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('is refused once the invitation is accepted, taken back or over', async () => {
    const world = await aWorld(gateway());
    const accepted = await anInvited(gateway(), world);
    await accept(accepted, accepted.secret);
    const revoked = await anInvited(gateway(), world);
    await managed(world, 'revokeInvitation', revoked.invitationId);
    const expired = await anInvited(gateway(), world);
    await expire(gateway(), world, expired.invitationId);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const [person, status] of [
      [accepted, 'ACCEPTED'],
      [revoked, 'REVOKED'],
      [expired, 'EXPIRED'],
    ] as const) {
      refusedAs(await decline(person, { token: person.secret }), status);
      refusedAs(await decline(nobody(gateway()), { token: person.secret }), status);
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('is recorded as an act of the invited person, signed in or not, and of nobody who has no account', async () => {
    const world = await aWorld(gateway());
    const [first, second] = [await anInvited(gateway(), world), await anInvited(gateway(), world)];
    const email = `${randomUUID()}@example.net`;
    const { data } = await world.admin.send(Invite, {
      input: { organizationId: world.organization.id, email, role: 'member' },
    });
    await decline(first, { token: first.secret });
    await decline(nobody(gateway()), { token: second.secret });
    await decline(nobody(gateway()), { token: await secretMailedTo(email) });
    expect((await eventsOf(gateway(), world.organization.id)).slice(3)).toEqual([
      declined(first.invitationId, first.user.id),
      declined(second.invitationId, second.user.id),
      declined(data.inviteMember.invitation.id, null),
    ]);
  });

  it('lets the address be invited again', async () => {
    const world = await aWorld(gateway());
    const { secret, user, ...person } = await anInvited(gateway(), world);
    await decline(nobody(gateway()), { token: secret });
    const input = { organizationId: world.organization.id, email: user.email, role: 'viewer' };
    expect(codeOf(await world.admin.send(Invite, { input }))).toBeUndefined();
    const { data } = await acceptAs(person, { token: await secretMailedTo(user.email, 2) });
    expect(data.acceptInvitation.member.role.key).toBe('viewer');
  });

  it('is possible while the organization is suspended, and not once it is deleted', async () => {
    const world = await aWorld(gateway());
    const [first, second] = [await anInvited(gateway(), world), await anInvited(gateway(), world)];
    const { id, slug } = world.organization;
    await write(gateway(), (set) => set.update('organizations', { id, status: 'SUSPENDED' }));
    expect((await decline(first, { token: first.secret })).data.declineInvitation.invitation.status).toBe('DECLINED');
    await write(gateway(), (set) => set.update('organizations', { id, status: 'ACTIVE' }));
    await world.admin.send(mutation('deleteOrganization'), { input: { organizationId: id, confirmSlug: slug } });
    await answersAlike((token) => decline(second, { token }), second.secret);
  });
});

describe('naming the invitation that one answers', () => {
  it('is done either by its secret or by its id, not by both or neither', async () => {
    const world = await aWorld(gateway());
    const { invitationId, secret: token, ...person } = await anInvited(gateway(), world);
    await verified(gateway(), person);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const named of [{}, { token: null }, { token: null, invitationId: null }, { token, invitationId }]) {
      for (const answer of [await acceptAs(person, named), await decline(person, named)]) {
        expect(pathsIn(answer)).toEqual(['input.token']);
      }
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(codeOf(await acceptAs(person, { token, invitationId: null }))).toBeUndefined();
  });

  it('takes what looks like a secret or an id', async () => {
    const person = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    for (const answering of [acceptAs, decline]) {
      expect(pathsIn(await answering(person, { invitationId: 'x' }))).toEqual(['input.invitationId']);
      for (const token of ['', 'x'.repeat(513), 'a b']) {
        expect(pathsIn(await answering(person, { token }))).toEqual(['input.token']);
      }
    }
  });
});
