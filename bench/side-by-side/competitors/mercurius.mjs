// Mercurius on fastify, as its documentation has it for speed: JIT from the first time on, loaders for whatever is nested,
// and prepared statements in them. It checks no rights.
//
//   NODE_ENV=production node mercurius.mjs <database url> <connections>

import fastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';

const [url, connections] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: Number(connections), idleTimeoutMillis: 0 });

/** A prepared statement: its text is its name's. */
function statement(name, text) {
  return async (...values) => (await pool.query({ name, text, values })).rows;
}

const organizationById = statement('organization', 'SELECT id, name, slug FROM organizations WHERE id = $1');
const organizationsOfUser = statement(
  'organizations',
  `SELECT o.id, o.name, o.slug, m.role_id AS "viewerRoleId" FROM members m JOIN organizations o ON o.id = m.organization_id
    WHERE m.user_id = $1 ORDER BY lower(o.name), o.id LIMIT $2`,
);
const membersOf = statement(
  'members',
  `SELECT key.ord::int AS ord, m.* FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS key(id, first, ord)
    CROSS JOIN LATERAL (SELECT organization_id AS "organizationId", id, user_id AS "userId", role_id AS "roleId" FROM members
      WHERE organization_id = key.id ORDER BY joined_at, members.id LIMIT key.first) m`,
);
const memberCounts = statement(
  'member counts',
  `SELECT key.ord::int AS ord, (SELECT count(*)::int FROM members WHERE organization_id = key.id) AS count
    FROM unnest($1::uuid[]) WITH ORDINALITY AS key(id, ord)`,
);
const teamsOf = statement(
  'teams',
  `SELECT key.ord::int AS ord, t.* FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS key(id, first, ord)
    CROSS JOIN LATERAL (SELECT id, name FROM teams WHERE organization_id = key.id ORDER BY name, teams.id LIMIT key.first) t`,
);
const pendingInvitations = statement(
  'invitations',
  `SELECT key.ord::int AS ord, i.* FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS key(id, first, ord)
    CROSS JOIN LATERAL (SELECT id, email FROM invitations WHERE organization_id = key.id AND status = 'PENDING'
      ORDER BY created_at DESC, invitations.id DESC LIMIT key.first) i`,
);
const usersById = statement(
  'users',
  `SELECT key.ord::int AS ord, u.id, u.full_name AS "fullName", u.email
    FROM unnest($1::uuid[]) WITH ORDINALITY AS key(id, ord) JOIN users u ON u.id = key.id`,
);
const rolesById = statement(
  'roles',
  'SELECT id, key, name FROM roles WHERE organization_id = ANY($1) AND id = ANY($2)',
);
const teamsOfMembers = statement(
  'teams of members',
  `SELECT key.ord::int AS ord, t.id, t.name FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS key(organization_id, id, ord)
    JOIN team_memberships tm ON tm.organization_id = key.organization_id AND tm.member_id = key.id
    JOIN teams t ON t.organization_id = tm.organization_id AND t.id = tm.team_id`,
);
const changeRole = statement(
  'change role',
  `WITH changed AS (
      UPDATE members m SET role_id = r.id, updated_at = now() FROM roles r
      WHERE m.organization_id = $1 AND m.id = $2 AND r.organization_id = m.organization_id AND r.key = $3
        AND r.deleted_at IS NULL
      RETURNING m.id, m.organization_id, m.role_id
    ), told AS (
      INSERT INTO audit_events (organization_id, id, actor_type, actor_user_id, action, target_type, target_id, changes)
      SELECT organization_id, gen_random_uuid(), 'USER', $4, 'MEMBER_ROLE_CHANGED', 'MEMBER', id, jsonb_build_object('role', $3::text)
      FROM changed
    )
    SELECT organization_id AS "organizationId", id, role_id AS "roleId" FROM changed`,
);

const ids = (queries) => queries.map(({ obj }) => obj.id);
const firsts = (queries) => queries.map(({ params }) => params.first);

/** Several rows for each of the keys. */
function grouped(queries, rows) {
  const groups = queries.map(() => []);
  for (const row of rows) groups[row.ord - 1].push(row);
  return groups;
}

/** One row for each of the keys. */
function placed(queries, rows) {
  const places = queries.map(() => null);
  for (const row of rows) places[row.ord - 1] = row;
  return places;
}

/** Roles are few: each is read once, however many members hold it. */
async function rolesOf(keys) {
  const distinct = (values) => [...new Set(values)];
  const rows = await rolesById(
    distinct(keys.map(([organization]) => organization)),
    distinct(keys.map(([, id]) => id)),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return keys.map(([, id]) => byId.get(id));
}

const loaders = {
  Organization: {
    members: async (queries) => grouped(queries, await membersOf(ids(queries), firsts(queries))),
    memberCount: async (queries) => placed(queries, await memberCounts(ids(queries))).map(({ count }) => count),
    teams: async (queries) => grouped(queries, await teamsOf(ids(queries), firsts(queries))),
    pendingInvitations: async (queries) => grouped(queries, await pendingInvitations(ids(queries), firsts(queries))),
    viewerRole: (queries) => rolesOf(queries.map(({ obj }) => [obj.id, obj.viewerRoleId])),
  },
  Member: {
    user: async (queries) => placed(queries, await usersById(queries.map(({ obj }) => obj.userId))),
    role: (queries) => rolesOf(queries.map(({ obj }) => [obj.organizationId, obj.roleId])),
    teams: async (queries) =>
      grouped(
        queries,
        await teamsOfMembers(
          queries.map(({ obj }) => obj.organizationId),
          ids(queries),
        ),
      ),
  },
};

const schema = `
  type Query {
    organization(id: ID!): Organization
    organizations(userId: ID!, first: Int!): [Organization!]!
  }
  type Mutation { updateMemberRole(organizationId: ID!, memberId: ID!, role: String!, actorId: ID!): Member }
  type Organization {
    id: ID!
    name: String!
    slug: String!
    memberCount: Int!
    viewerRole: Role
    members(first: Int!): [Member!]!
    teams(first: Int!): [Team!]!
    pendingInvitations(first: Int!): [Invitation!]!
  }
  type Member { id: ID! user: User! role: Role! teams: [Team!]! }
  type User { id: ID! fullName: String! email: String! }
  type Role { key: String! name: String! }
  type Team { id: ID! name: String! }
  type Invitation { id: ID! email: String! }`;

const resolvers = {
  Query: {
    organization: async (_, { id }) => (await organizationById(id))[0] ?? null,
    organizations: (_, { userId, first }) => organizationsOfUser(userId, first),
  },
  Mutation: {
    updateMemberRole: async (_, { organizationId, memberId, role, actorId }) =>
      (await changeRole(organizationId, memberId, role, actorId))[0] ?? null,
  },
};

const app = fastify();
// Without its cache Mercurius would parse each document again.
await app.register(mercurius, { schema, resolvers, loaders, jit: 1, cache: true, graphiql: false });
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`ready ${address}/graphql\n`);
