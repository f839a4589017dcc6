import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newMember } from '../../src/modules/member/member.service.js';
import { newUser } from '../../src/modules/user/user.service.js';
import { mailTo } from '../modules/mailbox.js';
import { graphql } from '../support/generated/index.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aWorld, type World, write } from '../support/world.js';

const gateway = useOwnGateway();

const NestedPage = graphql(`
  query NestedPage($id: ID!) {
    organization(id: $id) {
      name
      members(first: 50) {
        totalCount
        nodes {
          user { fullName email }
          role { key permissions }
          teams { name }
        }
      }
      teams(first: 20) { nodes { name } }
      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { name } } }
    }
  }
`);

/** Adds members in bulk, each in one of three teams, and some invitations. */
async function grow(world: World, members: number): Promise<void> {
  const { organization, roles, admin } = world;
  const teams = await Promise.all(['Red', 'Green', 'Blue'].map((name) => world.team(name)));
  const now = new Date();
  await write(gateway(), (set) => {
    const users = Array.from({ length: members }, (_, number) => {
      const { passwordHash: _none, ...user } = newUser({
        email: `${randomUUID()}@example.com`,
        fullName: `Person ${number}`,
        passwordHash: null,
      });
      return user;
    });
    const joined = users.map(({ id }) => newMember(organization.id, id, roles.member!, admin.user.id));
    set.insert('users', ...users);
    set.insert('members', ...joined);
    set.insert(
      'team_memberships',
      ...joined.map(({ id }, number) => ({
        organizationId: organization.id,
        id: randomUUID(),
        teamId: teams[number % teams.length]!,
        memberId: id,
        role: 'MEMBER' as const,
        createdAt: now,
      })),
    );
    set.insert(
      'invitations',
      ...Array.from({ length: 10 }, () => ({
        organizationId: organization.id,
        id: randomUUID(),
        email: `${randomUUID()}@example.com`,
        roleId: roles.viewer!,
        tokenHash: new Uint8Array(32),
        invitedById: admin.user.id,
        expiresAt: new Date(Date.now() + 86_400_000),
      })),
    );
  });
}

describe('the nested organization page', () => {
  it('takes the same SQL statements for 5 members as for 5,000, at most 10, authorization included', async () => {
    const kinds: Set<string>[] = [];
    for (const members of [5, 5_000]) {
      const world = await aWorld(gateway());
      await grow(world, members - 1);
      const { result, statements } = await countingStatements(() =>
        world.admin.send(NestedPage, { id: world.organization.id }),
      );
      expect(result.errors).toBeUndefined();
      const { organization } = result.data;
      expect(organization.members.totalCount).toBe(members);
      expect(organization.members.nodes).toHaveLength(Math.min(members, 50));
      expect(organization.members.nodes.at(-1)?.teams).toHaveLength(1);
      expect(organization.invitations.nodes).toHaveLength(10);
      expect(statements.length).toBeLessThanOrEqual(10);
      // Users are asked for by members and by invitations, together or one after the other, as it happens.
      kinds.push(new Set(statements));
    }
    expect(kinds[1]).toEqual(kinds[0]);
  });

  it('is read through named prepared statements only', async () => {
    const { admin, organization } = await aWorld(gateway());
    await admin.send(NestedPage, { id: organization.id });
    const { db } = gateway().services;
    // Connections prepare a statement when they first run it, so look on whichever connection answers.
    const prepared = await db.run<{ statement: string }>('SELECT statement FROM pg_prepared_statements', []);
    const { statements } = await countingStatements(() => admin.send(NestedPage, { id: organization.id }));
    expect(prepared.length).toBeGreaterThan(0);
    expect(statements.every((text) => text.startsWith('SELECT key.ord::int AS ord'))).toBe(true);
  });
});

describe('lists inside of lists', () => {
  it('take one statement for all parents', async () => {
    const { admin, organization, join, team } = await aWorld(gateway());
    const people = await Promise.all(['member', 'viewer', 'developer'].map(join));
    await Promise.all(['One', 'Two', 'Three', 'Four'].map((name) => team(name, ...people)));
    const document = `query ($id: ID!) {
      organization(id: $id) { teams { nodes { name memberCount members(first: 2) { totalCount edges { role node { user { email } } } } } } }
    }`;
    const { result, statements } = await countingStatements(() =>
      admin.send<{ organization: { teams: { nodes: { members: { totalCount: number } }[] } } }, { id: string }>(
        document,
        {
          id: organization.id,
        },
      ),
    );
    expect(result.errors).toBeUndefined();
    expect(result.data.organization.teams.nodes.map(({ members }) => members.totalCount)).toEqual([3, 3, 3, 3]);
    // Standing with teams, counts, pages (users come along), counts of pages.
    expect(statements).toHaveLength(4);
  });
});

describe('a change of a member', () => {
  it('checks, writes and records in statements whose number does not depend on the organization', async () => {
    const { admin, organization, join } = await aWorld(gateway());
    const member = await join('member');
    const { result, statements } = await countingStatements(() =>
      admin.send(`mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }`, {
        input: { organizationId: organization.id, memberId: member.memberId, role: 'viewer' },
      }),
    );
    expect(result.errors).toBeUndefined();
    // One statement reads standing, member, its teams, role and administrators, and one writes everything. What follows is the
    // worker's, who tells the member.
    const written = statements.findIndex((text) => text.startsWith('WITH'));
    expect(written).toBe(1);
    expect(statements.filter((text) => /^(BEGIN|COMMIT)/.test(text))).toEqual([]);
    // Until then the worker reads, which would count for whoever comes next.
    await mailTo(member.user.email);
  });
});
