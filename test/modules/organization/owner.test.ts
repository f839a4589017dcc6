import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Answer, codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Person, write } from '../../support/world.js';
import { mailTo } from '../mailbox.js';
import {
  accountsOf,
  anAddress,
  as,
  bothRefused,
  goodPassword,
  linkTo,
  neitherRefused,
  rowOf,
  type Session,
  subjectsTo,
} from '../user/accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);

const aSuperAdmin = () => aPerson(gateway(), { isSuperAdmin: true });

interface Created {
  createOrganization: {
    organization: { id: string; name: string; memberCount: number };
    workspace: { isDefault: boolean };
    member: { role: { key: string }; status: string; user: { id: string; email: string; fullName: string } };
  };
}

/** Founds an organization that somebody else is to own. */
function found(by: Pick<Person, 'send'>, email: string, given: { slug?: string; name?: string } = {}) {
  const input = { name: 'Handed Over', ...given, owner: { email, fullName: 'Grace Hopper' } };
  return by.send(
    `mutation ($input: CreateOrganizationInput!) {
      createOrganization(input: $input) {
        organization { id name memberCount } workspace { isDefault }
        member { role { key } status user { id email fullName } }
      }
    }`,
    { input },
  ) as Promise<Answer<Created>>;
}

const belongings = '{ organizations { nodes { id isPersonal viewerRole { key } } } }';

/** The organizations of whoever has the session. */
async function organizationsOf(session: Session) {
  const { data } = await send<{ organizations: { nodes: object[] } }, object>(
    gateway().url,
    belongings,
    {},
    as(session),
  );
  return data.organizations.nodes;
}

const organizationsNamed = (name: string) => gateway().services.db.prisma.organization.count({ where: { name } });
const usersWith = (email: string) => gateway().services.db.prisma.user.count({ where: { email } });

describe('founding an organization for an owner without an account (C2)', () => {
  it('makes an account with a personal organization, and the owner the only administrator', async () => {
    const superAdmin = await aSuperAdmin();
    const email = anAddress();
    const { data, errors } = await found(superAdmin, email);
    expect(errors).toBeUndefined();
    const { organization, workspace, member } = data.createOrganization;
    expect(organization).toMatchObject({ name: 'Handed Over', memberCount: 1 });
    expect(workspace).toEqual({ isDefault: true });
    expect(member).toMatchObject({
      role: { key: 'administrator' },
      status: 'ACTIVE',
      user: { email, fullName: 'Grace Hopper' },
    });
    const account = await rowOf(gateway(), member.user);
    expect(account).toMatchObject({ passwordHash: null, emailVerifiedAt: null, duplicateOfId: null, status: 'ACTIVE' });
    const memberships = await gateway().services.db.prisma.member.findMany({
      where: { userId: member.user.id },
      include: { organization: true },
    });
    expect(memberships.map((one) => one.organization.isPersonal).sort()).toEqual([false, true]);
  });

  it('mails the owner a link to choose a password, which works for a week and signs in', async () => {
    const email = anAddress();
    const { organization, member } = (await found(await aSuperAdmin(), email)).data.createOrganization;
    const secret = await linkTo('reset-password', email);
    const mails = await mailTo(email);
    expect(mails.map(({ subject }) => subject)).toEqual(['Handed Over is yours to administer']);
    const [row] = await gateway().services.db.prisma.accountToken.findMany({ where: { userId: member.user.id } });
    const days = (row!.expiresAt.getTime() - row!.createdAt.getTime()) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);

    const { data, errors } = await people.resetPassword(secret, goodPassword);
    expect(errors).toBeUndefined();
    expect(data.resetPassword.user).toMatchObject({ id: member.user.id, email, emailVerified: true });
    expect(codeOf(await people.login(email))).toBeUndefined();
    const owner = await people.me(as(data.resetPassword.session));
    expect(owner.data.me.id).toBe(member.user.id);
    const mine = await organizationsOf(data.resetPassword.session);
    expect(mine).toHaveLength(2);
    expect(mine).toContainEqual({ id: organization.id, isPersonal: false, viewerRole: { key: 'administrator' } });
    expect(codeOf(await people.resetPassword(secret, 'another password'))).toBe('NOT_FOUND');
  });

  it('does not make the super admin a member', async () => {
    const superAdmin = await aSuperAdmin();
    const { organization } = (await found(superAdmin, anAddress())).data.createOrganization;
    const mine = await superAdmin.send<{ organizations: { nodes: { id: string }[] } }, object>(belongings);
    expect(mine.data.organizations.nodes).toEqual([]);
    const { member } = gateway().services.db.prisma;
    expect(await member.count({ where: { organizationId: organization.id, userId: superAdmin.user.id } })).toBe(0);
  });

  it('is recorded as done by the super admin (R9)', async () => {
    const superAdmin = await aSuperAdmin();
    const { organization } = (await found(superAdmin, anAddress())).data.createOrganization;
    const events = await gateway().services.db.prisma.auditEvent.findMany({
      where: { organizationId: organization.id },
    });
    expect(events).toMatchObject([
      { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id, action: 'ORGANIZATION_CREATED' },
    ]);
  });
});

