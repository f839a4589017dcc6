import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OrganizationRow } from '../../../src/auth/standing.js';
import { foundOrganization } from '../../../src/modules/organization/organization.founding.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Person, scopeOf, write } from '../../support/world.js';
import { answersAlike, type Caller, nobody } from '../adversaries.js';
import { eventsOf } from '../audit.js';
import { itIsRead, type PageAnswer, page } from '../lists.js';

const gateway = useGateway();

const All = `query ($filter: OrganizationFilter) {
  allOrganizations(filter: $filter, first: 100) { totalCount nodes { id name } }
}`;

const everything = `query ($id: ID!) {
  organization(id: $id) {
    name slug memberCount viewerRole { key } roles { key } members { nodes { user { email } } }
    teams { nodes { name } } invitations { nodes { id } } workspaces { nodes { name } } auditEvents { nodes { id } }
  }
}`;

const SetSuperAdmin = `mutation ($input: SetSuperAdminInput!) {
  setSuperAdmin(input: $input) { user { id isSuperAdmin } }
}`;

const aSuperAdmin = () => aPerson(gateway(), { isSuperAdmin: true });

const setSuperAdmin = (actor: Caller, { user }: Person, isSuperAdmin: boolean) =>
  actor.send(SetSuperAdmin, { input: { userId: user.id, isSuperAdmin } });

/** Organizations whose slugs begin with a word that no other slug contains. */
async function organizationsOf(word: string, ...given: { name: string; isPersonal?: boolean }[]) {
  const { user } = await aPerson(gateway());
  const founded: OrganizationRow[] = [];
  await write(gateway(), (set) => {
    for (const [index, one] of given.entries()) {
      const organization = { ...one, slug: `${word}-${index}` };
      founded.push(foundOrganization(scopeOf(gateway()), set, user, organization).organization);
    }
  });
  return founded;
}

const word = () => `w${randomUUID().replaceAll('-', '').slice(0, 16)}`;

async function found(filter: object): Promise<string[]> {
  type Page = { allOrganizations: { totalCount: number; nodes: { id: string }[] } };
  const { data } = await (await aSuperAdmin()).send<Page, object>(All, { filter });
  const { totalCount, nodes } = data.allOrganizations;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ id }) => id);
}

