import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, write } from '../../support/world.js';
import { accountsOf, anAddress, goodPassword, linkTo, subjectsTo } from './accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);

const dead = ['UNAUTHENTICATED', 'UNAUTHENTICATED'];
const password = 'attackers own';

describe('a link to another address that a squatter has asked for', () => {
  async function aTrap() {
    const attacker = await people.signUp({ password });
    const address = anAddress();
    await people.requestEmailChange(attacker.session, address, password);
    return { attacker, secret: await linkTo('verify-email', address) };
  }

  it('is worth nothing once the owner has proven the first one', async () => {
    const { attacker, secret } = await aTrap();
    await people.verifyEmail(await linkTo('verify-email', attacker.email));
    expect(codeOf(await people.verifyEmail(secret))).toBe('NOT_FOUND');
  });

  it('is worth nothing once the owner has been given an organization', async () => {
    const { attacker, secret } = await aTrap();
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const found = `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }`;
    const owner = { email: attacker.email, fullName: 'Owner' };
    await superAdmin.send(found, { input: { name: `Org ${randomUUID()}`, owner } });
    expect(codeOf(await people.verifyEmail(secret))).toBe('NOT_FOUND');
  });

  it('lets nobody keep the account whose new address somebody else has proven', async () => {
    const attacker = await people.signUp({ password });
    const victim = anAddress();
    await people.requestEmailChange(attacker.session, victim, password);
    await people.verifyEmail(await linkTo('verify-email', victim));
    expect(codeOf(await people.login(victim, password))).toBe('UNAUTHENTICATED');
    expect(await people.refusals(attacker.session)).toEqual(dead);
  });

  it('lets nobody keep it either if it is the address that the account has', async () => {
    const attacker = await people.signUp({ password });
    await linkTo('verify-email', attacker.email);
    await people.requestEmailChange(attacker.session, attacker.email, password);
    await people.verifyEmail(await linkTo('verify-email', attacker.email, 2));
    expect(await people.refusals(attacker.session)).toEqual(dead);
  });
});

it('a link to another address ends with the password', async () => {
  const owner = await people.aVerified();
  const address = anAddress();
  await people.requestEmailChange(owner.session, address);
  const secret = await linkTo('verify-email', address);
  await people.changePassword(owner.session, goodPassword, 'a new password');
  expect(codeOf(await people.verifyEmail(secret))).toBe('NOT_FOUND');
});

describe('a duplicate', () => {
  const second = 'a second password';

  it('that moves to an address of its own is none any more, so nobody can tell that it was one', async () => {
    const move = async (email: string) => {
      const { session } = await people.signUp({ email });
      const address = anAddress();
      await people.requestEmailChange(session, address);
      const answer = await people.verifyEmail(await linkTo('verify-email', address), session);
      await people.requestReset(address);
      await linkTo('reset-password', address);
      return [codeOf(answer), (await subjectsTo(gateway(), address)).toSorted()];
    };
    const known = await people.aVerified();
    expect(await move(known.email)).toEqual(await move(anAddress()));
  });

  it('cannot move to an address that got an account meanwhile', async () => {
    const { email } = await people.aVerified();
    const { session } = await people.signUp({ email, password: second });
    const address = anAddress();
    await people.requestEmailChange(session, address, second);
    const secret = await linkTo('verify-email', address);
    await people.signUp({ email: address });
    expect(codeOf(await people.verifyEmail(secret, session))).toBe('CONFLICT');
  });

  it('loses its API keys, too, when the owner of the address proves it', async () => {
    const account = await people.signUp();
    const key = await people.anApiKey(await people.signUp({ email: account.email, password: second }));
    await people.verifyEmail(await linkTo('verify-email', account.email), account.session);
    expect(codeOf(await people.me(key))).toBe('UNAUTHENTICATED');
  });

  it('of an account that was deleted goes when the next owner proves the address', async () => {
    const { email, user } = await people.aVerified();
    const duplicate = await people.signUp({ email, password: second });
    await write(gateway(), (set) => set.update('users', { id: user.id, status: 'DELETED' }));
    await people.signUp({ email });
    await people.requestReset(email);
    await people.resetPassword(await linkTo('reset-password', email), 'owner owner owner');
    expect(codeOf(await people.login(email, second))).toBe('UNAUTHENTICATED');
    expect(await people.refusals(duplicate.session)).toEqual(dead);
  });
});

it('adding members by address is no way to try out who has an account', async () => {
  const { organization, admin } = await aWorld(gateway());
  const document = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { id } } }';
  const codes: (string | undefined)[] = [];
  for (let guess = 0; guess < 110; guess += 1) {
    const input = { organizationId: organization.id, email: anAddress(), role: 'member' };
    codes.push(codeOf(await admin.send(document, { input }, { 'x-forwarded-for': '198.51.100.9' })));
  }
  expect(codes.slice(0, 100)).toEqual(Array(100).fill('NOT_FOUND'));
  expect(codes.slice(100)).toEqual(Array(10).fill('RATE_LIMITED'));
});
