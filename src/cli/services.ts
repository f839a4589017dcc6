import { Catalogue } from '../auth/permissions.js';
import { Plans } from '../auth/plans.js';
import { type Config, ConfigurationError } from '../platform/config.js';
import { secretIn } from '../platform/data-dir.js';
import { newId } from '../platform/id.js';
import { createSeal, type Seal } from '../platform/secret.js';

/** Stands for a request where nobody has sent one: it has an id to find it by, and comes from nowhere. */
export function ownRequest() {
  return { id: newId(), ip: null, userAgent: null };
}

export async function sealOf(config: Config): Promise<Seal> {
  return createSeal(config.secret ?? (await secretIn(config.dataDir)));
}

export function plansOf(config: Config): Plans {
  return new Plans(config.plans);
}

/** @throws {ConfigurationError} if a permission of the app is one of the gateway's own. */
export function catalogueOf({ permissions }: Config): Catalogue {
  try {
    return new Catalogue(permissions);
  } catch (error) {
    throw new ConfigurationError([`TENANTRY_PERMISSIONS: ${(error as Error).message}`]);
  }
}
