import { describe, expect, it } from 'vitest';
import { type Answer, codeOf } from '../support/client.js';
import { aPerson, aWorld, type Person, type World } from '../support/world.js';
import { useTwoProcesses, via } from './processes.js';

const processes = useTwoProcesses();

const readPeople = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';
const removeMember = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId } }';
const suspendMember = 'mutation ($input: SuspendMemberInput!) { suspendMember(input: $input) { member { id } } }';
const reinstateMember = 'mutation ($input: ReinstateMemberInput!) { reinstateMember(input: $input) { member { id } } }';
const updateMemberRole =
  'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }';
const updateMember = 'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id } } }';
const createRole = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }';
const updateRole = 'mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { id } } }';
const deleteRole = 'mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { role { id } } }';
const logout = 'mutation ($input: LogoutInput!) { logout(input: $input) { ok } }';
const setUserStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }';
const setSuperAdmin = 'mutation ($input: SetSuperAdminInput!) { setSuperAdmin(input: $input) { user { id } } }';
const deleteOrganization = `mutation ($input: DeleteOrganizationInput!) {
  deleteOrganization(input: $input) { deletedOrganizationId }
}`;
const restoreOrganization = `mutation ($input: RestoreOrganizationInput!) {
  restoreOrganization(input: $input) { organization { id } }
}`;

/** How many requests of the person are under way at any moment, so that there would be much to remember wrongly. */
const crowd = 4;

/**
 * Does something through the first process while somebody keeps asking the second one, and expects every question that was
 * asked after the answer to have the new answer.
 */
async function changes<Data>(
  { organization: { id } }: World,
  who: Person,
  [before, after]: readonly [before: string | undefined, after: string | undefined],
  actor: Person,
  document: string,
  input: object,
): Promise<Data> {
  const ask = () => via(processes(), 1, who, readPeople, { id });
  expect(codeOf(await ask())).toBe(before);
  let done = false;
  const late: Promise<(string | undefined)[]>[] = Array.from({ length: crowd }, async () => {
    while (!done) expect([before, after]).toContain(codeOf(await ask()));
    return [codeOf(await ask())];
  });
  const answer = (await via(processes(), 0, actor, document, { input })) as Answer<Data>;
  const next = ask();
  done = true;
  const seen = [...(await Promise.all(late)).flat(), codeOf(await next)];
  expect(answer.errors).toBeUndefined();
  expect(seen).toEqual(seen.map(() => after));
  return answer.data;
}

/** Somebody with a role in an organization, and others who change that. */
async function people(role: string) {
  const { gateway } = processes();
  const world = await aWorld(gateway);
  const member = await world.join(role);
  const organizationId = world.organization.id;
  return {
    world,
    member,
    organizationId,
    membership: { organizationId, memberId: member.memberId },
    superAdmin: await aPerson(gateway, { isSuperAdmin: true }),
  };
}

