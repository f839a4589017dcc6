import type { FastifyInstance } from 'fastify';
import type { Log } from '../platform/log.js';
import { pendingMigrations } from '../platform/migrate.js';
import { migrationNames } from '../platform/migration-history.js';
import type { Pulse } from '../platform/pulse.js';
import { within } from '../platform/within.js';

/** The database is asked no more often than this, however many ask here. */
const askedEveryMs = 1_000;
const patienceMs = 2_000;

type Word = 'ok' | 'failing' | 'unknown';

/** What has to be well for requests to be sent here. In words only, because anybody may read them. */
interface Checks {
  database: Word;
  /** Whether the database has all migrations of this version; it may have further ones, of a newer one. */
  migrations: Word;
  draining: Word;
}

type DatabaseChecks = Omit<Checks, 'draining'>;

const noAnswer: DatabaseChecks = { database: 'failing', migrations: 'unknown' };

/** Whether requests should be sent to this process. */
export class Readiness {
  readonly #pulse: Pulse;
  readonly #log: Log;
  /** Those of this version, whatever a later one puts into the folder while this one runs. */
  readonly #migrations = migrationNames();
  #database: Promise<DatabaseChecks> | undefined;
  #isDraining = false;

  constructor(pulse: Pulse, log: Log) {
    this.#pulse = pulse;
    this.#log = log;
  }

  /** Whether this process is about to stop. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on requests should go elsewhere; those that come all the same are answered. */
  drain(): void {
    this.#isDraining = true;
  }

  async checks(): Promise<Checks> {
    this.#database ??= this.#ask();
    return { ...(await this.#database), draining: this.#isDraining ? 'failing' : 'ok' };
  }

  /** One answer is for all who ask until it has come, and for a second after. */
  #ask(): Promise<DatabaseChecks> {
    const answer = within(patienceMs, this.#databaseChecks()).catch((err) => {
      this.#log.warn({ err }, 'the database does not answer');
      return noAnswer;
    });
    void answer.then(() => {
      setTimeout(() => {
        this.#database = undefined;
      }, askedEveryMs).unref();
    });
    return answer;
  }

  async #databaseChecks(): Promise<DatabaseChecks> {
    const pending = await pendingMigrations(this.#pulse, this.#migrations);
    return { database: 'ok', migrations: pending.length === 0 ? 'ok' : 'failing' };
  }
}

/**
 * Says whether the process lives and whether it is ready, for load balancers and whatever restarts it. Liveness never depends on
 * the database: to restart the gateway does not mend that.
 */
export function publishHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz', (_, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));

  app.get('/readyz', async (_, reply) => {
    const checks = await readiness.checks();
    const isReady = Object.values(checks).every((word) => word === 'ok');
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isReady ? 'ready' : 'not ready', checks });
  });
}