describe('founding an organization for an owner with an account', () => {
  it('makes somebody whose address is proven its administrator, who keeps password and sessions', async () => {
    const owner = await people.aVerified();
    const before = await rowOf(gateway(), owner.user);
    const answer = await found(await aSuperAdmin(), owner.email.toUpperCase());
    const { organization, member } = answer.data.createOrganization;
    expect(member).toMatchObject({ role: { key: 'administrator' }, user: { id: owner.user.id, email: owner.email } });
    expect(await people.refusals(owner.session)).toEqual(neitherRefused);
    expect(codeOf(await people.login(owner.email))).toBeUndefined();
    expect(await rowOf(gateway(), owner.user)).toEqual(before);
    expect(await organizationsOf((await people.login(owner.email)).data.login.session)).toHaveLength(2);
    expect(organization.memberCount).toBe(1);
    const subjects = await subjectsTo(gateway(), owner.email);
    expect(subjects.at(-1)).toBe('Handed Over is yours to administer');
    expect((await mailTo(owner.email)).at(-1)!.text).not.toContain('reset-password');
  });

  it('locks out whoever has only registered the address, and lets in who gets the mail', async () => {
    const squatter = await people.signUp({ password: 'the attacker’s own' });
    const key = await people.anApiKey(squatter);
    const { member } = (await found(await aSuperAdmin(), squatter.email)).data.createOrganization;
    expect(member.user.id).toBe(squatter.user.id);
    expect(await people.refusals(squatter.session)).toEqual(bothRefused);
    expect(codeOf(await people.me(key))).toBe('UNAUTHENTICATED');
    expect(codeOf(await people.login(squatter.email, squatter.password))).toBe('UNAUTHENTICATED');
    const secret = await linkTo('reset-password', squatter.email);
    expect((await people.resetPassword(secret, goodPassword)).data.resetPassword.user).toMatchObject({
      id: squatter.user.id,
      emailVerified: true,
    });
  });

  it('is refused while the account is suspended, and founds nothing', async () => {
    const owner = await people.aVerified();
    await write(gateway(), (set) => set.update('users', { id: owner.user.id, status: 'SUSPENDED' }));
    const superAdmin = await aSuperAdmin();
    for (const given of [{}, { slug: `org-${randomUUID()}` }]) {
      const name = `Never ${randomUUID()}`;
      const answer = await found(superAdmin, owner.email, { name, ...given });
      expect([codeOf(answer), answer.errors![0]!.extensions.reason]).toEqual(['CONFLICT', 'USER_NOT_ACTIVE']);
      expect(await organizationsNamed(name)).toBe(0);
    }
    expect(await subjectsTo(gateway(), owner.email)).toEqual(['Verify your e-mail address']);
  });
});

describe('naming an owner', () => {
  it('is for super admins only, who learn so even of themselves', async () => {
    const { admin } = await aWorld(gateway());
    const email = anAddress();
    for (const owner of [email, admin.user.email]) {
      const name = `Never ${randomUUID()}`;
      const answer = await found(admin, owner, { name });
      expect([codeOf(answer), answer.errors![0]!.extensions.reason]).toEqual(['FORBIDDEN', 'SUPER_ADMIN']);
      expect(await organizationsNamed(name)).toBe(0);
    }
    expect(await usersWith(email)).toBe(0);
  });

  it('makes no account and sends no mail if the slug is taken', async () => {
    const { organization } = await aWorld(gateway());
    const [email, squatter] = [anAddress(), await people.signUp()];
    await linkTo('verify-email', squatter.email);
    const superAdmin = await aSuperAdmin();
    for (const owner of [email, squatter.email]) {
      const answer = await found(superAdmin, owner, { slug: organization.slug.toUpperCase() });
      expect([codeOf(answer), answer.errors![0]!.extensions.reason]).toEqual(['CONFLICT', 'SLUG_TAKEN']);
    }
    expect(await usersWith(email)).toBe(0);
    expect(await subjectsTo(gateway(), email)).toEqual([]);
    expect(await subjectsTo(gateway(), squatter.email)).toEqual(['Verify your e-mail address']);
    expect(await people.refusals(squatter.session)).toEqual(neitherRefused);
  });

  it('needs an address and a name that can be', async () => {
    const answer = await found(await aSuperAdmin(), 'nobody');
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'input.owner.email' }] } },
    ]);
  });
});
