import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World, write } from '../../support/world.js';
import { type Caller, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { accept, anInvited } from '../invitation/inviting.js';
import { customRole } from '../states.js';

const gateway = useGateway();

const Restore = `mutation ($input: RestoreOrganizationInput!) {
  restoreOrganization(input: $input) { organization { id name slug memberCount viewerRole { key } } }
}`;
const Delete = `mutation ($input: DeleteOrganizationInput!) {
  deleteOrganization(input: $input) { deletedOrganizationId }
}`;
const Create = `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }`;

const whole = `query ($id: ID!) {
  organization(id: $id) {
    id name slug description logoUrl timezone plan createdAt memberCount viewerRole { key }
    members { nodes { id status joinedAt role { id key } teams { id } user { email } } }
    teams { nodes { id name slug memberCount } }
    roles { id key rank permissions memberCount }
    invitations { nodes { id email status } }
    workspaces { nodes { id name isDefault } }
  }
}`;

const day = 86_400_000;

const aSuperAdmin = () => aPerson(gateway(), { isSuperAdmin: true });

const restore = ({ organization }: World, actor: Caller) =>
  actor.send(Restore, { input: { organizationId: organization.id } });

const erase = ({ organization, admin }: World) =>
  admin.send(Delete, { input: { organizationId: organization.id, confirmSlug: organization.slug } });

/** Lets so much time have passed since the deletion. */
async function deletedBefore({ organization }: World, milliseconds: number) {
  const deletedAt = new Date(Date.now() - milliseconds);
  await write(gateway(), (set) => set.update('organizations', { id: organization.id, status: 'DELETED', deletedAt }));
}

describe('restoring a deleted organization', () => {
  it('is refused if none of its administrators has an account any more', async () => {
    const [world, superAdmin] = [await aWorld(gateway()), await aSuperAdmin()];
    const member = await world.join('member');
    await erase(world);
    await write(gateway(), (set) => set.update('users', { id: world.admin.user.id, status: 'DELETED' }));
    const answer = await restore(world, superAdmin);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', reason: 'NO_ADMINISTRATOR' });
    expect(
      codeOf(await member.send('query ($id: ID!) { organization(id: $id) { id } }', { id: world.organization.id })),
    ).toBe('NOT_FOUND');
  });

  it('leaves out whose account was deleted meanwhile', async () => {
    const [world, superAdmin] = [await aWorld(gateway()), await aSuperAdmin()];
    const gone = await world.join('member');
    await erase(world);
    await write(gateway(), (set) => set.update('users', { id: gone.user.id, status: 'DELETED' }));
    const { data } = await superAdmin.send<{ restoreOrganization: { organization: { memberCount: number } } }, object>(
      Restore,
      { input: { organizationId: world.organization.id } },
    );
    expect(data.restoreOrganization.organization.memberCount).toBe(1);
  });

  it('brings everything back to everybody, from the next request on', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: ['organization.read'] });
    const [member, guest] = [await world.join('member'), await world.join('guest')];
    await world.team('Red', member, guest);
    const invited = await anInvited(gateway(), world);
    const { id } = world.organization;
    const before = await world.admin.send(whole, { id });
    expect(before.errors).toBeUndefined();
    await erase(world);
    expect(codeOf(await world.admin.send(whole, { id }))).toBe('NOT_FOUND');
    expect(codeOf(await accept(invited, invited.secret))).toBe('NOT_FOUND');

    const { data, errors } = await restore(world, await aSuperAdmin());
    expect(errors).toBeUndefined();
    const { name, slug } = world.organization;
    expect(data).toEqual({
      restoreOrganization: { organization: { id, name, slug, memberCount: 3, viewerRole: null } },
    });
    expect(await world.admin.send(whole, { id })).toEqual(before);
    expect((await guest.send('{ organizations { nodes { id } } }')).data).toEqual({
      organizations: { nodes: [{ id }] },
    });
    expect(codeOf(await accept(invited, invited.secret))).toBeUndefined();
  });

  it('finds its slug kept for it', async () => {
    const world = await aWorld(gateway());
    const { slug } = world.organization;
    await erase(world);
    const other = await aPerson(gateway());
    const taken = await other.send(Create, { input: { name: 'Acme', slug } });
    expect([codeOf(taken), taken.errors![0]!.extensions.reason]).toEqual(['CONFLICT', 'SLUG_TAKEN']);
    await restore(world, await aSuperAdmin());
    const bySlug = 'query ($slug: String!) { organizationBySlug(slug: $slug) { id } }';
    const { data } = await world.admin.send(bySlug, { slug });
    expect(data).toEqual({ organizationBySlug: { id: world.organization.id } });
  });

  it('is recorded as the super admin’s', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aSuperAdmin();
    await erase(world);
    await restore(world, superAdmin);
    expect(await eventsOf(gateway(), world.organization.id)).toMatchObject([
      { action: 'ORGANIZATION_DELETED', actorType: 'USER', actorUserId: world.admin.user.id },
      {
        action: 'ORGANIZATION_RESTORED',
        actorType: 'SUPER_ADMIN',
        actorUserId: superAdmin.user.id,
        targetType: 'ORGANIZATION',
        targetId: world.organization.id,
      },
    ]);
  });

  it('is possible for 30 days, and not after', async () => {
    const superAdmin = await aSuperAdmin();
    const world = await aWorld(gateway());
    await deletedBefore(world, 30 * day + 60_000);
    const before = await tracesIn(gateway(), world.organization.id);
    const answer = await restore(world, superAdmin);
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(answer.errors![0]!.extensions.reason).toBe('RESTORE_EXPIRED');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(codeOf(await world.admin.send(whole, { id: world.organization.id }))).toBe('NOT_FOUND');
    await deletedBefore(world, 30 * day - 60_000);
    expect(codeOf(await restore(world, superAdmin))).toBeUndefined();
  });

  it('finds nothing where nothing was deleted, as where nothing is', async () => {
    const superAdmin = await aSuperAdmin();
    const world = await aWorld(gateway());
    const before = await tracesIn(gateway(), world.organization.id);
    const living = await restore(world, superAdmin);
    expect(codeOf(living)).toBe('NOT_FOUND');
    const unknown = { ...world, organization: { ...world.organization, id: newId() } };
    expect(living).toEqual(await restore(unknown, superAdmin));
    await erase(world);
    expect(codeOf(await restore(world, superAdmin))).toBeUndefined();
    expect(codeOf(await restore(world, superAdmin))).toBe('NOT_FOUND');
    expect((await tracesIn(gateway(), world.organization.id)).version).toBe(before.version + 2);
  });

  it('is for super admins: not even whoever deleted it can', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await erase(world);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const caller of [world.admin, other.admin]) {
      expect(codeOf(await restore(world, caller))).toBe('FORBIDDEN');
    }
    expect(codeOf(await restore(world, nobody(gateway())))).toBe('UNAUTHENTICATED');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(codeOf(await world.admin.send(whole, { id: world.organization.id }))).toBe('NOT_FOUND');
  });
});
