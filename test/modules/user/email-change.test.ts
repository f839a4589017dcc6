import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson } from '../../support/world.js';
import { mailTo } from '../mailbox.js';
import { accountsOf, anAddress, as, goodPassword, linkTo, neitherRefused, subjectsTo } from './accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);
const { requestEmailChange, verifyEmail, login, me, aVerified } = people;

const verify = 'Verify your e-mail address';
const taken = 'You already have an account';

/** An account that is about to change its address, and the secret that was mailed to the new one. */
async function aMover() {
  const account = await aVerified();
  const newEmail = anAddress();
  const { data } = await requestEmailChange(account.session, newEmail);
  expect(data).toEqual({ requestEmailChange: { ok: true } });
  return { ...account, newEmail, secret: await linkTo('verify-email', newEmail) };
}

describe('changing the address', () => {
  it('changes nothing before the link is used', async () => {
    const { email, newEmail, session, user } = await aMover();
    expect((await me(as(session))).data.me).toEqual({ id: user.id, email, emailVerified: true });
    expect(codeOf(await login(email))).toBeUndefined();
    expect(codeOf(await login(newEmail))).toBe('UNAUTHENTICATED');
    expect(await subjectsTo(gateway(), email)).toEqual([verify]);
    expect(await subjectsTo(gateway(), newEmail)).toEqual(['Verify your new e-mail address']);
  });

  it('lets the account sign in with the new address and its password from then on', async () => {
    const { email, newEmail, session, user, secret } = await aMover();
    const { data, errors } = await verifyEmail(secret, session);
    expect(errors).toBeUndefined();
    expect(data.verifyEmail.user).toMatchObject({ id: user.id, email: newEmail, emailVerified: true });
    expect(await people.refusals(session)).toEqual(neitherRefused);
    for (let round = 0; round < 2; round += 1) {
      expect((await login(newEmail)).data.login.user).toMatchObject({ id: user.id, email: newEmail });
    }
    expect(codeOf(await login(email))).toBe('UNAUTHENTICATED');
    expect(codeOf(await login(newEmail, 'not the password'))).toBe('UNAUTHENTICATED');
  });

  it('is told to the old address', async () => {
    const { email, newEmail, session, secret } = await aMover();
    await verifyEmail(secret, session);
    const mail = (await mailTo(email, 2)).at(-1)!;
    expect(mail.subject).toBe('Your account was changed');
    expect(mail.text).toContain(newEmail);
  });

  it('lets go of the old address, and of all links to it', async () => {
    const { email, session, user, secret } = await aMover();
    await people.requestReset(email);
    const [reset, verification] = [await linkTo('reset-password', email), await linkTo('verify-email', email)];
    await verifyEmail(secret, session);
    expect(codeOf(await people.resetPassword(reset, 'a new password'))).toBe('NOT_FOUND');
    expect(codeOf(await verifyEmail(verification, session))).toBe('NOT_FOUND');
    expect(codeOf(await verifyEmail(secret, session))).toBe('NOT_FOUND');
    const successor = await people.signUp({ email });
    expect(successor.user.id).not.toBe(user.id);
    expect((await login(email)).data.login.user.id).toBe(successor.user.id);
    expect(await gateway().services.db.prisma.user.count({ where: { email, duplicateOfId: null } })).toBe(1);
  });

  it('works by the last of several links, and ends the others', async () => {
    const { session, secret } = await aMover();
    const last = anAddress();
    await requestEmailChange(session, last);
    const { data } = await verifyEmail(await linkTo('verify-email', last), session);
    expect(data.verifyEmail.user.email).toBe(last);
    expect(codeOf(await verifyEmail(secret, session))).toBe('NOT_FOUND');
    expect((await me(as(session))).data.me.email).toBe(last);
  });

  it('may be one of case only', async () => {
    const { email, session } = await aVerified();
    const shouted = email.toUpperCase();
    await requestEmailChange(session, shouted);
    const { data } = await verifyEmail(await linkTo('verify-email', shouted), session);
    expect(data.verifyEmail.user.email).toBe(shouted);
    expect(codeOf(await login(email))).toBeUndefined();
  });

  it('to an address that is taken is answered alike, and told to its owner only', async () => {
    const [account, owner] = [await aVerified(), await aVerified()];
    const free = await requestEmailChange(account.session, anAddress());
    expect(await requestEmailChange(account.session, owner.email.toUpperCase())).toEqual(free);
    expect(await subjectsTo(gateway(), owner.email.toUpperCase())).toEqual([taken]);
    expect(await subjectsTo(gateway(), account.email)).toEqual([verify]);
    expect((await me(as(account.session))).data.me.email).toBe(account.email);
  });

  it('is refused if the address has got an account meanwhile, which stays as it is', async () => {
    const { email, newEmail, session, user, secret } = await aMover();
    const faster = await people.signUp({ email: newEmail.toUpperCase() });
    const answer = await verifyEmail(secret, session);
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(answer.errors![0]!.extensions.reason).toBe('EMAIL_TAKEN');
    expect((await me(as(session))).data.me).toEqual({ id: user.id, email, emailVerified: true });
    expect((await login(newEmail)).data.login.user.id).toBe(faster.user.id);
    expect((await login(email)).data.login.user.id).toBe(user.id);
  });

  it('needs the password', async () => {
    const account = await aVerified();
    const { user, accessToken, refreshToken } = await aPerson(gateway());
    const newEmail = anAddress();
    for (const session of [account.session, { accessToken, refreshToken }]) {
      const answer = await requestEmailChange(session, newEmail, 'not the password');
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
      expect(answer.errors![0]!.extensions.issues).toMatchObject([{ path: 'input.currentPassword' }]);
    }
    expect(await subjectsTo(gateway(), newEmail)).toEqual([]);
    expect(await subjectsTo(gateway(), user.email)).toEqual([]);
    expect(codeOf(await login(account.email, goodPassword))).toBeUndefined();
  });

  it('is not for an API key', async () => {
    const account = await aVerified();
    const key = await people.anApiKey(account);
    const newEmail = anAddress();
    const answer = await requestEmailChange(key, newEmail);
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors![0]!.extensions.reason).toBe('SESSION_REQUIRED');
    expect(await subjectsTo(gateway(), newEmail)).toEqual([]);
  });
});
