import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type Person } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers, nobody } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { setMemberStatus } from '../states.js';
import { Create, mine, reasonOf, word } from './organizations.js';

const gateway = useGateway();

const Read = graphql(`
  query OrganizationTest_Read($id: ID!) { organization(id: $id) { id name } }
`);

const Update = graphql(`
  mutation OrganizationTest_Update($input: UpdateOrganizationInput!) {
    updateOrganization(input: $input) { organization { id name slug description logoUrl timezone } }
  }
`);

const Delete = graphql(`
  mutation OrganizationTest_Delete($input: DeleteOrganizationInput!) {
    deleteOrganization(input: $input) { deletedOrganizationId }
  }
`);

const bySlug = 'query ($slug: String!) { organizationBySlug(slug: $slug) { id } }';
const current = '{ currentOrganization { id } }';

const inside = (organizationId: string) => ({ 'x-organization-id': organizationId });

describe('reading an organization', () => {
  it('is for every member, even a viewer', async () => {
    const { organization, join } = await aWorld(gateway());
    const { data } = await (await join('viewer')).send(Read, { id: organization.id });
    expect(data.organization).toEqual({ id: organization.id, name: 'Acme' });
  });

  it('is for super admins, who need not be members', async () => {
    const { organization } = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { data } = await superAdmin.send('query ($id: ID!) { organization(id: $id) { id viewerRole { key } } }', {
      id: organization.id,
    });
    expect(data).toEqual({ organization: { id: organization.id, viewerRole: null } });
  });

  it('is refused to whoever is not signed in, whether it exists or not', async () => {
    const { organization } = await aWorld(gateway());
    const caller = nobody(gateway());
    const known = await caller.send(Read, { id: organization.id });
    expect(codeOf(known)).toBe('UNAUTHENTICATED');
    expect(await caller.send(Read, { id: randomUUID() })).toEqual(known);
    expect(codeOf(await caller.send(bySlug, { slug: organization.slug }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await caller.send(bySlug, { slug: randomUUID() }))).toBe('UNAUTHENTICATED');
  });

  it('tells an outsider nothing, by id, by slug or by header', async () => {
    const { organization } = await aWorld(gateway());
    const { admin: outsider } = await aWorld(gateway());
    await answersAlike((id) => outsider.send(Read, { id }), organization.id);
    await answersAlike((slug) => outsider.send(bySlug, { slug }), organization.slug);
    await answersAlike((id) => outsider.send(current, {}, inside(id)), organization.id);
  });

  it('is refused to a suspended member, who learns what is missing', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    const { id, slug } = world.organization;
    for (const answer of [
      await member.send(Read, { id }),
      await member.send(bySlug, { slug }),
      await member.send(current, {}, inside(id)),
    ]) {
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('organization.read');
    }
  });

  it('is refused for an id that is no UUID', async () => {
    const { admin } = await aWorld(gateway());
    expect(pathsIn(await admin.send(Read, { id: 'acme' }))).toEqual(['id']);
  });

  it('is refused for a slug that cannot be one', async () => {
    const { admin } = await aWorld(gateway());
    expect(pathsIn(await admin.send(bySlug, { slug: 'a\0b' }))).toEqual(['slug']);
    expect(pathsIn(await admin.send(bySlug, { slug: '' }))).toEqual(['slug']);
  });

  it('works by slug in any case', async () => {
    const { organization, admin } = await aWorld(gateway());
    for (const slug of [organization.slug, organization.slug.toUpperCase()]) {
      const { data } = await admin.send(bySlug, { slug });
      expect(data).toEqual({ organizationBySlug: { id: organization.id } });
    }
  });
});