describe('the list of all organizations', () => {
  itIsRead(['NAME', 'CREATED_AT'], async (size) => {
    const search = word();
    const names = Array.from({ length: size }, (_, index) => `${index % 2 ? 'acme' : 'Acme'} ${index % 3}`);
    const organizations = await organizationsOf(search, ...names.map((name) => ({ name })));
    const superAdmin = await aSuperAdmin();
    const document = `query ($filter: OrganizationFilter, ${page.variables('OrganizationOrder')}) {
      allOrganizations(filter: $filter, ${page.arguments}) { ${page.fields} }
    }`;
    return {
      ids: organizations.map(({ id }) => id),
      read: (request) => superAdmin.send(document, { filter: { search }, ...request }),
      pageIn: (data) => (data as { allOrganizations: PageAnswer }).allOrganizations,
    };
  });

  it('has those of everybody', async () => {
    const [one, other] = [await aWorld(gateway()), await aWorld(gateway())];
    for (const { organization } of [one, other]) {
      expect(await found({ search: organization.slug })).toEqual([organization.id]);
    }
    const { data } = await (await aSuperAdmin()).send<{ allOrganizations: { totalCount: number } }, object>(
      '{ allOrganizations(first: 1) { totalCount } }',
    );
    expect(data.allOrganizations.totalCount).toBeGreaterThanOrEqual(2);
  });

  it('is searched by a part of the name or slug, in any case, and takes wildcards for themselves', async () => {
    const [name, slug] = [word(), word()];
    const [named] = await organizationsOf(word(), { name: `The ${name} 100%` }, { name: 'Another' });
    const slugged = await organizationsOf(slug, { name: 'One' }, { name: 'Two' });
    expect(await found({ search: name.toUpperCase() })).toEqual([named!.id]);
    expect(await found({ search: `${name} 100%` })).toEqual([named!.id]);
    expect(await found({ search: `${name}%100` })).toEqual([]);
    expect(await found({ search: slug.toUpperCase() })).toEqual(slugged.map(({ id }) => id));
    expect(await found({ search: `${slug}_1` })).toEqual([]);
  });

  it('is narrowed by status, and leaves out deleted ones unless asked for them', async () => {
    const search = word();
    const [active, suspended, deleted] = await organizationsOf(search, { name: 'A' }, { name: 'B' }, { name: 'C' });
    await write(gateway(), (set) => {
      set.update('organizations', { id: suspended!.id, status: 'SUSPENDED' });
      set.update('organizations', { id: deleted!.id, status: 'DELETED', deletedAt: new Date() });
    });
    expect(await found({ search })).toEqual([active!.id, suspended!.id]);
    expect(await found({ search, status: 'ACTIVE' })).toEqual([active!.id]);
    expect(await found({ search, status: 'SUSPENDED' })).toEqual([suspended!.id]);
    expect(await found({ search, status: 'DELETED' })).toEqual([deleted!.id]);
  });

  it('is narrowed to personal organizations, or to the others', async () => {
    const search = word();
    const [personal, shared] = await organizationsOf(search, { name: 'A', isPersonal: true }, { name: 'B' });
    expect(await found({ search, isPersonal: true })).toEqual([personal!.id]);
    expect(await found({ search, isPersonal: false })).toEqual([shared!.id]);
    expect(await found({ search, isPersonal: null })).toHaveLength(2);
  });

  it('is for super admins', async () => {
    const { admin } = await aWorld(gateway());
    expect(codeOf(await nobody(gateway()).send(All))).toBe('UNAUTHENTICATED');
    for (const caller of [admin, await aPerson(gateway())]) expect(codeOf(await caller.send(All))).toBe('FORBIDDEN');
  });
});

describe('a super admin', () => {
  it('enters any organization by its id, also a suspended one, and belongs to none', async () => {
    const world = await aWorld(gateway());
    await world.team('Red');
    const superAdmin = await aSuperAdmin();
    for (const status of ['ACTIVE', 'SUSPENDED'] as const) {
      await write(gateway(), (set) => set.update('organizations', { id: world.organization.id, status }));
      const { data, errors } = await superAdmin.send(everything, { id: world.organization.id });
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({
        organization: {
          slug: world.organization.slug,
          memberCount: 1,
          viewerRole: null,
          members: { nodes: [{ user: { email: world.admin.user.email } }] },
          teams: { nodes: [{ name: 'Red' }] },
        },
      });
    }
    const own = await superAdmin.send('{ organizations { totalCount } me { memberships { totalCount } } }');
    expect(own.data).toEqual({ organizations: { totalCount: 0 }, me: { memberships: { totalCount: 0 } } });
  });

  it('finds no organization that does not exist', async () => {
    const superAdmin = await aSuperAdmin();
    const { organization } = await aWorld(gateway());
    const { id } = organization;
    const gone = { id, status: 'DELETED', deletedAt: new Date() } as const;
    await write(gateway(), (set) => set.update('organizations', gone));
    await answersAlike(
      (unknown) => superAdmin.send('query ($id: ID!) { organization(id: $id) { id } }', { id: unknown }),
      id,
    );
  });

  it('leaves a record of every act in the organization, as a super admin', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    const teamId = await world.team('Red', member);
    const superAdmin = await aSuperAdmin();
    const newcomer = await aPerson(gateway());
    const { memberId } = member;
    const acts: [name: string, input: object, action: string][] = [
      ['updateOrganization', { name: 'Renamed' }, 'ORGANIZATION_UPDATED'],
      ['addMember', { userId: newcomer.user.id, role: 'administrator' }, 'MEMBER_ADDED'],
      ['updateMemberRole', { memberId, role: 'viewer' }, 'MEMBER_ROLE_CHANGED'],
      ['suspendMember', { memberId }, 'MEMBER_SUSPENDED'],
      ['reinstateMember', { memberId }, 'MEMBER_REINSTATED'],
      ['updateTeamMember', { teamId, memberId, role: 'MANAGER' }, 'TEAM_MEMBER_UPDATED'],
      ['removeTeamMember', { teamId, memberId }, 'TEAM_MEMBER_REMOVED'],
      ['createRole', { key: 'guest', name: 'Guest', rank: 5, permissions: [] }, 'ROLE_CREATED'],
      ['deleteTeam', { teamId }, 'TEAM_DELETED'],
      ['removeMember', { memberId }, 'MEMBER_REMOVED'],
      ['deleteOrganization', { confirmSlug: world.organization.slug }, 'ORGANIZATION_DELETED'],
    ];
    for (const [name, input] of acts) {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
      const answer = await superAdmin.send(document, { input: { organizationId: world.organization.id, ...input } });
      expect(codeOf(answer), name).toBeUndefined();
    }
    const actor = { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id };
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events).toMatchObject(acts.map(([, , action]) => ({ ...actor, action })));
    expect(events).toHaveLength(acts.length);
  });
});

