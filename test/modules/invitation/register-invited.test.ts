import { describe, expect, it } from 'vitest';
import { throttles } from '../../../src/auth/throttle.js';
import { newSecret } from '../../../src/platform/secret.js';
import { type Answer, codeOf, send, someNetwork } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { secretMailedTo } from '../mailbox.js';
import { customRole } from '../states.js';
import { accountsOf, anAddress, as, goodPassword, linkTo, subjectsTo, rowOf as userOf } from '../user/accounts.js';
import { guessInvitations } from '../user/guessing.js';
import { decline, deleteRole, managed, mutation, reasonOf, refusedAs, rowOf } from './answering.js';
import { expire, Invite } from './inviting.js';

const gateway = useGateway();
const people = accountsOf(gateway);

interface Registered {
  register: {
    session: { accessToken: string; refreshToken: string };
    user: { id: string; email: string; emailVerified: boolean };
    organization: { id: string; isPersonal: boolean };
    workspace: { isDefault: boolean };
    member: {
      id: string;
      status: string;
      organization: { id: string; memberCount: number };
      role: { key: string };
      teams: { id: string }[];
      user: { id: string };
      invitedBy: { id: string };
    } | null;
  };
}

const Register = mutation(
  'register',
  `session { accessToken refreshToken } user { id email emailVerified } organization { id isPersonal }
   workspace { isDefault }
   member { id status organization { id memberCount } role { key } teams { id } user { id } invitedBy { id } }`,
);

function register(email: string, invitationToken: string | null, more: object = {}, headers = someNetwork()) {
  const input = { email, password: goodPassword, fullName: 'Ada Lovelace', invitationToken, ...more };
  return send<Registered, object>(gateway().url, Register, { input }, headers);
}

interface Offer {
  email: string;
  id: string;
  token: string;
}

/** An invitation to an address that nobody has an account with, unless told otherwise. */
async function anOffer(world: World, given: { email?: string; role?: string; teamIds?: string[] } = {}, mails = 1) {
  const input = { organizationId: world.organization.id, email: anAddress(), role: 'member', ...given };
  const { data } = await world.admin.send(Invite, { input });
  const { id, email } = data.inviteMember.invitation;
  return { email, id, token: await secretMailedTo(email, mails) } satisfies Offer;
}

const usersWith = (email: string) =>
  gateway().services.db.prisma.user.count({ where: { email: { equals: email, mode: 'insensitive' } } });

/** Expects that it was refused so, that there is no account and nothing has changed, and that the invitation still waits. */
async function leavesNothing(world: World, { email, id }: Offer, attempt: () => Promise<Answer<unknown>>) {
  const before = await tracesIn(gateway(), world.organization.id);
  const answer = await attempt();
  expect(answer.errors).toHaveLength(1);
  expect(await usersWith(email)).toBe(0);
  expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  expect((await rowOf(gateway(), world, id)).status).toBe('PENDING');
  return answer;
}

