import { describe, expect, it } from 'vitest';
import { accountsOf, anAddress, linkTo, rowOf } from '../modules/user/accounts.js';
import { codeOf } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { me } from './forging.js';
import { aSubject, useIssuer } from './issuer.js';

const issuer = useIssuer();
const gateway = useGateway({ externalIssuer: issuer.config });
const people = accountsOf(gateway);

/** Somebody has registered an address of somebody else, and has asked for a link to another address. */
async function aTrap() {
  const attacker = await people.signUp({ email: anAddress() });
  const attackersAddress = anAddress();
  await people.requestEmailChange(attacker.session, attackersAddress);
  return { attacker, trap: await linkTo('verify-email', attackersAddress) };
}

describe('a link to another address, which a squatter has asked for, is worthless', () => {
  it('once the owner of the address has come with a token of another issuer', async () => {
    const { attacker, trap } = await aTrap();
    const subject = aSubject({ email: attacker.email });
    await me(gateway(), await issuer.token(subject));
    expect((await me(gateway(), await issuer.token(subject))).data.me).toEqual({ id: attacker.user.id });
    expect(codeOf(await people.verifyEmail(trap))).toBe('NOT_FOUND');
    expect((await rowOf(gateway(), attacker.user)).email).toBe(attacker.email);
  });

  it('once the owner has proven the address by the link', async () => {
    const { attacker, trap } = await aTrap();
    await people.verifyEmail(await linkTo('verify-email', attacker.email));
    expect(codeOf(await people.verifyEmail(trap))).toBe('NOT_FOUND');
    expect((await rowOf(gateway(), attacker.user)).email).toBe(attacker.email);
  });
});

it('a duplicate loses password and sessions when the owner comes with a token of another issuer, as by mail', async () => {
  const email = anAddress();
  await people.signUp({ email, password: 'the first of two' });
  const duplicate = await people.signUp({ email, password: 'the second of two' });
  const token = await issuer.token(aSubject({ email }));
  await me(gateway(), token);
  expect(codeOf(await me(gateway(), token))).toBeUndefined();
  expect(codeOf(await people.login(email, 'the second of two'))).toBe('UNAUTHENTICATED');
  expect(await people.refusals(duplicate.session)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
});
