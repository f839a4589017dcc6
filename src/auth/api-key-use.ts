import type { Database } from '../platform/database.js';
import type { ApiKeyStanding } from './standing.js';

/** `lastUsedAt` is good for seeing which keys nobody needs; to the minute is enough, and costs a statement a minute. */
const writtenAtMostEveryMs = 60_000;

/** Requests that are under way when it is written have read the key as it was before; the last of them will be over by then. */
const restMs = 1_000;

const noted = new Set<string>();

/** Notes that an API key was used. The request does not wait for it, and does not fail if it cannot be written. */
export function noteUse(db: Database, { organizationId, id, lastUsedAt }: ApiKeyStanding): void {
  if (lastUsedAt && Date.now() - lastUsedAt.getTime() < writtenAtMostEveryMs) return;
  if (noted.has(id)) return;
  noted.add(id);
  void db
    .aside(
      `UPDATE api_keys SET last_used_at = now() WHERE organization_id = $1 AND id = $2
         AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [organizationId, id],
    )
    .catch(() => {})
    .finally(() => setTimeout(() => noted.delete(id), restMs).unref());
}
