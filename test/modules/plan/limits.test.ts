import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Answer, codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { tracesIn } from '../audit.js';
import { mutation } from '../invitation/answering.js';
import { accept, anInvited, expire, Invite } from '../invitation/inviting.js';
import { secretMailedTo } from '../mailbox.js';
import { setMemberStatus } from '../states.js';
import { aPlan, limitReached, limitsOf, putOn, toPlan } from './limits.js';

const gateway = useGateway({
  plans: [
    aPlan('roomy'),
    aPlan('small', { members: 3, pendingInvitations: 2, teams: 2, workspaces: 2, apiKeys: 2 }),
    aPlan('tiny', { members: 1, pendingInvitations: 1, teams: 1, workspaces: 1, apiKeys: 1 }),
  ],
});

/** One more of something, and one less. */
interface Taking {
  /** How much of it a new organization has. */
  first: number;
  take(world: World): Promise<Answer<unknown>>;
  /** Takes one away that `take` has brought. */
  free(world: World, answer: Answer<unknown>): Promise<Answer<unknown>>;
}

const does = ({ admin, organization }: World, name: string, input: object, payload?: string) =>
  admin.send(mutation(name, payload), { input: { organizationId: organization.id, ...input } });

const anAddress = () => `${randomUUID()}@example.net`;

/** The id at the end of an answer. */
function idIn({ data }: Answer<unknown>): string {
  const [payload] = Object.values(data as Record<string, Record<string, { id: string }>>);
  return Object.values(payload!)[0]!.id;
}

const taking: Record<string, Taking> = {
  members: {
    first: 1,
    async take(world) {
      const { user } = await aPerson(gateway());
      return does(world, 'addMember', { userId: user.id, role: 'viewer' }, 'member { id }');
    },
    free: (world, answer) => does(world, 'removeMember', { memberId: idIn(answer) }),
  },
  pendingInvitations: {
    first: 0,
    take: (world) => does(world, 'inviteMember', { email: anAddress(), role: 'viewer' }, 'invitation { id }'),
    free: (world, answer) => does(world, 'revokeInvitation', { invitationId: idIn(answer) }),
  },
  teams: {
    first: 0,
    take: (world) => does(world, 'createTeam', { name: 'Red' }, 'team { id }'),
    free: (world, answer) => does(world, 'deleteTeam', { teamId: idIn(answer) }),
  },
  workspaces: {
    first: 1,
    take: (world) => does(world, 'createWorkspace', { name: 'Lab' }, 'workspace { id }'),
    free: (world, answer) => does(world, 'deleteWorkspace', { workspaceId: idIn(answer) }),
  },
  apiKeys: {
    first: 0,
    take: (world) => does(world, 'createApiKey', { name: 'Key', scopes: ['organizations:read'] }, 'apiKey { id }'),
    free: (world, answer) => does(world, 'deleteApiKey', { apiKeyId: idIn(answer) }),
  },
};

const usedOf = async (world: World, name: string) => (await limitsOf(world)).find((limit) => limit.name === name)!.used;

/** Brings an organization's plan about, and takes all that it allows of something. */
async function filled(name: string, plan = 'small'): Promise<{ world: World; taken: Answer<unknown>[]; most: number }> {
  const world = await aWorld(gateway());
  await putOn(gateway(), world, plan);
  const most = (await limitsOf(world)).find((limit) => limit.name === name)!.maximum!;
  const taken: Answer<unknown>[] = [];
  for (let used = taking[name]!.first; used < most; used += 1) {
    const answer = await taking[name]!.take(world);
    expect(codeOf(answer)).toBeUndefined();
    taken.push(answer);
  }
  return { world, taken, most };
}

describe.each(Object.entries(taking))('the limit of %s', (name, { take, free }) => {
  it('lets the last place be taken, and not one more, which leaves no trace', async () => {
    const { world, most } = await filled(name);
    expect(await usedOf(world, name)).toBe(most);
    const before = await tracesIn(gateway(), world.organization.id);
    for (let round = 0; round < 2; round += 1) limitReached(await take(world), name, most);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(await usedOf(world, name)).toBe(most);
  });

  it('has a place again for each that goes', async () => {
    const { world, taken, most } = await filled(name);
    expect(codeOf(await free(world, taken[0]!))).toBeUndefined();
    expect(codeOf(await take(world))).toBeUndefined();
    limitReached(await take(world), name, most);
  });

  it('is another one with another plan: a larger one gives room, a smaller one takes nothing away', async () => {
    const { world, taken, most } = await filled(name);
    await toPlan(world, 'roomy');
    const more = await take(world);
    expect(codeOf(more)).toBeUndefined();
    const { data } = await toPlan(world, 'tiny');
    expect(data.updateOrganizationPlan.organization.limits).toContainEqual({ name, used: most + 1, maximum: 1 });
    limitReached(await take(world), name, 1, most + 1);
    const extra = [...taken, more];
    let used = most + 1;
    for (const one of extra) {
      expect(codeOf(await free(world, one))).toBeUndefined();
      used -= 1;
      if (used >= 1) limitReached(await take(world), name, 1, used);
    }
    if (used < 1) expect(codeOf(await take(world))).toBeUndefined();
    expect(await usedOf(world, name)).toBe(1);
  });

  it('is taken by twenty at once no further than it goes', async () => {
    const world = await aWorld(gateway());
    await putOn(gateway(), world, 'small');
    const { first } = taking[name]!;
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(world)));
    const most = (await limitsOf(world)).find((limit) => limit.name === name)!.maximum!;
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(most - first);
    for (const answer of answers) if (answer.errors) limitReached(answer, name, most);
    expect(await usedOf(world, name)).toBe(most);
  });
});

