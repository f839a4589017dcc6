import { describe, expect, it, vi } from 'vitest';
import { type Throttled, throttles } from '../../../src/auth/throttle.js';
import { previewByTokenHash } from '../../../src/modules/invitation/invitation.loader.js';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { useOwnGateway } from '../../support/own-gateway.js';
import { aWorld } from '../../support/world.js';
import { anInvited } from '../invitation/inviting.js';
import { accountsOf, anAddress, goodPassword, linkTo, subjectsTo } from './accounts.js';
import { anIpv4, anIpv6, from, guessInvitations, letTimePass, tally } from './guessing.js';

const gateway = useGateway();
const people = accountsOf(gateway);
const { register, requestReset, signUp } = people;

/** Counts attempts as if they had been made from a network. */
async function countFrom(ip: string, kind: Throttled, attempts: number): Promise<void> {
  const { throttle } = gateway().services;
  await Promise.all(Array.from({ length: attempts }, () => throttle.take(kind, { request: { ip } })));
}

describe('secrets of invitations', () => {
  const { points } = throttles.guess.network;

  it('are looked up no more than allowed, of ten thousand guesses from one network', async () => {
    const lookUps = vi.spyOn(gateway().services.db.batcher, 'load');
    try {
      const headers = from(anIpv6());
      const codes = new Set<string | undefined>();
      for (const answer of await guessInvitations(gateway(), headers, 10_000)) codes.add(codeOf(answer));
      expect([...codes].sort()).toEqual(['NOT_FOUND', 'RATE_LIMITED']);
      const tried = lookUps.mock.calls.filter(([statement]) => statement === (previewByTokenHash as never));
      expect(tried).toHaveLength(points);
    } finally {
      lookUps.mockRestore();
    }
  });

  it('are not counted if they are right', async () => {
    const { secret } = await anInvited(gateway(), await aWorld(gateway()));
    const headers = from(anIpv6());
    const preview = `{ invitationByToken(token: "${secret}") { email } }`;
    const answers = [];
    for (let round = 0; round < points + 50; round += 1) answers.push(await send(gateway().url, preview, {}, headers));
    expect(tally(answers)).toEqual({ OK: points + 50 });
    expect((await guessInvitations(gateway(), headers, 1)).map(codeOf)).toEqual(['NOT_FOUND']);
  });

  it('are counted together with those of links in mails', async () => {
    const ip = anIpv6();
    await countFrom(ip, 'guess', points);
    const document = (field: string, input: string) => `mutation { ${field}(input: { ${input} }) { user { id } } }`;
    const token = `token: "${'x'.repeat(43)}"`;
    for (const operation of [
      document('verifyEmail', token),
      document('resetPassword', `${token}, newPassword: "${goodPassword}"`),
      `{ invitationByToken(${token}) { email } }`,
    ]) {
      const answer = await send(gateway().url, operation, {}, from(ip));
      expect(codeOf(answer)).toBe('RATE_LIMITED');
      expect(answer.errors![0]!.extensions.retryAfter).toBeGreaterThan(0);
      expect(codeOf(await send(gateway().url, operation))).toBe('NOT_FOUND');
    }
  });
});

describe('a network', () => {
  const { points } = throttles.guess.network;
  const code = async (ip: string, guesses = 1) =>
    codeOf((await guessInvitations(gateway(), from(ip), guesses)).at(-1)!);

  it('is all IPv6 addresses with the same first 64 bits', async () => {
    const ip = anIpv6();
    await countFrom(ip, 'guess', points);
    const prefix = ip.slice(0, ip.indexOf('::'));
    for (const address of [`${prefix}::2`, `${prefix}:ffff:ffff:ffff:ffff`, ip.toUpperCase()]) {
      expect(await code(address)).toBe('RATE_LIMITED');
    }
    expect(await code(anIpv6())).toBe('NOT_FOUND');
  });

  it('is one IPv4 address, also where it is written as an IPv6 one', async () => {
    const ip = anIpv4();
    await countFrom(`::ffff:${ip}`, 'guess', points);
    expect(await code(ip)).toBe('RATE_LIMITED');
    expect(await code(`::ffff:${ip}`)).toBe('RATE_LIMITED');
    expect(await code(`::ffff:${anIpv4()}`)).toBe('NOT_FOUND');
  });
});

