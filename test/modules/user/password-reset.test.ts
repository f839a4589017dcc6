import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, write } from '../../support/world.js';
import { mailTo } from '../mailbox.js';
import {
  accountsOf,
  anAddress,
  bothRefused,
  goodPassword,
  linkTo,
  neitherRefused,
  rowOf,
  subjectsTo,
} from './accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);
const { requestReset, resetPassword, login, aVerified, refusals } = people;

const chosen = 'a new password';
const notValid = 'The link is not valid, or no longer. Ask for another one.';

/** The secret of a new link for somebody. */
async function aLink({ email }: { email: string }, links = 1): Promise<string> {
  await requestReset(email);
  return linkTo('reset-password', email, links);
}

describe('asking for a new password', () => {
  it('is answered alike for an account, an unknown address and a suspended account', async () => {
    const [account, suspended] = [await aVerified(), await aVerified()];
    await write(gateway(), (set) => set.update('users', { id: suspended.user.id, status: 'SUSPENDED' }));
    const answer = await requestReset(account.email);
    expect(answer).toEqual({ status: 200, data: { requestPasswordReset: { ok: true } }, errors: undefined });
    expect(await requestReset(anAddress())).toEqual(answer);
    expect(await requestReset(suspended.email)).toEqual(answer);
  });

  it('brings a mail to an account that may sign in, and to nobody else', async () => {
    const [account, suspended, unknown] = [await aVerified(), await aVerified(), anAddress()];
    await write(gateway(), (set) => set.update('users', { id: suspended.user.id, status: 'SUSPENDED' }));
    for (const email of [account.email, suspended.email, unknown]) await requestReset(email.toUpperCase());
    const verify = 'Verify your e-mail address';
    expect(await subjectsTo(gateway(), account.email)).toEqual([verify, 'Choose a new password']);
    expect(await subjectsTo(gateway(), suspended.email)).toEqual([verify]);
    for (const address of [unknown, unknown.toUpperCase()]) expect(await subjectsTo(gateway(), address)).toEqual([]);
  });

  it('changes nothing before the link is used', async () => {
    const account = await aVerified();
    await aLink(account);
    expect(await refusals(account.session)).toEqual(neitherRefused);
    expect(codeOf(await login(account.email))).toBeUndefined();
  });
});

describe('choosing a new password by a link', () => {
  it('ends all sessions and signs in (R8)', async () => {
    const account = await aVerified();
    const other = (await login(account.email)).data.login.session;
    const { data, errors } = await resetPassword(await aLink(account), chosen);
    expect(errors).toBeUndefined();
    expect(data.resetPassword.user.id).toBe(account.user.id);
    for (const ended of [account.session, other]) expect(await refusals(ended)).toEqual(bothRefused);
    expect(await refusals(data.resetPassword.session)).toEqual(neitherRefused);
    expect((await login(account.email, chosen)).data.login.user.id).toBe(account.user.id);
    expect(codeOf(await login(account.email, goodPassword))).toBe('UNAUTHENTICATED');
  });

  it('works once, and makes all other links of the account worthless', async () => {
    const account = await aVerified();
    const first = await aLink(account);
    const second = await aLink(account, 2);
    const verification = await linkTo('verify-email', account.email);
    expect(codeOf(await resetPassword(second, chosen))).toBeUndefined();
    for (const secret of [first, second]) {
      expect(codeOf(await resetPassword(secret, 'a third password'))).toBe('NOT_FOUND');
    }
    expect(codeOf(await people.verifyEmail(verification))).toBe('NOT_FOUND');
    expect(codeOf(await login(account.email, chosen))).toBeUndefined();
  });

  it('works exactly once of twenty times at once', async () => {
    const account = await aVerified();
    const secret = await aLink(account);
    const tries = Array.from({ length: 20 }, (_, index) => resetPassword(secret, `new password ${index}`));
    const codes = (await Promise.all(tries)).map(codeOf);
    expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(19);
    const winner = codes.indexOf(undefined);
    expect(codeOf(await login(account.email, `new password ${winner}`))).toBeUndefined();
    expect(
      await gateway().services.db.prisma.session.count({ where: { userId: account.user.id, revokedAt: null } }),
    ).toBe(2);
  });

  it('is answered alike for every secret that does not do', async () => {
    const account = await aVerified();
    const secret = await aLink(account);
    const expired = await aVerified();
    const late = await aLink(expired);
    const used = await aLink(await aVerified());
    await resetPassword(used, chosen);
    await gateway().services.db.run(
      `UPDATE account_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1::uuid`,
      [expired.user.id],
    );
    const foreign = await linkTo('verify-email', account.email);
    const changed = `${secret[0] === 'A' ? 'B' : 'A'}${secret.slice(1)}`;
    const bad = [used, late, foreign, secret.slice(0, -1), changed, 'x'.repeat(43)];
    const [first, ...others] = await Promise.all(bad.map((token) => resetPassword(token, chosen)));
    expect(first!.errors).toMatchObject([{ message: notValid, extensions: { code: 'NOT_FOUND' } }]);
    for (const answer of others) expect(answer).toEqual(first);
    for (const { email } of [account, expired]) expect(codeOf(await login(email))).toBeUndefined();
  });

  it('is possible for an hour', async () => {
    const { email, user } = await aVerified();
    await aLink({ email });
    const [row] = await gateway().services.db.prisma.accountToken.findMany({
      where: { userId: user.id, purpose: 'RESET_PASSWORD' },
    });
    const minutes = (row!.expiresAt.getTime() - row!.createdAt.getTime()) / 60_000;
    expect(minutes).toBeGreaterThan(59);
    expect(minutes).toBeLessThan(61);
    const mail = (await mailTo(email, 2)).at(-1)!;
    expect(mail.text).toContain(`${row!.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  });

  it('keeps the API keys of an account whose address was proven before', async () => {
    const account = await aVerified();
    const key = await people.anApiKey(account);
    await resetPassword(await aLink(account), chosen);
    expect((await people.me(key)).data.me.id).toBe(account.user.id);
  });

  it('gives a first password to an account without one, and proves its address', async () => {
    const { user } = await aPerson(gateway());
    const { data } = await resetPassword(await aLink(user), chosen);
    expect(data.resetPassword.user).toMatchObject({ id: user.id, emailVerified: true });
    expect((await rowOf(gateway(), user)).emailVerifiedAt).not.toBeNull();
    expect(codeOf(await login(user.email, chosen))).toBeUndefined();
  });

  it('is impossible once the account is suspended', async () => {
    const account = await aVerified();
    const secret = await aLink(account);
    await write(gateway(), (set) => set.update('users', { id: account.user.id, status: 'SUSPENDED' }));
    expect(codeOf(await resetPassword(secret, chosen))).toBe('NOT_FOUND');
  });

  it('leaves no trace of the password', async () => {
    const account = await aVerified();
    await resetPassword(await aLink(account), 'unmistakable words');
    const row = await rowOf(gateway(), account.user);
    expect(row.passwordHash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(row)).not.toContain('unmistakable');
  });
});
