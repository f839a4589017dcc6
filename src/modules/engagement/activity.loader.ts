import { keyed } from '../../platform/sql.js';
import type { ActivePerson } from './activity.policy.js';

/** Those of several people, a JSON array of ids of members and users, who are members and not suspended. */
export const activeAmong = keyed<ActivePerson>({
  key: ['organization_id', 'ids'],
  types: ['uuid', 'text'],
  select: `m.id AS "memberId", m.user_id AS "userId", array(
    SELECT tm.team_id FROM team_memberships tm WHERE tm.organization_id = m.organization_id AND tm.member_id = m.id
  ) AS "teamIds"`,
  from: `CROSS JOIN LATERAL (
      SELECT m.* FROM jsonb_array_elements_text(key.ids::jsonb) AS wanted(id)
      JOIN members m ON m.organization_id = key.organization_id AND m.id = wanted.id::uuid
      UNION
      SELECT m.* FROM jsonb_array_elements_text(key.ids::jsonb) AS wanted(id)
      JOIN members m ON m.organization_id = key.organization_id AND m.user_id = wanted.id::uuid
    ) m
    JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
    WHERE m.status = 'ACTIVE'`,
});
