import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { write } from '../../support/world.js';
import { accountsOf, anAddress, as, goodPassword, linkTo, neitherRefused, rowOf, subjectsTo } from './accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);
const { signUp, aVerified, verifyEmail, requestVerification, refusals, login } = people;

const notValid = 'The link is not valid, or no longer. Ask for another one.';

/** Somebody who has signed up, and the secret that was mailed then. */
async function aNewcomer() {
  const account = await signUp();
  return { ...account, secret: await linkTo('verify-email', account.email) };
}

const isVerified = async (user: { id: string }) => (await rowOf(gateway(), user)).emailVerifiedAt !== null;

describe('proving an address', () => {
  it('with the session of the account keeps password and sessions', async () => {
    const { email, session, user, secret } = await aNewcomer();
    const other = (await login(email)).data.login.session;
    const { data, errors } = await verifyEmail(secret, session);
    expect(errors).toBeUndefined();
    expect(data.verifyEmail.user).toMatchObject({ id: user.id, email, emailVerified: true });
    for (const kept of [session, other]) expect(await refusals(kept)).toEqual(neitherRefused);
    expect((await login(email)).data.login.user).toMatchObject({ id: user.id, emailVerified: true });
    expect(await subjectsTo(gateway(), email)).toEqual(['Verify your e-mail address']);
  });

  it('works once', async () => {
    const { session, secret } = await aNewcomer();
    expect(codeOf(await verifyEmail(secret, session))).toBeUndefined();
    const again = await verifyEmail(secret, session);
    expect([codeOf(again), again.errors![0]!.message]).toEqual(['NOT_FOUND', notValid]);
  });

  it('works exactly once of twenty times at once', async () => {
    const { session, secret } = await aNewcomer();
    const answers = await Promise.all(Array.from({ length: 20 }, () => verifyEmail(secret, session)));
    const codes = answers.map(codeOf);
    expect(codes.filter((code) => code === undefined)).toHaveLength(1);
    expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(19);
  });

  it('is answered alike for every secret that does not do', async () => {
    const { email, session, user, secret } = await aNewcomer();
    await people.requestReset(email);
    const foreign = await linkTo('reset-password', email);
    const used = await aNewcomer();
    await verifyEmail(used.secret, used.session);
    const expired = await aNewcomer();
    await gateway().services.db.run(
      `UPDATE account_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1::uuid`,
      [expired.user.id],
    );
    const changed = `${secret[0] === 'A' ? 'B' : 'A'}${secret.slice(1)}`;
    const bad = [used.secret, expired.secret, foreign, secret.slice(0, -1), `${secret}A`, changed, 'x', 'x'.repeat(43)];
    const [first, ...others] = await Promise.all(bad.map((token) => verifyEmail(token, session)));
    expect(first!.errors).toMatchObject([{ message: notValid, extensions: { code: 'NOT_FOUND' } }]);
    for (const answer of others) expect(answer).toEqual(first);
    expect(await isVerified(user)).toBe(false);
    expect(codeOf(await verifyEmail(secret, session))).toBeUndefined();
  });

  it('works for a day', async () => {
    const { user } = await aNewcomer();
    const [row] = await gateway().services.db.prisma.accountToken.findMany({ where: { userId: user.id } });
    expect(row!.expiresAt.getTime() - row!.createdAt.getTime()).toBeGreaterThan(86_400_000 - 60_000);
    expect(row!.expiresAt.getTime() - row!.createdAt.getTime()).toBeLessThan(86_400_000 + 60_000);
  });

  it('is impossible by a link to an address that the account has no longer', async () => {
    const { user, session, secret } = await aNewcomer();
    await write(gateway(), (set) => set.update('users', { id: user.id, email: anAddress() }));
    expect(codeOf(await verifyEmail(secret, session))).toBe('NOT_FOUND');
    expect(await isVerified(user)).toBe(false);
  });

  it('is impossible for an account that is suspended', async () => {
    const { user, secret } = await aNewcomer();
    await write(gateway(), (set) => set.update('users', { id: user.id, status: 'SUSPENDED' }));
    expect(codeOf(await verifyEmail(secret))).toBe('NOT_FOUND');
    expect(await isVerified(user)).toBe(false);
  });

  it('is refused with a session that has ended, which the secret survives', async () => {
    const { user, session, secret } = await aNewcomer();
    await write(gateway(), (set) => set.updateWhere('sessions', { userId: user.id }, { revokedAt: new Date() }));
    expect(codeOf(await verifyEmail(secret, session))).toBe('UNAUTHENTICATED');
    expect(await isVerified(user)).toBe(false);
    const renewed = (await login(user.email)).data.login.session;
    expect(codeOf(await verifyEmail(secret, renewed))).toBeUndefined();
  });
});

describe('asking for the link once more', () => {
  it('mails another one, and either works', async () => {
    const { email, session, secret } = await aNewcomer();
    expect((await requestVerification(session)).data).toEqual({ requestEmailVerification: { ok: true } });
    const second = await linkTo('verify-email', email, 2);
    expect(second).not.toBe(secret);
    expect(codeOf(await verifyEmail(second, session))).toBeUndefined();
    expect(codeOf(await login(email, goodPassword))).toBeUndefined();
  });

  it('mails nothing for an address that is proven already', async () => {
    const { email, session } = await aVerified();
    expect((await requestVerification(session)).data).toEqual({ requestEmailVerification: { ok: true } });
    expect(await subjectsTo(gateway(), email)).toEqual(['Verify your e-mail address']);
  });

  it('is for whoever is signed in', async () => {
    expect(codeOf(await requestVerification({ accessToken: '', refreshToken: '' }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await people.me(as((await signUp()).session)))).toBeUndefined();
  });
});
