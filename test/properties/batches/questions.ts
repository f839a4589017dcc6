import fc from 'fast-check';
import { plain, type Selection } from './documents.js';
import { type Choice, type Cursors, idOf, type Pages, page, selection, several } from './selections.js';

type Kind = 'Organization' | 'Member' | 'User' | 'Team' | 'Role' | 'Invitation' | 'Workspace' | 'TeamMembership';

const leaves: Record<Kind, string[]> = {
  Organization: ['id', 'name', 'slug', 'plan', 'description', 'createdAt', 'memberCount'],
  Member: ['id', 'joinedAt', 'status'],
  User: ['id', 'fullName', 'email', 'avatarUrl', 'status'],
  Team: ['id', 'name', 'slug', 'description', 'memberCount'],
  Role: ['id', 'key', 'name', 'description', 'rank', 'permissions', 'isSystem', 'shadows', 'memberCount'],
  Invitation: ['id', 'email', 'status', 'sendCount'],
  Workspace: ['id', 'name', 'slug', 'isDefault'],
  TeamMembership: ['id', 'role'],
};

const search = fc.constantFrom('a', 'Person', 'red', 'Acme', '%', 'nobody at all').map((text) => `search: "${text}"`);

const lists = {
  members: {
    ...{ on: 'Organization', field: 'members', type: 'Member', orders: ['JOINED_AT', 'NAME'] },
    filter: fc.oneof(
      search,
      fc.constantFrom('role: "member"', 'role: "lead"', 'role: "nothing"', 'status: ACTIVE', 'status: SUSPENDED'),
      idOf('team', 2).map((id) => `teamId: "${id}"`),
    ),
  },
  teams: { on: 'Organization', field: 'teams', type: 'Team', orders: ['NAME', 'CREATED_AT'], filter: search },
  invitations: {
    ...{ on: 'Organization', field: 'invitations', type: 'Invitation', orders: ['CREATED_AT', 'EMAIL'] },
    filter: fc.constantFrom('status: PENDING', 'status: ACCEPTED', 'status: EXPIRED'),
  },
  workspaces: { on: 'Organization', field: 'workspaces', type: 'Workspace', orders: ['NAME', 'CREATED_AT'] },
  ofTeam: {
    ...{ on: 'Team', field: 'members', type: 'TeamMember', orders: ['JOINED_AT', 'NAME'], ofEdge: 'role' },
    filter: fc.oneof(search, fc.constantFrom('role: MANAGER', 'role: MEMBER')),
  },
  memberships: { on: 'User', field: 'memberships', type: 'Member', orders: ['JOINED_AT'] },
  organizations: { on: 'Query', field: 'organizations', type: 'Organization', orders: ['NAME', 'CREATED_AT'] },
  all: { on: 'Query', field: 'allOrganizations', type: 'Organization', orders: ['NAME', 'CREATED_AT'] },
} satisfies Record<string, Pages>;