describe('a network that no trusted proxy tells of', () => {
  const exposed = useOwnGateway({ trustProxy: [] });

  it('is where the connection comes from, whatever X-Forwarded-For says', async () => {
    const { points } = throttles.guess.network;
    const answers = [];
    for (let round = 0; round < points + 10; round += 1) {
      answers.push(...(await guessInvitations(exposed(), from(anIpv6()), 1)));
    }
    expect(tally(answers)).toEqual({ NOT_FOUND: points, RATE_LIMITED: 10 });
    const keys = await exposed().services.db.prisma.rateLimit.findMany({ where: { key: { startsWith: 'guess' } } });
    expect(keys.map(({ key }) => key)).toEqual(['guess-network:127.0.0.1']);
  });
});

describe('accounts', () => {
  it('can be registered so many with one address, known or not, and later again', async () => {
    const { points } = throttles.registration.account;
    const email = anAddress();
    const answers = [];
    for (let round = 0; round < points + 3; round += 1) answers.push(await register({ email }));
    expect(tally(answers)).toEqual({ OK: points, RATE_LIMITED: 3 });
    expect(await gateway().services.db.prisma.user.count({ where: { email } })).toBe(points);
    expect(codeOf(await register({ email: email.toUpperCase() }))).toBe('RATE_LIMITED');
    await letTimePass(gateway(), 'registration', email);
    expect(codeOf(await register({ email }))).toBeUndefined();
  });

  it('can be registered so many from one network', async () => {
    const ip = anIpv6();
    await countFrom(ip, 'registration', throttles.registration.network.points - 2);
    const answers = [];
    for (let round = 0; round < 4; round += 1) answers.push(await register({ email: anAddress() }, from(ip)));
    expect(tally(answers)).toEqual({ OK: 2, RATE_LIMITED: 2 });
    expect(codeOf(await register({ email: anAddress() }))).toBeUndefined();
  });
});

describe('mails with links', () => {
  const { account, network } = throttles.accountMail;

  it('go to one address so many times, and alike to an unknown one', async () => {
    const { email } = await signUp();
    await linkTo('verify-email', email);
    for (const address of [email, anAddress()]) {
      const answers = [];
      for (let round = 0; round < account.points + 3; round += 1) answers.push(await requestReset(address));
      expect(tally(answers)).toEqual({ OK: account.points, RATE_LIMITED: 3 });
      expect(answers.at(-1)!.errors![0]!.extensions.retryAfter).toBeGreaterThan(account.seconds - 60);
    }
    expect(await subjectsTo(gateway(), email)).toHaveLength(1 + account.points);
  });

  it('of all kinds are counted together for an account', async () => {
    const { email, session } = await signUp();
    const answers = [await people.requestEmailChange(session, anAddress()), await people.requestVerification(session)];
    for (let round = 2; round < account.points; round += 1) answers.push(await requestReset(email));
    expect(tally(answers)).toEqual({ OK: account.points });
    expect(codeOf(await requestReset(email))).toBe('RATE_LIMITED');
    expect(codeOf(await people.requestVerification(session))).toBe('RATE_LIMITED');
    expect(codeOf(await people.requestEmailChange(session, anAddress()))).toBe('RATE_LIMITED');
  });

  it('are asked for so many times from one network', async () => {
    const ip = anIpv6();
    const answers = [];
    for (let round = 0; round < network.points + 5; round += 1) answers.push(await requestReset(anAddress(), from(ip)));
    expect(tally(answers)).toEqual({ OK: network.points, RATE_LIMITED: 5 });
  });
});
