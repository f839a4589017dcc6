import { join } from 'node:path';
import { openAccessTokens } from './auth/access-token.js';
import { Catalogue } from './auth/permissions.js';
import type { Services } from './auth/scope.js';
import { hasDemoAccount } from './demo-data.js';
import { type Config, ConfigurationError } from './platform/config.js';
import { secretIn } from './platform/data-dir.js';
import { openDatabase } from './platform/database.js';
import { startEmbeddedPostgres } from './platform/embedded-postgres.js';
import type { Log } from './platform/log.js';
import { captureMail, mailTask, sendMail } from './platform/mail.js';
import { createSeal } from './platform/secret.js';
import { startWorker } from './platform/worker.js';
import { prepareDatabase } from './prepare-database.js';
import { createServer } from './server.js';

export interface Gateway {
  /** Where it listens, such as http://127.0.0.1:4000. */
  url: string;
  /** Whether the demo account is there to sign in with. */
  demo: boolean;
  services: Services;
  /** Finishes what is under way, and ends everything that was started. */
  stop(): Promise<void>;
}

/** Starts everything, the database first; if something does not start, what was started before is stopped again. */
export async function startGateway(config: Config, log: Log): Promise<Gateway> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end().catch((err) => log.warn({ err }, 'while stopping'));
  };
  try {
    const embedded = config.databaseUrl === undefined;
    const { url, directUrl } = await databaseUrls(config, log, started);
    const seal = createSeal(config.secret ?? (await secretIn(config.dataDir)));
    const { poolSize, preparedStatements } = config;
    const db = openDatabase({ url, poolSize, preparedStatements, log });
    started.push(() => db.close());
    const demo = config.seed ? config.seed === 'demo' : embedded && !config.production;
    await prepareDatabase({ url: directUrl, services: { db, seal }, demo, superAdmin: config.superAdmin, log });

    const issuer = config.appUrl ?? 'tenantry';
    const services: Services = {
      db,
      seal,
      accessTokens: await openAccessTokens(db, seal, issuer),
      catalogue: catalogueOf(config),
      appUrl: config.appUrl ?? '',
    };
    const deliver = captureMail(join(config.dataDir, 'mail'));
    const tasks = { [mailTask]: (payload: unknown) => sendMail(seal, deliver, payload) };
    const worker = await startWorker({ url: directUrl, tasks, log });
    started.push(() => worker.stop());
    const server = await createServer(services, config, log);
    started.push(() => server.close());
    const address = await server.listen({ host: config.host, port: config.port });
    // Which port it is may only be known now.
    services.appUrl = config.appUrl ?? `http://localhost:${new URL(address).port}`;
    return { url: address, demo: !config.production && (await hasDemoAccount(db)), services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function catalogueOf({ permissions }: Config): Catalogue {
  try {
    return new Catalogue(permissions);
  } catch (error) {
    throw new ConfigurationError([`TENANTRY_PERMISSIONS: ${(error as Error).message}`]);
  }
}

async function databaseUrls(config: Config, log: Log, started: (() => Promise<unknown>)[]) {
  const { databaseUrl, databaseDirectUrl, dataDir } = config;
  if (databaseUrl) return { url: databaseUrl, directUrl: databaseDirectUrl ?? databaseUrl };
  const postgres = await startEmbeddedPostgres({ dataDir, log: (message) => log.debug(message) });
  started.push(() => postgres.stop());
  return { url: postgres.url, directUrl: postgres.url };
}
