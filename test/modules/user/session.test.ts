import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { hashPassword } from '../../../src/platform/password.js';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type Person, sessionIdOf, write } from '../../support/world.js';
import { nobody } from '../adversaries.js';

const gateway = useGateway();

const Login = graphql(`
  mutation SessionTest_Login($input: LoginInput!) {
    login(input: $input) { session { accessToken refreshToken } user { id } }
  }
`);

const Refresh = graphql(`
  mutation SessionTest_Refresh($input: RefreshSessionInput!) {
    refreshSession(input: $input) { session { accessToken refreshToken tokenType expiresAt } }
  }
`);

const Logout = graphql(`
  mutation SessionTest_Logout($input: LogoutInput!) { logout(input: $input) { ok } }
`);

const password = 'correct horse';

async function withPassword(given: Partial<Person['user']> & { password?: string } = {}): Promise<Person> {
  const { password: own = password, ...fields } = given;
  const person = await aPerson(gateway(), fields);
  const passwordHash = await hashPassword(own);
  await write(gateway(), (set) => set.update('users', { id: person.user.id, passwordHash }));
  return person;
}

const login = (email: string, given = password) =>
  send(gateway().url, Login, { input: { email, password: given } }, {});

const refresh = (refreshToken: string) => send(gateway().url, Refresh, { input: { refreshToken } });

const me = (accessToken: string) =>
  send<{ me: { id: string } }, object>(gateway().url, '{ me { id } }', {}, { authorization: `Bearer ${accessToken}` });

async function anotherSessionOf({ user }: Person) {
  return (await login(user.email)).data.login.session;
}

describe('signing in', () => {
  it('takes the address in any case', async () => {
    const { user } = await withPassword({ email: `Ada.${randomUUID()}@Example.com` });
    const { data, errors } = await login(user.email.toLowerCase());
    expect(errors).toBeUndefined();
    expect(data.login.user.id).toBe(user.id);
    expect((await me(data.login.session.accessToken)).data.me.id).toBe(user.id);
  });

  it('takes the password however the keyboard composes its letters', async () => {
    const { user } = await withPassword({ password: 'Zürich-Genève'.normalize('NFC') });
    expect(codeOf(await login(user.email, 'Zürich-Genève'.normalize('NFD')))).toBeUndefined();
  });

  it('answers alike for a wrong password, an unknown address and an account without a password', async () => {
    const { user } = await withPassword();
    const wrong = await login(user.email, 'correct mouse');
    expect(codeOf(wrong)).toBe('UNAUTHENTICATED');
    expect(await login(`${randomUUID()}@example.com`)).toEqual(wrong);
    expect(await login((await aPerson(gateway())).user.email)).toEqual(wrong);
  });

  it('is refused to a suspended user just like a wrong password', async () => {
    const { user } = await withPassword();
    const wrong = await login(user.email, 'correct mouse');
    await write(gateway(), (set) => set.update('users', { id: user.id, status: 'SUSPENDED' }));
    expect(await login(user.email)).toEqual(wrong);
  });
});

describe('an access token', () => {
  it('is never mistaken for nobody when it is bad', async () => {
    const { accessToken } = await aPerson(gateway());
    const [header, payload, signature] = accessToken.split('.') as [string, string, string];
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(accessToken), sub: randomUUID() })).toString('base64url');
    const bad = ['', 'x', `${unsigned}.${payload}.`, `${header}.${forged}.${signature}`, `${header}.${payload}.AA`];
    for (const token of bad) {
      const answer = await me(token);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
      expect(answer.status).toBe(401);
    }
    const input = { email: 'ada@example.com', password };
    const answer = await send(gateway().url, Login, { input }, { authorization: 'Bearer x' });
    expect(answer.status).toBe(401);
  });

  it('is refused together with an API key', async () => {
    const { accessToken, send: sendAs } = await aPerson(gateway());
    const answer = await sendAs('{ me { id } }', {}, { 'x-api-key': accessToken });
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    expect(answer.status).toBe(401);
  });

  it('ends with its session', async () => {
    const person = await aPerson(gateway());
    const id = sessionIdOf(person);
    await write(gateway(), (set) => set.update('sessions', { id, expiresAt: new Date(Date.now() - 1) }));
    const answer = await me(person.accessToken);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    expect(answer.status).toBe(401);
    expect(codeOf(await refresh(person.refreshToken))).toBe('UNAUTHENTICATED');
  });

  it('stops to count once its user is suspended', async () => {
    const { user, accessToken, refreshToken } = await aPerson(gateway());
    await write(gateway(), (set) => set.update('users', { id: user.id, status: 'SUSPENDED' }));
    expect(codeOf(await me(accessToken))).toBe('UNAUTHENTICATED');
    expect(codeOf(await refresh(refreshToken))).toBe('UNAUTHENTICATED');
  });
});