describe('updating an organization', () => {
  itIsRefusedToOthers(gateway, 'organization.update', async () => (caller, organizationId) => {
    return caller.send(Update, { input: { organizationId, name: 'Mine now' } });
  });

  async function described() {
    const world = await aWorld(gateway());
    const given = { description: 'About us', logoUrl: 'https://example.com/logo.png', timezone: 'Asia/Tokyo' };
    await world.admin.send(Update, { input: { organizationId: world.organization.id, ...given } });
    const { name, slug } = world.organization;
    return { ...world, before: { name, slug, ...given } };
  }

  it('keeps what it leaves out', async () => {
    const { organization, admin, before } = await described();
    const input = { organizationId: organization.id, name: 'Acme Ltd' };
    const { data } = await admin.send(Update, { input });
    expect(data.updateOrganization.organization).toEqual({ id: organization.id, ...before, name: 'Acme Ltd' });
  });

  it('clears what it sets to null', async () => {
    const { organization, admin, before } = await described();
    const input = { organizationId: organization.id, description: null, logoUrl: null };
    const { data } = await admin.send(Update, { input });
    const after = { id: organization.id, ...before, description: null, logoUrl: null };
    expect(data.updateOrganization.organization).toEqual(after);
  });

  it('cannot clear name, slug and time zone', async () => {
    const { organization, admin } = await described();
    const before = await tracesIn(gateway(), organization.id);
    const input = { organizationId: organization.id, name: null, slug: null, timezone: null, description: null };
    expect(pathsIn(await admin.send(Update, { input }))).toEqual(['input.name', 'input.slug', 'input.timezone']);
    expect(await tracesIn(gateway(), organization.id)).toEqual(before);
  });

  it('is recorded once, with what has changed and nothing else', async () => {
    const { organization, admin } = await aWorld(gateway());
    const slug = `new-${word()}`;
    const input = { organizationId: organization.id, name: organization.name, slug, description: 'About us' };
    await admin.send(Update, { input });
    const event = {
      actorType: 'USER',
      actorUserId: admin.user.id,
      action: 'ORGANIZATION_UPDATED',
      targetType: 'ORGANIZATION',
      targetId: organization.id,
      changes: {
        slug: { before: organization.slug, after: slug },
        description: { before: null, after: 'About us' },
      },
    };
    expect(await eventsOf(gateway(), organization.id)).toEqual([event]);
    // The same once more changes nothing.
    expect(codeOf(await admin.send(Update, { input }))).toBeUndefined();
    expect(await eventsOf(gateway(), organization.id)).toEqual([event]);
  });

  it('is recorded as a super admin’s where it was one', async () => {
    const { organization } = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    await superAdmin.send(Update, { input: { organizationId: organization.id, name: 'Checked' } });
    const actor = { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id };
    expect(await eventsOf(gateway(), organization.id)).toMatchObject([{ ...actor, action: 'ORGANIZATION_UPDATED' }]);
  });

  it('moves the organization to its new slug', async () => {
    const { organization, admin } = await aWorld(gateway());
    const slug = `moved-${word()}`;
    await admin.send(Update, { input: { organizationId: organization.id, slug } });
    expect((await admin.send(bySlug, { slug })).data).toEqual({ organizationBySlug: { id: organization.id } });
    expect(codeOf(await admin.send(bySlug, { slug: organization.slug }))).toBe('NOT_FOUND');
  });

  it('is refused with the slug of another organization, in whatever case', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { organization: other } = await aWorld(gateway());
    const before = await tracesIn(gateway(), organization.id);
    const input = { organizationId: organization.id, name: 'Beta', slug: other.slug.toUpperCase() };
    expect(await reasonOf(admin.send(Update, { input }))).toBe('SLUG_TAKEN');
    expect(await tracesIn(gateway(), organization.id)).toEqual(before);
    expect((await admin.send(Read, { id: organization.id })).data.organization.name).toBe('Acme');
  });
});

describe('deleting an organization', () => {
  itIsRefusedToOthers(gateway, 'organization.delete', async ({ organization }) => (caller, organizationId) => {
    return caller.send(Delete, { input: { organizationId, confirmSlug: organization.slug } });
  });

  const erase = (caller: Person, { id, slug }: { id: string; slug: string }) =>
    caller.send(Delete, { input: { organizationId: id, confirmSlug: slug } });

  it('takes its slug as a confirmation', async () => {
    const { organization, admin } = await aWorld(gateway());
    const before = await tracesIn(gateway(), organization.id);
    expect(pathsIn(await erase(admin, { id: organization.id, slug: 'acme' }))).toEqual(['input.confirmSlug']);
    expect(await tracesIn(gateway(), organization.id)).toEqual(before);
    const answer = await erase(admin, { id: organization.id, slug: organization.slug.toUpperCase() });
    expect(answer.data.deleteOrganization.deletedOrganizationId).toBe(organization.id);
  });

  it('makes it disappear for everybody at once', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const people = [admin, await join('administrator'), await join('member'), superAdmin];
    const { id, slug } = organization;
    await erase(admin, organization);
    for (const person of people) {
      await answersAlike((given) => person.send(Read, { id: given }), id);
      await answersAlike((given) => person.send(bySlug, { slug: given }), slug);
      await answersAlike((given) => person.send(current, {}, inside(given)), id);
      await answersAlike((organizationId) => person.send(Update, { input: { organizationId, name: 'Back' } }), id);
      expect((await person.send(mine)).data).toEqual({ organizations: { totalCount: 0, nodes: [] } });
      expect((await person.send('{ me { memberships { totalCount nodes { id } } } }')).data).toEqual({
        me: { memberships: { totalCount: 0, nodes: [] } },
      });
    }
  });

  it('is open to a super admin, and recorded as such', async () => {
    const { organization } = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(codeOf(await erase(superAdmin, organization))).toBeUndefined();
    const actor = { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id };
    expect(await eventsOf(gateway(), organization.id)).toMatchObject([{ ...actor, action: 'ORGANIZATION_DELETED' }]);
  });

  it('keeps its slug taken', async () => {
    const { organization, admin } = await aWorld(gateway());
    await erase(admin, organization);
    for (const slug of [organization.slug, organization.slug.toUpperCase()]) {
      expect(await reasonOf(admin.send(Create, { input: { name: 'Acme', slug } }))).toBe('SLUG_TAKEN');
    }
  });

  it('is recorded, and cannot be repeated', async () => {
    const { organization, admin } = await aWorld(gateway());
    await erase(admin, organization);
    const after = await tracesIn(gateway(), organization.id);
    expect(after.events).toMatchObject([
      {
        actorType: 'USER',
        actorUserId: admin.user.id,
        action: 'ORGANIZATION_DELETED',
        targetType: 'ORGANIZATION',
        targetId: organization.id,
      },
    ]);
    expect(codeOf(await erase(admin, organization))).toBe('NOT_FOUND');
    expect(await tracesIn(gateway(), organization.id)).toEqual(after);
  });
});
