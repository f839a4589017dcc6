import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newId } from './id.js';
import type { Log } from './log.js';
import { Notifier } from './notifier.js';
import { Watches } from './watches.js';
import { within } from './within.js';

/** How long somebody who watches waits at most for what nobody was told of: what a process has committed that died, say. */
const roundMs = 3_000;
const reconnectMs = 1_000;
const patienceMs = 5_000;
const endPatienceMs = 1_000;

/** Waits for news of one organization. */
export interface Watch {
  /** Resolves as soon as there may be something new since the last call, and every few seconds; to false once it is closed. */
  next(): Promise<boolean>;
  close(): void;
}

/**
 * Tells all replicas of which organizations there is something new on record. A signal only wakes: what there is to know is in
 * the database, where everybody who watches looks every few seconds anyway. So signals may get lost, or come twice.
 */
export interface Signals {
  /** Nobody waits for it, and it never fails. */
  tell(organizationIds: Iterable<string>): void;
  watch(organizationId: string): Watch;
  close(): Promise<void>;
}

/**
 * Hears and tells on one connection of its own, which has to lead to PostgreSQL without a pooler that lends connections: LISTEN
 * lasts as long as the connection. While there is none, what is watched is found by looking.
 */
export function openSignals(url: string, log: Log): Signals {
  const watches = new Watches();
  const self = newId();
  const stopping = new AbortController();
  const { signal } = stopping;
  let line: Line | undefined;
  const notifier = new Notifier(self, (payloads) => line?.notify(payloads) ?? Promise.resolve());

  async function keepListening(): Promise<void> {
    while (!signal.aborted) {
      try {
        line = await openLine(url, self, (ids) => watches.wake(ids));
        if (signal.aborted) await line.end();
        // What was told while nobody listened.
        watches.wakeAll();
        await line.lost;
      } catch (err) {
        if (!signal.aborted) log.warn({ err }, 'changes of other replicas are not heard at once');
      }
      line = undefined;
      await sleep(reconnectMs, undefined, { signal }).catch(() => {});
    }
  }

  const listening = keepListening();
  const rounds = setInterval(() => {
    watches.wakeAll();
    void line?.check();
  }, roundMs).unref();
  return {
    tell(organizationIds) {
      const ids = [...organizationIds];
      // Here it is known without asking anybody.
      watches.wake(ids);
      if (line?.hasOthers()) notifier.add(ids);
    },
    watch: (organizationId) => watches.open(organizationId),
    async close() {
      stopping.abort();
      clearInterval(rounds);
      notifier.stop();
      await line?.end();
      await listening;
    },
  };
}

const channel = 'tenantry_records';

/** Any number that nobody else locks. Whoever listens shares it, so that others can see that there is somebody to tell. */
const listeners = 8_367_268;

const countListeners = `SELECT count(*)::int AS listening FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1 AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** One connection, as long as it lasts. */
interface Line {
  notify(payloads: readonly string[]): Promise<void>;
  /** Whether other replicas listen, as far as is known: they say so when they begin, and it is looked at with each check. */
  hasOthers(): boolean;
  /** Ends the connection if nothing comes back over it: one that was cut says nothing of it. */
  check(): Promise<void>;
  end(): Promise<void>;
  /** Rejects when the connection is lost, and resolves when it was ended. */
  lost: Promise<void>;
}

async function openLine(url: string, self: string, hear: (organizationIds: string[]) => void): Promise<Line> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
    application_name: 'tenantry signals',
  });
  const lost = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('end', resolve);
  });
  // Whoever waits for it hears of it; until then it is nobody's.
  lost.catch(() => {});
  const cut = () => void client.connection.stream.destroy(new Error('The connection is silent.'));
  const end = () => within(endPatienceMs, client.end()).catch(cut);
  let hasOthers = true;
  client.on('notification', ({ payload = '' }) => {
    const [sender, ids] = payload.split(' ');
    if (sender === self) return;
    hasOthers = true;
    if (ids) hear(ids.split(','));
  });
  async function notify(payloads: readonly string[]): Promise<void> {
    await client.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [channel, payloads]);
  }
  async function count(): Promise<void> {
    const { rows } = await client.query<{ listening: number }>(countListeners, [listeners]);
    hasOthers = rows[0]!.listening > 1;
  }
  try {
    await client.connect();
    // A signal need not survive a power failure, so nobody waits for the disk.
    await client.query(`SET synchronous_commit = off; LISTEN ${channel}`);
    await client.query('SELECT pg_advisory_lock_shared($1)', [listeners]);
    await count();
    // Whoever was alone until now has somebody to tell.
    await notify([self]);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    lost,
    end,
    notify,
    hasOthers: () => hasOthers,
    async check() {
      await count().catch(cut);
    },
  };
}
