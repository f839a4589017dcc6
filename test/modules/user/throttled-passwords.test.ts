import { describe, expect, it } from 'vitest';
import { throttles } from '../../../src/auth/throttle.js';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { accountsOf, anAddress, as, bothRefused, goodPassword, neitherRefused } from './accounts.js';
import { anIpv6, from, letTimePass, tally } from './guessing.js';

const gateway = useGateway();
const replica = useGateway();
const people = accountsOf(gateway);
const { login, signUp, changePassword, requestEmailChange } = people;

const { account, network } = throttles.password;
const wrong = 'not the password';

/** As many wrong passwords as are allowed for an account. */
const exhaust = async (email: string) =>
  tally(await Promise.all(Array.from({ length: account.points }, () => login(email, wrong))));

describe('passwords of one account', () => {
  it('are tried no more than allowed, of a thousand from fifty networks', async () => {
    const { email } = await signUp();
    const networks = Array.from({ length: 50 }, () => from(anIpv6()));
    const answers = [];
    for (let round = 0; round < 20; round += 1) {
      answers.push(...(await Promise.all(networks.map((headers) => login(email, `guess number ${round}`, headers)))));
    }
    expect(tally(answers)).toEqual({ UNAUTHENTICATED: account.points, RATE_LIMITED: 1000 - account.points });
  });

  it('are refused with the seconds to wait', async () => {
    const { email } = await signUp();
    await exhaust(email);
    const { data, errors } = await login(email, wrong);
    expect(data).toBeNull();
    const { code, retryAfter } = errors![0]!.extensions;
    expect([code, typeof retryAfter]).toEqual(['RATE_LIMITED', 'number']);
    expect(retryAfter).toBeGreaterThan(account.seconds - 60);
    expect(retryAfter).toBeLessThanOrEqual(account.seconds);
    expect(errors![0]!.message).toBe(`Too many attempts. Try again in ${retryAfter} seconds.`);
  });

  it('are refused even if right, until the time is over', async () => {
    const { email, session } = await signUp();
    expect(await exhaust(email)).toEqual({ UNAUTHENTICATED: account.points });
    expect(codeOf(await login(email))).toBe('RATE_LIMITED');
    expect(await people.refusals(session)).toEqual(neitherRefused);
    await letTimePass(gateway(), 'password', email);
    expect(codeOf(await login(email))).toBeUndefined();
  });

  it('are counted together in whatever case the address is written', async () => {
    const { email } = await signUp();
    const spellings = [email.toUpperCase(), ` ${email}`, email.replace('example', 'Example')];
    const answers = [];
    for (let index = 0; index < account.points + 5; index += 1) answers.push(await login(spellings[index % 3]!, wrong));
    expect(tally(answers)).toEqual({ UNAUTHENTICATED: account.points, RATE_LIMITED: 5 });
  });

  it('are counted together by two gateways on one database', async () => {
    const { email } = await signUp();
    const elsewhere = accountsOf(replica);
    const answers = await Promise.all(
      Array.from({ length: 2 * account.points }, (_, index) => (index % 2 ? login : elsewhere.login)(email, wrong)),
    );
    expect(tally(answers)).toEqual({ UNAUTHENTICATED: account.points, RATE_LIMITED: account.points });
  });

  it('are not tried at all in a document that has two', async () => {
    const { email } = await signUp();
    for (const count of [2, 100]) {
      const aliases = Array.from(
        { length: count },
        (_, index) => `a${index}: login(input: { email: "${email}", password: "${goodPassword}" }) { user { id } }`,
      );
      const answer = await send(gateway().url, `mutation { ${aliases.join(' ')} }`);
      expect(codeOf(answer)).toBe('QUERY_TOO_COMPLEX');
      expect(answer.data).toBeUndefined();
    }
    expect(codeOf(await login(email, wrong))).toBe('UNAUTHENTICATED');
  });

  it('are not counted if right', async () => {
    const { email } = await signUp();
    const headers = from(anIpv6());
    for (let round = 0; round < 50; round += 1) {
      expect(codeOf(await login(email, goodPassword, headers))).toBeUndefined();
    }
    expect(codeOf(await login(email, wrong, headers))).toBe('UNAUTHENTICATED');
  });

  it('are limited just the same where there is no such account', async () => {
    const { email } = await signUp();
    const unknown = anAddress();
    for (const address of [email, unknown]) expect(await exhaust(address)).toEqual({ UNAUTHENTICATED: account.points });
    const masked = async (address: string) => JSON.stringify(await login(address, wrong)).replace(/\d{2,}/g, '…');
    expect(await masked(unknown)).toBe(await masked(email));
    expect(await masked(unknown)).toContain('RATE_LIMITED');
  });

  it('leave those of others alone', async () => {
    const { email } = await signUp();
    await exhaust(email);
    const other = await signUp();
    expect(codeOf(await login(other.email))).toBeUndefined();
  });
});

describe('passwords that a session is asked for', () => {
  it('are counted like those of log-ins', async () => {
    const { email, session } = await signUp();
    const answers = [];
    for (let index = 0; index < account.points; index += 1) {
      answers.push(
        await (index % 2
          ? changePassword(session, wrong, 'a new password')
          : requestEmailChange(session, anAddress(), wrong)),
      );
    }
    expect(tally(answers)).toEqual({ BAD_USER_INPUT: account.points });
    expect(codeOf(await changePassword(session, goodPassword, 'a new password'))).toBe('RATE_LIMITED');
    expect(codeOf(await requestEmailChange(session, anAddress()))).toBe('RATE_LIMITED');
    expect(codeOf(await login(email))).toBe('RATE_LIMITED');
    await letTimePass(gateway(), 'password', email);
    const { data } = await changePassword(session, goodPassword, 'a new password');
    expect(codeOf(await people.me(as(data.changePassword.session)))).toBeUndefined();
    expect(await people.refusals(session)).toEqual(bothRefused);
  });
});

describe('passwords from one network', () => {
  it('are tried no more than allowed, over however many accounts', async () => {
    const headers = from(anIpv6());
    const answers = [];
    for (let round = 0; round < (network.points + 20) / 10; round += 1) {
      const addresses = Array.from({ length: 10 }, anAddress);
      answers.push(...(await Promise.all(addresses.map((email) => login(email, wrong, headers)))));
    }
    expect(tally(answers)).toEqual({ UNAUTHENTICATED: network.points, RATE_LIMITED: 20 });
    const { email } = await signUp();
    expect(codeOf(await login(email, goodPassword, headers))).toBe('RATE_LIMITED');
    expect(codeOf(await login(email))).toBeUndefined();
  });
});
