import type { Gateway } from '../../../src/gateway.js';
import type { Colleague, World } from '../../support/world.js';
import type { Caller } from '../adversaries.js';
import { type Entry, entry, recorded } from './engaging.js';

/** What the database of a gateway says of activity. */
export function recordingsOf(gateway: () => Gateway) {
  return {
    /** What is written of an organization's activity, summed up. */
    async written({ organization }: Pick<World, 'organization'>) {
      const [sums] = await gateway().services.db.run<Record<string, number>>(
        `SELECT
          (SELECT count(*)::int FROM activity_entries WHERE organization_id = $1) AS entries,
          (SELECT coalesce(sum(sessions), 0)::int FROM activity_days WHERE organization_id = $1) AS days,
          (SELECT coalesce(sum(sessions), 0)::int FROM activity_totals WHERE organization_id = $1 AND team_id IS NULL) AS total,
          (SELECT coalesce(sum(sessions), 0)::int FROM activity_totals WHERE organization_id = $1 AND team_id IS NOT NULL) AS teams,
          (SELECT coalesce(sum(active_seconds), 0)::int FROM activity_days WHERE organization_id = $1) AS seconds,
          (SELECT coalesce(sum(active_seconds), 0)::int FROM activity_totals WHERE organization_id = $1 AND team_id IS NULL)
            AS "totalSeconds"`,
        [organization.id],
      );
      return sums;
    },

    /** When somebody was last active, as their account says. */
    async lastActiveAt({ user }: Pick<Colleague, 'user'>) {
      const { lastActiveAt } = await gateway().services.db.prisma.user.findUniqueOrThrow({ where: { id: user.id } });
      return lastActiveAt?.toISOString();
    },
  };
}

/** What `written` says of so many entries, of which so many are for a team. */
export const counts = (entries: number, seconds: number, teams = 0) => ({
  entries,
  days: entries,
  total: entries,
  teams,
  seconds,
  totalSeconds: seconds,
});

/** What has become of one entry alone. */
export async function outcomeOf(world: World, caller: Caller, given: Entry) {
  const { accepted, duplicates, rejected } = await recorded(world, caller, entry(given));
  return rejected[0]?.code ?? (accepted ? 'ACCEPTED' : duplicates ? 'DUPLICATE' : undefined);
}
