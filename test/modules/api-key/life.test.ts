import { describe, expect, it, vi } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Colleague, type World, write } from '../../support/world.js';
import type { Caller } from '../adversaries.js';
import { customRole, setMemberStatus } from '../states.js';
import { aKey, create, current, erase, joinAs, type Key, keyOf, list, makeTeam, me, read } from './keys.js';

const gateway = useGateway();

const Remove = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId } }';
const Update = 'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id } } }';
const UpdateRole = 'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }';
const Suspend = 'mutation ($input: SuspendMemberInput!) { suspendMember(input: $input) { member { id } } }';
const Reinstate = 'mutation ($input: ReinstateMemberInput!) { reinstateMember(input: $input) { member { id } } }';
const SetUserStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { status } } }';
const Delete =
  'mutation ($input: DeleteOrganizationInput!) { deleteOrganization(input: $input) { deletedOrganizationId } }';
const Restore =
  'mutation ($input: RestoreOrganizationInput!) { restoreOrganization(input: $input) { organization { id } } }';

const members = (id: string) => `{ organization(id: "${id}") { members { totalCount } } }`;

/** Does something that has to succeed in the organization. */
async function act({ organization }: World, caller: Caller, document: string, input: object) {
  const answer = await caller.send(document, { input: { organizationId: organization.id, ...input } });
  expect(answer.errors).toBeUndefined();
}

async function setUserStatus({ user }: Colleague, status: 'ACTIVE' | 'SUSPENDED' | 'DELETED') {
  const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
  const answer = await superAdmin.send(SetUserStatus, { input: { userId: user.id, status } });
  expect(answer.errors).toBeUndefined();
}

async function expectGood(...keys: Key[]) {
  for (const { send } of keys) expect(codeOf(await send(me))).toBeUndefined();
}

/** Refused as a bad credential, whatever is asked: never as nobody, who might do more. */
async function expectRefused({ send }: Key) {
  for (const document of [me, current, '{ invitationByToken(token: "x") { email } }']) {
    const answer = await send(document);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  }
}

async function expectSuspended({ send }: Key) {
  for (const document of [me, current, '{ organizations { nodes { id } } }']) {
    const answer = await send(document);
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'MEMBERSHIP_SUSPENDED' });
  }
}

/** A developer with a key, beside another one whose key nothing of it concerns. */
async function aMaker(role = 'developer') {
  const world = await aWorld(gateway());
  const maker = await world.join(role);
  const key = await aKey(gateway(), world, maker);
  const bystander = await aKey(gateway(), world, world.admin);
  await expectGood(key, bystander);
  return { world, maker, key, bystander };
}

describe('an API key is refused', () => {
  it('once it has expired', async () => {
    const world = await aWorld(gateway());
    const [past, future] = [new Date(Date.now() - 1000), new Date(Date.now() + 60_000)];
    await expectRefused(await aKey(gateway(), world, world.admin, { expiresAt: past }));
    await expectGood(await aKey(gateway(), world, world.admin, { expiresAt: future }));
  });

  it('from the moment on at which it was to expire, and not before', async () => {
    const world = await aWorld(gateway());
    const expiresAt = new Date(Date.now() + 2000);
    const { apiKey, secret } = (await create(world, world.admin, { expiresAt })).data.createApiKey;
    const key = keyOf(gateway(), apiKey.id, secret);
    await vi.waitFor(() => expectRefused(key), { timeout: 20_000, interval: 100 });
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
  });

  it('once it was deleted', async () => {
    const { world, key, bystander } = await aMaker();
    await erase(world, world.admin, key.id);
    await expectRefused(key);
    await expectGood(bystander);
  });

  it('once its maker was removed, also if the maker comes back', async () => {
    const { world, maker, key, bystander } = await aMaker();
    await act(world, world.admin, Remove, { memberId: maker.memberId });
    await expectRefused(key);
    await joinAs(gateway(), world, maker, 'developer');
    await expectRefused(key);
    await expectGood(bystander);
  });

  it('once its maker has left, be it with the key itself', async () => {
    const { world, maker, key, bystander } = await aMaker();
    const other = await aMaker();
    await act(world, maker, Remove, { memberId: maker.memberId });
    await act(other.world, other.key, Remove, { memberId: other.maker.memberId });
    await expectRefused(key);
    await expectRefused(other.key);
    await expectGood(bystander, other.bystander);
  });

  it('once its maker was transferred, in both organizations', async () => {
    const { world, maker, key, bystander } = await aMaker();
    const other = await aWorld(gateway());
    await joinAs(gateway(), other, world.admin, 'administrator');
    await act(world, world.admin, Update, {
      memberId: maker.memberId,
      targetOrganizationId: other.organization.id,
    });
    await expectRefused(key);
    const there = await key.send(current, {}, { 'x-organization-id': other.organization.id });
    expect([there.status, codeOf(there)]).toEqual([401, 'UNAUTHENTICATED']);
    await expectGood(bystander);
    expect(await gateway().services.db.prisma.apiKey.count({ where: { userId: maker.user.id } })).toBe(0);
  });

  it('while its user is suspended', async () => {
    const { maker, key, bystander } = await aMaker();
    await setUserStatus(maker, 'SUSPENDED');
    await expectRefused(key);
    await expectGood(bystander);
  });

  it('once its user was deleted', async () => {
    const { maker, key, bystander } = await aMaker();
    await setUserStatus(maker, 'DELETED');
    await expectRefused(key);
    await expectGood(bystander);
  });

  it('while its organization is deleted, and works again when that is restored', async () => {
    const { world, key } = await aMaker();
    const elsewhere = await aMaker();
    await act(world, world.admin, Delete, { confirmSlug: world.organization.slug });
    await expectRefused(key);
    await expectGood(elsewhere.key);
    await act(world, await aPerson(gateway(), { isSuperAdmin: true }), Restore, {});
    await expectGood(key);
  });
});

