import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { Create, mine, reasonOf, word } from './organizations.js';

const gateway = useGateway();

describe('founding an organization', () => {
  it('makes the founder its administrator, with the system roles and a default workspace', async () => {
    const founder = await aPerson(gateway());
    const input = {
      name: 'Analytical Engines',
      slug: `Engines-${word()}`,
      description: 'Cogs\nand cards.',
      logoUrl: 'https://example.com/logo.svg',
      timezone: 'Europe/London',
    };
    const { data, errors } = await founder.send(Create, { input });
    expect(errors).toBeUndefined();
    const { organization, workspace, member } = data.createOrganization;
    expect(organization).toMatchObject({
      ...input,
      slug: input.slug.toLowerCase(),
      plan: 'standard',
      isPersonal: false,
      memberCount: 1,
      viewerRole: { key: 'administrator' },
      workspaces: { totalCount: 1 },
    });
    const keys = ['administrator', 'billing_manager', 'team_manager', 'developer', 'member', 'viewer'];
    expect(organization.roles).toEqual(keys.map((key) => ({ key, isSystem: true })));
    const { id } = organization;
    expect(workspace).toEqual({ name: 'Default', slug: 'default', isDefault: true, organization: { id } });
    expect(member).toEqual({
      role: { key: 'administrator' },
      status: 'ACTIVE',
      user: { id: founder.user.id },
      invitedBy: null,
    });
  });

  it('is recorded once', async () => {
    const founder = await aPerson(gateway());
    const name = `Acme ${word()}`;
    const { id, slug } = (await founder.send(Create, { input: { name } }, { 'x-forwarded-for': '192.0.2.7' })).data
      .createOrganization.organization;
    const events = await gateway().services.db.prisma.auditEvent.findMany({ where: { organizationId: id } });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      actorType: 'USER',
      actorUserId: founder.user.id,
      action: 'ORGANIZATION_CREATED',
      targetType: 'ORGANIZATION',
      targetId: id,
      changes: { name: { before: null, after: name }, slug: { before: null, after: slug } },
      ip: '192.0.2.7',
    });
    expect(events[0]!.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(Math.abs(Date.now() - events[0]!.at.getTime())).toBeLessThan(60_000);
  });

  it('makes a slug from the name, and another one for the second of that name', async () => {
    const founder = await aPerson(gateway());
    const unique = word();
    const found = async () =>
      (await founder.send(Create, { input: { name: `  Café & Söhne ${unique} ` } })).data.createOrganization
        .organization;
    const first = await found();
    expect(first).toMatchObject({ name: `Café & Söhne ${unique}`, slug: `cafe-sohne-${unique}` });
    const second = await found();
    expect(second.slug).toMatch(new RegExp(`^cafe-sohne-${unique}-[a-z0-9]+$`));
  });

  it('finds a slug for names without a Latin letter, too', async () => {
    const founder = await aPerson(gateway());
    for (const name of ['日本', '日本', '🦉', 'Ж']) {
      const { data, errors } = await founder.send(Create, { input: { name } });
      expect(errors).toBeUndefined();
      expect(data.createOrganization.organization.slug).toMatch(/^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9]))+$/);
    }
  });

  it('is refused with a slug that is taken, in whatever case, and leaves nothing behind', async () => {
    const { organization } = await aWorld(gateway());
    const founder = await aPerson(gateway());
    for (const slug of [organization.slug, organization.slug.toUpperCase()]) {
      expect(await reasonOf(founder.send(Create, { input: { name: 'Acme', slug } }))).toBe('SLUG_TAKEN');
    }
    expect((await founder.send(mine)).data).toEqual({ organizations: { totalCount: 0, nodes: [] } });
  });

  it('is refused to whoever is not signed in', async () => {
    const answer = await nobody(gateway()).send(Create, { input: { name: 'Acme' } });
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });
});
