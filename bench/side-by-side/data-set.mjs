// The one data set that all servers read and write: made of row numbers alone, so it is the same each time.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { systemRoles } from '../../dist/auth/permissions.js';
import { readMigrations } from '../../dist/platform/migration-history.js';

/** Every organization but the largest has so many members at least: a page of them is always full. */
const fewestMembers = 60;

/**
 * Ids as the gateway makes them (UUIDv7), at a moment: rows of one table that come later sort later. Both functions consist
 * of immutable parts only, so that PostgreSQL puts them in where they are called.
 */
const functions = `
  CREATE SCHEMA side_by_side;
  CREATE FUNCTION pg_temp.at(seconds bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT to_timestamp(1735689600 + seconds) $$;
  CREATE FUNCTION pg_temp.id(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1735689600000 + number * 1000), 12, '0') || '7' || substr(md5(kind || number::text), 1, 3)
      || '8' || substr(md5(kind || number::text), 4, 15))::uuid
  $$;`;

/** What PostGraphile offers as a mutation: the change and its audit event in one statement. */
const changeMemberRole = `
  CREATE FUNCTION side_by_side.change_member_role(organization_id uuid, member_id uuid, role_key text, actor_id uuid)
    RETURNS public.members LANGUAGE sql VOLATILE STRICT AS $$
    WITH changed AS (
      UPDATE public.members m SET role_id = r.id, updated_at = now() FROM public.roles r
      WHERE m.organization_id = change_member_role.organization_id AND m.id = change_member_role.member_id
        AND r.organization_id = m.organization_id AND r.key = role_key AND r.deleted_at IS NULL
      RETURNING m.*
    ), told AS (
      INSERT INTO public.audit_events
        (organization_id, id, actor_type, actor_user_id, action, target_type, target_id, changes)
      SELECT changed.organization_id, gen_random_uuid(), 'USER', actor_id, 'MEMBER_ROLE_CHANGED', 'MEMBER', changed.id,
        jsonb_build_object('role', role_key)
      FROM changed
    )
    SELECT * FROM changed
  $$;`;

/** Organizations k = 0…, the first of which is the largest; the others differ in size. */
const organizations = `
  CREATE TEMP TABLE o AS
    SELECT k, pg_temp.id('organization', k) AS id, 15 + k * 7 % 16 AS teams,
      CASE WHEN k = 0 THEN $largest ELSE ${fewestMembers} + k * 37 % ($usual - ${fewestMembers} + 1) END AS members
    FROM generate_series(0, $organizations - 1::bigint) AS k;
  INSERT INTO organizations (id, name, slug, founded_by_id, created_at, updated_at)
    SELECT id, 'Organization ' || lpad(k::text, 5, '0'), 'organization-' || k, pg_temp.id('user', k * $leap % $users), pg_temp.at(k), pg_temp.at(k)
    FROM o;
  INSERT INTO workspaces (organization_id, id, name, slug, is_default)
    SELECT id, pg_temp.id('workspace', k), 'Default', 'default', true FROM o;
  INSERT INTO audit_events (organization_id, id, at, actor_type, actor_user_id, action, target_type, target_id)
    SELECT id, pg_temp.id('audit', k), pg_temp.at(k), 'USER', pg_temp.id('user', k * $leap % $users), 'ORGANIZATION_CREATED', 'ORGANIZATION', id
    FROM o;
  INSERT INTO roles (organization_id, id, key, name, description, rank, is_system)
    SELECT o.id, pg_temp.id('role', o.k * 10 + n), role->>'key', role->>'name', role->>'description', (role->>'rank')::int, true
    FROM o, jsonb_array_elements($roles::jsonb) WITH ORDINALITY AS given(role, n);`;

const users = `
  INSERT INTO users (id, email, full_name, email_verified_at, created_at, updated_at)
    SELECT pg_temp.id('user', u), 'user' || u || '@example.com',
      (ARRAY['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Donald', 'Radia'])[1 + u % 8] || ' '
        || (ARRAY['Lovelace', 'Hopper', 'Turing', 'Liskov', 'Dijkstra', 'Allen', 'Knuth'])[1 + u % 7] || ' ' || u,
      pg_temp.at(u), pg_temp.at(u), pg_temp.at(u)
    FROM generate_series(0, $users - 1) AS u;
  INSERT INTO sessions (id, user_id, expires_at)
    SELECT pg_temp.id('session', u), pg_temp.id('user', u), '2100-01-01' FROM generate_series(0, $users - 1) AS u;`;

/**
 * Members i = 0… of organization k, in the order of time, so that those of an organization lie apart on disk, as they do in
 * real life. The first two are administrators.
 */
const members = `
  CREATE TEMP TABLE m AS
    SELECT o.k, i, o.id AS organization_id, o.teams, i * $organizations + o.k AS number,
      pg_temp.id('member', i * $organizations + o.k) AS id,
      pg_temp.id('user', (o.k * $leap + i * $stride) % $users) AS user_id
    FROM o, generate_series(0, o.members - 1::bigint) AS i;
  INSERT INTO members (organization_id, id, user_id, role_id, sort_name, joined_at, updated_at)
    SELECT m.organization_id, m.id, m.user_id, r.id, lower(u.full_name), pg_temp.at(number), pg_temp.at(number)
    FROM m JOIN users u ON u.id = m.user_id JOIN roles r ON r.organization_id = m.organization_id AND r.key = CASE
      WHEN i < 2 THEN 'administrator' WHEN i % 20 = 7 THEN 'team_manager' WHEN i % 20 = 13 THEN 'billing_manager'
      WHEN i % 10 = 9 THEN 'viewer' WHEN i % 2 = 0 THEN 'member' ELSE 'developer' END
    ORDER BY number;
  UPDATE organizations SET member_count = o.members FROM o WHERE o.id = organizations.id;`;