describe('refreshing', () => {
  it('gives new tokens that work, as often as one comes with the latest', async () => {
    const person = await aPerson(gateway());
    const seen = new Set([person.refreshToken]);
    let { refreshToken } = person;
    for (let round = 0; round < 3; round += 1) {
      const { data, errors } = await refresh(refreshToken);
      expect(errors).toBeUndefined();
      const { session } = data.refreshSession;
      expect(session.tokenType).toBe('Bearer');
      expect((await me(session.accessToken)).data.me.id).toBe(person.user.id);
      expect(seen).not.toContain(session.refreshToken);
      seen.add(session.refreshToken);
      refreshToken = session.refreshToken;
    }
    expect(codeOf(await me(person.accessToken))).toBeUndefined();
  });

  it('with a used token ends the whole family, and no other session', async () => {
    const person = await withPassword();
    const other = await anotherSessionOf(person);
    const second = (await refresh(person.refreshToken)).data.refreshSession.session;
    const third = (await refresh(second.refreshToken)).data.refreshSession.session;

    expect(codeOf(await refresh(person.refreshToken))).toBe('UNAUTHENTICATED');

    expect(codeOf(await refresh(third.refreshToken))).toBe('UNAUTHENTICATED');
    for (const { accessToken } of [person, second, third]) {
      expect(codeOf(await me(accessToken))).toBe('UNAUTHENTICATED');
    }
    expect(codeOf(await me(other.accessToken))).toBeUndefined();
    expect(codeOf(await refresh(other.refreshToken))).toBeUndefined();
  });

  it('with an unknown token is refused, and ends nothing', async () => {
    const { accessToken, refreshToken } = await aPerson(gateway());
    expect(codeOf(await refresh('x'.repeat(43)))).toBe('UNAUTHENTICATED');
    expect(codeOf(await refresh(accessToken))).toBe('UNAUTHENTICATED');
    expect(codeOf(await me(accessToken))).toBeUndefined();
    expect(codeOf(await refresh(refreshToken))).toBeUndefined();
  });

  it('keeps only the hashes of refresh tokens', async () => {
    const { accessToken, refreshToken } = await aPerson(gateway());
    const rows = await gateway().services.db.prisma.refreshToken.findMany({
      where: { sessionId: sessionIdOf({ accessToken }) },
    });
    expect(rows).toHaveLength(1);
    expect(Buffer.from(rows[0]!.hash).toString()).not.toContain(refreshToken);
    expect(rows[0]!.hash).toHaveLength(32);
  });
});

describe('signing out', () => {
  it('counts from the next request on, for this session only', async () => {
    const person = await withPassword();
    const other = await anotherSessionOf(person);
    expect((await person.send(Logout, { input: {} })).data.logout.ok).toBe(true);
    const answer = await me(person.accessToken);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    expect(answer.status).toBe(401);
    expect(codeOf(await refresh(person.refreshToken))).toBe('UNAUTHENTICATED');
    expect(codeOf(await me(other.accessToken))).toBeUndefined();
  });

  it('everywhere ends all sessions of the user, and nobody else’s', async () => {
    const person = await withPassword();
    const other = await anotherSessionOf(person);
    const bystander = await aPerson(gateway());
    await person.send(Logout, { input: { everywhere: true } });
    for (const session of [person, other]) {
      expect(codeOf(await me(session.accessToken))).toBe('UNAUTHENTICATED');
      expect(codeOf(await refresh(session.refreshToken))).toBe('UNAUTHENTICATED');
    }
    expect(codeOf(await me(bystander.accessToken))).toBeUndefined();
    expect(codeOf(await login(person.user.email))).toBeUndefined();
  });

  it('is refused to nobody, and the second time', async () => {
    expect(codeOf(await nobody(gateway()).send(Logout, { input: {} }))).toBe('UNAUTHENTICATED');
    const person = await aPerson(gateway());
    await person.send(Logout, { input: {} });
    expect(codeOf(await person.send(Logout, { input: {} }))).toBe('UNAUTHENTICATED');
  });

  it('closes what anybody may do, too, until the credential is left out', async () => {
    const { admin } = await aWorld(gateway());
    await admin.send(Logout, { input: { everywhere: false } });
    const answer = await admin.send('{ invitationByToken(token: "x") { email } }');
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    expect(answer.status).toBe(401);
    expect(codeOf(await nobody(gateway()).send('{ invitationByToken(token: "x") { email } }'))).toBe('NOT_FOUND');
  });
});
