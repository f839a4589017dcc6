import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { createLog } from '../../src/platform/log.js';
import { hashPassword } from '../../src/platform/password.js';
import { codeOf, send } from '../support/client.js';
import { testConfig, useGateway } from '../support/gateway.js';
import { aPerson, aWorld, type Person, write } from '../support/world.js';
import { contentOf, me } from './forging.js';

const gateway = useGateway();

/** A second one on the same database, with tokens of its own to remember. */
let replica: Gateway;
beforeAll(async () => {
  replica = await startGateway(testConfig(), createLog('silent'));
});
afterAll(() => replica?.stop());

const password = 'correct horse';

const changePassword =
  'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { session { accessToken } } }';
const login = 'mutation ($input: LoginInput!) { login(input: $input) { session { accessToken } } }';
const logout = 'mutation ($input: LogoutInput!) { logout(input: $input) { ok } }';
const setStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { status } } }';

const on = ({ url }: Gateway, document: string, input: object, accessToken?: string) =>
  send(url, document, { input }, accessToken ? { authorization: `Bearer ${accessToken}` } : {});

/** Somebody whose token both gateways have verified, and remember. */
async function known(given: Partial<Person['user']> = {}): Promise<Person & { sessionId: string }> {
  const person = await aPerson(gateway(), given);
  const passwordHash = await hashPassword(password);
  await write(gateway(), (set) => set.update('users', { id: person.user.id, passwordHash }));
  for (const where of [gateway(), replica, gateway(), replica]) {
    expect((await me(where, person.accessToken)).data.me).toEqual({ id: person.user.id });
  }
  return { ...person, sessionId: String(contentOf(person).claims.sid) };
}

/** The very same token is refused from the next request on, on both gateways, without its signature being looked at. */
async function expectEnded({ accessToken }: Person): Promise<void> {
  const verify = vi.spyOn(crypto.subtle, 'verify');
  try {
    for (const where of [replica, gateway(), replica]) {
      const answer = await me(where, accessToken);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
      expect(answer.status).toBe(401);
      expect(answer.data ?? null).toBeNull();
      expect(codeOf(await on(where, logout, {}, accessToken))).toBe('UNAUTHENTICATED');
      expect(codeOf(await send(where.url, '{ organizations { totalCount } }', {}, bearer(accessToken)))).toBe(
        'UNAUTHENTICATED',
      );
    }
    expect(verify).not.toHaveBeenCalled();
  } finally {
    verify.mockRestore();
  }
}

const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });

async function anotherSessionOf({ user }: Person): Promise<string> {
  const answer = await on(gateway(), login, { email: user.email, password });
  return (answer.data as { login: { session: { accessToken: string } } }).login.session.accessToken;
}

describe('an access token that was good a moment ago is refused on every gateway', () => {
  it('after its session was logged out of', async () => {
    const person = await known();
    expect(codeOf(await on(gateway(), logout, {}, person.accessToken))).toBeUndefined();
    await expectEnded(person);
  });

  it('after its user has logged out everywhere with another session', async () => {
    const person = await known();
    const other = await anotherSessionOf(person);
    expect(codeOf(await on(gateway(), logout, { everywhere: true }, other))).toBeUndefined();
    await expectEnded(person);
  });

  it('after its user has changed the password with another session', async () => {
    const person = await known();
    const other = await anotherSessionOf(person);
    const input = { currentPassword: password, newPassword: 'correct horse battery' };
    const answer = await on(gateway(), changePassword, input, other);
    expect(codeOf(answer)).toBeUndefined();
    await expectEnded(person);
    expect(codeOf(await me(gateway(), other))).toBe('UNAUTHENTICATED');
    const { session } = (answer.data as { changePassword: { session: { accessToken: string } } }).changePassword;
    expect((await me(replica, session.accessToken)).data.me).toEqual({ id: person.user.id });
  });

  it('after the password was changed with the token itself', async () => {
    const person = await known();
    const input = { currentPassword: password, newPassword: 'correct horse battery' };
    expect(codeOf(await on(gateway(), changePassword, input, person.accessToken))).toBeUndefined();
    await expectEnded(person);
  });

  it.each(['SUSPENDED', 'DELETED'])('after its user was made %s', async (status) => {
    const person = await known();
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const input = { userId: person.user.id, status };
    expect(codeOf(await on(gateway(), setStatus, input, superAdmin.accessToken))).toBeUndefined();
    await expectEnded(person);
  });

  it('after its user was suspended, even when the account is active again', async () => {
    const person = await known();
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    for (const status of ['SUSPENDED', 'ACTIVE']) {
      await on(gateway(), setStatus, { userId: person.user.id, status }, superAdmin.accessToken);
    }
    await expectEnded(person);
  });

  it('while the row of its user says so, however that came about', async () => {
    const person = await known();
    const { id } = person.user;
    await write(gateway(), (set) => set.update('users', { id, status: 'SUSPENDED' }));
    await expectEnded(person);
  });

  it('after the row of its session is gone', async () => {
    const person = await known();
    await gateway().services.db.prisma.session.delete({ where: { id: person.sessionId } });
    await expectEnded(person);
  });

  it('after the row of its user is gone', async () => {
    const person = await known();
    await gateway().services.db.prisma.user.delete({ where: { id: person.user.id } });
    await expectEnded(person);
  });

  it('after its session has reached its end', async () => {
    const person = await known();
    const expiresAt = new Date(Date.now() - 1);
    await write(gateway(), (set) => set.update('sessions', { id: person.sessionId, expiresAt }));
    await expectEnded(person);
  });
});

it('a token is of the user to whom the session belongs at that moment', async () => {
  const [person, heir] = [await known(), await aPerson(gateway())];
  await write(gateway(), (set) => set.update('sessions', { id: person.sessionId, userId: heir.user.id }));
  for (const where of [replica, gateway()]) {
    expect((await me(where, person.accessToken)).data.me).toEqual({ id: heir.user.id });
  }
});

describe('what the holder of a remembered token may do', () => {
  const people = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';

  /** An administrator whose requests both gateways have answered before. */
  async function administrator() {
    const world = await aWorld(gateway());
    const member = await world.join('administrator');
    const { id } = world.organization;
    const ask = async () => {
      const answers = [];
      for (const { url } of [replica, gateway()]) {
        answers.push(codeOf(await send(url, people, { id }, bearer(member.accessToken))));
      }
      return answers;
    };
    expect(await ask()).toEqual([undefined, undefined]);
    const change = async (fields: Record<string, unknown>) => {
      await write(gateway(), (set) => set.update('members', { organizationId: id, id: member.memberId, ...fields }));
    };
    return { world, member, ask, change };
  }

  it('ends with the suspension of the membership, and comes back with it', async () => {
    const { ask, change } = await administrator();
    await change({ status: 'SUSPENDED' });
    expect(await ask()).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    await change({ status: 'ACTIVE' });
    expect(await ask()).toEqual([undefined, undefined]);
  });

  it('ends with a lesser role', async () => {
    const { world, ask, change } = await administrator();
    await change({ roleId: world.roles.viewer });
    expect(await ask()).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  it('ends with the membership', async () => {
    const { world, member, ask } = await administrator();
    const remove = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId } }';
    const input = { organizationId: world.organization.id, memberId: member.memberId };
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await on(gateway(), remove, input, superAdmin.accessToken))).toBeUndefined();
    expect(await ask()).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  it('ends with the organization', async () => {
    const { world, ask } = await administrator();
    const { id } = world.organization;
    await write(gateway(), (set) => set.update('organizations', { id, status: 'DELETED', deletedAt: new Date() }));
    expect(await ask()).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });
});
