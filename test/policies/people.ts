import type { Standing } from '../../src/auth/standing.js';
import { DomainError } from '../../src/platform/errors.js';

type Given = Partial<Omit<Standing, 'permissions'>> & { permissions?: Iterable<string> };

/** Somebody who decides, as far as policies look. Nothing is held unless it is given. */
export function anActor({ permissions = [], ...given }: Given = {}): Standing {
  const nobody = { organization: null, member: null, role: null, managedTeamIds: [], rank: 0, sessionId: 'session' };
  return { ...nobody, user: {}, ...given, permissions: new Set(permissions) } as unknown as Standing;
}

/** A member whom something is decided about. */
export function aTarget(given: { id?: string; key?: string; rank?: number; status?: 'ACTIVE' | 'SUSPENDED' } = {}) {
  const { id = 'target', key = 'viewer', rank = 10, status = 'ACTIVE' } = given;
  return { id, status, role: { key, rank } };
}

/** What a refusal tells a program: its code, and the facts beside it. Null if there is none. */
export function refusalBy(decide: () => unknown): Record<string, unknown> | null {
  try {
    decide();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, ...error.facts };
  }
}
