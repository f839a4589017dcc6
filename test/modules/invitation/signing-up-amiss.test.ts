import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { secretMailedTo } from '../mailbox.js';
import { customRole } from '../states.js';
import { acceptAs, deleteRole, mutation, reasonOf, verified } from './answering.js';
import { anInvited, Invite } from './inviting.js';

const gateway = useGateway();

const register = (email: string, invitationToken: string) =>
  send(gateway().url, mutation('register'), {
    input: { email, password: 'correct horse battery', fullName: 'Ada', invitationToken },
  });

async function secretFor({ admin, organization }: World, email: string, role = 'member'): Promise<string> {
  await admin.send(Invite, { input: { organizationId: organization.id, email, role } });
  return secretMailedTo(email);
}

describe('signing up with an invitation', () => {
  it('for another address says so, to whoever is not signed in as well', async () => {
    const token = await secretFor(await aWorld(gateway()), `${randomUUID()}@example.net`);
    expect(reasonOf(await register(`${randomUUID()}@example.net`, token))).toEqual(['FORBIDDEN', 'EMAIL_MISMATCH']);
  });

  it('that turns out to be void names nobody on record, because there is no account', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: [] });
    const email = `${randomUUID()}@example.net`;
    const token = await secretFor(world, email, 'guest');
    await deleteRole(gateway(), world, 'guest');
    await register(email, token);
    const event = await gateway().services.db.prisma.auditEvent.findFirstOrThrow({
      where: { organizationId: world.organization.id, action: 'INVITATION_INVALIDATED' },
    });
    expect(event.actorUserId).toBeNull();
  });

  it('is sent to the account that somebody else has made meanwhile', async () => {
    const email = `${randomUUID()}@example.net`;
    const token = await secretFor(await aWorld(gateway()), email);
    const { db } = gateway().services;
    const { write } = db;
    const spy = vi.spyOn(db, 'write').mockImplementation(async (text, values) => {
      if (text.includes('INSERT INTO users')) {
        spy.mockRestore();
        await aPerson(gateway(), { email });
      }
      return write.call(db, text, values) as never;
    });
    expect(reasonOf(await register(email, token))).toEqual(['CONFLICT', 'ACCOUNT_EXISTS']);
  });
});

it('accepting once more by id answers with the membership', async () => {
  const person = await anInvited(gateway(), await aWorld(gateway()));
  await verified(gateway(), person);
  const { invitationId } = person;
  const first = await acceptAs(person, { invitationId });
  const again = await acceptAs(person, { invitationId });
  expect(again.data?.acceptInvitation).toEqual(first.data.acceptInvitation);
});
