import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import { codeOf, send } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { countingStatements } from '../support/statements.js';
import { aPerson, aWorld, write } from '../support/world.js';
import { me, type Part } from './forging.js';
import { anIdentity, sendWith, useIssuer } from './issuer.js';

const issuer = useIssuer();
const gateway = useGateway({ externalIssuer: issuer.config });

const now = () => Math.floor(Date.now() / 1000);

/** Somebody of an organization who comes with tokens of the other issuer. */
async function aMember(role: string) {
  const world = await aWorld(gateway());
  const member = await world.join(role);
  const { subject } = await anIdentity(gateway(), issuer, member);
  const token = await issuer.token(subject);
  const here = { 'x-organization-id': world.organization.id };
  return { world, member, token, here, organizationId: world.organization.id };
}

describe('somebody with a token of the other issuer', () => {
  it('changes the own profile', async () => {
    const { subject } = await anIdentity(gateway(), issuer);
    const document = 'mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { fullName } } }';
    const answer = await sendWith(gateway(), await issuer.token(subject), document, { input: { fullName: 'Ada' } });
    expect(answer.data).toEqual({ updateMe: { user: { fullName: 'Ada' } } });
  });

  it('is no super admin, whoever the user is: that takes a session of the gateway', async () => {
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { subject } = await anIdentity(gateway(), issuer, superAdmin);
    const everything = '{ allOrganizations(first: 1) { nodes { id } } }';
    expect((await superAdmin.send(everything)).errors).toBeUndefined();
    expect(codeOf(await sendWith(gateway(), await issuer.token(subject), everything))).toBe('FORBIDDEN');
    const { organization } = await aWorld(gateway());
    const one = `{ organization(id: "${organization.id}") { id } }`;
    expect((await superAdmin.send(one)).errors).toBeUndefined();
    expect(codeOf(await sendWith(gateway(), await issuer.token(subject), one))).toBe('NOT_FOUND');
  });

  it('makes and deletes API keys', async () => {
    const { token, here } = await aMember('administrator');
    const make = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';
    const input = { name: 'mine', scopes: ['organizations:read'] };
    const made = await sendWith<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      gateway(),
      token,
      make,
      { input },
      here,
    );
    const { secret, apiKey } = made.data.createApiKey;
    const ask = () => send(gateway().url, '{ me { id } }', {}, { 'x-api-key': secret });
    expect(codeOf(await ask())).toBeUndefined();
    const remove = 'mutation ($input: DeleteApiKeyInput!) { deleteApiKey(input: $input) { deletedApiKeyId } }';
    await sendWith(gateway(), token, remove, { input: { apiKeyId: apiKey.id } }, here);
    expect(codeOf(await ask())).toBe('UNAUTHENTICATED');
  });

  it('accepts an invitation', async () => {
    const world = await aWorld(gateway());
    const { user, subject } = await anIdentity(gateway(), issuer);
    const secret = newSecret();
    await write(gateway(), (set) =>
      set.insert('invitations', {
        organizationId: world.organization.id,
        id: newId(),
        email: user.email,
        roleId: world.roles.viewer!,
        tokenHash: hashSecret(secret),
        invitedById: world.admin.user.id,
        expiresAt: new Date(Date.now() + 60_000),
      }),
    );
    const document = `mutation ($input: AcceptInvitationInput!) {
      acceptInvitation(input: $input) { member { role { key } organization { id } } }
    }`;
    const answer = await sendWith(gateway(), await issuer.token(subject), document, { input: { token: secret } });
    expect(answer.data).toEqual({
      acceptInvitation: { member: { role: { key: 'viewer' }, organization: { id: world.organization.id } } },
    });
  });

  it.each<[string, string, () => object]>([
    [
      'changePassword',
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { session { accessToken } } }',
      () => ({ currentPassword: 'correct horse', newPassword: 'correct horse battery' }),
    ],
    [
      'switchOrganization',
      'mutation ($input: SwitchOrganizationInput!) { switchOrganization(input: $input) { session { accessToken } } }',
      () => ({ organizationId: randomUUID() }),
    ],
  ])('is refused %s, which takes a session', async (_, document, input) => {
    const { token, organizationId } = await aMember('administrator');
    for (const given of [input(), { ...input(), ...('organizationId' in input() && { organizationId }) }]) {
      const answer = await sendWith(gateway(), token, document, { input: given });
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.reason).toBe('SESSION_REQUIRED');
      expect(answer.data ?? null).toBeNull();
    }
  });

  it('is in the organization that the header names, and in none without it', async () => {
    const { token, here, organizationId } = await aMember('viewer');
    const document = '{ currentOrganization { id viewerRole { key } } }';
    expect((await sendWith(gateway(), token, document, {}, here)).data).toEqual({
      currentOrganization: { id: organizationId, viewerRole: { key: 'viewer' } },
    });
    expect(codeOf(await sendWith(gateway(), token, document))).toBe('ORGANIZATION_REQUIRED');
    const { organization: foreign } = await aWorld(gateway());
    const elsewhere = { 'x-organization-id': foreign.id };
    expect(codeOf(await sendWith(gateway(), token, document, {}, elsewhere))).toBe('NOT_FOUND');
  });

  it('is refused what only the own session may: to renew it', async () => {
    const person = await aPerson(gateway());
    const { subject } = await anIdentity(gateway(), issuer, person);
    const document =
      'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken } } }';
    const token = await issuer.token(subject);
    expect(codeOf(await sendWith(gateway(), token, document, { input: { refreshToken: token } }))).toBe(
      'BAD_USER_INPUT',
    );
    const short = { input: { refreshToken: token.slice(-40) } };
    expect(codeOf(await sendWith(gateway(), token, document, short))).toBe('UNAUTHENTICATED');
  });

  it('costs one statement to be recognised, and none more for where', async () => {
    const { token, here, organizationId } = await aMember('administrator');
    await me(gateway(), token);
    const alone = await countingStatements(() => me(gateway(), token));
    expect(alone.result.errors).toBeUndefined();
    expect(alone.statements).toHaveLength(1);
    const document = '{ currentOrganization { id viewerRole { key } } }';
    const inside = await countingStatements(() => sendWith(gateway(), token, document, {}, here));
    expect(inside.result.data).toMatchObject({ currentOrganization: { id: organizationId } });
    expect(inside.statements).toHaveLength(1);
  });
});