describe('the limit of members', () => {
  it('holds for whoever accepts an invitation, which stays pending and can be accepted when a place is free', async () => {
    const { world, taken, most } = await filled('members');
    const person = await anInvited(gateway(), world);
    const before = await tracesIn(gateway(), world.organization.id);
    limitReached(await accept(person, person.secret), 'members', most);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect((await person.send('{ me { emailVerified } }')).data).toEqual({ me: { emailVerified: false } });
    await taking.members!.free(world, taken[0]!);
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
    // Who is a member already takes no place more.
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
    expect(await usedOf(world, 'members')).toBe(most);
  });

  it('does not keep a member from accepting: that takes no place', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    await does(world, 'addMember', { userId: person.user.id, role: 'viewer' });
    await putOn(gateway(), world, 'tiny');
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
  });

  it('holds for whoever signs up with an invitation: there is no account, and the invitation waits', async () => {
    const { world, taken, most } = await filled('members');
    const email = anAddress();
    const { data } = await world.admin.send(Invite, {
      input: { organizationId: world.organization.id, email, role: 'member' },
    });
    const input = {
      email,
      password: 'correct horse battery',
      fullName: 'Ada',
      invitationToken: await secretMailedTo(email),
    };
    const register = () => send(gateway().url, mutation('register', 'member { id }'), { input });
    const before = await tracesIn(gateway(), world.organization.id);
    limitReached(await register(), 'members', most);
    const { prisma } = gateway().services.db;
    expect(await prisma.user.count({ where: { email } })).toBe(0);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    const where = { organizationId_id: { organizationId: world.organization.id, id: data.inviteMember.invitation.id } };
    expect((await prisma.invitation.findUniqueOrThrow({ where })).status).toBe('PENDING');
    await taking.members!.free(world, taken[0]!);
    expect(codeOf(await register())).toBeUndefined();
    expect(await prisma.user.count({ where: { email } })).toBe(1);
  });

  it('holds for whoever is moved in from another organization, and who stays there then', async () => {
    const { world, taken, most } = await filled('members');
    const source = await aWorld(gateway());
    const member = await source.join('member');
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const input = {
      ...{ organizationId: source.organization.id, memberId: member.memberId },
      targetOrganizationId: world.organization.id,
    };
    const move = () => superAdmin.send(mutation('updateMember'), { input });
    limitReached(await move(), 'members', most);
    expect(await usedOf(source, 'members')).toBe(2);
    await taking.members!.free(world, taken[0]!);
    expect(codeOf(await move())).toBeUndefined();
    expect([await usedOf(source, 'members'), await usedOf(world, 'members')]).toEqual([1, most]);
  });

  it('counts those who are suspended', async () => {
    const world = await aWorld(gateway());
    await putOn(gateway(), world, 'small');
    for (let count = 0; count < 2; count += 1) {
      await setMemberStatus(gateway(), world, await world.join('member'), 'SUSPENDED');
    }
    limitReached(await taking.members!.take(world), 'members', 3);
  });
});

describe('the limit of pending invitations', () => {
  it('counts neither those that are answered nor those whose time is over', async () => {
    const { world, taken, most } = await filled('pendingInvitations');
    await expire(gateway(), world, idIn(taken[0]!));
    expect(await usedOf(world, 'pendingInvitations')).toBe(most - 1);
    const person = await anInvited(gateway(), world);
    limitReached(await taking.pendingInvitations!.take(world), 'pendingInvitations', most);
    await accept(person, person.secret);
    expect(codeOf(await taking.pendingInvitations!.take(world))).toBeUndefined();
  });

  it('lets the first of several be invited, and tells the others', async () => {
    const world = await aWorld(gateway());
    await putOn(gateway(), world, 'small');
    const invitations = [1, 2, 3, 4].map(() => ({ email: anAddress(), role: 'viewer' }));
    const answer = await does(
      world,
      'inviteMembers',
      { invitations },
      'results { invitation { id } error { code facts } }',
    );
    const { results } = (answer.data as { inviteMembers: { results: { error: object | null }[] } }).inviteMembers;
    const full = {
      code: 'CONFLICT',
      facts: { reason: 'LIMIT_REACHED', limit: 'pendingInvitations', used: 2, maximum: 2 },
    };
    expect(results.map(({ error }) => error)).toEqual([null, null, full, full]);
    expect(await usedOf(world, 'pendingInvitations')).toBe(2);
  });
});
