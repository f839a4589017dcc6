import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { pathsIn } from '../lists.js';
import { setMemberStatus } from '../states.js';

const gateway = useGateway();

const Register = graphql(`
  mutation AccountTest_Register($input: RegisterInput!) {
    register(input: $input) {
      session { accessToken refreshToken tokenType expiresAt }
      user { id email username fullName avatarUrl timezone status isSuperAdmin emailVerified }
      organization { id name slug isPersonal viewerRole { key } memberCount }
      workspace { name slug isDefault organization { id } }
    }
  }
`);

const UpdateMe = graphql(`
  mutation AccountTest_UpdateMe($input: UpdateMeInput!) {
    updateMe(input: $input) { user { username fullName avatarUrl timezone } }
  }
`);

const me = '{ me { id username fullName avatarUrl timezone } }';

function newcomer() {
  const handle = `ada-${randomUUID().slice(0, 18)}`;
  return { email: `${handle}@Example.com`, password: 'correct horse', fullName: 'Ada Lovelace', username: handle };
}

const register = (input: Partial<ReturnType<typeof newcomer>>) =>
  send(gateway().url, Register, { input: { ...newcomer(), ...input } });

describe('signing up', () => {
  it('makes an account that is signed in', async () => {
    const input = newcomer();
    const { data, errors } = await register(input);
    expect(errors).toBeUndefined();
    const { user, session } = data.register;
    expect(user).toMatchObject({
      email: input.email,
      username: input.username,
      fullName: 'Ada Lovelace',
      avatarUrl: null,
      timezone: 'UTC',
      status: 'ACTIVE',
      isSuperAdmin: false,
      emailVerified: false,
    });
    expect(session.tokenType).toBe('Bearer');
    const inMinutes = (Date.parse(session.expiresAt) - Date.now()) / 60_000;
    expect(inMinutes).toBeGreaterThan(5);
    expect(inMinutes).toBeLessThanOrEqual(15);
    const answer = await send(gateway().url, me, {}, { authorization: `Bearer ${session.accessToken}` });
    expect(answer.data).toMatchObject({ me: { id: user.id } });
  });

  it('gives the person an organization of their own with a workspace', async () => {
    const input = newcomer();
    const { organization, workspace, user } = (await register(input)).data.register;
    expect(organization).toMatchObject({
      name: 'Ada Lovelace',
      isPersonal: true,
      viewerRole: { key: 'administrator' },
      memberCount: 1,
    });
    expect(organization.slug.startsWith(`${input.username}-`)).toBe(true);
    expect(workspace).toEqual({
      name: 'Default',
      slug: 'default',
      isDefault: true,
      organization: { id: organization.id },
    });
    const events = await gateway().services.db.prisma.auditEvent.findMany({
      where: { organizationId: organization.id },
    });
    expect(events).toMatchObject([
      {
        actorType: 'USER',
        actorUserId: user.id,
        action: 'ORGANIZATION_CREATED',
        targetType: 'ORGANIZATION',
        targetId: organization.id,
      },
    ]);
  });

  it('keeps only an argon2id hash of the password', async () => {
    const { user } = (await register({ password: 'correct horse battery' })).data.register;
    const row = await gateway().services.db.prisma.user.findUniqueOrThrow({ where: { id: user.id } });
    expect(row.passwordHash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(row)).not.toContain('correct horse');
  });

  it('refuses a username that somebody has, in whatever case, and leaves nothing behind', async () => {
    const { username } = newcomer();
    await register({ username });
    const { email } = newcomer();
    const answer = await register({ email, username: username.toUpperCase() });
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(answer.errors![0]!.extensions.reason).toBe('USERNAME_TAKEN');
    expect(await gateway().services.db.prisma.user.count({ where: { email } })).toBe(0);
  });

  it('needs no username', async () => {
    const { email, password, fullName } = newcomer();
    const { data } = await send(gateway().url, Register, { input: { email, password, fullName } });
    expect(data.register.user.username).toBeNull();
    expect(data.register.organization.slug.startsWith(`${email.split('@')[0]}-`)).toBe(true);
  });
});

