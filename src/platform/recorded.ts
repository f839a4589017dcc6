import type { Values } from './sql.js';

/** By the values of a statement: the organizations of which it puts something on record. */
const recordedBy = new WeakMap<Values, readonly string[]>();

/** Notes of which organizations a statement with these very values puts something on record. */
export function noteRecorded(values: Values, organizationIds: readonly string[]): void {
  if (organizationIds.length > 0) recordedBy.set(values, organizationIds);
}

/** The organizations of which a statement puts something on record. */
export function recordedIn(values: Values): readonly string[] {
  return recordedBy.get(values) ?? [];
}