/** Each member is in none to three of the teams. */
const teams = `
  CREATE TEMP TABLE t AS
    SELECT o.k, j, o.id AS organization_id, pg_temp.id('team', j * $organizations + o.k) AS id
    FROM o, generate_series(0, o.teams - 1) AS j;
  INSERT INTO teams (organization_id, id, name, slug)
    SELECT organization_id, id, 'Team ' || lpad(j::text, 3, '0'), 'team-' || j FROM t;
  CREATE TEMP TABLE tm AS
    SELECT m.organization_id, m.user_id, pg_temp.id('team membership', m.number * 3 + n) AS id, t.id AS team_id,
      m.id AS member_id, m.number, n
    FROM m CROSS JOIN generate_series(0, 2) AS n JOIN t ON t.k = m.k AND t.j = (m.i + n * 3) % m.teams
    WHERE n < m.i % 4;
  INSERT INTO team_memberships (organization_id, id, team_id, member_id, role, created_at)
    SELECT organization_id, id, team_id, member_id, CASE WHEN number % 20 = 7 THEN 'MANAGER' ELSE 'MEMBER' END::team_role,
      pg_temp.at(number)
    FROM tm ORDER BY number, n;
  INSERT INTO membership_periods (organization_id, id, user_id, joined_at)
    SELECT organization_id, pg_temp.id('period', number), user_id, pg_temp.at(number) FROM m;
  INSERT INTO membership_periods (organization_id, id, user_id, team_id, joined_at)
    SELECT organization_id, pg_temp.id('team period', number * 3 + n), user_id, team_id, pg_temp.at(number) FROM tm;`;

/** Thirty for each organization, half of them pending. */
const invitations = `
  INSERT INTO invitations (organization_id, id, email, role_id, status, token_hash, invited_by_id, expires_at, created_at)
    SELECT o.id, pg_temp.id('invitation', n * $organizations + o.k), 'guest' || n || '@example.org', r.id,
      (ARRAY['PENDING', 'ACCEPTED', 'PENDING', 'DECLINED', 'PENDING', 'REVOKED'])[1 + n % 6]::invitation_status,
      sha256(('invitation ' || o.k || ' ' || n)::bytea), pg_temp.id('user', o.k * $leap % $users), '2100-01-01', pg_temp.at(n * $organizations + o.k)
    FROM o CROSS JOIN generate_series(0, 29) AS n JOIN roles r ON r.organization_id = o.id AND r.key = 'member';`;

/** Says by its comment that the data set is complete. */
const complete = `COMMENT ON SCHEMA side_by_side IS 'complete'`;

/** Tells data sets of other sizes, other code or other tables apart. */
export async function nameOfDataSet(sizes) {
  const hash = createHash('sha256').update(JSON.stringify(sizes));
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  for (const { name, sql } of readMigrations()) hash.update(name).update(sql);
  return hash.digest('hex').slice(0, 16);
}

/** Fills the migrated, empty tables in one transaction; does nothing if a run before has done it. */
export async function loadDataSet(client, sizes) {
  const { rows } = await client.query(`SELECT obj_description(to_regnamespace('side_by_side')) = 'complete' AS done`);
  if (rows[0].done) return;
  await client.query('BEGIN');
  // Neither foreign keys nor triggers row by row: the data set keeps them by construction.
  await client.query('SET LOCAL session_replication_role = replica');
  for (const sql of [functions, changeMemberRole, organizations, users, members, teams, invitations, complete]) {
    await client.query(filledIn(sql, sizes));
  }
  await client.query('COMMIT');
  await client.query('VACUUM (ANALYZE, FREEZE)');
  await client.query('CHECKPOINT');
}

/** DDL and several statements at once take no parameters, so the numbers are written into the text. */
function filledIn(sql, { organizations: count, users: people, members: all, largest }) {
  const average = count > 1 ? Math.round((all - largest) / (count - 1)) : fewestMembers;
  const usual = Math.max(fewestMembers, 2 * average - fewestMembers);
  const values = {
    organizations: count,
    users: people,
    largest,
    usual,
    stride: noFactorOf(people, 10_007),
    leap: noFactorOf(people, 29_989),
    roles: `'${JSON.stringify(systemRoles).replaceAll("'", "''")}'`,
  };
  return sql.replace(/\$([a-z]+)\b/g, (text, name) => String(values[name] ?? text));
}

/** The next number that shares no factor with another one: its multiples reach everybody before anybody twice. */
function noFactorOf(count, number) {
  const commonDivisor = (a, b) => (b === 0 ? a : commonDivisor(b, a % b));
  return commonDivisor(number, count) === 1 ? number : noFactorOf(count, number + 2);
}
