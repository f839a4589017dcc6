import type { DomainError } from '../platform/errors.js';
import { Writes } from '../platform/writes.js';
import { auditEvent } from './audit.js';
import { type Scope, standingIn } from './scope.js';

const refusals = new Set(['FORBIDDEN', 'ROLE_CEILING']);

/** Whether an error says that the caller may not, rather than that it cannot be done. */
export function isRefusal({ code }: DomainError): boolean {
  return refusals.has(code);
}

/**
 * Records that somebody tried what it may not (R9). Only people of the organization leave a trace in it: whoever has nothing
 * to do with it learns nothing and writes nothing.
 */
export async function recordRefusal(
  scope: Scope,
  refused: { organizationId: string | null | undefined; operation: string; error: DomainError },
): Promise<void> {
  const { user, organization } = await standingIn(scope, refused.organizationId);
  if (!organization) return;
  const { code, facts } = refused.error;
  const writes = new Writes();
  writes.insert(
    'audit_events',
    auditEvent(scope, user, {
      organizationId: organization.id,
      action: 'ACCESS_REFUSED',
      target: { type: 'ORGANIZATION', id: organization.id },
      changes: {
        operation: { before: null, after: refused.operation },
        code: { before: null, after: code },
        ...(facts.requiredPermission ? { requiredPermission: { before: null, after: facts.requiredPermission } } : {}),
      },
    }),
  );
  await writes.commit(scope.db.write);
}
