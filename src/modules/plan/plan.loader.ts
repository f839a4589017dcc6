import type { LimitName } from '../../auth/plans.js';
import { type KeyedStatement, keyed } from '../../platform/sql.js';

const inOrganization: Record<LimitName, string> = {
  members: 'members x WHERE x.organization_id = key.organization_id',
  // One that is out of time is no longer pending, whether or not anybody has written that down.
  pendingInvitations: `invitations x
    WHERE x.organization_id = key.organization_id AND x.status = 'PENDING' AND x.expires_at > now()`,
  teams: 'teams x WHERE x.organization_id = key.organization_id',
  workspaces: 'workspaces x WHERE x.organization_id = key.organization_id',
  apiKeys: 'api_keys x WHERE x.organization_id = key.organization_id',
};

/** How much of something an organization has, limit by limit. */
export const usedBy = Object.fromEntries(
  Object.entries(inOrganization).map(([name, from]) => [
    name,
    keyed<{ used: number }>({
      key: ['organization_id'],
      select: 'counted.used',
      from: `CROSS JOIN LATERAL (SELECT count(*)::int AS used FROM ${from}) counted`,
    }),
  ]),
) as Record<LimitName, KeyedStatement<{ used: number }>>;
