// Organizations from ten members to a million, and users from one membership to ten thousand: made of row numbers alone, so it
// is the same each time.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { systemRoles } from '../../dist/auth/permissions.js';
import { readMigrations } from '../../dist/platform/migration-history.js';

/** What the others are compared with. */
export const usualSize = 1_000;
const sizes = [10, usualSize, 100_000, 1_000_000];

/** How many organizations the users belong to who ask for their own. */
export const belongings = [1, 100, 10_000];

/** Ids as the gateway makes them (UUIDv7), at a moment: rows of one table that come later sort later. */
const functions = `
  CREATE SCHEMA growth;
  CREATE FUNCTION pg_temp.at(seconds bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT to_timestamp(1600000000 + seconds) $$;
  CREATE FUNCTION pg_temp.id(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1600000000000 + number * 1000), 12, '0') || '7' || substr(md5(kind || number::text), 1, 3)
      || '8' || substr(md5(kind || number::text), 4, 15))::uuid
  $$;`;

/** Organizations k = 0…: first those of the sizes that are compared, then the small ones that somebody belongs to many of. */
const organizations = `
  CREATE TEMP TABLE o AS
    SELECT k, pg_temp.id('organization', k) AS id, coalesce((ARRAY[$sizes])[k + 1], $small) AS members,
      CASE WHEN k < $sized THEN 20 ELSE 3 END AS teams
    FROM generate_series(0, $organizations - 1::bigint) AS k;
  INSERT INTO organizations (id, name, slug, founded_by_id, created_at, updated_at)
    SELECT id, 'Organization ' || lpad(k::text, 5, '0'), 'organization-' || k, pg_temp.id('user', k * $leap % $users),
      pg_temp.at(k), pg_temp.at(k)
    FROM o;
  INSERT INTO workspaces (organization_id, id, name, slug, is_default)
    SELECT id, pg_temp.id('workspace', k), 'Default', 'default', true FROM o;
  INSERT INTO roles (organization_id, id, key, name, description, rank, is_system)
    SELECT o.id, pg_temp.id('role', o.k * 10 + n), role->>'key', role->>'name', role->>'description', (role->>'rank')::int, true
    FROM o, jsonb_array_elements($roles::jsonb) WITH ORDINALITY AS given(role, n);`;

/** Beside those who are members of large organizations, one for each number of belongings. */
const users = `
  INSERT INTO users (id, email, full_name, email_verified_at, created_at, updated_at)
    SELECT pg_temp.id('user', u), 'user' || u || '@example.com',
      (ARRAY['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Donald', 'Radia'])[1 + u % 8] || ' '
        || (ARRAY['Lovelace', 'Hopper', 'Turing', 'Liskov', 'Dijkstra', 'Allen', 'Knuth'])[1 + u % 7] || ' ' || u,
      pg_temp.at(u), pg_temp.at(u), pg_temp.at(u)
    FROM generate_series(0, $users + $belongers - 1) AS u;`;

/**
 * Members i = 0… of organization k, in the order of time. The first of each is an administrator. In the small organizations the
 * last ones are those who belong to many: the n-th of them to every organization whose number its step divides.
 */
const members = `
  CREATE TEMP TABLE m AS
    SELECT o.k, i, o.id AS organization_id, o.teams, row_number() OVER (ORDER BY i, o.k) AS number,
      (o.k * $leap + i * $stride) % $users AS u
    FROM o, generate_series(0, o.members - 1::bigint) AS i
    UNION ALL
    SELECT o.k, $small + n, o.id, o.teams, $most + o.k * 10 + n, $users + n - 1
    FROM o JOIN unnest(ARRAY[$steps]) WITH ORDINALITY AS belonging(step, n) ON (o.k - $sized) % step = 0
    WHERE o.k >= $sized;
  INSERT INTO members (organization_id, id, user_id, role_id, sort_name, joined_at, updated_at)
    SELECT m.organization_id, pg_temp.id('member', number), u.id, r.id, lower(u.full_name), pg_temp.at(number), pg_temp.at(number)
    FROM m JOIN users u ON u.id = pg_temp.id('user', m.u) JOIN roles r ON r.organization_id = m.organization_id AND r.key = CASE
      WHEN i = 0 THEN 'administrator' WHEN i % 20 = 7 THEN 'team_manager' WHEN i % 20 = 13 THEN 'billing_manager'
      WHEN i % 10 = 9 THEN 'viewer' WHEN i % 2 = 0 THEN 'member' ELSE 'developer' END
    ORDER BY number;
  INSERT INTO membership_periods (organization_id, id, user_id, joined_at)
    SELECT organization_id, pg_temp.id('period', number), pg_temp.id('user', u), pg_temp.at(number) FROM m;`;

