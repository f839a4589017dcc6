import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/gateway.js';
import { newMember } from '../../../src/modules/member/member.service.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Person, type World, write } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { pathsIn } from '../lists.js';
import { customRole, setMemberStatus } from '../states.js';

const gateway = useGateway();

const Holding = `query ($code: String, $first: Int, $after: String) {
  organizations(withPermission: $code, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  organizations: {
    totalCount: number;
    nodes: { id: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const read = (caller: Pick<Person, 'send'>, variables: object) => caller.send<Page, object>(Holding, variables);

/** The organizations in which somebody holds a permission. */
async function holding(person: Person, code: string): Promise<string[]> {
  const { totalCount, nodes } = (await read(person, { code })).data.organizations;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ id }) => id).sort();
}

/** Makes a user a member of an organization. */
async function join(at: Gateway, { organization, roles, admin }: World, { user }: Person, role: string) {
  const member = newMember(organization.id, user.id, roles[role]!, admin.user.id);
  await write(at, (set) => set.insert('members', member));
}

const ids = (...worlds: World[]) => worlds.map(({ organization }) => organization.id).sort();

describe('the organizations in which one holds a permission', () => {
  it('are those whose system role grants it', async () => {
    const person = await aPerson(gateway());
    const worlds: Record<string, World> = {};
    for (const role of ['administrator', 'billing_manager', 'team_manager', 'developer', 'member', 'viewer']) {
      worlds[role] = await aWorld(gateway());
      await join(gateway(), worlds[role], person, role);
    }
    const { administrator, billing_manager, developer, viewer, ...others } = worlds as Record<string, World>;
    expect(await holding(person, 'organization.delete')).toEqual(ids(administrator!));
    expect(await holding(person, 'billing.read')).toEqual(ids(administrator!, billing_manager!));
    expect(await holding(person, 'api_keys.create')).toEqual(ids(administrator!, developer!));
    const withPeople = [administrator!, billing_manager!, developer!, ...Object.values(others)];
    expect(await holding(person, 'users.read')).toEqual(ids(...withPeople));
    expect(await holding(person, 'teams.read')).toEqual(ids(...withPeople, viewer!));
  });

  it('are those whose custom role grants it', async () => {
    const person = await aPerson(gateway());
    const [granting, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await customRole(gateway(), granting, {
      key: 'auditor',
      rank: 5,
      permissions: ['organization.read', 'audit.read'],
    });
    await customRole(gateway(), other, { key: 'auditor', rank: 5, permissions: ['organization.read'] });
    for (const world of [granting, other]) await join(gateway(), world, person, 'auditor');
    expect(await holding(person, 'audit.read')).toEqual(ids(granting));
    expect(await holding(person, 'organization.read')).toEqual(ids(granting, other));
  });

  it('go by a shadow where there is one, and not by the system role behind it', async () => {
    const person = await aPerson(gateway());
    const [less, more, plain] = [await aWorld(gateway()), await aWorld(gateway()), await aWorld(gateway())];
    for (const world of [less, more, plain]) await join(gateway(), world, person, 'member');
    await customRole(gateway(), less, { key: 'member', rank: 20, permissions: ['organization.read'] });
    await customRole(gateway(), more, { key: 'member', rank: 20, permissions: ['users.read', 'users.invite'] });
    expect(await holding(person, 'users.read')).toEqual(ids(more, plain));
    expect(await holding(person, 'users.invite')).toEqual(ids(more));
    expect(await holding(person, 'organization.read')).toEqual(ids(less, plain));
  });

  it('follow a change of role at once', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('viewer');
    expect(await holding(member, 'users.read')).toEqual([]);
    await write(gateway(), (set) =>
      set.update('members', {
        organizationId: world.organization.id,
        id: member.memberId,
        roleId: world.roles.member!,
      }),
    );
    expect(await holding(member, 'users.read')).toEqual(ids(world));
  });

  it('leave out those in which nothing is permitted at the moment', async () => {
    const [suspended, closed, deleted] = [await aWorld(gateway()), await aWorld(gateway()), await aWorld(gateway())];
    const person = await aPerson(gateway());
    for (const world of [suspended, closed, deleted]) await join(gateway(), world, person, 'administrator');
    const { id: memberId } = await gateway().services.db.prisma.member.findFirstOrThrow({
      where: { organizationId: suspended.organization.id, userId: person.user.id },
    });
    await setMemberStatus(gateway(), suspended, { ...person, memberId }, 'SUSPENDED');
    await write(gateway(), (set) => {
      set.update('organizations', { id: closed.organization.id, status: 'SUSPENDED' });
      set.update('organizations', { id: deleted.organization.id, status: 'DELETED', deletedAt: new Date() });
    });
    expect(await holding(person, 'organization.read')).toEqual([]);
  });

  it('are one’s own only', async () => {
    const world = await aWorld(gateway());
    expect(await holding(await aPerson(gateway()), 'organization.read')).toEqual([]);
    expect(await holding(world.admin, 'organization.read')).toEqual(ids(world));
  });

  it('are read page by page', async () => {
    const person = await aPerson(gateway());
    const worlds: World[] = [];
    for (let index = 0; index < 3; index += 1) worlds.push(await aWorld(gateway()));
    const [first, second, third] = worlds as [World, World, World];
    for (const world of [first, third]) await join(gateway(), world, person, 'developer');
    await join(gateway(), second, person, 'viewer');
    const found: string[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const page: Page['organizations'] = (await read(person, { code: 'api_keys.read', first: 1, after })).data
        .organizations;
      expect(page.totalCount).toBe(2);
      found.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(found.sort()).toEqual(ids(first, third));
  });

  it('are refused with a permission that is not in the catalogue', async () => {
    const person = await aPerson(gateway());
    for (const code of ['users.fly', 'administrator', '%', "x' OR '1'='1"]) {
      expect(pathsIn(await read(person, { code }))).toEqual(['withPermission']);
    }
  });

  it('are refused to whoever is not signed in', async () => {
    expect(codeOf(await read(nobody(gateway()), { code: 'users.read' }))).toBe('UNAUTHENTICATED');
  });
});
