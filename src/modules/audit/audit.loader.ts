import { type AuditEvent, Prisma } from '../../generated/prisma/client.js';
import type { List } from '../../platform/list.js';
import type { Condition } from '../../platform/page.js';
import { columnsOf } from '../../platform/sql.js';
import type { AuditEventFilter, AuditEventOrderField } from './audit.input.js';

export type AuditEventRow = AuditEvent;

export const eventsOfOrganization: List<AuditEventRow, AuditEventOrderField> = {
  name: 'audit-events',
  key: ['organization_id'],
  columns: columnsOf('e', Prisma.AuditEventScalarFieldEnum),
  from: 'audit_events e',
  where: 'e.organization_id = key.organization_id',
  id: 'e.id',
  order: { AT: { by: 'e.at', type: 'timestamptz' } },
  defaultOrder: { field: 'AT' as AuditEventOrderField, direction: 'DESC' },
};

export function matching(filter: AuditEventFilter | null | undefined): Condition[] {
  const { actions, actorUserId, targetId, since, until } = filter ?? {};
  const conditions: Condition[] = [];
  if (actions) conditions.push((parameter) => `e.action = ANY(${parameter(actions)}::text[])`);
  if (actorUserId) conditions.push((parameter) => `e.actor_user_id = ${parameter(actorUserId)}::uuid`);
  if (targetId) conditions.push((parameter) => `e.target_id = ${parameter(targetId)}::uuid`);
  if (since) conditions.push((parameter) => `e.at >= ${parameter(since)}::timestamptz`);
  if (until) conditions.push((parameter) => `e.at < ${parameter(until)}::timestamptz`);
  return conditions;
}
