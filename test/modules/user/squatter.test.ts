import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { type Account, accountsOf, anAddress, as, bothRefused, linkTo, neitherRefused, rowOf } from './accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);

const attackers = 'the attacker’s own';
const owners = 'the owner’s own';

interface Squatted {
  attacker: Account;
  /** An API key that the attacker has made meanwhile. */
  key: Record<string, string>;
  /** Whatever else the attacker has got into the account with. */
  second: Account['session'];
}

/** Somebody has registered an address that belongs to somebody else, and has made every entrance there is. */
async function aSquattedAddress(): Promise<Squatted> {
  const attacker = await people.signUp({ email: anAddress(), password: attackers });
  const second = (await people.login(attacker.email, attackers)).data.login.session;
  const key = await people.anApiKey(attacker);
  expect(codeOf(await people.me(key))).toBeUndefined();
  return { attacker, key, second };
}

/** Nothing that the attacker holds works any more. */
async function expectLockedOut({ attacker, key, second }: Squatted): Promise<void> {
  expect(codeOf(await people.me(key))).toBe('UNAUTHENTICATED');
  expect(await people.refusals(attacker.session)).toEqual(bothRefused);
  expect(await people.refusals(second)).toEqual(bothRefused);
  expect(codeOf(await people.login(attacker.email, attackers))).toBe('UNAUTHENTICATED');
}

describe('whoever registers an address before its owner comes', () => {
  it('loses password, sessions and API keys when the owner proves it by the link, without that session', async () => {
    const squatted = await aSquattedAddress();
    const { email, user } = squatted.attacker;
    const { data, errors } = await people.verifyEmail(await linkTo('verify-email', email));
    expect(errors).toBeUndefined();
    expect(data.verifyEmail.user).toMatchObject({ id: user.id, email, emailVerified: true });
    await expectLockedOut(squatted);
    expect((await rowOf(gateway(), user)).passwordHash).toBeNull();
  });

  it('is followed by the owner, who is mailed a link to choose a password', async () => {
    const squatted = await aSquattedAddress();
    const { email, user } = squatted.attacker;
    await people.verifyEmail(await linkTo('verify-email', email));
    const { data } = await people.resetPassword(await linkTo('reset-password', email), owners);
    expect(data.resetPassword.user).toMatchObject({ id: user.id, emailVerified: true });
    expect(await people.refusals(data.resetPassword.session)).toEqual(neitherRefused);
    expect((await people.login(email, owners)).data.login.user.id).toBe(user.id);
    await expectLockedOut(squatted);
  });

  it('loses the same when the owner proves it with another account’s session', async () => {
    const squatted = await aSquattedAddress();
    const other = await people.aVerified();
    const { data } = await people.verifyEmail(await linkTo('verify-email', squatted.attacker.email), other.session);
    expect(data.verifyEmail.user.id).toBe(squatted.attacker.user.id);
    await expectLockedOut(squatted);
    expect(codeOf(await people.me(as(other.session)))).toBeUndefined();
    expect(codeOf(await people.login(other.email))).toBeUndefined();
  });

  it('loses the same when the owner chooses a password by a link', async () => {
    const squatted = await aSquattedAddress();
    const { email, user } = squatted.attacker;
    await people.requestReset(email);
    const { data, errors } = await people.resetPassword(await linkTo('reset-password', email), owners);
    expect(errors).toBeUndefined();
    expect(data.resetPassword.user).toMatchObject({ id: user.id, emailVerified: true });
    await expectLockedOut(squatted);
    expect(codeOf(await people.login(email, owners))).toBeUndefined();
  });

  it('cannot use the link of the first mail after the owner has chosen a password', async () => {
    const { attacker } = await aSquattedAddress();
    const secret = await linkTo('verify-email', attacker.email);
    await people.requestReset(attacker.email);
    await people.resetPassword(await linkTo('reset-password', attacker.email), owners);
    expect(codeOf(await people.verifyEmail(secret))).toBe('NOT_FOUND');
    expect(codeOf(await people.login(attacker.email, owners))).toBeUndefined();
  });
});

describe('whoever registers an address that has an account', () => {
  const provings: [how: string, (account: Account) => Promise<unknown>][] = [
    [
      'proves it by the link',
      async ({ email, session }) => people.verifyEmail(await linkTo('verify-email', email), session),
    ],
    [
      'chooses a password by a link',
      async ({ email }) => {
        await people.requestReset(email);
        return people.resetPassword(await linkTo('reset-password', email), owners);
      },
    ],
  ];
  for (const [how, prove] of provings) {
    it(`loses password and sessions when the owner ${how}`, async () => {
      const account = await people.signUp({ password: owners });
      const { email } = account;
      const attacker = await people.signUp({ email, password: attackers });
      const stranger = await people.signUp({ password: attackers });
      await prove(account);
      expect(await people.refusals(attacker.session)).toEqual(bothRefused);
      expect(codeOf(await people.login(email, attackers))).toBe('UNAUTHENTICATED');
      expect((await rowOf(gateway(), attacker.user)).emailVerifiedAt).toBeNull();
      expect((await people.login(email, owners)).data.login.user).toMatchObject({
        id: account.user.id,
        emailVerified: true,
      });
      expect(await people.refusals(stranger.session)).toEqual(neitherRefused);
      expect(codeOf(await people.login(stranger.email, attackers))).toBeUndefined();
    });
  }
});
