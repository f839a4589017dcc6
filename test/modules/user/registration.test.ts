import { describe, expect, it, vi } from 'vitest';
import { newUser } from '../../../src/modules/user/user.service.js';
import { Writes } from '../../../src/platform/writes.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { write } from '../../support/world.js';
import { mailTo } from '../mailbox.js';
import { accountsOf, anAddress, as, goodPassword, linkTo, rowOf, subjectsTo } from './accounts.js';

const gateway = useGateway();
const { register, login, refresh, me, verifyEmail, signUp, aVerified } = accountsOf(gateway);

const taken = 'You already have an account';

const usersWith = (email: string) =>
  gateway().services.db.prisma.user.findMany({
    where: { email: { equals: email, mode: 'insensitive' } },
    orderBy: { createdAt: 'asc' },
  });

/** What an answer looks like, whatever the values are. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, nested]) => [key, shapeOf(nested)]));
}

describe('signing up with a new address', () => {
  it('gives session, user, personal organization and workspace at once (C3)', async () => {
    const email = anAddress();
    const { data, errors } = await register({ email });
    expect(errors).toBeUndefined();
    expect(data.register).toMatchObject({
      user: { email, emailVerified: false },
      organization: { name: 'Ada Lovelace', isPersonal: true, memberCount: 1, viewerRole: { key: 'administrator' } },
      workspace: { name: 'Default', slug: 'default', isDefault: true },
    });
    expect((await me(as(data.register.session))).data.me).toEqual({
      id: data.register.user.id,
      email,
      emailVerified: false,
    });
    expect((await login(email)).data.login.user.id).toBe(data.register.user.id);
  });

  it('brings a mail with a link that proves the address', async () => {
    const { email, session, user } = await signUp();
    const secret = await linkTo('verify-email', email);
    const [mail] = await mailTo(email);
    expect(mail!.subject).toBe('Verify your e-mail address');
    expect(mail!.html).toContain(`/verify-email/${secret}`);
    const { data, errors } = await verifyEmail(secret, session);
    expect(errors).toBeUndefined();
    expect(data.verifyEmail.user).toMatchObject({ id: user.id, emailVerified: true });
    expect((await me(as(session))).data.me.emailVerified).toBe(true);
  });

  it('stores nothing that the link could be made from', async () => {
    const { email, user } = await signUp();
    const secret = await linkTo('verify-email', email);
    const rows = await gateway().services.db.prisma.accountToken.findMany({ where: { userId: user.id } });
    expect(rows).toHaveLength(1);
    expect(rows[0]!.hash).toHaveLength(32);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(Buffer.from(rows[0]!.hash).toString('base64url')).not.toBe(secret);
  });
});

describe('signing up with an address that has an account', () => {
  it('is answered like any other, in whatever case, with a session that works', async () => {
    const { email } = await aVerified();
    const known = await register({ email: email.toUpperCase() });
    const unknown = await register({ email: anAddress() });
    expect(shapeOf(known)).toEqual(shapeOf(unknown));
    const { user, organization, session } = known.data.register;
    expect(user).toMatchObject({ email: email.toUpperCase(), emailVerified: false });
    expect((await me(as(session))).data.me).toEqual({ id: user.id, email: email.toUpperCase(), emailVerified: false });
    const renewed = (await refresh(session)).data.refreshSession.session;
    expect(codeOf(await me(as(renewed)))).toBeUndefined();
    expect(organization).toMatchObject({ isPersonal: true, memberCount: 1, viewerRole: { key: 'administrator' } });
  });

  it('leaves the account as it was, which still signs in', async () => {
    const account = await aVerified();
    const before = await rowOf(gateway(), account.user);
    const other = await signUp({ email: account.email, password: 'another password' });
    expect(other.user.id).not.toBe(account.user.id);
    expect(other.organization.id).not.toBe(account.organization.id);
    expect(await rowOf(gateway(), account.user)).toEqual(before);
    expect(codeOf(await me(as(account.session)))).toBeUndefined();
    expect((await login(account.email)).data.login.user.id).toBe(account.user.id);
  });

  it('tells only the owner of the address, by mail, and offers no link to prove it', async () => {
    const { email } = await aVerified();
    await signUp({ email });
    expect(await subjectsTo(gateway(), email)).toEqual(['Verify your e-mail address', taken]);
    const mail = (await mailTo(email, 2)).at(-1)!;
    expect(mail.text).not.toContain('verify-email');
  });

  it('keeps the two apart by their passwords, also when there are several', async () => {
    const account = await aVerified();
    const others = [];
    for (const password of ['another password', 'a third password']) {
      others.push(await signUp({ email: account.email, password }));
    }
    for (const { email, password, user } of [account, ...others]) {
      const { data, errors } = await login(email, password);
      expect(errors).toBeUndefined();
      expect(data.login.user.id).toBe(user.id);
    }
    expect(codeOf(await login(account.email, 'nobody’s password'))).toBe('UNAUTHENTICATED');
  });

  it('signs the account in where both have the same password', async () => {
    const account = await aVerified();
    await signUp({ email: account.email, password: account.password });
    expect((await login(account.email)).data.login.user.id).toBe(account.user.id);
  });

  it('makes one account and one duplicate of two that come at once', async () => {
    const email = anAddress();
    const answers = await Promise.all([register({ email }), register({ email: email.toUpperCase() })]);
    expect(answers.map(codeOf)).toEqual([undefined, undefined]);
    const users = await usersWith(email);
    const account = users.find(({ duplicateOfId }) => duplicateOfId === null);
    const duplicate = users.find(({ duplicateOfId }) => duplicateOfId !== null);
    expect(users).toHaveLength(2);
    expect(duplicate!.duplicateOfId).toBe(account!.id);
  });

  it('makes a duplicate of an account that it could not see yet', async () => {
    const { db } = gateway().services;
    const faster = newUser({ email: anAddress(), fullName: 'Faster', passwordHash: null });
    const slower = await db.transaction(async (run) => {
      const writes = new Writes();
      writes.insert('users', faster);
      await writes.commit(run);
      const [holder] = await run<{ pid: number }>('SELECT pg_backend_pid() AS pid', []);
      const answer = register({ email: faster.email });
      const waiting = 'SELECT pid FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))';
      await vi.waitFor(async () => expect(await db.run(waiting, [holder!.pid])).toHaveLength(1), { timeout: 10_000 });
      return { answer };
    });
    const { data, errors } = await slower.answer;
    expect(errors).toBeUndefined();
    expect((await rowOf(gateway(), data.register.user)).duplicateOfId).toBe(faster.id);
    expect(codeOf(await me(as(data.register.session)))).toBeUndefined();
  });

  it('makes an account like any other once the one before was deleted', async () => {
    const gone = await aVerified();
    await write(gateway(), (set) => set.update('users', { id: gone.user.id, status: 'DELETED' }));
    const { email, user, session } = await signUp({ email: gone.email, password: 'another password' });
    expect((await rowOf(gateway(), user)).duplicateOfId).toBeNull();
    expect((await login(email, 'another password')).data.login.user.id).toBe(user.id);
    expect(codeOf(await login(email, goodPassword))).toBe('UNAUTHENTICATED');
    const { data } = await verifyEmail(await linkTo('verify-email', email, 2), session);
    expect(data.verifyEmail.user).toMatchObject({ id: user.id, emailVerified: true });
  });

  it('is a duplicate of an account that is suspended, too', async () => {
    const suspended = await aVerified();
    await write(gateway(), (set) => set.update('users', { id: suspended.user.id, status: 'SUSPENDED' }));
    const { user } = await signUp({ email: suspended.email });
    expect((await rowOf(gateway(), user)).duplicateOfId).toBe(suspended.user.id);
  });
});
