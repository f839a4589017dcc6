import { Plans } from '../auth/plans.js';
import type { Config } from '../platform/config.js';
import { newId } from '../platform/id.js';

/** Stands for a request where nobody has sent one: it has an id to find it by, and comes from nowhere. */
export function ownRequest() {
  return { id: newId(), ip: null, userAgent: null };
}

export function plansOf(config: Config): Plans {
  return new Plans(config.plans);
}