describe('what counts at once, also with a token of the other issuer', () => {
  const people = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';

  async function expectCode(of: { token: string; organizationId: string }, code: string | undefined): Promise<void> {
    expect(codeOf(await sendWith(gateway(), of.token, people, { id: of.organizationId }))).toBe(code);
  }

  it.each<[string, Part, string]>([
    ['a lesser role', { roleId: 'viewer' }, 'FORBIDDEN'],
    ['suspension of the membership', { status: 'SUSPENDED' }, 'FORBIDDEN'],
  ])('%s', async (_, change, code) => {
    const known = await aMember('administrator');
    await expectCode(known, undefined);
    const { world, member, organizationId } = known;
    const roleId = change.roleId ? { roleId: world.roles[String(change.roleId)]! } : {};
    await write(gateway(), (set) =>
      set.update('members', { organizationId, id: member.memberId, ...change, ...roleId } as never),
    );
    await expectCode(known, code);
  });

  it('removal from the organization', async () => {
    const known = await aMember('administrator');
    await expectCode(known, undefined);
    const { member, organizationId } = known;
    await write(gateway(), (set) => set.delete('members', { organizationId, id: member.memberId }));
    await expectCode(known, 'NOT_FOUND');
  });

  it.each(['SUSPENDED', 'DELETED'])('a user who was made %s by a super admin, until reactivated', async (status) => {
    const { user, subject } = await anIdentity(gateway(), issuer);
    const token = await issuer.token(subject);
    expect((await me(gateway(), token)).data.me).toEqual({ id: user.id });
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const document = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }';
    const set = (next: string) => superAdmin.send(document, { input: { userId: user.id, status: next } });
    expect(codeOf(await set(status))).toBeUndefined();
    for (const given of [token, await issuer.token(subject)]) {
      const answer = await me(gateway(), given);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
      expect(answer.status).toBe(401);
    }
    const again = await set('ACTIVE');
    expect(codeOf(again)).toBe(status === 'DELETED' ? 'CONFLICT' : undefined);
    expect(codeOf(await me(gateway(), token))).toBe(status === 'DELETED' ? 'UNAUTHENTICATED' : undefined);
  });

  it('the end of the link between the two', async () => {
    const { subject } = await anIdentity(gateway(), issuer);
    await gateway().services.db.prisma.externalIdentity.deleteMany({ where: { subject: subject.sub } });
    const answer = await me(gateway(), await issuer.token({ ...subject, email: undefined }));
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });
});

