import type { DomainError } from '../platform/errors.js';
import { isId } from '../platform/id.js';
import { Writes } from '../platform/writes.js';
import { type AuditChanges, auditEvent, platformEvent } from './audit.js';
import { type Scope, standingIn } from './scope.js';

/** What was missing, as the caller has read it. */
const told = ['requiredPermission', 'requiredScope', 'reason'];

const refusals = new Set(['FORBIDDEN', 'ROLE_CEILING']);

/** Whether an error says that the caller may not, rather than that it cannot be done. */
export function isRefusal({ code }: DomainError): boolean {
  return refusals.has(code);
}

/**
 * Records that somebody tried what it may not (R9): in the organization that it was about, as far as the caller belongs
 * there, and else among the events of the platform.
 *
 * @param organizationId undefined if the operation is about no organization, null for the current one.
 */
export async function recordRefusal(
  scope: Scope,
  refused: { organizationId: string | null | undefined; operation: string; error: DomainError },
): Promise<void> {
  // Nobody in particular tried.
  if (scope.principal.kind === 'anonymous') return;
  // It is refused before its input is checked, so the id may be anything.
  if (refused.organizationId != null && !isId(refused.organizationId)) return;
  const { user, actor, organization } = await standingIn(scope, refused.organizationId?.toLowerCase());
  const { code, facts } = refused.error;
  const changes: AuditChanges = {
    operation: { before: null, after: refused.operation },
    code: { before: null, after: code },
    ...Object.fromEntries(
      told.filter((fact) => facts[fact]).map((fact) => [fact, { before: null, after: facts[fact] }]),
    ),
  };
  const writes = new Writes();
  if (organization && refused.organizationId !== undefined) {
    const target = { type: 'ORGANIZATION', id: organization.id } as const;
    writes.insert(
      'audit_events',
      auditEvent(scope, actor, { organizationId: organization.id, action: 'ACCESS_REFUSED', target, changes }),
    );
  } else {
    const target = { type: 'USER', id: user.id } as const;
    writes.insert('platform_events', platformEvent(scope, actor, { action: 'ACCESS_REFUSED', target, changes }));
  }
  await writes.commit(scope.db.write);
}
