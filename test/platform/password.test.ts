import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { accountOf, hashPassword, isCurrent, passwordMatches } from '../../src/platform/password.js';

const password = 'correct horse';
const aSalt = () => new Uint8Array(randomBytes(16));

describe('the hash of a password', () => {
  it('is argon2id at the cost that OWASP names first', async () => {
    const made = await hashPassword(password);
    expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(made).not.toContain(password);
  });

  it('is another one each time, unless the salt is given', async () => {
    const salt = aSalt();
    expect(await hashPassword(password)).not.toBe(await hashPassword(password));
    expect(await hashPassword(password, salt)).toBe(await hashPassword(password, salt));
    expect(await hashPassword(password, salt)).not.toBe(await hashPassword(password, aSalt()));
  });

  it('matches its password and no other', async () => {
    for (const made of [await hashPassword(password), await hashPassword(password, aSalt())]) {
      expect(await passwordMatches(password, made)).toBe(true);
      for (const other of ['Correct horse', 'correct horse ', 'correct hors', '']) {
        expect(await passwordMatches(other, made)).toBe(false);
      }
    }
  });

  it('is current if it was made with this salt at today’s cost', async () => {
    const salt = aSalt();
    expect(isCurrent(await hashPassword(password, salt), salt)).toBe(true);
    expect(isCurrent(await hashPassword(password, salt), aSalt())).toBe(false);
    expect(isCurrent(await hashPassword(password), salt)).toBe(false);
    const today = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, salt };
    expect(isCurrent(await hash(password, today), salt)).toBe(true);
    for (const other of [{ memoryCost: 8192 }, { timeCost: 3 }, { parallelism: 2 }, { algorithm: 1 }]) {
      expect(isCurrent(await hash(password, { ...today, ...other }), salt)).toBe(false);
    }
  });
});

describe('the account of a password', () => {
  it('is the one that has it, of those with one salt', async () => {
    const salt = aSalt();
    const accounts = await Promise.all(
      ['first password', 'second password', 'third password'].map(async (text) => ({
        text,
        passwordHash: await hashPassword(text, salt),
      })),
    );
    for (const account of accounts) expect(await accountOf(account.text, accounts, salt)).toBe(account);
    expect(await accountOf('no such password', accounts, salt)).toBeUndefined();
  });

  it('is the first of those that share it', async () => {
    const salt = aSalt();
    const accounts = [
      { passwordHash: await hashPassword(password) },
      { passwordHash: await hashPassword(password, salt) },
    ];
    expect(await accountOf(password, accounts, salt)).toBe(accounts[0]);
    expect(await accountOf(password, accounts.toReversed(), salt)).toBe(accounts[1]);
  });

  it('is found by a hash with a salt or a cost of its own', async () => {
    const salt = aSalt();
    const settings = { algorithm: 2, memoryCost: 8192, timeCost: 1, parallelism: 1 };
    const accounts = [
      { passwordHash: await hashPassword('first password', salt) },
      { passwordHash: await hash('second password', settings) },
      { passwordHash: await hashPassword('third password') },
    ];
    const found = await Promise.all(
      ['first', 'second', 'third', 'no such'].map((one) => accountOf(`${one} password`, accounts, salt)),
    );
    expect(found).toEqual([...accounts, undefined]);
  });

  it('is none without accounts, and none that has no password', async () => {
    expect(await accountOf(password, [], aSalt())).toBeUndefined();
    expect(await accountOf(password, [{ passwordHash: null }], aSalt())).toBeUndefined();
    expect(await accountOf('', [{ passwordHash: null }], aSalt())).toBeUndefined();
  });

  it('is not looked for in a hash that is no argon2id', async () => {
    const accounts = [{ passwordHash: '$2b$10$abcdefghijklmnopqrstuv$x' }];
    await expect(accountOf(password, accounts, aSalt())).rejects.toThrow('argon2id');
  });
});

describe('hashing', () => {
  it('is refused rather than waited for once too many wait', async () => {
    const cheap = await hash(password, { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 });
    const tooMany = 200 + availableParallelism() + 10;
    const tries = Array.from({ length: tooMany }, () => passwordMatches(password, cheap));
    const outcomes = await Promise.allSettled(tries);
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused.length).toBeLessThan(20);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'RATE_LIMITED', facts: { retryAfter: 5 } });
    expect(await passwordMatches(password, cheap)).toBe(true);
  });
});
