import { Catalogue } from './auth/permissions.js';
import { type Config, ConfigurationError } from './platform/config.js';
import { secretIn } from './platform/data-dir.js';
import { createSeal, type Seal } from './platform/secret.js';

/** @throws {ConfigurationError} if a permission of the app is one of the gateway's own. */
export function catalogueOf({ permissions }: Config): Catalogue {
  try {
    return new Catalogue(permissions);
  } catch (error) {
    throw new ConfigurationError([`TENANTRY_PERMISSIONS: ${(error as Error).message}`]);
  }
}

/** Seals with the secret that is configured, or else with that of the data directory, which is made if it is not there. */
export async function sealOf({ secret, dataDir }: Config): Promise<Seal> {
  return createSeal(secret ?? (await secretIn(dataDir)));
}
