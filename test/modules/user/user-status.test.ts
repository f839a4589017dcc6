import { describe, expect, it } from 'vitest';
import { newMember } from '../../../src/modules/member/member.service.js';
import { newId } from '../../../src/platform/id.js';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Person, type World, write } from '../../support/world.js';
import { type Caller, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { accept, anInvited } from '../invitation/inviting.js';
import { pathsIn } from '../lists.js';
import { setMemberStatus } from '../states.js';

const gateway = useGateway();

const SetUserStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id status } } }';
const Refresh = `mutation ($input: RefreshSessionInput!) {
  refreshSession(input: $input) { session { accessToken } }
}`;
const me = '{ me { id } }';

type Status = 'ACTIVE' | 'SUSPENDED' | 'DELETED';

const aSuperAdmin = () => aPerson(gateway(), { isSuperAdmin: true });

const setStatus = (actor: Caller, { id: userId }: { id: string }, status: Status) =>
  actor.send(SetUserStatus, { input: { userId, status } });

const statusOf = async ({ user }: Person) =>
  (await gateway().services.db.prisma.user.findUniqueOrThrow({ where: { id: user.id } })).status;

const refresh = ({ refreshToken }: Person) => send(gateway().url, Refresh, { input: { refreshToken } });

async function membersIn({ organization }: World): Promise<string[]> {
  const members = await gateway().services.db.prisma.member.findMany({ where: { organizationId: organization.id } });
  return members.map(({ id }) => id).sort();
}

/** Makes a person a member of further organizations. */
async function join(person: Person, role: string, ...worlds: World[]) {
  await write(gateway(), (set) => {
    for (const { organization, roles, admin } of worlds) {
      set.insert('members', newMember(organization.id, person.user.id, roles[role]!, admin.user.id));
    }
  });
}

describe('suspending a user', () => {
  it('ends all sessions at once', async () => {
    const [superAdmin, person] = [await aSuperAdmin(), await aPerson(gateway())];
    const { data, errors } = await setStatus(superAdmin, person.user, 'SUSPENDED');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ setUserStatus: { user: { id: person.user.id, status: 'SUSPENDED' } } });
    const answer = await person.send(me);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await refresh(person))).toBe('UNAUTHENTICATED');
  });

  it('keeps the memberships, and what they are', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('developer');
    const before = await membersIn(world);
    await setStatus(await aSuperAdmin(), member.user, 'SUSPENDED');
    expect(await membersIn(world)).toEqual(before);
    const { role } = await gateway().services.db.prisma.member.findUniqueOrThrow({
      where: { organizationId_id: { organizationId: world.organization.id, id: member.memberId } },
      include: { role: true },
    });
    expect(role.key).toBe('developer');
  });

  it('is recorded in every organization of the user, and once for the platform', async () => {
    const [one, two, other] = [await aWorld(gateway()), await aWorld(gateway()), await aWorld(gateway())];
    const [superAdmin, person] = [await aSuperAdmin(), await aPerson(gateway())];
    await join(person, 'member', one, two);
    await setStatus(superAdmin, person.user, 'SUSPENDED');
    const event = {
      actorType: 'SUPER_ADMIN',
      actorUserId: superAdmin.user.id,
      action: 'USER_STATUS_CHANGED',
      targetType: 'USER',
      targetId: person.user.id,
      changes: { status: { before: 'ACTIVE', after: 'SUSPENDED' } },
    };
    const state = async () => [
      await tracesIn(gateway(), one.organization.id),
      await tracesIn(gateway(), two.organization.id),
      await gateway().services.db.prisma.platformEvent.findMany({ where: { targetId: person.user.id } }),
    ];
    const after = await state();
    expect(after).toMatchObject([{ events: [event] }, { events: [event] }, [event]]);
    expect(await eventsOf(gateway(), other.organization.id)).toEqual([]);
    expect(codeOf(await setStatus(superAdmin, person.user, 'SUSPENDED'))).toBeUndefined();
    expect(await state()).toEqual(after);
  });

  it('is undone by reactivation, which brings no session back', async () => {
    const email = `${newId()}@example.com`;
    const account = { email, password: 'correct horse', fullName: 'Ada' };
    const Register =
      'mutation ($input: RegisterInput!) { register(input: $input) { user { id } session { accessToken } } }';
    const Login = 'mutation ($input: LoginInput!) { login(input: $input) { session { accessToken } } }';
    type Registered = { register: { user: { id: string }; session: { accessToken: string } } };
    const { register } = (await send<Registered, object>(gateway().url, Register, { input: account })).data;
    const superAdmin = await aSuperAdmin();
    const login = () => send(gateway().url, Login, { input: { email, password: account.password } });
    await setStatus(superAdmin, register.user, 'SUSPENDED');
    expect(codeOf(await login())).toBe('UNAUTHENTICATED');
    expect(codeOf(await setStatus(superAdmin, register.user, 'ACTIVE'))).toBeUndefined();
    const headers = { authorization: `Bearer ${register.session.accessToken}` };
    expect(codeOf(await send(gateway().url, me, {}, headers))).toBe('UNAUTHENTICATED');
    expect(codeOf(await login())).toBeUndefined();
  });

  it('leaves no refresh token that works after reactivation', async () => {
    const [superAdmin, person] = [await aSuperAdmin(), await aPerson(gateway())];
    await setStatus(superAdmin, person.user, 'SUSPENDED');
    await setStatus(superAdmin, person.user, 'ACTIVE');
    expect(codeOf(await refresh(person))).toBe('UNAUTHENTICATED');
    expect(codeOf(await person.send(me))).toBe('UNAUTHENTICATED');
  });

  it('makes invitations of that user worthless', async () => {
    const world = await aWorld(gateway());
    const inviter = await world.join('administrator');
    const invited = await anInvited(gateway(), world, { by: inviter });
    await setStatus(await aSuperAdmin(), inviter.user, 'SUSPENDED');
    expect(codeOf(await accept(invited, invited.secret))).toBe('INVITATION_NOT_PENDING');
  });
});

