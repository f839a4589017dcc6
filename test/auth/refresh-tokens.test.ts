import { describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/platform/password.js';
import { hashSecret } from '../../src/platform/secret.js';
import { type Answer, codeOf, send } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson, aWorld, type Person, write } from '../support/world.js';
import { contentOf, me } from './forging.js';

const gateway = useGateway();
const elsewhere = useOwnGateway();

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

const fields = 'session { accessToken refreshToken expiresAt }';
const refreshSession = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${fields} } }`;
const switchOrganization = `mutation ($input: SwitchOrganizationInput!) { switchOrganization(input: $input) { ${fields} } }`;

const refresh = (refreshToken: string): Promise<Answer<{ refreshSession: { session: Tokens } }>> =>
  send(gateway().url, refreshSession, { input: { refreshToken } });

async function refreshed(refreshToken: string): Promise<Tokens> {
  const { data, errors } = await refresh(refreshToken);
  expect(errors).toBeUndefined();
  return data.refreshSession.session;
}

const sessionOf = (person: Pick<Person, 'accessToken'>) =>
  gateway().services.db.prisma.session.findUniqueOrThrow({
    where: { id: String(contentOf(person).claims.sid) },
    include: { refreshTokens: true },
  });

/** Nothing of the session works any more: neither what was handed out last nor what came before. */
async function expectDead(...tokens: Tokens[]): Promise<void> {
  for (const { accessToken, refreshToken } of tokens) {
    expect(codeOf(await me(gateway(), accessToken))).toBe('UNAUTHENTICATED');
    expect(codeOf(await refresh(refreshToken))).toBe('UNAUTHENTICATED');
  }
}

describe('rotation', () => {
  it('uses each token up, and leaves one that was not used', async () => {
    const person = await aPerson(gateway());
    const chain: Tokens[] = [person];
    for (let round = 0; round < 4; round += 1) chain.push(await refreshed(chain.at(-1)!.refreshToken));
    const { refreshTokens, revokedAt } = await sessionOf(person);
    expect(revokedAt).toBeNull();
    expect(refreshTokens).toHaveLength(5);
    const unused = refreshTokens.filter(({ usedAt }) => usedAt === null);
    expect(unused.map(({ hash }) => Buffer.from(hash))).toEqual([Buffer.from(hashSecret(chain.at(-1)!.refreshToken))]);
  });

  it('keeps the session, its user and its beginning', async () => {
    const person = await aPerson(gateway());
    const next = await refreshed(person.refreshToken);
    const [before, after] = [contentOf(person).claims, contentOf(next).claims];
    expect([after.sid, after.sub, after.iss, after.aud]).toEqual([before.sid, before.sub, before.iss, before.aud]);
  });

  it('does not move the end of the session, and goes on until then', async () => {
    const person = await aPerson(gateway());
    const { id, expiresAt } = await sessionOf(person);
    const days = (expiresAt.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
    let last = await refreshed(person.refreshToken);
    expect((await sessionOf(person)).expiresAt).toEqual(expiresAt);

    const soon = new Date(Date.now() + 60_000);
    await write(gateway(), (set) => set.update('sessions', { id, expiresAt: soon }));
    for (let round = 0; round < 3; round += 1) last = await refreshed(last.refreshToken);
    expect((await sessionOf(person)).expiresAt).toEqual(soon);
    // The access token would live for longer than the session does.
    expect(Number(contentOf(last).claims.exp) * 1000).toBeGreaterThan(soon.getTime());

    await write(gateway(), (set) => set.update('sessions', { id, expiresAt: new Date() }));
    await expectDead(last);
  });
});

describe('reuse', () => {
  it.each([0, 1, 2, 3])('of the token number %d ends the session, however long ago it was', async (reused) => {
    const person = await aPerson(gateway());
    const chain: Tokens[] = [person];
    for (let round = 0; round < 4; round += 1) chain.push(await refreshed(chain.at(-1)!.refreshToken));
    expect(codeOf(await refresh(chain[reused]!.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await sessionOf(person)).revokedAt).not.toBeNull();
    await expectDead(...chain.reverse());
  });

  it('ends the session of a thief who was quicker, as soon as the owner comes', async () => {
    const owner = await aPerson(gateway());
    const thief = await refreshed(owner.refreshToken);
    expect((await me(gateway(), thief.accessToken)).data.me).toEqual({ id: owner.user.id });
    expect(codeOf(await refresh(owner.refreshToken))).toBe('UNAUTHENTICATED');
    await expectDead(thief, owner);
  });

  it('ends the session of a thief who was slower, and makes no child', async () => {
    const owner = await aPerson(gateway());
    const next = await refreshed(owner.refreshToken);
    expect(codeOf(await refresh(owner.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await sessionOf(owner)).refreshTokens).toHaveLength(2);
    await expectDead(next);
  });

  it('of a token from before another organization was chosen ends the session, too', async () => {
    const { organization, admin } = await aWorld(gateway());
    const answer = await admin.send<{ switchOrganization: { session: Tokens } }, object>(switchOrganization, {
      input: { organizationId: organization.id },
    });
    const { session } = answer.data.switchOrganization;
    const next = await refreshed(session.refreshToken);
    expect(codeOf(await refresh(admin.refreshToken))).toBe('UNAUTHENTICATED');
    await expectDead(session, next);
  });

  it('does not lengthen the life of a session that is over, or change when it ended', async () => {
    const person = await aPerson(gateway());
    await refreshed(person.refreshToken);
    await refresh(person.refreshToken);
    const { revokedAt } = await sessionOf(person);
    await refresh(person.refreshToken);
    expect((await sessionOf(person)).revokedAt).toEqual(revokedAt);
  });

  it('ends no other session of the user', async () => {
    const [person, other] = [await aPerson(gateway()), await aPerson(gateway())];
    const { id } = await sessionOf(other);
    await write(gateway(), (set) => set.update('sessions', { id, userId: person.user.id }));
    await refreshed(person.refreshToken);
    expect(codeOf(await refresh(person.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await me(gateway(), other.accessToken)).data.me).toEqual({ id: person.user.id });
    expect((await refreshed(other.refreshToken)).refreshToken).toMatch(/^[\w-]{43}$/);
  });
});

describe('a refresh token is refused', () => {
  it.each(['SUSPENDED', 'DELETED'] as const)('while its user is %s, and also afterwards', async (status) => {
    const person = await aPerson(gateway());
    const { id } = person.user;
    await write(gateway(), (set) => set.update('users', { id, status }));
    expect(codeOf(await refresh(person.refreshToken))).toBe('UNAUTHENTICATED');
    expect((await sessionOf(person)).refreshTokens).toHaveLength(1);
    await write(gateway(), (set) => set.update('users', { id, status: 'ACTIVE' }));
    await expectDead(person);
  });

  it('after a change of the password', async () => {
    const person = await aPerson(gateway());
    const passwordHash = await hashPassword('correct horse');
    await write(gateway(), (set) => set.update('users', { id: person.user.id, passwordHash }));
    const input = { currentPassword: 'correct horse', newPassword: 'correct horse battery' };
    const document = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${fields} } }`;
    const answer = await person.send<{ changePassword: { session: Tokens } }, object>(document, { input });
    await expectDead(person);
    const { session } = answer.data.changePassword;
    const { accessToken } = await refreshed(session.refreshToken);
    expect((await me(gateway(), accessToken)).data.me).toEqual({ id: person.user.id });
  });

  it('of another gateway', async () => {
    const stranger = await aPerson(elsewhere());
    expect(codeOf(await refresh(stranger.refreshToken))).toBe('UNAUTHENTICATED');
    const answer = await send(elsewhere().url, refreshSession, { input: { refreshToken: stranger.refreshToken } });
    expect(codeOf(answer)).toBeUndefined();
  });

  it('in any other spelling, and what the database holds of it is none', async () => {
    const { accessToken, refreshToken } = await aPerson(gateway());
    const hash = Buffer.from(hashSecret(refreshToken));
    const bytes = Buffer.from(refreshToken, 'base64url');
    const spellings = [
      ...[`${refreshToken}=`, `${refreshToken}A`, refreshToken.slice(0, -1), refreshToken.toUpperCase()],
      ...[hash.toString('hex'), `\\x${hash.toString('hex')}`, hash.toString('base64url')],
      ...[bytes.toString('hex'), `${bytes.toString('base64')}`, `%${refreshToken}`],
    ];
    for (const spelling of spellings) expect(codeOf(await refresh(spelling)), spelling).toBe('UNAUTHENTICATED');
    expect(codeOf(await me(gateway(), accessToken))).toBeUndefined();
    expect((await refreshed(refreshToken)).refreshToken).not.toBe(refreshToken);
  });

  it('as an access token, and as an API key', async () => {
    const { refreshToken } = await aPerson(gateway());
    expect(codeOf(await me(gateway(), refreshToken))).toBe('UNAUTHENTICATED');
    for (const key of [refreshToken, `tnt_${refreshToken}`]) {
      const answer = await send(gateway().url, '{ me { id } }', {}, { 'x-api-key': key });
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
      expect(answer.status).toBe(401);
    }
  });
});