describe('an API key can do nothing', () => {
  it('while its membership is suspended, and works again once that is reinstated', async () => {
    const { world, maker, key, bystander } = await aMaker('administrator');
    const readOnly = await aKey(gateway(), world, maker, { scopes: read });
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { memberId } = maker;
    await act(world, superAdmin, Suspend, { memberId });
    for (const suspended of [key, readOnly]) await expectSuspended(suspended);
    const answer = await makeTeam(world, key);
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'MEMBERSHIP_SUSPENDED' });
    await expectGood(bystander);
    await act(world, superAdmin, Reinstate, { memberId });
    await expectGood(key, readOnly);
    expect(codeOf(await makeTeam(world, key))).toBeUndefined();
  });

  it('while its organization is suspended, and works again once that is active', async () => {
    const { world, key } = await aMaker();
    const elsewhere = await aMaker();
    const set = (status: 'ACTIVE' | 'SUSPENDED') =>
      write(gateway(), (writes) => writes.update('organizations', { id: world.organization.id, status }));
    await set('SUSPENDED');
    await expectSuspended(key);
    await expectGood(elsewhere.key);
    await set('ACTIVE');
    await expectGood(key);
  });

  it('while its membership is suspended, in other organizations of its maker neither', async () => {
    const { world, maker, key } = await aMaker();
    const other = await aWorld(gateway());
    await joinAs(gateway(), other, maker, 'administrator');
    await setMemberStatus(gateway(), world, maker, 'SUSPENDED');
    const { id } = other.organization;
    const attempts = [key.send(current, {}, { 'x-organization-id': id }), key.send(members(id)), makeTeam(other, key)];
    for (const attempt of attempts) {
      expect((await attempt).errors![0]!.extensions).toMatchObject({
        code: 'FORBIDDEN',
        reason: 'MEMBERSHIP_SUSPENDED',
      });
    }
  });
});

describe('an API key goes with the role of its maker', () => {
  const lower = (world: World, { memberId }: Colleague, role: string) =>
    act(world, world.admin, UpdateRole, { memberId, role });

  it('down to what a lower one permits, from the next request on', async () => {
    const { world, maker, key } = await aMaker();
    const seeMembers = members(world.organization.id);
    expect(codeOf(await list(world, key))).toBeUndefined();
    await lower(world, maker, 'member');
    const answer = await list(world, key);
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', requiredPermission: 'api_keys.read' });
    expect(codeOf(await key.send(seeMembers))).toBeUndefined();
    await lower(world, maker, 'viewer');
    const refused = await key.send(seeMembers);
    expect(refused.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', requiredPermission: 'users.read' });
    await expectGood(key);
  });

  it('up to what a higher one permits, though the key is older', async () => {
    const { world, maker, key } = await aMaker('viewer');
    expect(codeOf(await makeTeam(world, key))).toBe('FORBIDDEN');
    await lower(world, maker, 'administrator');
    expect(codeOf(await makeTeam(world, key))).toBeUndefined();
  });

  it('and with what is made of the role', async () => {
    const world = await aWorld(gateway());
    const permissions = ['organization.read', 'teams.read'];
    await customRole(gateway(), world, { key: 'builder', rank: 15, permissions: [...permissions, 'teams.create'] });
    const key = await aKey(gateway(), world, await world.join('builder'));
    expect(codeOf(await makeTeam(world, key, 'Red'))).toBeUndefined();
    await customRole(gateway(), world, { key: 'builder', rank: 15, permissions });
    expect(codeOf(await makeTeam(world, key, 'Blue'))).toBe('FORBIDDEN');
  });

  it('but never beyond its own scopes', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const key = await aKey(gateway(), world, viewer, { scopes: read });
    await lower(world, viewer, 'administrator');
    const answer = await makeTeam(world, key);
    expect(answer.errors![0]!.extensions).toMatchObject({
      code: 'FORBIDDEN',
      requiredScope: 'organizations:write',
    });
    expect(codeOf(await key.send(members(world.organization.id)))).toBeUndefined();
  });
});
