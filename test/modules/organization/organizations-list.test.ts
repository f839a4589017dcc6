import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OrganizationRow, UserRow } from '../../../src/auth/standing.js';
import { foundOrganization } from '../../../src/modules/organization/organization.founding.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, scopeOf, write } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { itIsRead, type PageAnswer, page } from '../lists.js';
import { setMemberStatus } from '../states.js';

const gateway = useGateway();

const Mine = graphql(`
  query OrganizationsListTest_Mine($orderBy: OrganizationOrder) {
    organizations(orderBy: $orderBy) { nodes { id name viewerRole { key } } }
  }
`);

async function found(founder: UserRow, ...names: string[]): Promise<OrganizationRow[]> {
  const organizations: OrganizationRow[] = [];
  await write(gateway(), (set) => {
    for (const name of names) {
      organizations.push(
        foundOrganization(scopeOf(gateway()), set, founder, { name, slug: randomUUID() }).organization,
      );
    }
  });
  return organizations;
}

async function aFounderOf(size: number) {
  const founder = await aPerson(gateway());
  const names = Array.from({ length: size }, (_, index) => `${index % 2 ? 'acme' : 'Acme'} ${index % 3}`);
  return { founder, organizations: await found(founder.user, ...names) };
}

describe('the list of one’s organizations', () => {
  itIsRead(['NAME', 'CREATED_AT'], async (size) => {
    const { founder, organizations } = await aFounderOf(size);
    const document = `query (${page.variables('OrganizationOrder')}) {
      organizations(${page.arguments}) { ${page.fields} }
    }`;
    return {
      ids: organizations.map(({ id }) => id),
      read: (request) => founder.send(document, request),
      pageIn: (data) => (data as { organizations: PageAnswer }).organizations,
    };
  });

  it('is ordered by name without regard to case, unless told otherwise', async () => {
    const { user, send } = await aPerson(gateway());
    await found(user, 'beta', 'Alpha', 'alpine', 'Gamma');
    const names = async (orderBy: { field: 'NAME' | 'CREATED_AT'; direction?: 'ASC' | 'DESC' } | null) =>
      (await send(Mine, { orderBy })).data.organizations.nodes.map(({ name }) => name);
    expect(await names(null)).toEqual(['Alpha', 'alpine', 'beta', 'Gamma']);
    expect(await names({ field: 'NAME', direction: 'DESC' })).toEqual(['Gamma', 'beta', 'alpine', 'Alpha']);
  });

  it('has only those to which one belongs, with one’s role in each', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    await aWorld(gateway());
    const viewer = await join('viewer');
    const { id, name } = organization;
    expect((await admin.send(Mine, {})).data.organizations.nodes).toEqual([
      { id, name, viewerRole: { key: 'administrator' } },
    ]);
    expect((await viewer.send(Mine, {})).data.organizations.nodes).toEqual([
      { id, name, viewerRole: { key: 'viewer' } },
    ]);
    expect((await (await aPerson(gateway())).send(Mine, {})).data.organizations.nodes).toEqual([]);
  });

  it('has only one’s own for a super admin, too', async () => {
    await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect((await superAdmin.send(Mine, {})).data.organizations.nodes).toEqual([]);
  });

  it('leaves out those in which one is suspended', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    expect((await member.send(Mine, {})).data.organizations.nodes).toEqual([]);
  });

  it('is refused to whoever is not signed in', async () => {
    expect(codeOf(await nobody(gateway()).send(Mine, {}))).toBe('UNAUTHENTICATED');
  });
});

describe('the list of one’s memberships', () => {
  itIsRead(['JOINED_AT'], async (size) => {
    const { founder } = await aFounderOf(size);
    const members = await gateway().services.db.prisma.member.findMany({ where: { userId: founder.user.id } });
    const document = `query (${page.variables('MembershipOrder')}) {
      me { memberships(${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: members.map(({ id }) => id),
      read: (request) => founder.send(document, request),
      pageIn: (data) => (data as { me: { memberships: PageAnswer } }).me.memberships,
    };
  });
});
