// Organizations with a history of activity, written straight into the database: what a year of reports would have left there.

import { recount } from '../dist/modules/engagement/recount.service.js';

export const zone = 'Europe/Berlin';

const teams = ['Research', 'Sales', 'Support'];

/** So many of the members were there before the last year began; the others joined in the course of it. */
const presentBefore = 0.6;

/** Somebody who signs in, founds organizations, and sees all of them. */
export async function aFounder(ask) {
  const { register } = await ask(
    'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } } }',
    { input: { email: 'founder@example.com', password: 'correct horse battery', fullName: 'Ada Lovelace' } },
  );
  return { authorization: `Bearer ${register.session.accessToken}` };
}

/** An organization with three teams and an API key, as its founder makes it. */
export async function anOrganization(ask, headers, name) {
  const { createOrganization } = await ask(
    `mutation ($input: CreateOrganizationInput!) {
      createOrganization(input: $input) { organization { id roles { id key } } }
    }`,
    { input: { name, timezone: zone } },
    headers,
  );
  const { id: organizationId, roles } = createOrganization.organization;
  const teamIds = [];
  for (const team of teams) {
    const { createTeam } = await ask(
      'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }',
      { input: { organizationId, name: team } },
      headers,
    );
    teamIds.push(createTeam.team.id);
  }
  const { createApiKey } = await ask(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { organizationId, name: 'Reporter', scopes: ['organizations:write'] } },
    headers,
  );
  const roleId = roles.find(({ key }) => key === 'member').id;
  return { organizationId, roleId, teamIds, key: { 'x-api-key': createApiKey.secret } };
}

/**
 * Members, of whom some joined in the last year: the later, the higher their number. Most are in one team, one in ten in two
 * and one in ten in none.
 *
 * @returns their ids, the first to join first.
 */
export async function addMembers(db, { organizationId, roleId, teamIds }, { members, years }) {
  const { rows } = await db.query(
    `WITH person AS MATERIALIZED (
      SELECT n, gen_random_uuid() AS user_id, gen_random_uuid() AS member_id,
        now() - CASE WHEN n < ${presentBefore} * $3 THEN make_interval(days => 372 + 364 * ($4 - 1))
          ELSE make_interval(days => (365 * ($3 - n) / ($3 * ${1 - presentBefore}))::int) END AS joined_at
      FROM generate_series(0, $3::int - 1) n
    ), u AS (
      INSERT INTO users (id, email, full_name, created_at)
      SELECT user_id, user_id || '@example.com', 'Person ' || n, joined_at FROM person
    ), m AS (
      INSERT INTO members (organization_id, id, user_id, role_id, joined_at)
      SELECT $1, member_id, user_id, $2, joined_at FROM person
    )
    SELECT member_id AS "memberId", user_id AS "userId", joined_at AS "joinedAt",
      ($5::uuid[])[1 + n % 3] AS "teamId" FROM person ORDER BY n`,
    [organizationId, roleId, members, years, teamIds],
  );
  // The periods of the teams come from the members' rows, so those have to be there.
  await db.query(
    `INSERT INTO team_memberships (organization_id, id, team_id, member_id, created_at)
     SELECT $1, gen_random_uuid(), team.id, person.id, person.joined_at
     FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS person(id, joined_at, n)
     JOIN unnest($4::uuid[]) WITH ORDINALITY AS team(id, t)
       ON (person.n % 10 <> 9 AND (person.n - 1) % 3 = team.t - 1) OR (person.n % 10 = 8 AND person.n % 3 = team.t - 1)`,
    [organizationId, rows.map(({ memberId }) => memberId), rows.map(({ joinedAt }) => joinedAt), teamIds],
  );
  return rows;
}

/**
 * Entries of all years up to now, in the order of time: 95 percent from Monday to Friday, between 8 and 18 o'clock; everybody
 * is away on every fifth day, and who joined earlier does more. A year has 52 whole weeks, the last one up to a week more.
 */
async function addEntries(db, { organizationId }, people, { perYear, years }) {
  const { rows } = await db.query(
    `SELECT (today - 365 - (extract(isodow FROM today - 365)::int - 1) - 364 * ($2::int - 1))::text AS start,
      365 + extract(isodow FROM today - 365)::int + 364 * ($2 - 1) AS days
     FROM (SELECT (now() AT TIME ZONE $1)::date AS today) now`,
    [zone, years],
  );
  const [{ start, days }] = rows;
  await db.query(
    `INSERT INTO activity_entries (organization_id, id, user_id, team_id, started_at, active_seconds, idempotency_id, created_at)
     SELECT $1::uuid, entry.id, person.user_id, CASE WHEN entry.i % 5 > 0 THEN person.team_id END, entry.at,
       60 + (3000 * random() * random())::int, entry.id::text, entry.at
     FROM (
       SELECT i, at, (n + (n + day) % 5 / 4) % joined AS n,
         (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(mixed, 1, 3) || '8' || substr(mixed, 4, 15))::uuid AS id
       FROM (
         SELECT i, day, joined, floor(joined * random() ^ 1.2)::int AS n, md5(i || $1::text) AS mixed,
           least(($2::date + day)::timestamp AT TIME ZONE $3 + make_interval(secs => 28800 + 36000 * random()), now()) AS at
         FROM (
           SELECT i, day, greatest(1, ($6 * (${presentBefore} + ${1 - presentBefore} * least(1, greatest(0, day - ($4 - 365)) / 365.0)))::int) AS joined
           FROM (
             SELECT i, floor(weeks)::int * 7 + CASE WHEN weeks - floor(weeks) < 0.95 THEN floor((weeks - floor(weeks)) / 0.19)
               ELSE 5 + floor((weeks - floor(weeks) - 0.95) / 0.02501) END::int AS day
             FROM (SELECT i, i::float8 / $5 * $4 / 7 AS weeks FROM generate_series(0, $5::bigint - 1) i OFFSET 0) series
           ) dated
         ) crowd
       ) chosen
     ) entry
     JOIN unnest($7::uuid[], $8::uuid[]) WITH ORDINALITY AS person(user_id, team_id, number) ON person.number = entry.n + 1`,
    [
      ...[organizationId, start, zone, days, perYear * years, people.length],
      ...[people.map(({ userId }) => userId), people.map(({ teamId }, n) => (n % 10 === 8 ? null : teamId))],
    ],
  );
}

/**
 * Fills several organizations. The indexes are built when all entries are there, and foreign keys are not checked one by one;
 * the roll-ups are counted by the gateway itself.
 */
export async function addHistories(db, services, histories) {
  const { rows: indexes } = await db.query(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'activity_entries' AND indexname <> 'activity_entries_pkey'`,
  );
  for (const { name } of indexes) await db.query(`DROP INDEX "${name}"`);
  await db.query(
    `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'`,
  );
  for (const { place, people, ...history } of histories) await addEntries(db, place, people, history);
  for (const { definition } of indexes) await db.query(definition);
  await db.query('RESET session_replication_role');
  // As autovacuum would have done it by and by; the counting anew needs to know how large the tables are, too.
  await db.query('VACUUM (ANALYZE)');
  for (const { place } of histories) await recount(services, { organizationId: place.organizationId });
  await db.query('VACUUM (ANALYZE)');
  await db.query('CHECKPOINT');
}
