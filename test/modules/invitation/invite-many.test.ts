import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { hashSecret, newSecret } from '../../../src/platform/secret.js';
import { type Answer, codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World, write } from '../../support/world.js';
import { type Caller, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { mailTo, secretMailedTo } from '../mailbox.js';
import { leadRole } from '../states.js';
import { subjectsTo } from '../user/accounts.js';
import { mutation } from './answering.js';
import { accept, expire, Invite } from './inviting.js';

const gateway = useGateway();

const InviteMany = mutation(
  'inviteMembers',
  `results {
    email
    invitation { id email status role { key } teams { id } invitedBy { id } }
    error { code message facts issues { path message } }
  }`,
);

interface Result {
  email: string;
  invitation: { id: string; email: string; status: string; role: { key: string }; teams: { id: string }[] } | null;
  error: {
    code: string;
    message: string;
    facts: Record<string, unknown>;
    issues: { path: string; message: string }[];
  } | null;
}

type Invitee = { email: string; role?: string; teamIds?: string[] | null };

const anAddress = () => `${randomUUID()}@example.net`;

function ask({ organization, admin }: World, invitees: Invitee[], by: Caller = admin) {
  const invitations = invitees.map((invitee) => ({ role: 'member', ...invitee }));
  const input = { organizationId: organization.id, invitations };
  return by.send<{ inviteMembers: { results: Result[] } }, object>(InviteMany, { input });
}

async function inviteAll(world: World, invitees: Invitee[], by?: Caller): Promise<Result[]> {
  const { data, errors } = await ask(world, invitees, by);
  expect(errors).toBeUndefined();
  const { results } = data.inviteMembers;
  expect(results.map(({ email }) => email)).toEqual(invitees.map(({ email }) => email));
  // Each is either the one or the other.
  for (const { invitation, error } of results) expect(invitation === null).toBe(error !== null);
  return results;
}

const told = ({ error }: Result) => error && [error.code, ...(error.facts.reason ? [error.facts.reason] : [])];

/** How many invitations an organization has, whatever has become of them. */
const countIn = ({ organization }: World) =>
  gateway().services.db.prisma.invitation.count({ where: { organizationId: organization.id } });

describe('inviting several people at once', () => {
  itIsRefusedToOthers(gateway, 'users.invite', async () => {
    const invitations = [{ email: anAddress(), role: 'viewer' }];
    return (caller, organizationId) => caller.send(InviteMany, { input: { organizationId, invitations } });
  });

  it('invites each as if alone, in order, with a mail and a record of its own', async () => {
    const world = await aWorld(gateway());
    const [red, blue] = [await world.team('Red'), await world.team('Blue')];
    const person = await aPerson(gateway());
    const invitees = [
      { email: person.user.email, role: 'developer', teamIds: [red, red.toUpperCase(), blue] },
      { email: anAddress(), role: 'viewer', teamIds: null },
      { email: anAddress(), role: 'administrator', teamIds: [] },
    ];
    const results = await inviteAll(world, invitees);
    expect(results.map(({ invitation }) => invitation)).toMatchObject([
      { email: invitees[0]!.email, status: 'PENDING', role: { key: 'developer' }, teams: [{ id: blue }, { id: red }] },
      { email: invitees[1]!.email, status: 'PENDING', role: { key: 'viewer' }, teams: [] },
      { email: invitees[2]!.email, status: 'PENDING', role: { key: 'administrator' }, teams: [] },
    ]);
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events).toEqual(
      results.map(({ invitation }, index) => ({
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'INVITATION_SENT',
        targetType: 'INVITATION',
        targetId: invitation!.id,
        changes: {
          email: { before: null, after: invitees[index]!.email },
          role: { before: null, after: invitees[index]!.role },
          teamIds: { before: [], after: index === 0 ? [red, blue] : [] },
        },
      })),
    );
    const secrets = [];
    for (const { email } of invitees) {
      expect(await mailTo(email)).toHaveLength(1);
      secrets.push(await secretMailedTo(email));
    }
    expect(new Set(secrets).size).toBe(3);
    const { data } = await accept(person, secrets[0]!);
    expect(data.acceptInvitation.member.teams).toHaveLength(2);
  });

  it('tells of each what is wrong with it, which does not keep the others from being invited', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await leadRole(gateway(), world);
    const lead = await world.join('lead');
    const member = await world.join('viewer');
    const pending = anAddress();
    const input = { organizationId: world.organization.id, email: pending, role: 'member' };
    const { data } = await world.admin.send(Invite, { input });
    const [first, last] = [anAddress(), anAddress()];
    const theirs = await other.team('Theirs');
    const invitees: Invitee[] = [
      { email: first },
      { email: 'nobody' },
      { email: anAddress(), role: 'ghost' },
      { email: anAddress(), role: 'administrator' },
      { email: member.user.email.toUpperCase() },
      { email: pending.toUpperCase() },
      { email: first.toUpperCase(), role: 'viewer' },
      { email: anAddress(), teamIds: [theirs] },
      { email: anAddress(), role: 'No Role', teamIds: ['x'] },
      { email: last },
    ];
    const results = await inviteAll(world, invitees, lead);
    expect(results.map(told)).toEqual([
      null,
      ['BAD_USER_INPUT'],
      ['NOT_FOUND'],
      ['ROLE_CEILING'],
      ['CONFLICT', 'ALREADY_MEMBER'],
      ['CONFLICT', 'ALREADY_INVITED'],
      ['CONFLICT', 'ALREADY_INVITED'],
      ['NOT_FOUND'],
      ['BAD_USER_INPUT'],
      null,
    ]);
    const paths = results.map(({ error }) => error?.issues.map(({ path }) => path) ?? []);
    expect(paths[1]).toEqual(['input.invitations.1.email']);
    expect(paths[8]!.sort()).toEqual(['input.invitations.8.role', 'input.invitations.8.teamIds.0']);
    expect(paths.filter((_, index) => index !== 1 && index !== 8).flat()).toEqual([]);
    expect(results[3]!.error!.facts.missingPermissions).toContain('organization.delete');
    expect(results[5]!.error!.facts.invitationId).toBe(data.inviteMember.invitation.id);
    expect(results[6]!.error!.facts.invitationId).toBe(results[0]!.invitation!.id);
    for (const { error } of results) if (error) expect(error.message).not.toBe('');

    expect(await countIn(world)).toBe(3);
    const sent = (await eventsOf(gateway(), world.organization.id)).slice(1);
    expect(sent.map(({ targetId }) => targetId)).toEqual([results[0]!.invitation!.id, results[9]!.invitation!.id]);
    for (const { email } of invitees) {
      const mails = [first, last].includes(email) ? 1 : 0;
      expect({ email, mails: (await subjectsTo(gateway(), email)).length }).toEqual({ email, mails });
    }
  });

  it('says what inviting one of them alone would say', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('viewer');
    for (const invitee of [
      { email: member.user.email, role: 'member' },
      { email: anAddress(), role: 'ghost' },
      { email: anAddress(), role: 'member', teamIds: [newId()] },
    ]) {
      const input = { organizationId: world.organization.id, ...invitee };
      const { message, extensions } = (await world.admin.send(Invite, { input })).errors![0]!;
      const [{ error }] = (await inviteAll(world, [invitee])) as [Result];
      expect({ ...error!.facts, code: error!.code, message: error!.message }).toMatchObject({ message });
      for (const [name, value] of Object.entries({ ...error!.facts, code: error!.code })) {
        expect(extensions[name]).toEqual(value);
      }
    }
  });

  it('changes nothing if nobody can be invited', async () => {
    const world = await aWorld(gateway());
    const before = await tracesIn(gateway(), world.organization.id);
    const results = await inviteAll(world, [{ email: 'nobody' }, { email: anAddress(), role: 'ghost' }]);
    expect(results.map(told)).toEqual([['BAD_USER_INPUT'], ['NOT_FOUND']]);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('takes 1 to 100', async () => {
    const world = await aWorld(gateway());
    const many = (size: number) => Array.from({ length: size }, () => ({ email: anAddress() }));
    for (const size of [0, 101]) expect(pathsIn(await ask(world, many(size)))).toEqual(['input.invitations']);
    expect(await countIn(world)).toBe(0);
    const results = await inviteAll(world, many(100));
    expect(results.filter(({ error }) => error)).toEqual([]);
    expect(await countIn(world)).toBe(100);
  });

  it('lets those make way whose time is over', async () => {
    const world = await aWorld(gateway());
    const invitees = [{ email: anAddress() }, { email: anAddress() }];
    const first = await inviteAll(world, invitees);
    await expire(gateway(), world, first[0]!.invitation!.id);
    const again = await inviteAll(world, [{ email: invitees[0]!.email.toUpperCase() }, invitees[1]!]);
    expect(again.map(told)).toEqual([null, ['CONFLICT', 'ALREADY_INVITED']]);
    const statuses = await gateway().services.db.prisma.invitation.findMany({
      where: { organizationId: world.organization.id },
      orderBy: { id: 'asc' },
    });
    expect(statuses.map(({ status }) => status)).toEqual(['EXPIRED', 'PENDING', 'PENDING']);
  });
});