describe('signing up with an invitation', () => {
  it('makes the account and the membership at once, with role, teams and a session', async () => {
    const world = await aWorld(gateway());
    const teamIds = [await world.team('Blue'), await world.team('Red')];
    const { email, token, id } = await anOffer(world, { role: 'developer', teamIds });
    const { data, errors } = await register(email, token);
    expect(errors).toBeUndefined();
    const { session, user, organization, workspace, member } = data.register;
    expect(user).toMatchObject({ email, emailVerified: true });
    expect({ organization, workspace }).toMatchObject({
      organization: { isPersonal: true },
      workspace: { isDefault: true },
    });
    expect(member).toMatchObject({
      status: 'ACTIVE',
      organization: { id: world.organization.id, memberCount: 2 },
      role: { key: 'developer' },
      user: { id: user.id },
      invitedBy: { id: world.admin.user.id },
    });
    expect(member!.teams.map((team) => team.id).sort()).toEqual([...teamIds].sort());
    const mine = '{ organizations { nodes { id viewerRole { key } } } }';
    const answer = await send<{ organizations: { nodes: { id: string }[] } }, object>(
      gateway().url,
      mine,
      {},
      as(session),
    );
    const ids = answer.data.organizations.nodes.map((node) => node.id).sort();
    expect(ids).toEqual([organization.id, world.organization.id].sort());
    expect((await people.login(email)).data.login.user.id).toBe(user.id);
    expect((await rowOf(gateway(), world, id)).status).toBe('ACCEPTED');
  });

  it('needs no further mail: the secret has proven the address, in whatever case it is written', async () => {
    const world = await aWorld(gateway());
    const { email, token } = await anOffer(world);
    const { data } = await register(email.toUpperCase(), token);
    expect(data.register.user).toMatchObject({ email: email.toUpperCase(), emailVerified: true });
    expect(await subjectsTo(gateway(), email)).toHaveLength(1);
    expect(await subjectsTo(gateway(), email.toUpperCase())).toEqual([]);
  });

  it('is recorded as an acceptance by the new user', async () => {
    const world = await aWorld(gateway());
    const { email, token, id } = await anOffer(world);
    const { user, member } = (await register(email, token)).data.register;
    expect((await eventsOf(gateway(), world.organization.id)).slice(1)).toEqual([
      {
        actorType: 'USER',
        actorUserId: user.id,
        action: 'INVITATION_ACCEPTED',
        targetType: 'INVITATION',
        targetId: id,
        changes: {
          status: { before: 'PENDING', after: 'ACCEPTED' },
          memberId: { before: null, after: member!.id },
          role: { before: null, after: 'member' },
          teamIds: { before: [], after: [] },
        },
      },
    ]);
  });

  it('without an invitation makes nobody a member', async () => {
    const { data, errors } = await register(anAddress(), null);
    expect(errors).toBeUndefined();
    expect(data.register).toMatchObject({ member: null, user: { emailVerified: false } });
  });

  it('is refused with a secret that no invitation has', async () => {
    const world = await aWorld(gateway());
    const offer = await anOffer(world);
    for (const token of [newSecret(), offer.token.slice(1), offer.id]) {
      expect(codeOf(await leavesNothing(world, offer, () => register(offer.email, token)))).toBe('NOT_FOUND');
    }
    expect(pathsIn(await register(offer.email, ''))).toEqual(['input.invitationToken']);
  });

  it('is refused with an invitation of somebody else', async () => {
    const world = await aWorld(gateway());
    const offer = await anOffer(world);
    const thief = anAddress();
    await leavesNothing(world, offer, () => register(thief, offer.token));
    expect(await usersWith(thief)).toBe(0);
  });

  it('is refused once the invitation is answered, taken back or over, and makes no account', async () => {
    const world = await aWorld(gateway());
    const [declined, revoked, expired] = [await anOffer(world), await anOffer(world), await anOffer(world)];
    await decline(nobody(gateway()), { token: declined.token });
    await managed(world, 'revokeInvitation', revoked.id);
    await expire(gateway(), world, expired.id);
    for (const [{ email, token }, status] of [
      [declined, 'DECLINED'],
      [revoked, 'REVOKED'],
      [expired, 'EXPIRED'],
    ] as const) {
      refusedAs(await register(email, token), status);
      expect(await usersWith(email)).toBe(0);
    }
    const used = await anOffer(world);
    expect(codeOf(await register(used.email, used.token))).toBeUndefined();
    refusedAs(await register(used.email, used.token), 'ACCEPTED');
    expect(await usersWith(used.email)).toBe(1);
  });

  it('is refused once the organization is deleted, as if there had been no invitation', async () => {
    const world = await aWorld(gateway());
    const { email, token } = await anOffer(world);
    const { id: organizationId, slug: confirmSlug } = world.organization;
    await world.admin.send(mutation('deleteOrganization'), { input: { organizationId, confirmSlug } });
    await answersAlike((secret) => register(email, secret), token);
    expect(await usersWith(email)).toBe(0);
  });

  it('makes no account if the role is gone, and the invitation is void for good', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: [] });
    const { email, token, id } = await anOffer(world, { role: 'guest' });
    await deleteRole(gateway(), world, 'guest');
    for (let round = 0; round < 2; round += 1) refusedAs(await register(email, token), 'INVALIDATED');
    expect(await usersWith(email)).toBe(0);
    expect((await rowOf(gateway(), world, id)).status).toBe('INVALIDATED');
    const events = (await eventsOf(gateway(), world.organization.id)).map(({ action }) => action);
    expect(events).toEqual(['INVITATION_SENT', 'INVITATION_INVALIDATED']);
  });

  it('leaves nothing behind if it fails otherwise, and then succeeds', async () => {
    const world = await aWorld(gateway());
    const offer = await anOffer(world);
    const username = `ada-${newSecret().slice(0, 8).replace(/\W/g, 'x')}x`;
    const { id } = (await people.signUp()).user;
    await write(gateway(), (set) => set.update('users', { id, username }));
    const attempt = (more: object) => () => register(offer.email, offer.token, more);
    const taken = await leavesNothing(world, offer, attempt({ username: username.toUpperCase() }));
    expect(reasonOf(taken)).toEqual(['CONFLICT', 'USERNAME_TAKEN']);
    const common = await leavesNothing(world, offer, attempt({ password: 'password1' }));
    expect(pathsIn(common)).toEqual(['input.password']);
    await write(gateway(), (set) => set.update('organizations', { id: world.organization.id, status: 'SUSPENDED' }));
    const suspended = await leavesNothing(world, offer, attempt({}));
    expect(reasonOf(suspended)).toEqual(['CONFLICT', 'ORGANIZATION_SUSPENDED']);
    await write(gateway(), (set) => set.update('organizations', { id: world.organization.id, status: 'ACTIVE' }));
    expect(codeOf(await attempt({})())).toBeUndefined();
  });

  it('happens once, however many try', async () => {
    const world = await aWorld(gateway());
    const { email, token } = await anOffer(world);
    const answers = await Promise.all([1, 2, 3, 4].map(() => register(email, token)));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    for (const { errors } of answers) {
      if (errors) expect(['CONFLICT', 'INVITATION_NOT_PENDING']).toContain(errors[0]!.extensions.code);
    }
    expect(await usersWith(email)).toBe(1);
  });
});

