import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { createLog } from '../../src/platform/log.js';
import { hashPassword } from '../../src/platform/password.js';
import { codeOf, send } from '../support/client.js';
import { testConfig, useGateway } from '../support/gateway.js';
import { aPerson, aWorld, write } from '../support/world.js';
import { expectRefused, me, type Part } from './forging.js';
import { aSubject, sendWith, useIssuer } from './issuer.js';

const issuer = useIssuer();
const other = useIssuer();
const gateway = useGateway({ externalIssuer: issuer.config });

/** A gateway on the same database that trusts another issuer. */
let elsewhere: Gateway;
beforeAll(async () => {
  elsewhere = await startGateway(testConfig({ externalIssuer: other.config }), createLog('silent'));
});
afterAll(() => elsewhere?.stop());

const account = `{
  me { id email fullName emailVerified isSuperAdmin memberships { nodes { role { key } organization { name isPersonal } } } }
}`;

const idOf = async (claims: Part, where: Gateway = gateway(), from = issuer) =>
  (await me(where, await from.token(claims))).data?.me?.id;

const usersWith = (email: string) =>
  gateway().services.db.prisma.user.findMany({ where: { email: { equals: email, mode: 'insensitive' } } });

const identitiesOf = ({ sub }: { sub: string }) =>
  gateway().services.db.prisma.externalIdentity.findMany({ where: { subject: sub } });

describe('a token of somebody who was never here', () => {
  it('makes an account with a personal organization, whose address is verified', async () => {
    const subject = aSubject({ name: '  Grace \u202e\n Hopper ' });
    const { data, errors } = await sendWith(gateway(), await issuer.token(subject), account);
    expect(errors).toBeUndefined();
    expect(data.me).toEqual({
      id: expect.any(String),
      email: subject.email,
      fullName: 'Grace Hopper',
      emailVerified: true,
      isSuperAdmin: false,
      memberships: {
        nodes: [{ role: { key: 'administrator' }, organization: { name: 'Grace Hopper', isPersonal: true } }],
      },
    });
    const [user] = await usersWith(subject.email);
    expect(user).toMatchObject({ passwordHash: null, duplicateOfId: null });
    expect(
      await gateway().services.db.prisma.workspace.count({
        where: { organization: { members: { some: { userId: user!.id } } } },
      }),
    ).toBe(1);
    expect(await identitiesOf(subject)).toMatchObject([{ issuer: issuer.config.issuer, userId: user!.id }]);
  });

  it.each([undefined, '', '\u200b\n', 7, null, ['Ada']])(
    'names the account after the address where the name is %j',
    async (name) => {
      const subject = aSubject({ name });
      await idOf(subject);
      const [user] = await usersWith(subject.email);
      expect(user!.fullName).toBe(subject.email.split('@')[0]);
    },
  );

  it('is of the same account from then on, whatever other tokens say of name and address', async () => {
    const subject = aSubject();
    const id = await idOf(subject);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf(subject)).toBe(id);
    const changed = { sub: subject.sub, email: `${randomUUID()}@example.com`, email_verified: true, name: 'Eve' };
    expect(await idOf(changed)).toBe(id);
    expect(await idOf({ sub: subject.sub })).toBe(id);
    expect(await usersWith(changed.email)).toEqual([]);
    expect(await usersWith(subject.email)).toMatchObject([{ id, fullName: 'Ada Lovelace' }]);
  });

  it('makes one account, though ten requests come at once over two gateways', async () => {
    const twin = await startGateway(testConfig({ externalIssuer: issuer.config }), createLog('silent'));
    try {
      for (let round = 0; round < 5; round += 1) {
        const subject = aSubject();
        const tokens = await Promise.all(Array.from({ length: 10 }, () => issuer.token(subject)));
        const answers = await Promise.all(tokens.map((token, index) => me(index % 2 ? twin : gateway(), token)));
        expect(answers.map(codeOf)).toEqual(answers.map(() => undefined));
        expect(new Set(answers.map(({ data }) => data.me!.id)).size).toBe(1);
        expect(await usersWith(subject.email)).toHaveLength(1);
        expect(await identitiesOf(subject)).toHaveLength(1);
        const { id } = answers[0]!.data.me!;
        expect(await gateway().services.db.prisma.member.count({ where: { userId: id } })).toBe(1);
      }
    } finally {
      await twin.stop();
    }
  });

  it('takes the text “true” for true, as some issuers write it', async () => {
    expect(await idOf(aSubject({ email_verified: 'true' }))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes nobody a super admin or a member, whatever it claims', async () => {
    const { organization } = await aWorld(gateway());
    const claims = { isSuperAdmin: true, is_super_admin: true, role: 'super_admin', organization: organization.id };
    const token = await issuer.token(aSubject({ ...claims, organizationId: organization.id, org_id: organization.id }));
    const answer = await sendWith<{ me: { isSuperAdmin: boolean } }>(gateway(), token, account);
    expect(answer.data.me.isSuperAdmin).toBe(false);
    const organizations = '{ organizations { nodes { id } } }';
    expect(JSON.stringify(await sendWith(gateway(), token, organizations))).not.toContain(organization.id);
  });
});

