import type { Run } from '../../platform/sql.js';

/** An entry as it is written. */
export interface NewEntry {
  id: string;
  userId: string;
  teamId: string | null;
  startedAt: Date;
  activeSeconds: number;
  idempotencyId: string;
}

/** Stands for no team where a unique index cannot take null. */
export const noTeam = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** Recording and counting anew exclude each other in an organization; recordings do not. */
const lockKey = `hashtextextended('activity of ' || $1::text, 0)`;

/**
 * Adds up entries, by person and day and by team and day, and adds that to both roll-ups. In a fixed order, so that two who do
 * it at once wait for each other in one direction only.
 *
 * A row gets the id of one of its entries, so that new rows lie together as those do.
 *
 * @param entries selects id, user_id, team_id, started_at and active_seconds.
 * @param zone the time zone in which the days are counted.
 */
function addToRollUps(entries: string, zone: string): string {
  return `counted AS MATERIALIZED (
      SELECT (array_agg(e.id))[1] AS id, e.user_id, e.team_id, (e.started_at AT TIME ZONE ${zone})::date AS day,
        sum(e.active_seconds) AS active_seconds, count(*)::int AS sessions, max(e.started_at) AS last_active_at
      FROM (${entries}) e GROUP BY 2, 3, 4
    ), days AS (
      INSERT INTO activity_days AS d (organization_id, id, day, user_id, team_id, active_seconds, sessions, last_active_at)
      SELECT $1::uuid, c.id, c.day, c.user_id, c.team_id, c.active_seconds, c.sessions, c.last_active_at
      FROM counted c ORDER BY c.user_id, c.day, c.team_id
      ON CONFLICT (organization_id, user_id, day, coalesce(team_id, ${noTeam})) DO UPDATE SET
        active_seconds = d.active_seconds + excluded.active_seconds,
        sessions = d.sessions + excluded.sessions,
        last_active_at = greatest(d.last_active_at, excluded.last_active_at)
    ), totals AS (
      INSERT INTO activity_totals AS t (organization_id, id, day, team_id, active_seconds, sessions)
      SELECT $1::uuid, gen_random_uuid(), s.day, s.team_id, s.active_seconds, s.sessions FROM (
        SELECT c.day, c.team_id, sum(c.active_seconds) AS active_seconds, sum(c.sessions) AS sessions
        FROM counted c WHERE c.team_id IS NOT NULL GROUP BY c.day, c.team_id
        UNION ALL
        SELECT c.day, NULL, sum(c.active_seconds), sum(c.sessions) FROM counted c GROUP BY c.day
      ) s ORDER BY s.team_id, s.day
      ON CONFLICT (organization_id, coalesce(team_id, ${noTeam}), day) DO UPDATE SET
        active_seconds = t.active_seconds + excluded.active_seconds,
        sessions = t.sessions + excluded.sessions
    )`;
}

/**
 * Begins to record: nobody counts the organization's activity anew until the transaction ends. The organization's row is
 * locked as well as the foreign keys will do, so that it is locked before the users' rows, here as everywhere.
 *
 * @returns false if the activity is just being counted anew. Whoever waited here would keep a connection from others.
 */
export async function beginRecording(run: Run, organizationId: string): Promise<boolean> {
  const [held] = await run<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock_shared(${lockKey}) AS locked FROM organizations WHERE id = $1::uuid FOR KEY SHARE`,
    [organizationId],
  );
  return held?.locked === true;
}

/**
 * Writes entries that are not there yet, and everything that is counted of them. The time zone is read here, not together with
 * the lock: a statement does not see what was changed after it began to wait.
 *
 * @returns how many were not there yet.
 */
export async function writeEntries(run: Run, organizationId: string, entries: readonly NewEntry[]): Promise<number> {
  const [written] = await run<{ count: number }>(
    `WITH entries AS (
      INSERT INTO activity_entries (organization_id, id, user_id, team_id, started_at, active_seconds, idempotency_id)
      SELECT $1::uuid, r."id", r."userId", r."teamId", r."startedAt", r."activeSeconds", r."idempotencyId"
      FROM jsonb_to_recordset($2::jsonb) AS r("id" uuid, "userId" uuid, "teamId" uuid, "startedAt" timestamptz,
        "activeSeconds" int, "idempotencyId" text)
      ORDER BY r."idempotencyId"
      ON CONFLICT (organization_id, idempotency_id) DO NOTHING
      RETURNING id, user_id, team_id, started_at, active_seconds
    ), ${addToRollUps('SELECT * FROM entries', '(SELECT activity_timezone FROM organizations WHERE id = $1::uuid)')},
    held AS MATERIALIZED (
      SELECT u.id, c.last_active_at
      FROM users u
      JOIN (SELECT user_id, max(last_active_at) AS last_active_at FROM counted GROUP BY user_id) c ON u.id = c.user_id
      WHERE u.last_active_at IS NULL OR u.last_active_at < c.last_active_at
      ORDER BY u.id FOR NO KEY UPDATE OF u
    ), seen AS (
      UPDATE users u SET last_active_at = greatest(u.last_active_at, held.last_active_at) FROM held WHERE u.id = held.id
    )
    SELECT count(*)::int AS count FROM entries`,
    [organizationId, JSON.stringify(entries)],
  );
  return written!.count;
}

/** Counts all activity of an organization anew, in the time zone that the organization has now. May take minutes. */
export async function recountActivity(run: Run, organizationId: string): Promise<void> {
  await run(`SELECT set_config('statement_timeout', '0', true)`, []);
  await run(`SELECT pg_advisory_xact_lock(${lockKey})`, [organizationId]);
  const [organization] = await run<{ zone: string }>('SELECT timezone AS zone FROM organizations WHERE id = $1::uuid', [
    organizationId,
  ]);
  if (!organization) return;
  await run('DELETE FROM activity_days WHERE organization_id = $1::uuid', [organizationId]);
  await run('DELETE FROM activity_totals WHERE organization_id = $1::uuid', [organizationId]);
  const entries =
    'SELECT id, user_id, team_id, started_at, active_seconds FROM activity_entries WHERE organization_id = $1::uuid';
  await run(`WITH ${addToRollUps(entries, '$2::text')} SELECT 1`, [organizationId, organization.zone]);
  // Last, because from here to the end nobody can change the organization. If its time zone has changed again meanwhile,
  // there is another job for that.
  await run('UPDATE organizations SET activity_timezone = $2::text WHERE id = $1::uuid', [
    organizationId,
    organization.zone,
  ]);
}