describe('deleting a user', () => {
  it('takes the user out of all organizations that others belong to', async () => {
    const [one, two] = [await aWorld(gateway()), await aWorld(gateway())];
    const person = await aPerson(gateway());
    const before = [await membersIn(one), await membersIn(two)];
    await join(person, 'member', one, two);
    expect(codeOf(await setStatus(await aSuperAdmin(), person.user, 'DELETED'))).toBeUndefined();
    expect([await membersIn(one), await membersIn(two)]).toEqual(before);
    expect(codeOf(await person.send(me))).toBe('UNAUTHENTICATED');
    expect(await eventsOf(gateway(), one.organization.id)).toMatchObject([
      { action: 'USER_STATUS_CHANGED', targetId: person.user.id, changes: { status: { after: 'DELETED' } } },
    ]);
  });

  it('deletes the organizations that nobody else belongs to, and no others', async () => {
    const [alone, shared] = [await aWorld(gateway()), await aWorld(gateway())];
    const { admin } = alone;
    await shared.join('administrator');
    await join(admin, 'member', shared);
    await setStatus(await aSuperAdmin(), admin.user, 'DELETED');
    const organizations = await gateway().services.db.prisma.organization.findMany({
      where: { id: { in: [alone.organization.id, shared.organization.id] } },
    });
    const statuses = Object.fromEntries(organizations.map(({ id, status }) => [id, status]));
    expect(statuses).toEqual({ [alone.organization.id]: 'DELETED', [shared.organization.id]: 'ACTIVE' });
  });

  it('is for good', async () => {
    const [superAdmin, person] = [await aSuperAdmin(), await aPerson(gateway())];
    await setStatus(superAdmin, person.user, 'DELETED');
    for (const status of ['ACTIVE', 'SUSPENDED'] as const) {
      const answer = await setStatus(superAdmin, person.user, status);
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('USER_DELETED');
    }
    expect(codeOf(await setStatus(superAdmin, person.user, 'DELETED'))).toBeUndefined();
    expect(await statusOf(person)).toBe('DELETED');
  });

  it('takes the right of a super admin, too', async () => {
    const [superAdmin, other] = [await aSuperAdmin(), await aSuperAdmin()];
    await setStatus(superAdmin, other.user, 'DELETED');
    const { isSuperAdmin } = await gateway().services.db.prisma.user.findUniqueOrThrow({
      where: { id: other.user.id },
    });
    expect(isSuperAdmin).toBe(false);
  });
});

describe('the last administrator of an organization', () => {
  it('can be neither suspended nor deleted as a user, and the answer names the organizations', async () => {
    const [one, two, safe] = [await aWorld(gateway()), await aWorld(gateway()), await aWorld(gateway())];
    const { admin } = one;
    await one.join('member');
    await join(admin, 'administrator', two, safe);
    await setMemberStatus(gateway(), two, two.admin, 'SUSPENDED');
    const superAdmin = await aSuperAdmin();
    for (const status of ['SUSPENDED', 'DELETED'] as const) {
      const before = await tracesIn(gateway(), one.organization.id);
      const answer = await setStatus(superAdmin, admin.user, status);
      expect(codeOf(answer)).toBe('LAST_ADMINISTRATOR');
      const { organizationIds } = answer.errors![0]!.extensions as unknown as { organizationIds: string[] };
      expect([...organizationIds].sort()).toEqual([one.organization.id, two.organization.id].sort());
      expect(await statusOf(admin)).toBe('ACTIVE');
      expect(await tracesIn(gateway(), one.organization.id)).toEqual(before);
      expect(codeOf(await admin.send(me))).toBeUndefined();
    }
    await one.join('administrator');
    await setMemberStatus(gateway(), two, two.admin, 'ACTIVE');
    expect(codeOf(await setStatus(superAdmin, admin.user, 'SUSPENDED'))).toBeUndefined();
  });

  it('is also the last one beside administrators who may not sign in', async () => {
    const world = await aWorld(gateway());
    const second = await world.join('administrator');
    const superAdmin = await aSuperAdmin();
    expect(codeOf(await setStatus(superAdmin, second.user, 'SUSPENDED'))).toBeUndefined();
    expect(codeOf(await setStatus(superAdmin, world.admin.user, 'SUSPENDED'))).toBe('LAST_ADMINISTRATOR');
  });
});

describe('the standing of users', () => {
  it('is for super admins to set', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    for (const status of ['SUSPENDED', 'DELETED', 'ACTIVE'] as const) {
      expect(codeOf(await setStatus(world.admin, member.user, status))).toBe('FORBIDDEN');
      expect(codeOf(await setStatus(member, member.user, status))).toBe('FORBIDDEN');
      expect(codeOf(await setStatus(nobody(gateway()), member.user, status))).toBe('UNAUTHENTICATED');
    }
    expect(await statusOf(member)).toBe('ACTIVE');
  });

  it('is not one’s own to set', async () => {
    const superAdmin = await aSuperAdmin();
    await aSuperAdmin();
    for (const status of ['SUSPENDED', 'DELETED'] as const) {
      expect(pathsIn(await setStatus(superAdmin, superAdmin.user, status))).toEqual(['input.userId']);
    }
    expect(await statusOf(superAdmin)).toBe('ACTIVE');
  });

  it('is that of a user who exists', async () => {
    expect(codeOf(await setStatus(await aSuperAdmin(), { id: newId() }, 'SUSPENDED'))).toBe('NOT_FOUND');
  });
});
