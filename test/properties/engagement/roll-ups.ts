import type { Gateway } from '../../../src/gateway.js';
import { recountActivity } from '../../../src/modules/engagement/roll-ups.js';
import type { Company } from './company.js';
import type { Ledger } from './course.js';
import type { EntryFacts, Facts, Period } from './facts.js';

/** What has been recorded, if it is what should have been. */
export async function recordedEntries({ services }: Gateway, company: Company, ledger: Ledger): Promise<EntryFacts[]> {
  const rows = await services.db.run<EntryFacts & { idempotencyId: string }>(
    `SELECT id, user_id AS "userId", team_id AS "teamId", (extract(epoch FROM started_at) * 1000)::float8 AS at,
       active_seconds AS seconds, idempotency_id AS "idempotencyId"
     FROM activity_entries WHERE organization_id = $1::uuid`,
    [company.organizationId],
  );
  const missing = [...ledger.keys()].filter((id) => !rows.some(({ idempotencyId }) => idempotencyId === id));
  if (missing.length > 0) throw new Error(`not recorded: ${missing.join(' ')}`);
  for (const { idempotencyId, userId, teamId, at, seconds } of rows) {
    const fits = ledger.get(idempotencyId)?.some(({ userId: whose, input }) => {
      const isTheirs = whose === userId && (input.teamId ?? null) === teamId;
      return isTheirs && Date.parse(input.startedAt) === at && input.activeSeconds === seconds;
    });
    if (!fits) throw new Error(`recorded wrongly: ${idempotencyId}`);
  }
  return rows.map(({ idempotencyId: _, ...entry }) => entry);
}

/** Both roll-ups row by row, and when people were active last. */
async function rollUps({ services }: Gateway, { organizationId, workers }: Company): Promise<string[]> {
  const rows = await services.db.run<{ text: string }>(
    `SELECT concat_ws(' ', 'day', user_id, coalesce(team_id::text, '-'), day, active_seconds, sessions,
         extract(epoch FROM last_active_at)) AS text
       FROM activity_days WHERE organization_id = $1::uuid
     UNION ALL SELECT concat_ws(' ', 'total', coalesce(team_id::text, '-'), day, active_seconds, sessions)
       FROM activity_totals WHERE organization_id = $1::uuid
     UNION ALL SELECT concat_ws(' ', 'seen', id, coalesce(extract(epoch FROM last_active_at)::text, 'never'))
       FROM users WHERE id = ANY($2::uuid[])
     ORDER BY 1`,
    [organizationId, workers.map(({ user }) => user.id)],
  );
  return rows.map(({ text }) => text);
}

/** What the roll-ups hold that counting anew would not find, and the other way round. */
export async function wrongRollUps(gateway: Gateway, company: Company, entries: EntryFacts[]): Promise<string[]> {
  const kept = await rollUps(gateway, company);
  await gateway.services.db.transaction(async (run) => {
    // Not in a time zone for which nobody has waited.
    await run('UPDATE organizations SET timezone = activity_timezone WHERE id = $1::uuid', [company.organizationId]);
    await recountActivity(run, company.organizationId);
  });
  const counted = await rollUps(gateway, company);
  const seen = company.workers.map(({ user }) => {
    const starts = entries.filter(({ userId }) => userId === user.id).map(({ at }) => at);
    return `seen ${user.id} ${starts.length === 0 ? 'never' : (Math.max(...starts) / 1_000).toFixed(6)}`;
  });
  return [
    ...kept.filter((row) => !counted.includes(row)).map((row) => `kept, not counted: ${row}`),
    ...counted.filter((row) => !kept.includes(row)).map((row) => `counted, not kept: ${row}`),
    ...seen.filter((row) => !kept.includes(row)).map((row) => `not kept: ${row}`),
  ];
}

/** Clocks of the test and of the database, and the time that a mutation takes. */
const toleranceMs = 60_000;

/** Periods that are not as they should be, by who has joined and left what. */
export async function wrongPeriods({ services }: Gateway, { organizationId, workers }: Company): Promise<string[]> {
  const rows = await services.db.run<Period & { userId: string }>(
    `SELECT user_id AS "userId", team_id AS "teamId", (extract(epoch FROM joined_at) * 1000)::float8 AS from,
       (extract(epoch FROM left_at) * 1000)::float8 AS to
     FROM membership_periods WHERE organization_id = $1::uuid ORDER BY joined_at, left_at`,
    [organizationId],
  );
  const near = (a: number | null, b: number | null) =>
    a === null || b === null ? a === b : Math.abs(a - b) < toleranceMs;
  return workers.flatMap(({ user, periods }) =>
    [...new Set(periods.map(({ teamId }) => teamId))].flatMap((teamId) => {
      const kept = rows.filter((row) => row.userId === user.id && row.teamId === teamId);
      const right = periods.filter((period) => period.teamId === teamId);
      const isSame =
        kept.length === right.length &&
        right.every(({ from, to }, index) => near(kept[index]!.from, from) && near(kept[index]!.to, to));
      return isSame ? [] : [`periods of ${user.id}: ${JSON.stringify(kept)}, right is ${JSON.stringify(right)}`];
    }),
  );
}

/** What happened, for the oracle. */
export async function factsOf({ services }: Gateway, company: Company, entries: EntryFacts[]): Promise<Facts> {
  const { organizationId, otherId, teamIds, teams, workers, zone } = company;
  const joined = await services.db.run<{ id: string; joinedAt: Date }>(
    'SELECT id, joined_at AS "joinedAt" FROM members WHERE organization_id = $1::uuid',
    [organizationId],
  );
  const idsOf = (names: Set<'red' | 'blue'>) => [...names].map((name) => teamIds[name]);
  return {
    ...{ organizationId, plan: 'standard', zone, teamIds: idsOf(teams), entries },
    people: workers.map((worker) => {
      const { user, memberId: id, isPresent, isSuspended: suspended, isElsewhere, periods } = worker;
      const joinedAt = joined.find((member) => member.id === id)?.joinedAt.getTime() ?? 0;
      return {
        ...{ userId: user.id, fullName: user.fullName, email: user.email, username: user.username, suspended: false },
        periods,
        membership: isPresent ? { id, joinedAt, suspended, teamIds: idsOf(worker.teams) } : null,
        elsewhere: isElsewhere ? [{ organizationId: otherId, teamId: null, visible: 'TEAMS' as const }] : [],
      };
    }),
  };
}