describe('making super admins', () => {
  it('gives and takes the right from the next request on, and is recorded', async () => {
    const { organization } = await aWorld(gateway());
    const [superAdmin, person] = [await aSuperAdmin(), await aPerson(gateway())];
    const { data, errors } = await setSuperAdmin(superAdmin, person, true);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ setSuperAdmin: { user: { id: person.user.id, isSuperAdmin: true } } });
    expect(codeOf(await person.send(everything, { id: organization.id }))).toBeUndefined();
    expect(codeOf(await setSuperAdmin(superAdmin, person, true))).toBeUndefined();
    expect(codeOf(await setSuperAdmin(superAdmin, person, false))).toBeUndefined();
    expect(codeOf(await person.send(everything, { id: organization.id }))).toBe('NOT_FOUND');
    const events = await gateway().services.db.prisma.platformEvent.findMany({
      where: { targetId: person.user.id },
      orderBy: { id: 'asc' },
    });
    const by = { actorType: 'SUPER_ADMIN', actorUserId: superAdmin.user.id, action: 'SUPER_ADMIN_CHANGED' };
    expect(events).toMatchObject([
      { ...by, targetType: 'USER', changes: { isSuperAdmin: { before: false, after: true } } },
      { ...by, targetType: 'USER', changes: { isSuperAdmin: { before: true, after: false } } },
    ]);
  });

  it('is refused for whoever may not sign in, or does not exist', async () => {
    const superAdmin = await aSuperAdmin();
    for (const status of ['SUSPENDED', 'DELETED'] as const) {
      const person = await aPerson(gateway(), { status });
      const answer = await setSuperAdmin(superAdmin, person, true);
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('USER_NOT_ACTIVE');
    }
    const nobodyAtAll = { ...superAdmin, user: { ...superAdmin.user, id: randomUUID() } };
    expect(codeOf(await setSuperAdmin(superAdmin, nobodyAtAll, true))).toBe('NOT_FOUND');
  });

  it('is for super admins, and nothing that one can do for oneself', async () => {
    const { admin } = await aWorld(gateway());
    for (const caller of [admin, await aPerson(gateway())]) {
      expect(codeOf(await setSuperAdmin(caller, caller, true))).toBe('FORBIDDEN');
      const { data } = await caller.send('{ me { isSuperAdmin } }');
      expect(data).toEqual({ me: { isSuperAdmin: false } });
    }
    expect(codeOf(await setSuperAdmin(nobody(gateway()), admin, true))).toBe('UNAUTHENTICATED');
  });
});
