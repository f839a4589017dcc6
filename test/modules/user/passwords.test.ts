import { describe, expect, it } from 'vitest';
import { saltOf } from '../../../src/modules/user/password.service.js';
import { hashPassword, isCurrent } from '../../../src/platform/password.js';
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
const { login, register, changePassword, refusals, signUp, aVerified } = people;

type Answered = Awaited<ReturnType<typeof register | typeof changePassword>>;

const issuesIn = ({ errors }: Pick<Answered, 'errors'>) =>
  errors?.map(({ extensions: { code, issues } }) => [code, ...issues!.map(({ path }) => path)]);

describe('a password', () => {
  it('has 8 to 128 characters of any kind, whatever they take to store', async () => {
    for (const password of [
      '8 chars!',
      '🦄🐙🦊🐝🌵🍋🎷🧭',
      '🦄'.repeat(128),
      '        ',
      ' pad ded ',
      'ünïcødé ñ',
      'x'.repeat(128),
    ]) {
      const email = anAddress();
      expect(issuesIn(await register({ email, password }))).toBeUndefined();
      expect(codeOf(await login(email, password))).toBeUndefined();
    }
    for (const password of [
      '',
      '7 chars',
      '🦄'.repeat(7),
      '🦄'.repeat(129),
      'x'.repeat(129),
      'with a \u0000 in it',
      '\ud800lone half',
    ]) {
      const email = anAddress();
      expect(issuesIn(await register({ email, password }))).toEqual([['BAD_USER_INPUT', 'input.password']]);
      expect(codeOf(await login(email, password))).toBe('BAD_USER_INPUT');
    }
  });

  it('counts with all of its characters, spaces at the ends included', async () => {
    const { email } = await signUp({ password: ' pad ded ' });
    const long = await signUp({ password: 'x'.repeat(128) });
    expect(codeOf(await login(email, 'pad ded '))).toBe('UNAUTHENTICATED');
    expect(codeOf(await login(email, ' PAD DED '))).toBe('UNAUTHENTICATED');
    expect(codeOf(await login(long.email, 'x'.repeat(127)))).toBe('UNAUTHENTICATED');
  });

  it('is the same in every form that Unicode holds for equal', async () => {
    const { email } = await signUp({ password: 'Ångström ﬁve ①' });
    for (const password of ['A\u030angstro\u0308m five 1', '\u212bngström ﬁve 1']) {
      expect(codeOf(await login(email, password))).toBeUndefined();
    }
    expect(codeOf(await login(email, 'Angstrom five 1'))).toBe('UNAUTHENTICATED');
  });

  it('is refused if it is among those that are guessed first, in any case and form', async () => {
    for (const password of [
      'password',
      'PassWord',
      'password1',
      'ILOVEYOU',
      'qwertyuiop',
      '12345678',
      'ｐａｓｓｗｏｒｄ',
    ]) {
      const email = anAddress();
      expect(issuesIn(await register({ email, password }))).toEqual([['BAD_USER_INPUT', 'input.password']]);
      expect(await gateway().services.db.prisma.user.count({ where: { email } })).toBe(0);
    }
    const { session, email } = await signUp();
    expect(issuesIn(await changePassword(session, goodPassword, 'Password1'))).toEqual([
      ['BAD_USER_INPUT', 'input.newPassword'],
    ]);
    await people.requestReset(email);
    const secret = await linkTo('reset-password', email);
    const { errors } = await people.resetPassword(secret, 'trustno1');
    expect(issuesIn({ errors })).toEqual([['BAD_USER_INPUT', 'input.newPassword']]);
    expect(codeOf(await people.resetPassword(secret, 'a better one'))).toBeUndefined();
  });

  it('is not one’s own address', async () => {
    const email = anAddress();
    for (const password of [email, email.toUpperCase()]) {
      expect(issuesIn(await register({ email, password }))).toEqual([['BAD_USER_INPUT', 'input.password']]);
    }
    const { session } = await signUp({ email });
    expect(issuesIn(await changePassword(session, goodPassword, email))).toEqual([
      ['BAD_USER_INPUT', 'input.newPassword'],
    ]);
  });

  it('is hashed with the salt of the address at the next log-in, if it was hashed otherwise', async () => {
    const { user } = await aPerson(gateway());
    const passwordHash = await hashPassword(goodPassword);
    await write(gateway(), (set) => set.update('users', { id: user.id, passwordHash }));
    const hash = async () => (await rowOf(gateway(), user)).passwordHash!;
    const salt = saltOf(gateway().services, user.email);

    expect(codeOf(await login(user.email, 'not the password'))).toBe('UNAUTHENTICATED');
    expect(await hash()).toBe(passwordHash);
    expect(codeOf(await login(user.email))).toBeUndefined();
    const renewed = await hash();
    expect([isCurrent(passwordHash, salt), isCurrent(renewed, salt)]).toEqual([false, true]);
    expect(codeOf(await login(user.email))).toBeUndefined();
    expect(await hash()).toBe(renewed);
    expect(codeOf(await login(user.email, 'not the password'))).toBe('UNAUTHENTICATED');
  });

  it('is right also for log-ins at the same moment, one of which hashes it anew', async () => {
    const { user } = await aPerson(gateway());
    const passwordHash = await hashPassword(goodPassword);
    await write(gateway(), (set) => set.update('users', { id: user.id, passwordHash }));
    const answers = await Promise.all(Array.from({ length: 7 }, () => login(user.email)));
    expect(answers.map(codeOf)).toEqual(Array.from({ length: 7 }, () => undefined));
  });
});

