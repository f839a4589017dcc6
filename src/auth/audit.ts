import type { AuditEvent, PlatformEvent } from '../generated/prisma/client.js';
import { newId } from '../platform/id.js';
import type { Scope } from './scope.js';
import type { Actor } from './standing.js';

/** Everything that is recorded of an organization, in the past tense. */
export const auditActions = {
  ORGANIZATION_CREATED: 'The organization was founded.',
  ORGANIZATION_UPDATED: 'What the organization says of itself was changed.',
  ORGANIZATION_DELETED: 'The organization was deleted.',
  ORGANIZATION_RESTORED: 'The deleted organization was brought back.',
  ORGANIZATION_IMPORTED: 'The organization came from a file. Whatever is recorded before is what that file says.',
  MEMBER_ADDED: 'A user was made a member without an invitation.',
  MEMBER_ROLE_CHANGED: 'A member got another role.',
  MEMBER_SUSPENDED: 'A membership was suspended.',
  MEMBER_REINSTATED: 'A suspended membership counts again.',
  MEMBER_REMOVED: 'A member was removed.',
  MEMBER_LEFT: 'A member left.',
  MEMBER_TRANSFERRED_OUT: 'A member was moved to another organization.',
  MEMBER_TRANSFERRED_IN: 'A member came from another organization.',
  MEMBER_TEAMS_CHANGED: 'A member was moved between teams.',
  ROLE_CREATED: 'A custom role was made.',
  ROLE_UPDATED: 'A custom role was changed.',
  ROLE_DELETED: 'A custom role was deleted.',
  TEAM_CREATED: 'A team was made.',
  TEAM_UPDATED: 'A team was changed.',
  TEAM_DELETED: 'A team was deleted.',
  TEAM_MEMBER_ADDED: 'A member was put into a team.',
  TEAM_MEMBER_UPDATED: 'A member became something else in a team.',
  TEAM_MEMBER_REMOVED: 'A member was taken out of a team.',
  INVITATION_SENT: 'A person was invited.',
  INVITATION_REVOKED: 'An invitation was taken back.',
  INVITATION_ACCEPTED: 'An invited person became a member.',
  INVITATION_INVALIDATED: 'An invitation was accepted when whoever invited could no longer give that role.',
  INVITATION_RESENT: 'An invitation was mailed again, with a new secret.',
  INVITATION_DECLINED: 'An invited person said no.',
  WORKSPACE_CREATED: 'A workspace was made.',
  WORKSPACE_UPDATED: 'A workspace was changed.',
  WORKSPACE_DELETED: 'A workspace was deleted.',
  ORGANIZATION_PLAN_CHANGED: 'The organization got another plan.',
  API_KEY_CREATED: 'A member made an API key.',
  API_KEY_DELETED: 'An API key was deleted.',
  INTEGRATION_KEY_CREATED: 'The organization got a key for integration tokens.',
  INTEGRATION_TOKEN_ISSUED: 'An integration token was handed out.',
  INTEGRATION_TOKEN_ROTATED: 'An integration token was replaced by a new one.',
  INTEGRATION_TOKEN_REVOKED: 'An integration token was revoked.',
  USER_STATUS_CHANGED: 'A super admin suspended, reactivated or deleted the user of a membership.',
  ACCESS_REFUSED: 'Somebody tried what they may not.',
} as const;

export type AuditAction = keyof typeof auditActions;

export type AuditTargetType =
  | 'ORGANIZATION'
  | 'MEMBER'
  | 'ROLE'
  | 'TEAM'
  | 'INVITATION'
  | 'WORKSPACE'
  | 'API_KEY'
  | 'INTEGRATION_KEY'
  | 'INTEGRATION_TOKEN'
  | 'USER';

/** What an event is about. */
export interface AuditTarget {
  type: AuditTargetType;
  id: string;
}

/** Field by field, the value before and after. */
export type AuditChanges = Record<string, { before: unknown; after: unknown }>;

/** Null stands for somebody without an account. */
function typeOf(actor: Actor | null): AuditEvent['actorType'] {
  if (actor?.apiKeyId) return 'API_KEY';
  return actor?.isSuperAdmin ? 'SUPER_ADMIN' : 'USER';
}

/** The row that records who did what in an organization, from where (R9). */
export function auditEvent(
  { request }: Pick<Scope, 'request'>,
  actor: Actor | null,
  event: { organizationId: string; action: AuditAction; target: AuditTarget; changes?: AuditChanges | undefined },
): AuditEvent {
  return {
    organizationId: event.organizationId,
    id: newId(),
    at: new Date(),
    actorType: typeOf(actor),
    actorUserId: actor?.id ?? null,
    actorApiKeyId: actor?.apiKeyId ?? null,
    action: event.action,
    targetType: event.target.type,
    targetId: event.target.id,
    changes: (event.changes ?? {}) as AuditEvent['changes'],
    ip: request.ip,
    requestId: request.id,
  };
}

/** The row that records what somebody did, or tried, outside any organization. */
export function platformEvent(
  { request }: Pick<Scope, 'request'>,
  actor: Actor,
  event: { action: string; target: AuditTarget; changes?: AuditChanges },
): PlatformEvent {
  return {
    id: newId(),
    at: new Date(),
    actorType: typeOf(actor),
    actorUserId: actor.id,
    action: event.action,
    targetType: event.target.type,
    targetId: event.target.id,
    changes: (event.changes ?? {}) as PlatformEvent['changes'],
    ip: request.ip,
    requestId: request.id,
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
