import { Prisma } from '../../generated/prisma/client.js';
import type { Database } from '../../platform/database.js';
import { columns, keyed } from '../../platform/sql.js';
import type { AuditEventRow } from './audit.loader.js';

/** So many events are read at once. */
export const mostEvents = 100;

/** An event, or nothing, and up to which snapshot was read. */
export type ReadEvent = { readUntil: string } & ((AuditEventRow & { transaction: string }) | { id: null });

/**
 * The events of an organization after a position, in the order of transactions and ids.
 *
 * It is right as long as one statement has one snapshot, by which it sees the rows and which it tells: whatever it does not see
 * will not be seen by that snapshot later, either, and so is still to come. How long other transactions take does not matter.
 */
export const eventsSince = keyed<ReadEvent>({
  key: ['organization_id', 'since', 'until', 'transaction', 'id'],
  types: ['uuid', 'pg_snapshot', 'pg_snapshot', 'xid8', 'uuid'],
  select: `coalesce(key.until, pg_current_snapshot())::text AS "readUntil", e.transaction::text AS transaction,
    ${columns('e', Prisma.AuditEventScalarFieldEnum)}`,
  from: `LEFT JOIN LATERAL (
      SELECT * FROM audit_events e
      WHERE e.organization_id = key.organization_id AND (e.transaction, e.id) > (key.transaction, key.id)
        AND NOT pg_visible_in_snapshot(e.transaction, key.since)
        AND (key.until IS NULL OR pg_visible_in_snapshot(e.transaction, key.until))
      ORDER BY e.transaction, e.id LIMIT ${mostEvents}) e ON true
    ORDER BY key.ord, e.transaction, e.id`,
});

/** What is over at this moment, and which cluster counts its transactions so. */
export async function present({ run }: Pick<Database, 'run'>): Promise<{ snapshot: string; cluster: string }> {
  const [now] = await run<{ snapshot: string; cluster: string }>(
    `SELECT pg_current_snapshot()::text AS snapshot, system_identifier::text AS cluster FROM pg_control_system()`,
    [],
  );
  return now!;
}