describe('several invitations of which one cannot be written', () => {
  it('are not written at all', async () => {
    const world = await aWorld(gateway());
    const { organization, roles, admin } = world;
    const invitees = Array.from({ length: 3 }, () => ({ email: anAddress() }));
    const before = await tracesIn(gateway(), organization.id);
    const { db } = gateway().services;
    const commit = db.write;
    // Somebody slips in between the decision and the writing, past the version of the organization.
    const slippedIn = vi.spyOn(db, 'write').mockImplementation(async (text, values) => {
      if (text.includes('INSERT INTO invitations')) {
        slippedIn.mockRestore();
        await write(gateway(), (set) =>
          set.insert('invitations', {
            ...{ organizationId: organization.id, id: newId(), email: invitees[2]!.email, roleId: roles.member! },
            ...{ invitedById: admin.user.id, tokenHash: hashSecret(newSecret()) },
            expiresAt: new Date(Date.now() + 86_400_000),
          }),
        );
      }
      return commit.call(db, text, values) as never;
    });
    const answer: Answer<unknown> = await ask(world, invitees);
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(answer.errors![0]!.extensions.reason).toBe('ALREADY_INVITED');
    expect(await countIn(world)).toBe(1);
    expect(await tracesIn(gateway(), organization.id)).toEqual(before);
    for (const { email } of invitees) expect(await subjectsTo(gateway(), email)).toEqual([]);
    expect((await inviteAll(world, invitees)).map(told)).toEqual([null, null, ['CONFLICT', 'ALREADY_INVITED']]);
  });

  it('are decided anew if somebody else has invited one of them meanwhile', async () => {
    const world = await aWorld(gateway());
    const shared = anAddress();
    const lists = Array.from({ length: 8 }, () => [{ email: anAddress() }, { email: shared }, { email: anAddress() }]);
    const results = await Promise.all(lists.map((list) => inviteAll(world, list)));
    const [winner, ...more] = results.flatMap(([, middle]) => middle!.invitation ?? []);
    expect(more).toEqual([]);
    for (const [first, middle, last] of results as [Result, Result, Result][]) {
      expect([first, last].map(told)).toEqual([null, null]);
      if (middle.error) expect(middle.error.facts.invitationId).toBe(winner!.id);
    }
    expect(await countIn(world)).toBe(17);
    expect(await subjectsTo(gateway(), shared)).toHaveLength(1);
  });
});
