import { describe, expect, it } from 'vitest';
import { mailTo } from '../modules/mailbox.js';
import { codeOf } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aWorld, type Person } from '../support/world.js';

const gateway = useOwnGateway();

/** Sends a document, and says how many statements it took, with authorization and all. */
async function sent<Data>(who: Person, document: string, variables: object = {}) {
  const { result, statements } = await countingStatements(() => who.send<Data, object>(document, variables));
  expect(result.errors).toBeUndefined();
  return { data: result.data, statements };
}

interface PageOfMembers {
  organization: {
    members: { nodes: { user: { email: string }; role: { key: string }; teams: { name: string }[] }[] };
    teams: { nodes: { name: string }[] };
    invitations: { nodes: { email: string; invitedBy: { id: string } }[] };
  };
}

const nestedPage = `query ($id: ID!) { organization(id: $id) {
  members(first: 50) { nodes { user { id fullName email } role { key name } teams { id name } } }
  teams(first: 20) { nodes { id name } }
  invitations(first: 10, filter: { status: PENDING }) { nodes { id email invitedBy { id } } }
} }`;

describe('a request that is alone takes', () => {
  it('one statement for an organization with its members, their roles, teams and users, its teams and invitations', async () => {
    const { admin, organization, join, team } = await aWorld(gateway());
    const [ann, bob] = [await join('member'), await join('viewer')];
    await team('Red', ann);
    await team('Blue', ann, bob);
    await admin.send(`mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }`, {
      input: { organizationId: organization.id, email: 'new@example.org', role: 'viewer' },
    });
    const { data, statements } = await sent<PageOfMembers>(admin, nestedPage, { id: organization.id });
    expect(statements).toHaveLength(1);
    const { members, teams, invitations } = data.organization;
    expect(members.nodes.map(({ user, role, teams }) => [user.email, role.key, teams.map(({ name }) => name)])).toEqual(
      [
        [admin.user.email, 'administrator', []],
        [ann.user.email, 'member', ['Red', 'Blue']],
        [bob.user.email, 'viewer', ['Blue']],
      ],
    );
    expect(teams.nodes.map(({ name }) => name)).toEqual(['Blue', 'Red']);
    expect(invitations.nodes).toMatchObject([{ email: 'new@example.org', invitedBy: { id: admin.user.id } }]);
  });

  it('one for an organization with its number of members', async () => {
    const { admin, organization, join } = await aWorld(gateway());
    await join('member');
    const document = 'query ($id: ID!) { organization(id: $id) { id name slug memberCount members { totalCount } } }';
    const alone = 'query ($id: ID!) { organization(id: $id) { id name slug memberCount } }';
    const { data, statements } = await sent<{ organization: object }>(admin, alone, { id: organization.id });
    expect(data.organization).toMatchObject({ id: organization.id, memberCount: 2 });
    expect(statements).toHaveLength(1);
    const both = await sent<{ organization: object }>(admin, document, { id: organization.id });
    expect(both.data.organization).toMatchObject({ memberCount: 2, members: { totalCount: 2 } });
  });

  it('one for the organizations of the caller with its role and their numbers of members', async () => {
    const { admin, organization, join } = await aWorld(gateway());
    const other = await aWorld(gateway());
    await join('viewer');
    await gateway().services.db.prisma.member.create({
      data: {
        organizationId: other.organization.id,
        id: crypto.randomUUID(),
        userId: admin.user.id,
        roleId: other.roles.viewer!,
      },
    });
    const document = '{ organizations(first: 25) { nodes { id name slug viewerRole { key } memberCount } } }';
    const { data, statements } = await sent<{ organizations: { nodes: { id: string }[] } }>(admin, document);
    expect(statements).toHaveLength(1);
    const byId = new Map(data.organizations.nodes.map((node) => [node.id, node]));
    expect(byId.get(organization.id)).toMatchObject({ viewerRole: { key: 'administrator' }, memberCount: 2 });
    expect(byId.get(other.organization.id)).toMatchObject({ viewerRole: { key: 'viewer' }, memberCount: 2 });
  });

  it('two for another role of a member, with its audit event and its mail', async () => {
    const { admin, organization, join } = await aWorld(gateway());
    const { memberId, user } = await join('member');
    const document = `mutation ($input: UpdateMemberRoleInput!) {
      updateMemberRole(input: $input) { member { id role { key } } }
    }`;
    const input = { organizationId: organization.id, memberId, role: 'developer' };
    const { data, statements } = await sent(admin, document, { input });
    expect(data).toEqual({ updateMemberRole: { member: { id: memberId, role: { key: 'developer' } } } });
    // What the worker does meanwhile, to tell the member, is no part of it.
    const written = statements.findIndex((text) => text.startsWith('WITH'));
    expect(written).toBe(1);
    // Until then the worker reads, which would count for whoever comes next.
    await mailTo(user.email);
  });
});

describe('what comes along with a page', () => {
  it('is only what the caller may read: the others say so where they stand', async () => {
    const { admin, organization, roles, join, team } = await aWorld(gateway());
    const permissions = ['organization.read', 'users.read'];
    const made = await admin.send<{ createRole: { role: { id: string } } }, object>(
      'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }',
      { input: { organizationId: organization.id, key: 'watcher', name: 'Watcher', rank: 5, permissions } },
    );
    roles.watcher = made.data.createRole.role.id;
    const watcher = await join('watcher');
    await team('Red', watcher);
    const document = `query ($id: ID!) { organization(id: $id) { members { nodes { user { email } teams { name } } } } }`;
    const seen = await watcher.send<unknown, object>(document, { id: organization.id });
    expect(codeOf(seen)).toBe('FORBIDDEN');
    expect(seen.errors?.[0]).toMatchObject({
      path: ['organization', 'members', 'nodes', 0, 'teams'],
      extensions: { requiredPermission: 'teams.read' },
    });
    expect(JSON.stringify(seen)).not.toContain('Red');
    expect((await admin.send<unknown, object>(document, { id: organization.id })).errors).toBeUndefined();
  });

  it('is left to its own resolver where it has arguments, or is asked for under two names', async () => {
    const { admin, organization, join, team } = await aWorld(gateway());
    await team('Red', await join('member'));
    const document = `query ($id: ID!, $no: Boolean = false) { organization(id: $id) {
      members(first: 2) { ...People edges { cursor node { status } } }
      others: members(last: 1) { nodes { status joinedAt person: user { name: fullName } } }
      teams { edges { node { members(first: 1) { edges { role node { user { email } } } } } } }
    } }
    fragment People on MemberConnection { nodes { id who: user { email } again: user { timezone createdAt } role @skip(if: $no) { key permissions } } }`;
    const { data } = await sent<Record<string, Record<string, never>>>(admin, document, { id: organization.id });
    expect(JSON.stringify(data)).toContain('"again":{"timezone":"UTC","createdAt":"20');
    expect(JSON.stringify(data)).toContain('"permissions":["api_keys.create"');
    expect(JSON.stringify(data)).toContain('"edges":[{"role":"MEMBER","node":{"user":{"email":');
  });
});
