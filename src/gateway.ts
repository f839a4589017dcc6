import { setTimeout as sleep } from 'node:timers/promises';
import { createAccessTokens } from './auth/access-token.js';
import { createExternalTokens } from './auth/external-token.js';
import { Plans } from './auth/plans.js';
import type { Services } from './auth/scope.js';
import { openSigningKeys } from './auth/signing-keys.js';
import { createThrottle } from './auth/throttle.js';
import { catalogueOf, sealOf } from './configured.js';
import { demoAccount, hasDemoAccount } from './demo-data.js';
import { type Ends, endAll } from './ending.js';
import { closeServer } from './http/closing.js';
import { Readiness } from './http/health.js';
import { openDocuments } from './http/trusted-documents.js';
import { admit } from './modules/user/admission.service.js';
import { announcing } from './platform/announcing.js';
import { captureMail, mailFolder } from './platform/captured-mail.js';
import { type Config, ownIssuer } from './platform/config.js';
import { openDatabase } from './platform/database.js';
import { startEmbeddedPostgres } from './platform/embedded-postgres.js';
import type { Log } from './platform/log.js';
import type { Deliver } from './platform/mail.js';
import { isPooled } from './platform/pooler.js';
import { openPulse } from './platform/pulse.js';
import { openSignals } from './platform/signals.js';
import { sendBySmtp } from './platform/smtp.js';
import { startTelemetry } from './platform/telemetry.js';
import { unless } from './platform/within.js';
import { startWorker, type Worker } from './platform/worker.js';
import { prepareDatabase } from './prepare-database.js';
import { createSchema } from './schema.js';
import { createServer } from './server.js';
import { batchedTasksOf, schedule, tasksOf } from './tasks.js';

export interface Gateway {
  /** Where it listens, such as http://127.0.0.1:4000. */
  url: string;
  /** Whether the demo account is there to sign in with. */
  demo: boolean;
  services: Services;
  /**
   * Says that it is not ready, serves on until load balancers have noticed, finishes what is under way, and ends everything that
   * was started. Tells whether all of it was finished.
   */
  stop(): Promise<boolean>;
}

/** By when a stop is over, whatever hangs. */
export function longestStopMs({ drainSeconds, stopSeconds }: Config): number {
  return (drainSeconds + stopSeconds + 15) * 1_000;
}

/**
 * Starts everything, the database first; if something does not start, what was started before is stopped again.
 *
 * @param calledOff ends a start that is no longer wanted. It rejects with the reason of the signal.
 */
export async function startGateway(
  config: Config,
  log: Log,
  calledOff: AbortSignal = new AbortController().signal,
): Promise<Gateway> {
  const started: Ends = [];
  try {
    // What is wrong with the configuration is told before anything is touched.
    const catalogue = catalogueOf(config);
    const schema = createSchema(config);
    const documents = await openDocuments(config.trustedDocuments, schema);
    const telemetry = await startTelemetry(config, log);
    started.push(() => telemetry.stop());
    const embedded = config.databaseUrl === undefined;
    const { url, directUrl } = await databaseUrls(config, log, started);
    calledOff.throwIfAborted();
    const seal = await sealOf(config);
    const { poolSize, preparedStatements, databaseTimeouts: timeouts } = config;
    const pooled = isPooled(url, directUrl);
    let worker: Worker | undefined;
    const database = openDatabase({
      url,
      readUrl: config.databaseReadUrl,
      pooled,
      poolSize,
      preparedStatements,
      timeouts,
      observe: telemetry.statement,
      log,
    });
    const signals = openSignals(directUrl, log);
    started.push(() => signals.close());
    const db = announcing(database, { jobs: () => worker?.wake(), records: (ids) => signals.tell(ids) });
    started.push(() => db.close());
    telemetry.metrics.watch(db);
    const pulse = openPulse(url, log, pooled);
    started.push(() => pulse.end());
    const plans = new Plans(config.plans);
    const demo = config.seed ? config.seed === 'demo' : embedded && !config.production;
    const { superAdmin } = config;
    const prepared = prepareDatabase({
      url: directUrl,
      patienceMs: timeouts.connect,
      services: { db, seal, plans },
      demo,
      superAdmin,
      log,
    });
    await unless(calledOff, prepared);

    const issuer = config.appUrl ?? ownIssuer;
    const services: Services = {
      db,
      pulse,
      signals,
      seal,
      issuer,
      accessTokens: createAccessTokens(await openSigningKeys(db, seal), issuer),
      keyLeadSeconds: config.keyLeadSeconds,
      throttle: createThrottle(db),
      externalTokens: config.externalIssuer ? createExternalTokens(config.externalIssuer) : null,
      admit,
      catalogue,
      plans,
      invitationDays: config.invitationDays,
      organizationsPerUser: config.organizationsPerUser,
      appUrl: config.appUrl ?? '',
    };
    const isDemo = !config.production && (await hasDemoAccount(db));
    const readiness = new Readiness(pulse, log);
    const server = await createServer(services, config, log, {
      schema,
      documents,
      readiness,
      telemetry,
      demoAccount: isDemo ? demoAccount : null,
    });
    started.push(() => server.close());
    const address = await server.listen({ host: config.host, port: config.port });
    // Which port it is may only be known now.
    services.appUrl = config.appUrl ?? `http://localhost:${new URL(address).port}`;
    const deliver = deliverTo(config, started);
    const [tasks, batched] = [tasksOf(services, deliver), batchedTasksOf(services, deliver)];
    worker = await startWorker({ url: directUrl, tasks, batched, schedule, log });
    started.push(worker.stop);
    calledOff.throwIfAborted();
    let stopped: Promise<boolean> | undefined;
    const stop = async () => {
      readiness.drain();
      await sleep(config.drainSeconds * 1_000);
      const allAnswered = await closeServer(server, config.stopSeconds, log);
      const allEnded = await endAll(started, log);
      return allAnswered && allEnded;
    };
    return { url: address, demo: isDemo, services, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await endAll(started, log);
    throw error;
  }
}

function deliverTo({ mailUrl, mailFrom, dataDir }: Config, started: Ends): Deliver {
  if (!mailUrl || !mailFrom) return captureMail(mailFolder(dataDir));
  const smtp = sendBySmtp(mailUrl, mailFrom);
  started.push(async () => smtp.close());
  return smtp.deliver;
}

async function databaseUrls(config: Config, log: Log, started: Ends) {
  const { databaseUrl, databaseDirectUrl, dataDir } = config;
  if (databaseUrl) return { url: databaseUrl, directUrl: databaseDirectUrl ?? databaseUrl };
  const postgres = await startEmbeddedPostgres({ dataDir, log: (message) => log.debug(message) });
  started.push(() => postgres.stop());
  return { url: postgres.url, directUrl: postgres.url };
}
