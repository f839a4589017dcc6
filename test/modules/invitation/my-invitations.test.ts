import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { hashSecret, newSecret } from '../../../src/platform/secret.js';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Person, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { customRole } from '../states.js';
import { acceptAs, decline, managed, mutation, reasonOf, refusedAs, rowOf, verified } from './answering.js';
import { accept, anInvited, expire } from './inviting.js';

const gateway = useGateway();

interface Mine {
  id: string;
  status: string;
  [field: string]: unknown;
}

const asked = '{ myInvitations { id status } }';

async function mine(person: Person, document = asked): Promise<Mine[]> {
  const { data, errors } = await person.send<{ myInvitations: Mine[] }, object>(document);
  expect(errors).toBeUndefined();
  return data.myInvitations;
}

const idsOf = async (person: Person) => (await mine(person)).map(({ id }) => id);

/** Somebody who is invited, and has proven the address otherwise. */
async function aVerified(world: World, more?: Parameters<typeof anInvited>[2]) {
  const person = await anInvited(gateway(), world, more);
  await verified(gateway(), person);
  return person;
}

/** Invites an address to an organization of its own, as if it had been mailed. */
async function inviteTo(email: string, createdAt = new Date()): Promise<{ world: World; id: string }> {
  const world = await aWorld(gateway());
  const row = {
    ...{ organizationId: world.organization.id, id: newId(), email, roleId: world.roles.member!, createdAt },
    ...{ status: 'PENDING' as const, invitedById: world.admin.user.id, tokenHash: hashSecret(newSecret()) },
    expiresAt: new Date(Date.now() + 86_400_000),
  };
  await write(gateway(), (set) => set.insert('invitations', row));
  return { world, id: row.id };
}

describe('my invitations', () => {
  it('are those that wait for my address in any case, from all organizations, the latest first', async () => {
    const person = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    const at = (day: number) => new Date(Date.UTC(2030, 0, day));
    const { email } = person.user;
    const second = await inviteTo(email.toUpperCase(), at(2));
    const third = await inviteTo(email, at(3));
    const first = await inviteTo(email.replace('@example', '@Example'), at(1));
    await inviteTo(`other-${email}`);
    const found = await mine(person);
    expect(found).toEqual([third, second, first].map(({ id }) => ({ id, status: 'PENDING' })));
  });

  it('are none before the address is proven, since anybody can claim one', async () => {
    const person = await anInvited(gateway(), await aWorld(gateway()));
    expect(await mine(person)).toEqual([]);
    await verified(gateway(), person);
    expect(await idsOf(person)).toEqual([person.invitationId]);
  });

  it('are only those that can still be answered', async () => {
    const person = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    const { email } = person.user;
    const made = [];
    for (let count = 0; count < 4; count += 1) made.push(await inviteTo(email));
    const [accepted, declined, revoked, expired] = made as [(typeof made)[0], ...typeof made];
    expect(await idsOf(person)).toHaveLength(4);
    await acceptAs(person, { invitationId: accepted.id });
    await decline(person, { invitationId: declined!.id });
    await managed(revoked!.world, 'revokeInvitation', revoked!.id);
    await expire(gateway(), expired!.world, expired!.id);
    expect(await mine(person)).toEqual([]);
  });

  it('are none of an organization that is suspended or deleted', async () => {
    const person = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    const [suspended, deleted] = [await inviteTo(person.user.email), await inviteTo(person.user.email)];
    const { id, slug } = deleted.world.organization;
    await write(gateway(), (set) => {
      set.update('organizations', { id: suspended.world.organization.id, status: 'SUSPENDED' });
    });
    const input = { organizationId: id, confirmSlug: slug };
    await deleted.world.admin.send(mutation('deleteOrganization'), { input });
    expect(await mine(person)).toEqual([]);
    await answersAlike((invitationId) => acceptAs(person, { invitationId }), deleted.id);
    await answersAlike((invitationId) => decline(person, { invitationId }), suspended.id);
  });

  it('say who invites to what, as what and into which teams', async () => {
    const world = await aWorld(gateway());
    const teamIds = [await world.team('Blue'), await world.team('Red')];
    const person = await aVerified(world, { role: 'developer', teamIds });
    const found = await mine(
      person,
      `{ myInvitations {
        id email status expiresAt sentAt sendCount createdAt
        organization { id name slug description logoUrl timezone plan isPersonal createdAt }
        role { id key name permissions } teams { id name } invitedBy { id fullName }
      } }`,
    );
    expect(found).toMatchObject([
      {
        id: person.invitationId,
        email: person.user.email,
        organization: { id: world.organization.id, name: 'Acme', slug: world.organization.slug },
        role: { key: 'developer', name: 'Developer' },
        teams: [
          { id: teamIds[0], name: 'Blue' },
          { id: teamIds[1], name: 'Red' },
        ],
        invitedBy: { id: world.admin.user.id, fullName: world.admin.user.fullName },
      },
    ]);
  });

  it.each([
    'organization { members { totalCount } }',
    'organization { memberCount }',
    'organization { teams { totalCount } }',
    'organization { roles { key } }',
    'organization { invitations { totalCount } }',
    'organization { workspaces { totalCount } }',
    'organization { apiKeys { totalCount } }',
    'organization { auditEvents { totalCount } }',
    'organization { limits { used } }',
    'role { memberCount }',
    'teams { members { totalCount } }',
    'teams { organization { id } }',
  ])('lead nowhere else in the organization: %s', async (fields) => {
    const world = await aWorld(gateway());
    const person = await aVerified(world, { teamIds: [await world.team('Red', world.admin)] });
    const answer = await person.send(`{ myInvitations { ${fields} } }`);
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']);
  });

  it('lead to nothing by the id of the organization', async () => {
    const world = await aWorld(gateway());
    const person = await aVerified(world);
    const one = 'query ($id: ID!) { organization(id: $id) { id name } }';
    await answersAlike((id) => person.send(one, { id }), world.organization.id);
  });

  it('are refused to whoever is not signed in', async () => {
    expect(codeOf(await nobody(gateway()).send(asked))).toBe('UNAUTHENTICATED');
  });
});