describe('changing the password', () => {
  it('ends all other sessions at once, and gives one that works (R8)', async () => {
    const { email, session } = await aVerified();
    const other = (await login(email)).data.login.session;
    const { data, errors } = await changePassword(session, goodPassword, 'a new password');
    expect(errors).toBeUndefined();
    for (const ended of [session, other]) expect(await refusals(ended)).toEqual(bothRefused);
    expect(await refusals(data.changePassword.session)).toEqual(neitherRefused);
    expect(codeOf(await login(email, goodPassword))).toBe('UNAUTHENTICATED');
    expect(codeOf(await login(email, 'a new password'))).toBeUndefined();
  });

  it('is told to the owner, without the password', async () => {
    const { email, session } = await aVerified();
    await changePassword(session, goodPassword, 'the next secret');
    const mail = (await mailTo(email, 2)).at(-1)!;
    expect(mail.subject).toBe('Your account was changed');
    for (const password of [goodPassword, 'the next secret']) expect(JSON.stringify(mail)).not.toContain(password);
  });

  it('needs the current one, and says where it is wrong', async () => {
    const { email, session } = await aVerified();
    const other = (await login(email)).data.login.session;
    expect(issuesIn(await changePassword(session, 'not the password', 'a new password'))).toEqual([
      ['BAD_USER_INPUT', 'input.currentPassword'],
    ]);
    expect(await refusals(other)).toEqual(neitherRefused);
    expect(codeOf(await login(email))).toBeUndefined();
    expect(await subjectsTo(gateway(), email)).toEqual(['Verify your e-mail address']);
  });

  it('ends links to choose another one', async () => {
    const { email, session } = await aVerified();
    await people.requestReset(email);
    const secret = await linkTo('reset-password', email);
    expect(codeOf(await changePassword(session, goodPassword, 'a new password'))).toBeUndefined();
    expect(codeOf(await people.resetPassword(secret, 'a third password'))).toBe('NOT_FOUND');
    expect(codeOf(await login(email, 'a new password'))).toBeUndefined();
  });

  it('is impossible without one, until a link has brought one', async () => {
    const { user, accessToken, refreshToken } = await aPerson(gateway());
    const answer = await changePassword({ accessToken, refreshToken }, goodPassword, 'a new password');
    expect(issuesIn(answer)).toEqual([['BAD_USER_INPUT', 'input.currentPassword']]);
    expect(answer.errors![0]!.extensions.issues![0]!.message).toContain('you have none yet');
    await people.requestReset(user.email);
    await people.resetPassword(await linkTo('reset-password', user.email), goodPassword);
    const { session } = (await login(user.email)).data.login;
    expect(codeOf(await changePassword(session, goodPassword, 'a new password'))).toBeUndefined();
  });

  it('is for whoever is signed in with a session, not for an API key', async () => {
    const account = await aVerified();
    const key = await people.anApiKey(account);
    expect(codeOf(await changePassword({}, goodPassword, 'a new password'))).toBe('UNAUTHENTICATED');
    const answer = await changePassword(key, goodPassword, 'a new password');
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors![0]!.extensions.reason).toBe('SESSION_REQUIRED');
    expect(codeOf(await login(account.email))).toBeUndefined();
  });
});