describe('logging out with a token of the other issuer', () => {
  const logout = 'mutation ($input: LogoutInput!) { logout(input: $input) { ok } }';

  it.each([false, true])(
    'refuses all tokens that were issued before, and no newer one (everywhere: %s)',
    async (everywhere) => {
      const { user, accessToken, subject } = await anIdentity(gateway(), issuer);
      const old = await Promise.all([0, 1, 60, 600].map((ago) => issuer.token({ ...subject, iat: now() - ago })));
      for (const token of old) expect((await me(gateway(), token)).data.me).toEqual({ id: user.id });
      expect((await sendWith(gateway(), old[0]!, logout, { input: { everywhere } })).data).toEqual({
        logout: { ok: true },
      });
      for (const token of old) {
        const answer = await me(gateway(), token);
        expect(codeOf(answer)).toBe('UNAUTHENTICATED');
        expect(answer.status).toBe(401);
      }
      const newer = await issuer.token({ ...subject, iat: now() + 2 });
      expect((await me(gateway(), newer)).data.me).toEqual({ id: user.id });
      expect(codeOf(await me(gateway(), old[0]!))).toBe('UNAUTHENTICATED');
      expect(codeOf(await me(gateway(), accessToken))).toBe(everywhere ? 'UNAUTHENTICATED' : undefined);
    },
  );

  it('everywhere with a session refuses them as well; here, it does not', async () => {
    const { user, subject, send: sendAs } = await anIdentity(gateway(), issuer);
    const second = await anIdentity(gateway(), issuer, await aPerson(gateway()));
    const token = await issuer.token(subject);
    await second.send(logout, { input: { everywhere: false } });
    expect((await me(gateway(), await issuer.token(second.subject))).data.me).toEqual({ id: second.user.id });
    expect((await me(gateway(), token)).data.me).toEqual({ id: user.id });
    await sendAs(logout, { input: { everywhere: true } });
    expect(codeOf(await me(gateway(), token))).toBe('UNAUTHENTICATED');
  });

  it('is nobody else’s', async () => {
    const [one, other] = [await anIdentity(gateway(), issuer), await anIdentity(gateway(), issuer)];
    const token = await issuer.token(other.subject);
    await sendWith(gateway(), await issuer.token(one.subject), logout, { input: {} });
    expect((await me(gateway(), token)).data.me).toEqual({ id: other.user.id });
  });

  it('makes no second account of the same person', async () => {
    const { user, subject } = await anIdentity(gateway(), issuer);
    const token = await issuer.token(subject);
    await sendWith(gateway(), token, logout, { input: {} });
    await Promise.all(Array.from({ length: 5 }, () => me(gateway(), token)));
    const { prisma } = gateway().services.db;
    expect(await prisma.user.count({ where: { email: user.email } })).toBe(1);
    expect(await prisma.externalIdentity.count({ where: { subject: subject.sub } })).toBe(1);
  });
});