describe('signing up with an invitation over an account that is there', () => {
  it.each([
    ['verified', async () => people.aVerified()],
    ['not verified', async () => people.signUp()],
    [
      'suspended',
      async () => {
        const account = await people.aVerified();
        await write(gateway(), (set) => set.update('users', { id: account.user.id, status: 'SUSPENDED' }));
        return account;
      },
    ],
  ])('is refused and leaves it untouched: %s', async (_, make) => {
    const world = await aWorld(gateway());
    const account = await make();
    await linkTo('verify-email', account.email);
    const { token, id } = await anOffer(world, { email: account.email }, 2);
    const before = {
      user: await userOf(gateway(), account.user),
      traces: await tracesIn(gateway(), world.organization.id),
    };
    for (const email of [account.email, account.email.toUpperCase()]) {
      const answer = await register(email, token, { password: 'another password', fullName: 'Eve' });
      expect(reasonOf(answer)).toEqual(['CONFLICT', 'ACCOUNT_EXISTS']);
    }
    const after = {
      user: await userOf(gateway(), account.user),
      traces: await tracesIn(gateway(), world.organization.id),
    };
    expect(after).toEqual(before);
    expect(await usersWith(account.email)).toBe(1);
    expect((await rowOf(gateway(), world, id)).status).toBe('PENDING');
    expect(codeOf(await people.login(account.email, 'another password'))).toBe('UNAUTHENTICATED');
  });
});

describe('signing up with an invitation again and again', () => {
  const { account } = throttles.registration;

  it('is counted like any signing up with that address, right or wrong', async () => {
    const world = await aWorld(gateway());
    const { email, token } = await anOffer(world);
    for (let attempt = 0; attempt < account.points; attempt += 1) {
      expect(codeOf(await register(email, newSecret()))).toBe('NOT_FOUND');
    }
    const answer = await register(email, token);
    expect(codeOf(answer)).toBe('RATE_LIMITED');
    expect(answer.errors![0]!.extensions.retryAfter).toBeGreaterThan(0);
    expect(codeOf(await register(email, null))).toBe('RATE_LIMITED');
    expect(await usersWith(email)).toBe(0);
  });

  it('guesses no more secrets from one network than by any other way', async () => {
    const { points } = throttles.guess.network;
    const headers = someNetwork();
    await guessInvitations(gateway(), headers, points - 3);
    const codes = [];
    for (let guess = 0; guess < 4; guess += 1) {
      codes.push(codeOf(await register(anAddress(), newSecret(), {}, headers)));
    }
    expect(codes).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'RATE_LIMITED']);
  });
});