/** Queries of any depth, about an organization that is still to be chosen. */
export function anyQuestion(cursors: Cursors): fc.Arbitrary<Selection[]> {
  const made = new Map<string, fc.Arbitrary<Selection[]>>();

  /** Fields of a type, and so many levels below them. */
  function of(kind: Kind, depth: number): fc.Arbitrary<Selection[]> {
    const name = `${kind} ${depth}`;
    const known = made.get(name);
    if (known) return known;
    const leaf = { weight: 4, arbitrary: fc.constantFrom(...leaves[kind]).map((field) => plain(kind, field)) };
    const arbitrary = several([leaf, ...(depth > 0 ? nested[kind](depth - 1) : [])], 3);
    made.set(name, arbitrary);
    return arbitrary;
  }

  const one = (weight: number, on: string, field: string, kind: Kind, depth: number, call?: fc.Arbitrary<string>) => ({
    weight,
    arbitrary: selection(on, field, call ?? fc.constant(field), of(kind, depth)),
  });
  const by = (field: string, id: fc.Arbitrary<string>) => id.map((text) => `${field}(id: "${text}")`);
  const some = (weight: number, list: Pages, kind: Kind, depth: number) => ({
    weight,
    arbitrary: page(cursors, list, of(kind, depth)),
  });

  const nested: Record<Kind, (depth: number) => Choice[]> = {
    Organization: (depth) => [
      some(6, lists.members, 'Member', depth),
      some(3, lists.teams, 'Team', depth),
      some(2, lists.invitations, 'Invitation', depth),
      some(1, lists.workspaces, 'Workspace', depth),
      one(2, 'Organization', 'roles', 'Role', depth),
      one(2, 'Organization', 'viewerRole', 'Role', depth),
      one(2, 'Organization', 'member', 'Member', depth, by('member', idOf('member', 8))),
      one(2, 'Organization', 'team', 'Team', depth, by('team', idOf('team', 2))),
      one(1, 'Organization', 'workspace', 'Workspace', depth, by('workspace', idOf('workspace'))),
    ],
    Member: (depth) => [
      one(3, 'Member', 'user', 'User', Math.min(depth, 0)),
      one(3, 'Member', 'role', 'Role', depth),
      one(3, 'Member', 'teams', 'Team', depth),
      one(2, 'Member', 'teamMemberships', 'TeamMembership', depth),
      one(2, 'Member', 'organization', 'Organization', depth),
      one(1, 'Member', 'invitedBy', 'User', depth),
    ],
    User: (depth) => [some(2, lists.memberships, 'Member', depth)],
    Team: (depth) => [some(4, lists.ofTeam, 'Member', depth), one(1, 'Team', 'organization', 'Organization', depth)],
    Role: () => [],
    Invitation: (depth) => [
      one(1, 'Invitation', 'role', 'Role', depth),
      one(1, 'Invitation', 'teams', 'Team', depth),
      one(1, 'Invitation', 'invitedBy', 'User', Math.min(depth, 0)),
      one(1, 'Invitation', 'organization', 'Organization', depth),
    ],
    Workspace: (depth) => [one(1, 'Workspace', 'organization', 'Organization', depth)],
    TeamMembership: (depth) => [
      one(1, 'TeamMembership', 'team', 'Team', depth),
      one(1, 'TeamMembership', 'member', 'Member', depth),
    ],
  };

  const slug = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('<slug 0>', '<upper slug 0>') },
    { weight: 1, arbitrary: fc.constantFrom('<other slug 0>', 'no-such-slug') },
  );
  const permissions = fc
    .tuple(of('Organization', 1), of('Role', 0))
    .map(([organization, role]) => [
      plain('PermissionMap', 'granted'),
      plain('PermissionMap', 'organization', organization),
      plain('PermissionMap', 'role', role),
    ]);
  const called = idOf('organization').map((id) => `myPermissions(organizationId: "${id}")`);
  const ofDepth = (depth: number) =>
    several(
      [
        one(8, 'Query', 'organization', 'Organization', depth, by('organization', idOf('organization'))),
        one(
          2,
          'Query',
          'organizationBySlug',
          'Organization',
          depth,
          slug.map((text) => `organizationBySlug(slug: "${text}")`),
        ),
        some(4, lists.organizations, 'Organization', depth),
        some(1, lists.all, 'Organization', depth),
        one(4, 'Query', 'me', 'User', depth),
        one(4, 'Query', 'currentOrganization', 'Organization', depth),
        one(1, 'Query', 'myInvitations', 'Invitation', Math.min(depth, 2)),
        { weight: 2, arbitrary: selection('Query', 'myPermissions', called, permissions) },
      ],
      2,
    );
  return fc.oneof(...[1, 2, 2, 3, 3, 4].map(ofDepth));
}

/** The document that hands out cursors of all these lists, to whoever belongs to many organizations and to a super admin. */
export function documentOfCursors(isSuperAdmin: boolean): string {
  const ordered = ({ on, field, orders }: Pages) =>
    orders
      .map((by) => `${on}_${field}_${by}: ${field}(first: 6, orderBy: { field: ${by} }) { edges { cursor } }`)
      .join(' ');
  const { members, teams, invitations, workspaces, ofTeam, memberships, organizations, all } = lists;
  return `{
    ${isSuperAdmin ? ordered(all) : `${ordered(organizations)} me { ${ordered(memberships)} }`}
    currentOrganization {
      ${[members, teams, invitations, workspaces].map(ordered).join(' ')}
      list: teams(first: 2) { nodes { ${ordered(ofTeam)} } }
    }
  }`;
}
