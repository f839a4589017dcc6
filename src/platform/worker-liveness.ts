import pg from 'pg';
import type { Log } from './log.js';

/** Any number that nobody else locks. */
const lockClass = 8_367_267;
const sweepEveryMs = 5_000;
/** A worker that has just begun, or whose connection was lost, may not have its lock yet. */
const graceSeconds = 10;

/** What a worker says of itself. */
interface LivingWorker {
  /** Under which it locks its jobs. */
  name: string;
  /** The ids of the jobs that it knows of. */
  underWay: ReadonlySet<string>;
  /** Lets it begin again under another name. */
  beginAgain(): void;
}

/**
 * A worker that is killed leaves its jobs locked, for hours. So each holds an advisory lock while it lives, and gives back
 * the jobs of those whose lock can be had: they are dead.
 *
 * A living one may hold a job that it does not know of, if the answer that gave it was lost on its way. Then it begins again.
 */
export class WorkerLiveness {
  readonly #url: string;
  readonly #worker: LivingWorker;
  readonly #log: Log;
  /** Jobs that the worker held and did not know of at the last look. It may just have come to the end of them. */
  #unknown: ReadonlySet<string> = new Set();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(url: string, worker: LivingWorker, log: Log) {
    this.#url = url;
    this.#worker = worker;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => this.#sweep(), sweepEveryMs);
    this.#sweep();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#sweeping;
    if (this.#client) await this.#giveUp(this.#client);
  }

  /** One at a time, each of which ends before long, so that stopping need not wait for a database that does not answer. */
  #sweep(): void {
    if (!this.#timer) return;
    this.#sweeping ??= this.#giveBackJobsOfTheDead()
      .catch((err) => this.#log.warn({ err }, 'jobs of dead workers could not be found'))
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  async #giveBackJobsOfTheDead(): Promise<void> {
    this.#client ??= await this.#connect();
    const client = this.#client;
    const { name, underWay, beginAgain } = this.#worker;
    // Quoted like the statements of the worker itself, so that whoever counts statements can tell both apart from others.
    try {
      await client.query(
        `SELECT "graphile_worker".force_unlock_workers(array_agg(dead.id)) FROM (
           SELECT holder.id FROM (
             SELECT DISTINCT locked_by AS id FROM "graphile_worker"._private_jobs
             WHERE locked_at < now() - make_interval(secs => $2)
           ) holder
           WHERE holder.id <> $3 AND pg_try_advisory_xact_lock($1, hashtext(holder.id))
         ) dead HAVING count(*) > 0`,
        [lockClass, graceSeconds, name],
      );
      const { rows: held } = await client.query<{ id: string }>(
        `SELECT id FROM "graphile_worker"._private_jobs
         WHERE locked_by = $1 AND locked_at < now() - make_interval(secs => $2)`,
        [name, graceSeconds],
      );
      const unknown = held.map(({ id }) => id).filter((id) => !underWay.has(id));
      if (unknown.some((id) => this.#unknown.has(id))) {
        this.#log.warn(
          { jobs: unknown },
          'the worker holds jobs that it was never told of, and ends to give them back',
        );
        beginAgain();
      }
      this.#unknown = new Set(unknown);
    } catch (error) {
      // What the database has refused leaves the connection as it was, and the lock on it.
      if (!(error instanceof pg.DatabaseError)) await this.#giveUp(client);
      throw error;
    }
  }

  /** The connection that holds the lock; another one if it is lost, because the lock goes with it. */
  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'tenantry worker liveness',
      connectionTimeoutMillis: 3_000,
      statement_timeout: 3_000,
      query_timeout: 4_000,
    });
    client.on('error', () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#sweep();
    });
    try {
      await client.connect();
      await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [lockClass, this.#worker.name]);
      return client;
    } catch (error) {
      await this.#giveUp(client);
      throw error;
    }
  }

  async #giveUp(client: pg.Client): Promise<void> {
    if (this.#client === client) this.#client = undefined;
    await client.end();
  }
}