describe('accepting an invitation by its id', () => {
  it('makes a member in the offered role and the teams of whoever has proven the address', async () => {
    const world = await aWorld(gateway());
    const teamId = await world.team('Red');
    const person = await aVerified(world, { role: 'developer', teamIds: [teamId] });
    await write(gateway(), (set) => {
      set.update('users', { id: person.user.id, email: person.user.email.toUpperCase() });
    });
    const { data, errors } = await acceptAs(person, { invitationId: person.invitationId });
    expect(errors).toBeUndefined();
    expect(data.acceptInvitation.member).toMatchObject({ role: { key: 'developer' }, teams: [{ id: teamId }] });
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events.at(-1)).toMatchObject({ action: 'INVITATION_ACCEPTED', actorUserId: person.user.id });
  });

  it('is refused while the address is not proven, but its secret proves it', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const before = await tracesIn(gateway(), world.organization.id);
    const answer = await acceptAs(person, { invitationId: person.invitationId });
    expect(reasonOf(answer)).toEqual(['FORBIDDEN', 'EMAIL_NOT_VERIFIED']);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect((await person.send('{ me { emailVerified } }')).data).toEqual({ me: { emailVerified: false } });
    const { data } = await accept(person, person.secret);
    expect(data.acceptInvitation.member.user.emailVerified).toBe(true);
  });

  it('is refused to everybody else as if there were none, and stays open to the person', async () => {
    const world = await aWorld(gateway());
    const person = await aVerified(world);
    const other = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    await verified(gateway(), world.admin);
    await answersAlike((invitationId) => acceptAs(other, { invitationId }), person.invitationId);
    await answersAlike((invitationId) => acceptAs(world.admin, { invitationId }), person.invitationId);
    expect(codeOf(await acceptAs(nobody(gateway()), { invitationId: person.invitationId }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await acceptAs(person, { invitationId: person.invitationId }))).toBeUndefined();
  });

  it('is checked like any other: whoever invited has to be able to, still', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'lead', rank: 50, permissions: ['users.invite', 'users.read'] });
    const inviter = await world.join('administrator');
    const person = await aVerified(world, { role: 'developer', by: inviter });
    const input = { organizationId: world.organization.id, memberId: inviter.memberId, role: 'lead' };
    await inviter.send(mutation('updateMemberRole'), { input });
    const answer: Answer<unknown> = await acceptAs(person, { invitationId: person.invitationId });
    refusedAs(answer, 'INVALIDATED');
    expect((await rowOf(gateway(), world, person.invitationId)).status).toBe('INVALIDATED');
    expect(await mine(person)).toEqual([]);
  });
});
