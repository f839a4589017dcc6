import type { AuditEvent } from '../generated/prisma/client.js';
import { newId } from '../platform/id.js';
import type { Scope } from './scope.js';

/** Everything that is recorded of an organization, in the past tense. */
export type AuditAction =
  | 'ORGANIZATION_CREATED'
  | 'ORGANIZATION_UPDATED'
  | 'ORGANIZATION_DELETED'
  | 'MEMBER_ADDED'
  | 'MEMBER_ROLE_CHANGED'
  | 'MEMBER_REMOVED'
  | 'MEMBER_LEFT'
  | 'TEAM_CREATED'
  | 'TEAM_MEMBER_ADDED'
  | 'TEAM_MEMBER_REMOVED'
  | 'INVITATION_SENT'
  | 'INVITATION_REVOKED'
  | 'INVITATION_EXPIRED'
  | 'INVITATION_ACCEPTED'
  | 'INVITATION_INVALIDATED';

/** What an event is about. */
export interface AuditTarget {
  type: 'ORGANIZATION' | 'MEMBER' | 'TEAM' | 'TEAM_MEMBERSHIP' | 'INVITATION';
  id: string;
}

/** Field by field, the value before and after. */
export type AuditChanges = Record<string, { before: unknown; after: unknown }>;

/** The row that records who did what in an organization, from where (R9). */
export function auditEvent(
  scope: Pick<Scope, 'request'>,
  actor: { userId: string; isSuperAdmin: boolean },
  event: { organizationId: string; action: AuditAction; target: AuditTarget; changes?: AuditChanges },
): AuditEvent {
  return {
    organizationId: event.organizationId,
    id: newId(),
    at: new Date(),
    actorType: actor.isSuperAdmin ? 'SUPER_ADMIN' : 'USER',
    actorUserId: actor.userId,
    actorApiKeyId: null,
    action: event.action,
    targetType: event.target.type,
    targetId: event.target.id,
    changes: (event.changes ?? {}) as AuditEvent['changes'],
    ip: scope.request.ip,
    requestId: scope.request.id,
  };
}

/** The fields in which two states of a row differ, leaving out what is nobody's decision. */
export function difference<Row extends object>(before: Partial<Row>, after: Partial<Row>): AuditChanges {
  const changes: AuditChanges = {};
  for (const field of Object.keys(after) as (keyof Row & string)[]) {
    if (field === 'updatedAt' || same(before[field], after[field])) continue;
    changes[field] = { before: before[field] ?? null, after: after[field] ?? null };
  }
  return changes;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
