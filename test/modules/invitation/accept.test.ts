import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Person, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { customRole, leadRole, setMemberStatus } from '../states.js';
import { Accept, accept, anInvited, expire, type Invited } from './inviting.js';

const gateway = useGateway();

const run = (caller: Person, name: string, input: object) =>
  caller.send(
    `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
    { input },
  );

async function isMember({ organization }: World, { user }: Person): Promise<boolean> {
  const where = { organizationId: organization.id, userId: user.id };
  return (await gateway().services.db.prisma.member.count({ where })) === 1;
}

/** Expects the acceptance to be refused because of what has become of the invitation, and to make nobody a member. */
async function notPending(world: World, person: Invited, status: string): Promise<void> {
  const answer = await accept(person, person.secret);
  expect(codeOf(answer)).toBe('INVITATION_NOT_PENDING');
  expect(answer.errors![0]!.extensions.status).toBe(status);
  expect(await isMember(world, person)).toBe(false);
}

describe('accepting an invitation', () => {
  it('makes the person a member in the offered role, and of the teams', async () => {
    const world = await aWorld(gateway());
    const teamIds = [await world.team('Red'), await world.team('Blue')];
    const person = await anInvited(gateway(), world, { role: 'developer', teamIds });
    const { data, errors } = await accept(person, person.secret);
    expect(errors).toBeUndefined();
    const { member } = data.acceptInvitation;
    expect(member).toMatchObject({
      status: 'ACTIVE',
      user: { id: person.user.id },
      role: { key: 'developer' },
      invitedBy: { id: world.admin.user.id },
      organization: { id: world.organization.id, memberCount: 2 },
    });
    expect(member.teams.map(({ id }) => id).sort()).toEqual(teamIds.sort());
    const answer = await person.send('query ($id: ID!) { organization(id: $id) { viewerRole { key } } }', {
      id: world.organization.id,
    });
    expect(answer.data).toEqual({ organization: { viewerRole: { key: 'developer' } } });
  });

  it('proves the e-mail address', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const me = '{ me { emailVerified } }';
    expect((await person.send(me)).data).toEqual({ me: { emailVerified: false } });
    const { data } = await accept(person, person.secret);
    expect(data.acceptInvitation.member.user.emailVerified).toBe(true);
    expect((await person.send(me)).data).toEqual({ me: { emailVerified: true } });
  });

  it('is recorded once, as an act of the person', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    await accept(person, person.secret);
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({
      actorType: 'USER',
      actorUserId: person.user.id,
      action: 'INVITATION_ACCEPTED',
      targetType: 'INVITATION',
      targetId: person.invitationId,
      changes: { status: { before: 'PENDING', after: 'ACCEPTED' } },
    });
  });

  it('once more answers with the same membership and changes nothing', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const first = (await accept(person, person.secret)).data.acceptInvitation.member;
    const before = await tracesIn(gateway(), world.organization.id);
    const { data, errors } = await accept(person, person.secret);
    expect(errors).toBeUndefined();
    expect(data.acceptInvitation.member).toEqual(first);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('does not bring back a person who has left or was removed', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const memberId = (await accept(person, person.secret)).data.acceptInvitation.member.id;
    await run(world.admin, 'removeMember', { organizationId: world.organization.id, memberId });
    await notPending(world, person, 'ACCEPTED');
  });

  it('is refused to whoever is not signed in, secret or not', async () => {
    const world = await aWorld(gateway());
    const { secret } = await anInvited(gateway(), world);
    for (const token of [secret, 'x'.repeat(43)]) {
      expect(codeOf(await nobody(gateway()).send(Accept, { input: { token } }))).toBe('UNAUTHENTICATED');
    }
  });

  it('is refused for a secret that no invitation has', async () => {
    const person = await aPerson(gateway());
    for (const secret of ['x', 'x'.repeat(43), person.refreshToken]) {
      expect(codeOf(await accept(person, secret))).toBe('NOT_FOUND');
    }
    expect(pathsIn(await accept(person, ''))).toEqual(['input.token']);
  });

  it('is refused to everybody else, even with the secret, and stays open to the person', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const other of [await aPerson(gateway()), world.admin, await aPerson(gateway(), { isSuperAdmin: true })]) {
      const answer = await accept(other, person.secret);
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.reason).toBe('EMAIL_MISMATCH');
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
    const after = await accept(await aPerson(gateway()), person.secret);
    expect(codeOf(after)).toBe('FORBIDDEN');
  });

  it('compares addresses without regard to case', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const email = person.user.email.toUpperCase();
    await write(gateway(), (set) => set.update('users', { id: person.user.id, email }));
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
  });

  it('is refused after its time, and leaves no trace', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    await expire(gateway(), world, person.invitationId);
    const before = await tracesIn(gateway(), world.organization.id);
    await notPending(world, person, 'EXPIRED');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('is refused once the organization is deleted, as if there had been none', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const { id, slug } = world.organization;
    await run(world.admin, 'deleteOrganization', { organizationId: id, confirmSlug: slug });
    await answersAlike((secret) => accept(person, secret), person.secret);
  });

  it('leaves out a team that was deleted meanwhile', async () => {
    const world = await aWorld(gateway());
    const [red, blue] = [await world.team('Red'), await world.team('Blue')];
    const person = await anInvited(gateway(), world, { teamIds: [red, blue] });
    await write(gateway(), (set) => set.delete('teams', { organizationId: world.organization.id, id: red }));
    const { data } = await accept(person, person.secret);
    expect(data.acceptInvitation.member.teams).toEqual([{ id: blue }]);
  });

  it('keeps the role of a person who has become a member meanwhile', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world, { role: 'administrator' });
    const organizationId = world.organization.id;
    await run(world.admin, 'addMember', { organizationId, userId: person.user.id, role: 'viewer' });
    const { data, errors } = await accept(person, person.secret);
    expect(errors).toBeUndefined();
    expect(data.acceptInvitation.member.role.key).toBe('viewer');
    expect(data.acceptInvitation.member.organization.memberCount).toBe(2);
  });

  it('does not lift a suspension', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const member = (await accept(person, person.secret)).data.acceptInvitation.member;
    await setMemberStatus(gateway(), world, { ...person, memberId: member.id }, 'SUSPENDED');
    await accept(person, person.secret);
    const answer = await person.send('query ($id: ID!) { organization(id: $id) { id } }', {
      id: world.organization.id,
    });
    expect(codeOf(answer)).toBe('FORBIDDEN');
  });
});

describe('an invitation whose inviter', () => {
  /** Expects the invitation to be void for good, with one event that says so. */
  async function invalidated(world: World, person: Invited): Promise<void> {
    const { events } = await tracesIn(gateway(), world.organization.id);
    await notPending(world, person, 'INVALIDATED');
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toEqual([
      ...events,
      {
        actorType: 'USER',
        actorUserId: person.user.id,
        action: 'INVITATION_INVALIDATED',
        targetType: 'INVITATION',
        targetId: person.invitationId,
        changes: { status: { before: 'PENDING', after: 'INVALIDATED' } },
      },
    ]);
    await notPending(world, person, 'INVALIDATED');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  }

  async function anInviter(role = 'administrator') {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const inviter = await world.join(role);
    const person = await anInvited(gateway(), world, { role: 'member', by: inviter });
    return { world, inviter, person, organizationId: world.organization.id };
  }

  it('may no longer invite is void', async () => {
    const { world, inviter, person, organizationId } = await anInviter('lead');
    await run(world.admin, 'updateMemberRole', { organizationId, memberId: inviter.memberId, role: 'member' });
    await invalidated(world, person);
  });

  it('was removed is void', async () => {
    const { world, inviter, person, organizationId } = await anInviter('lead');
    await run(world.admin, 'removeMember', { organizationId, memberId: inviter.memberId });
    await invalidated(world, person);
  });

  it('has left is void', async () => {
    const { world, inviter, person, organizationId } = await anInviter();
    await run(inviter, 'removeMember', { organizationId, memberId: inviter.memberId });
    await invalidated(world, person);
  });

  it('is suspended in the organization is void', async () => {
    const { world, inviter, person } = await anInviter();
    await setMemberStatus(gateway(), world, inviter, 'SUSPENDED');
    await invalidated(world, person);
  });

  it('is suspended on the platform is void', async () => {
    const { world, inviter, person } = await anInviter();
    await write(gateway(), (set) => set.update('users', { id: inviter.user.id, status: 'SUSPENDED' }));
    await invalidated(world, person);
  });

  it('could no longer give that role is void, even if still inviting', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    const inviter = await world.join('administrator');
    const organizationId = world.organization.id;
    const person = await anInvited(gateway(), world, { role: 'billing_manager', by: inviter });
    const other = await anInvited(gateway(), world, { role: 'member', by: inviter });
    await run(inviter, 'updateMemberRole', { organizationId, memberId: inviter.memberId, role: 'lead' });
    await invalidated(world, person);
    expect(codeOf(await accept(other, other.secret))).toBeUndefined();
  });

  it('is exceeded by what the role has come to grant is void', async () => {
    const { world, person } = await anInviter('lead');
    await customRole(gateway(), world, { key: 'member', rank: 20, permissions: ['billing.update'] });
    await invalidated(world, person);
  });

  it('was a super admin holds while that person is one', async () => {
    const world = await aWorld(gateway());
    const by = await aPerson(gateway(), { isSuperAdmin: true });
    const first = await anInvited(gateway(), world, { role: 'administrator', by });
    const second = await anInvited(gateway(), world, { role: 'administrator', by });
    expect(codeOf(await accept(first, first.secret))).toBeUndefined();
    await write(gateway(), (set) => set.update('users', { id: by.user.id, isSuperAdmin: false }));
    await invalidated(world, second);
  });
});