describe('the own profile', () => {
  it('is for those who are signed in', async () => {
    expect(codeOf(await nobody(gateway()).send(me))).toBe('UNAUTHENTICATED');
    expect(codeOf(await nobody(gateway()).send(UpdateMe, { input: { fullName: 'Nobody' } }))).toBe('UNAUTHENTICATED');
  });

  it('keeps what an update leaves out', async () => {
    const username = `grace.${randomUUID().slice(0, 18)}`;
    const avatarUrl = 'https://example.com/grace.png';
    const person = await aPerson(gateway(), { username, avatarUrl, timezone: 'Europe/Berlin' });
    const { data } = await person.send(UpdateMe, { input: { fullName: '  Grace Hopper ' } });
    const expected = { username, avatarUrl, timezone: 'Europe/Berlin', fullName: 'Grace Hopper' };
    expect(data.updateMe.user).toEqual(expected);
    expect((await person.send(UpdateMe, { input: {} })).data.updateMe.user).toEqual(expected);
    expect((await person.send(me)).data).toEqual({ me: { id: person.user.id, ...expected } });
  });

  it('loses what an update sets to null', async () => {
    const person = await aPerson(gateway(), {
      username: `grace.${randomUUID().slice(0, 18)}`,
      avatarUrl: 'https://example.com/grace.png',
    });
    await person.send(UpdateMe, { input: { username: null, avatarUrl: null } });
    expect((await person.send(me)).data).toMatchObject({
      me: { username: null, avatarUrl: null, fullName: person.user.fullName },
    });
  });

  it('cannot be without a name or a time zone', async () => {
    const person = await aPerson(gateway());
    const answer = await person.send(UpdateMe, { input: { fullName: null, timezone: null, username: null } });
    expect(pathsIn(answer)).toEqual(['input.fullName', 'input.timezone']);
    expect((await person.send(me)).data).toMatchObject({ me: { fullName: person.user.fullName, timezone: 'UTC' } });
  });

  it('cannot take a username that somebody else has in another case', async () => {
    const username = `alan-${randomUUID().slice(0, 18)}`;
    await aPerson(gateway(), { username });
    const person = await aPerson(gateway(), { username: `not-${username}` });
    const answer = await person.send(UpdateMe, { input: { username: username.toUpperCase(), fullName: 'Alan' } });
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(answer.errors![0]!.extensions.reason).toBe('USERNAME_TAKEN');
    const { fullName } = person.user;
    expect((await person.send(me)).data).toMatchObject({ me: { username: `not-${username}`, fullName } });
  });

  it('may spell its own username in another case', async () => {
    const username = `alan-${randomUUID().slice(0, 18)}`;
    const person = await aPerson(gateway(), { username });
    const { data, errors } = await person.send(UpdateMe, { input: { username: username.toUpperCase() } });
    expect(errors).toBeUndefined();
    expect(data.updateMe.user.username).toBe(username.toUpperCase());
  });
});

describe('memberships', () => {
  it('are listed for the user itself, also while suspended', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('viewer');
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    const { data } = await member.send('{ me { memberships { totalCount nodes { id status role { key } } } } }');
    const role = { key: 'viewer' };
    expect(data).toEqual({
      me: { memberships: { totalCount: 1, nodes: [{ id: member.memberId, status: 'SUSPENDED', role }] } },
    });
  });

  it('of others are nobody’s business, not even an administrator’s', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    const member = await join('member');
    const answer = await admin.send(
      'query ($id: ID!, $member: ID!) { organization(id: $id) { member(id: $member) { user { memberships { nodes { id } } } } } }',
      { id: organization.id, member: member.memberId },
    );
    expect(codeOf(answer)).toBe('FORBIDDEN');
  });
});
