import { createAccessTokens } from './auth/access-token.js';
import { createExternalTokens } from './auth/external-token.js';
import { Catalogue } from './auth/permissions.js';
import { Plans } from './auth/plans.js';
import type { Services } from './auth/scope.js';
import { openSigningKeys } from './auth/signing-keys.js';
import { createThrottle } from './auth/throttle.js';
import { hasDemoAccount } from './demo-data.js';
import { admit } from './modules/user/admission.service.js';
import { captureMail, mailFolder } from './platform/captured-mail.js';
import { type Config, ConfigurationError, ownIssuer } from './platform/config.js';
import { secretIn } from './platform/data-dir.js';
import { openDatabase } from './platform/database.js';
import { startEmbeddedPostgres } from './platform/embedded-postgres.js';
import type { Log } from './platform/log.js';
import type { Deliver } from './platform/mail.js';
import { createSeal } from './platform/secret.js';
import { sendBySmtp } from './platform/smtp.js';
import { startWorker } from './platform/worker.js';
import { prepareDatabase } from './prepare-database.js';
import { createServer } from './server.js';
import { schedule, tasksOf } from './tasks.js';

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
    const { poolSize, preparedStatements, databaseTimeouts: timeouts } = config;
    const pooled = directUrl !== url;
    const db = openDatabase({
      url,
      readUrl: config.databaseReadUrl,
      pooled,
      poolSize,
      preparedStatements,
      timeouts,
      log,
    });
    started.push(() => db.close());
    const plans = new Plans(config.plans);
    const demo = config.seed ? config.seed === 'demo' : embedded && !config.production;
    await prepareDatabase({ url: directUrl, services: { db, seal, plans }, demo, superAdmin: config.superAdmin, log });

    const issuer = config.appUrl ?? ownIssuer;
    const services: Services = {
      db,
      seal,
      issuer,
      accessTokens: createAccessTokens(await openSigningKeys(db, seal), issuer),
      keyLeadSeconds: config.keyLeadSeconds,
      throttle: createThrottle(db),
      externalTokens: config.externalIssuer ? createExternalTokens(config.externalIssuer) : null,
      admit,
      catalogue: catalogueOf(config),
      plans,
      invitationDays: config.invitationDays,
      organizationsPerUser: config.organizationsPerUser,
      appUrl: config.appUrl ?? '',
    };
    const server = await createServer(services, config, log);
    started.push(() => server.close());
    const address = await server.listen({ host: config.host, port: config.port });
    // Which port it is may only be known now.
    services.appUrl = config.appUrl ?? `http://localhost:${new URL(address).port}`;
    const tasks = tasksOf(services, deliverTo(config, started));
    const worker = await startWorker({ url: directUrl, tasks, schedule, log });
    started.push(() => worker.stop());
    return { url: address, demo: !config.production && (await hasDemoAccount(db)), services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function deliverTo({ mailUrl, mailFrom, dataDir }: Config, started: (() => Promise<unknown>)[]): Deliver {
  if (!mailUrl || !mailFrom) return captureMail(mailFolder(dataDir));
  const smtp = sendBySmtp(mailUrl, mailFrom);
  started.push(async () => smtp.close());
  return smtp.deliver;
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