describe('what is done through one process counts on the other from the very next request', () => {
  it('removal', async () => {
    const { world, member, membership } = await people('member');
    await changes(world, member, [undefined, 'NOT_FOUND'], world.admin, removeMember, membership);
  });

  it('leaving', async () => {
    const { world, member, membership } = await people('member');
    await changes(world, member, [undefined, 'NOT_FOUND'], member, removeMember, membership);
  });

  it('transfer to another organization', async () => {
    const { world, member, membership, superAdmin } = await people('member');
    const { organization } = await aWorld(processes().gateway);
    const input = { ...membership, targetOrganizationId: organization.id };
    await changes(world, member, [undefined, 'NOT_FOUND'], superAdmin, updateMember, input);
  });

  it('suspension and reinstatement', async () => {
    const { world, member, membership } = await people('member');
    await changes(world, member, [undefined, 'FORBIDDEN'], world.admin, suspendMember, membership);
    await changes(world, member, ['FORBIDDEN', undefined], world.admin, reinstateMember, membership);
  });

  it('demotion and promotion', async () => {
    const { world, member, membership, superAdmin } = await people('administrator');
    const give = (role: string) => ({ ...membership, role });
    await changes(world, member, [undefined, 'FORBIDDEN'], superAdmin, updateMemberRole, give('viewer'));
    await changes(world, member, ['FORBIDDEN', undefined], world.admin, updateMemberRole, give('administrator'));
  });

  it('another set of permissions for a custom role', async () => {
    const { world, member, organizationId, membership } = await people('viewer');
    const role = { organizationId, key: 'guide', name: 'Guide', rank: 15, permissions: ['organization.read'] };
    const made = await via(processes(), 0, world.admin, createRole, { input: role });
    const roleId = (made.data as { createRole: { role: { id: string } } }).createRole.role.id;
    await via(processes(), 0, world.admin, updateMemberRole, { input: { ...membership, role: 'guide' } });
    const permit = (...permissions: string[]) => ({ organizationId, roleId, permissions });
    const withPeople = permit('organization.read', 'users.read');
    await changes(world, member, ['FORBIDDEN', undefined], world.admin, updateRole, withPeople);
    await changes(world, member, [undefined, 'FORBIDDEN'], world.admin, updateRole, permit('organization.read'));
    const reassigned = { organizationId, roleId, reassignTo: 'member' };
    await changes(world, member, ['FORBIDDEN', undefined], world.admin, deleteRole, reassigned);
  });

  it('a shadow of a system role, and its end', async () => {
    const { world, member, organizationId } = await people('member');
    const shadow = { organizationId, key: 'member', name: 'Guest', rank: 15, permissions: ['organization.read'] };
    const gone = [undefined, 'FORBIDDEN'] as const;
    const made = await changes<{ createRole: { role: { id: string } } }>(
      world,
      member,
      gone,
      world.admin,
      createRole,
      shadow,
    );
    const { id: roleId } = made.createRole.role;
    await changes(world, member, ['FORBIDDEN', undefined], world.admin, deleteRole, { organizationId, roleId });
  });

  it('log-out', async () => {
    const { world, member } = await people('member');
    await changes(world, member, [undefined, 'UNAUTHENTICATED'], member, logout, {});
  });

  it('suspension of the user, whose session does not come back with the account', async () => {
    const { world, member, superAdmin } = await people('member');
    const set = (status: string) => ({ userId: member.user.id, status });
    await changes(world, member, [undefined, 'UNAUTHENTICATED'], superAdmin, setUserStatus, set('SUSPENDED'));
    await changes(world, member, ['UNAUTHENTICATED', 'UNAUTHENTICATED'], superAdmin, setUserStatus, set('ACTIVE'));
  });

  it('deletion of the user', async () => {
    const { world, member, superAdmin } = await people('member');
    const input = { userId: member.user.id, status: 'DELETED' };
    await changes(world, member, [undefined, 'UNAUTHENTICATED'], superAdmin, setUserStatus, input);
  });

  it('the flag of a super admin, given and taken', async () => {
    const { world, superAdmin } = await people('member');
    const person = await aPerson(processes().gateway);
    const set = (isSuperAdmin: boolean) => ({ userId: person.user.id, isSuperAdmin });
    await changes(world, person, ['NOT_FOUND', undefined], superAdmin, setSuperAdmin, set(true));
    await changes(world, person, [undefined, 'NOT_FOUND'], superAdmin, setSuperAdmin, set(false));
  });

  it('deletion of the organization, and its restoration', async () => {
    const { world, member, organizationId, superAdmin } = await people('member');
    const input = { organizationId, confirmSlug: world.organization.slug };
    await changes(world, member, [undefined, 'NOT_FOUND'], world.admin, deleteOrganization, input);
    await changes(world, member, ['NOT_FOUND', undefined], superAdmin, restoreOrganization, { organizationId });
  });
});
