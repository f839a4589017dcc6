import { describe, expect, it } from 'vitest';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { Accept, Invite } from '../invitation/inviting.js';
import { secretMailedTo } from '../mailbox.js';
import { type Account, accountsOf, as, goodPassword, linkTo, rowOf, subjectsTo } from './accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);

const password = 'a second password';

/** An account, and a duplicate that somebody has made of it. */
async function aPair(): Promise<{ account: Account; duplicate: Account }> {
  const account = await people.aVerified();
  return { account, duplicate: await people.signUp({ email: account.email, password }) };
}

describe('a duplicate of an account', () => {
  it('works by itself, in the organization that it came with', async () => {
    const { account, duplicate } = await aPair();
    const { data, errors } = await send(
      gateway().url,
      '{ me { id emailVerified } organizations { nodes { id isPersonal } } }',
      {},
      as(duplicate.session),
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      me: { id: duplicate.user.id, emailVerified: false },
      organizations: { nodes: [{ id: duplicate.organization.id, isPersonal: true }] },
    });
    const other = { 'x-organization-id': account.organization.id };
    const answer = await send(
      gateway().url,
      '{ currentOrganization { id } }',
      {},
      { ...as(duplicate.session), ...other },
    );
    expect(codeOf(answer)).toBe('NOT_FOUND');
  });

  it('is not who is added as a member by the address', async () => {
    const { account } = await aPair();
    const { organization, admin } = await aWorld(gateway());
    const { data } = await admin.send<{ addMember: { member: { user: { id: string } } } }, object>(
      'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { user { id } } } }',
      { input: { organizationId: organization.id, email: account.email, role: 'member' } },
    );
    expect(data.addMember.member.user.id).toBe(account.user.id);
  });

  it('cannot accept an invitation to the address, which the account then can', async () => {
    const { account, duplicate } = await aPair();
    const { organization, admin } = await aWorld(gateway());
    await admin.send(Invite, { input: { organizationId: organization.id, email: account.email, role: 'member' } });
    const input = { token: await secretMailedTo(account.email, 3) };
    const refused = await send(gateway().url, Accept, { input }, as(duplicate.session));
    expect(codeOf(refused)).toBe('CONFLICT');
    expect(refused.errors![0]!.extensions.reason).toBe('ACCOUNT_EXISTS');
    expect((await rowOf(gateway(), duplicate.user)).emailVerifiedAt).toBeNull();
    const { data } = await send(gateway().url, Accept, { input }, as(account.session));
    expect(data.acceptInvitation.member.user!.id).toBe(account.user.id);
  });

  it('gets no link that proves the address, but the owner a word', async () => {
    const { account, duplicate } = await aPair();
    expect(codeOf(await people.requestVerification(duplicate.session))).toBeUndefined();
    const taken = 'You already have an account';
    const subjects = await subjectsTo(gateway(), account.email);
    expect(subjects).toEqual(['Verify your e-mail address', taken, taken]);
    expect(await gateway().services.db.prisma.accountToken.count({ where: { userId: duplicate.user.id } })).toBe(0);
  });

  it('is not whose password a link to the address resets', async () => {
    const { account, duplicate } = await aPair();
    await people.requestReset(account.email);
    const { data } = await people.resetPassword(await linkTo('reset-password', account.email), 'a new password');
    expect(data.resetPassword.user.id).toBe(account.user.id);
    expect((await people.login(account.email, 'a new password')).data.login.user.id).toBe(account.user.id);
    expect((await rowOf(gateway(), duplicate.user)).emailVerifiedAt).toBeNull();
  });

  it('changes its own password only', async () => {
    const { account, duplicate } = await aPair();
    const { errors } = await people.changePassword(duplicate.session, password, 'a third password');
    expect(errors).toBeUndefined();
    expect((await people.login(account.email, 'a third password')).data.login.user.id).toBe(duplicate.user.id);
    expect((await people.login(account.email, goodPassword)).data.login.user.id).toBe(account.user.id);
  });

  it('does not get in the way of the account', async () => {
    const { account, duplicate } = await aPair();
    const { data } = await people.changePassword(account.session, goodPassword, 'the owner’s own');
    expect(codeOf(await people.me(as(data.changePassword.session)))).toBeUndefined();
    expect(codeOf(await people.me(as(duplicate.session)))).toBeUndefined();
  });
});