/** Each member is in none to two of the teams. */
const teams = `
  CREATE TEMP TABLE t AS
    SELECT o.k, j, o.id AS organization_id, pg_temp.id('team', j * $organizations + o.k) AS id
    FROM o, generate_series(0, o.teams - 1) AS j;
  INSERT INTO teams (organization_id, id, name, slug)
    SELECT organization_id, id, 'Team ' || lpad(j::text, 3, '0'), 'team-' || j FROM t;
  CREATE TEMP TABLE tm AS
    SELECT m.organization_id, m.u, m.number, n, t.id AS team_id
    FROM m CROSS JOIN generate_series(0, 1) AS n JOIN t ON t.k = m.k AND t.j = (m.i + n) % m.teams
    WHERE n < m.i % 3;
  INSERT INTO team_memberships (organization_id, id, team_id, member_id, role, created_at)
    SELECT organization_id, pg_temp.id('team membership', number * 2 + n), team_id, pg_temp.id('member', number), 'MEMBER',
      pg_temp.at(number)
    FROM tm ORDER BY number, n;
  INSERT INTO membership_periods (organization_id, id, user_id, team_id, joined_at)
    SELECT organization_id, pg_temp.id('team period', number * 2 + n), pg_temp.id('user', u), team_id, pg_temp.at(number) FROM tm;`;

/** Who asks: an administrator of each organization that is compared, and those who belong to many. */
const sessions = `
  INSERT INTO sessions (id, user_id, expires_at)
    SELECT pg_temp.id('session', u), pg_temp.id('user', u), '2100-01-01' FROM (
      SELECT m.u FROM m WHERE m.i = 0 AND m.k < $sized
      UNION SELECT $users + n FROM generate_series(0, $belongers - 1) AS n
    ) AS asking;`;

/** What triggers keep as members come and go. */
const kept = `
  UPDATE organizations o SET member_count = counted.members
    FROM (SELECT organization_id, count(*)::int AS members FROM members GROUP BY 1) counted
    WHERE o.id = counted.organization_id;`;

/** Says by its comment that the data set is complete. */
const complete = `COMMENT ON SCHEMA growth IS 'complete'`;

/** The sizes of the organizations that are compared, up to the largest, which is a power of ten. */
export function sizesUpTo(largest) {
  return [...sizes.filter((size) => size < largest), largest];
}

/** Tells data sets of other sizes, other code or other tables apart. */
export async function nameOfDataSet(largest) {
  const hash = createHash('sha256').update(String(largest));
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  for (const { name, sql } of readMigrations()) hash.update(name).update(sql);
  return hash.digest('hex').slice(0, 16);
}

/** Fills the migrated, empty tables in one transaction; does nothing if a run before has done it. */
export async function loadDataSet(client, largest) {
  const { rows } = await client.query(`SELECT obj_description(to_regnamespace('growth')) = 'complete' AS done`);
  if (rows[0].done) return;
  await client.query('BEGIN');
  // Neither foreign keys nor triggers row by row: the data set keeps them by construction.
  await client.query('SET LOCAL session_replication_role = replica');
  for (const sql of [functions, organizations, users, members, teams, sessions, kept, complete]) {
    await client.query(filledIn(sql, largest));
  }
  await client.query('COMMIT');
  await client.query('VACUUM (ANALYZE, FREEZE)');
  await client.query('CHECKPOINT');
}

/** DDL and several statements at once take no parameters, so the numbers are written into the text. */
function filledIn(sql, largest) {
  const sized = sizesUpTo(largest);
  const most = Math.max(...belongings);
  const values = {
    sizes: sized.join(', '),
    sized: sized.length,
    organizations: sized.length + most,
    small: 4,
    // No number of a member of the large ones comes up to this one.
    most: 10 * largest,
    users: largest,
    belongers: belongings.length,
    steps: belongings.map((count) => most / count).join(', '),
    // Neither has a factor in common with a power of ten: their multiples reach everybody before anybody twice.
    stride: 10_007,
    leap: 29_989,
    roles: `'${JSON.stringify(systemRoles).replaceAll("'", "''")}'`,
  };
  return sql.replace(/\$([a-z]+)\b/g, (text, name) => String(values[name] ?? text));
}
