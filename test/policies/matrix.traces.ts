import type { Gateway } from '../../src/gateway.js';

/** What can be told of an organization from outside. */
export interface Trace {
  /** All that it holds, its version included, but for the audit trail. */
  content: string;
  /** How many changes are on record. */
  events: number;
  /** How many refusals are on record. */
  refusals: number;
}

/** The traces of many organizations at once. */
export async function tracesOf({ services: { db } }: Gateway, organizationIds: string[]): Promise<Map<string, Trace>> {
  const tables = await db.run<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'organization_id' AND table_name <> 'audit_events' ORDER BY 1`,
    [],
  );
  const contents = [
    ...tables.map(({ name }) => contentOf(name, `${name} t`, 't.organization_id', 't')),
    contentOf('organizations', 'organizations t', 't.id', 't'),
    contentOf(
      'users',
      'members m JOIN users u ON u.id = m.user_id',
      'm.organization_id',
      '(u.id, u.status, u.is_super_admin)',
    ),
  ];
  const rows = await db.run<Trace & { id: string }>(
    `SELECT c.id, string_agg(c.content, ' ' ORDER BY c.content) AS content, a.events, a.refusals
     FROM (${contents.join(' UNION ALL ')}) c
     CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE action <> 'ACCESS_REFUSED')::int AS events,
         count(*) FILTER (WHERE action = 'ACCESS_REFUSED')::int AS refusals
       FROM audit_events WHERE organization_id = c.id
     ) a
     GROUP BY c.id, a.events, a.refusals`,
    [organizationIds],
  );
  return new Map(rows.map(({ id, ...trace }) => [id, trace]));
}

function contentOf(name: string, from: string, id: string, row: string): string {
  return `SELECT ${id} AS id, '${name} ' || count(*) || ' ' || md5(string_agg(${row}::text, '' ORDER BY ${row}::text)) AS content
    FROM ${from} WHERE ${id} = ANY($1::uuid[]) GROUP BY 1`;
}