describe('a token with the address of an account', () => {
  it('is of that account if the address is verified there, in any case', async () => {
    const email = `Ada.${randomUUID()}@Example.com`;
    const person = await aPerson(gateway(), { email, emailVerifiedAt: new Date(), fullName: 'Ada herself' });
    const subject = aSubject({ email: email.toLowerCase() });
    expect(await idOf(subject)).toBe(person.user.id);
    expect(await idOf(aSubject({ email: email.toUpperCase() }))).toBe(person.user.id);
    expect(await usersWith(email)).toMatchObject([{ email, fullName: 'Ada herself' }]);
    // What let the person in before still does.
    expect((await me(gateway(), person.accessToken)).data.me).toEqual({ id: person.user.id });
  });

  it('is of another account if it is that of a deleted one', async () => {
    const subject = aSubject();
    const deleted = { email: subject.email, emailVerifiedAt: new Date(), status: 'DELETED' as const };
    const { user } = await aPerson(gateway(), deleted);
    const id = await idOf(subject);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(id).not.toBe(user.id);
  });

  it('takes over one that nobody has verified: password, sessions and API keys of whoever made it end', async () => {
    const { admin: squatter, organization } = await aWorld(gateway());
    const { id, email } = squatter.user;
    const passwordHash = await hashPassword('correct horse');
    await write(gateway(), (set) => set.update('users', { id, passwordHash }));
    const make = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
    const input = { organizationId: organization.id, name: 'mine', scopes: ['organizations:read'] };
    const made = await squatter.send<{ createApiKey: { secret: string } }, object>(make, { input });
    const key = { 'x-api-key': made.data.createApiKey.secret };
    expect(codeOf(await send(gateway().url, '{ me { id } }', {}, key))).toBeUndefined();

    const subject = aSubject({ email });
    const { data } = await sendWith<{ me: object }>(gateway(), await issuer.token(subject), account);
    expect(data.me).toMatchObject({ id, emailVerified: true });

    expect(codeOf(await me(gateway(), squatter.accessToken))).toBe('UNAUTHENTICATED');
    expect(codeOf(await send(gateway().url, '{ me { id } }', {}, key))).toBe('UNAUTHENTICATED');
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }';
    const credentials = { email, password: 'correct horse' };
    expect(codeOf(await send(gateway().url, login, { input: credentials }))).toBe('UNAUTHENTICATED');
    const refresh =
      'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken } } }';
    const renewed = await send(gateway().url, refresh, { input: { refreshToken: squatter.refreshToken } });
    expect(codeOf(renewed)).toBe('UNAUTHENTICATED');
    expect(await idOf(subject)).toBe(id);
  });
});

describe('the same subject of another issuer', () => {
  it('is somebody else where it is trusted', async () => {
    const subject = aSubject();
    const id = await idOf(subject);
    const stranger = await idOf({ ...aSubject(), sub: subject.sub }, elsewhere, other);
    expect(stranger).toMatch(/^[0-9a-f-]{36}$/);
    expect(stranger).not.toBe(id);
    expect(await identitiesOf(subject)).toHaveLength(2);
    await expectRefused(elsewhere, await issuer.token(subject));
  });
});
