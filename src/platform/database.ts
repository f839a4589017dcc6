import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import { Batcher } from './batcher.js';
import { ChangeBatcher } from './change-batcher.js';
import {
  beginning,
  type ConnectionOptions,
  connected,
  inTransaction,
  lent,
  type On,
  openPool,
  plannedOnce,
  runner,
} from './connections.js';
import type { Log } from './log.js';
import { OpenTransaction } from './open-transaction.js';
import type { Run } from './sql.js';
import { isConnectionLost, NotConnected, wasSentAway } from './unavailable.js';

export { sqlState } from './unavailable.js';

/** PostgreSQL, as the gateway uses it. */
export interface Database {
  /** Prisma, on the same pool, for everything that is not hot. */
  readonly prisma: PrismaClient;
  /** Runs one named prepared statement on the shared pool. */
  readonly run: Run;
  /** Runs one writing statement. Writes may wait for a row lock, so they have a pool of their own: reads never queue behind. */
  readonly write: Run;
  /** Writes changes of organizations, together with those of all other requests that change the same at this moment. */
  readonly changes: ChangeBatcher;
  /** Runs one writing statement that stands for itself, also while a transaction is open: what was tried, or used. */
  readonly aside: Run;
  /** Reads by key, together with all other requests that read the same at this moment. */
  readonly batcher: Batcher;
  /** The same for what no request waits for, so that requests do not queue behind it. */
  readonly background: Batcher;
  /** Runs work in one transaction on one connection of the writing pool. */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
  /** Opens a transaction that lasts until it is ended, whatever comes in between; its connections are a pool of their own. */
  begin(): Promise<RequestTransaction>;
  /** How the pools are used at this moment. */
  pools(): PoolUse[];
  close(): Promise<void>;
}

/** A transaction that is handed around as the database of whatever belongs to it. */
export interface RequestTransaction {
  db: Database;
  /** @throws if anything of it may not have been written. */
  commit(): Promise<void>;
  /** Undoes everything; nothing happens if the transaction is over. */
  rollback(): Promise<void>;
}

/** The connections of one pool. */
export interface PoolUse {
  name: 'read' | 'write' | 'request' | 'aside' | 'statistics' | 'standby';
  maximum: number;
  open: number;
  idle: number;
  /** How many statements wait for a connection. */
  waiting: number;
}

export interface DatabaseOptions extends ConnectionOptions {
  url: string;
  /** A streaming standby, for statements that may be answered from a moment ago. */
  readUrl?: string | undefined;
  /** Connections for reads; a quarter as many again are kept for writes. */
  poolSize?: number;
}

/**
 * A read that lost its connection is tried so often in all. Few connections carry all reads, so where connections are lost, the
 * next one may be lost as well.
 */
const mostReads = 10;

/** So often a write is begun again that was sent away. */
const mostWrites = 5;

/** How long a standby that could not answer is left alone. */
const standbyRestMs = 5_000;

/** Connects to PostgreSQL. Nothing is opened before the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, readUrl, poolSize = 16, log } = options;
  const few = Math.max(2, Math.ceil(poolSize / 4));
  const pools = {
    read: openPool(options, url, poolSize, plannedOnce),
    write: openPool(options, url, few),
    // Whoever has one of these asks the other pools for more, so no other pool may be waited for by all of them.
    request: openPool(options, url, few),
    aside: openPool(options, url, 2),
    // What ranges over months is planned for the range at hand, and must not keep others waiting.
    statistics: openPool(options, url, few),
    ...(readUrl && { standby: openPool(options, readUrl, poolSize) }),
  };
  const prisma = new PrismaClient({ adapter: new PrismaPg(pools.read) });
  const begin = beginning(options);
  const on = runner(options);
  const reading =
    (pool: pg.Pool): Run =>
    (text, values) =>
      again(mostReads, isLostRead, () => lent(pool, (run) => run(text, values), on));
  const read = reading(pools.read);
  const statistics = reading(pools.statistics);
  const transaction: Database['transaction'] = (work) =>
    again(mostWrites, wasSentAway, () => inTransaction(pools.write, begin, on, work));
  const writing = (pool: pg.Pool): Run =>
    // Behind a pooler time limits take a transaction.
    options.pooled
      ? (text, values) =>
          again(mostWrites, wasSentAway, () => inTransaction(pool, begin, on, (run) => run(text, values)))
      : (text, values) => again(mostWrites, wasSentAway, () => lent(pool, (run) => run(text, values), on));

  const write = writing(pools.write);
  const database: Database = {
    prisma,
    run: read,
    write,
    changes: new ChangeBatcher(write),
    aside: writing(pools.aside),
    batcher: new Batcher(read, pools.standby ? firstFrom(pools.standby, on, statistics, log) : statistics),
    background: new Batcher(read),
    transaction,
    async begin() {
      const client = await connected(pools.request);
      const open = await OpenTransaction.begin(client, begin, on(client));
      const write: Run = (text, values) => again(mostWrites, wasSentAway, () => open.write(text, values));
      const db: Database = {
        ...database,
        run: open.read,
        write,
        changes: new ChangeBatcher(write),
        batcher: new Batcher(open.read),
        transaction: (work) => again(mostWrites, wasSentAway, () => open.inner(work)),
        begin: () => Promise.reject(new Error('A transaction is open already.')),
      };
      return { db, commit: () => open.commit(), rollback: () => open.rollback() };
    },
    pools: () => Object.entries(pools).map(([name, pool]) => useOf(name as PoolUse['name'], pool)),
    async close() {
      await prisma.$disconnect();
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
    },
  };
  return database;
}

function useOf(name: PoolUse['name'], pool: pg.Pool): PoolUse {
  const { totalCount: open, idleCount: idle, waitingCount: waiting } = pool;
  return { name, maximum: pool.options.max, open, idle, waiting };
}

/** Does something once more, and again, while it fails for a reason that may have passed. */
async function again<T>(most: number, mayPass: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === most || !mayPass(error)) throw error;
    }
  }
}

/** Whether a connection was lost while it was used. What takes too long would take as long again. */
function isLostRead(error: unknown): boolean {
  return (
    isConnectionLost(error) && !(error instanceof NotConnected) && (error as Error).message !== 'Query read timeout'
  );
}

/** Reads from a standby; from the primary whatever it does not answer, and everything for a while if it cannot be reached. */
function firstFrom(standby: pg.Pool, on: On, primary: Run, log: Log): Run {
  let restsUntil = 0;
  return async (text, values) => {
    if (Date.now() < restsUntil) return primary(text, values);
    try {
      return await lent(standby, (run) => run(text, values), on);
    } catch (err) {
      if (isConnectionLost(err)) restsUntil = Date.now() + standbyRestMs;
      log.warn({ err }, 'the standby did not answer, so the primary does');
      return primary(text, values);
    }
  };
}

/** The constraint that a database error names. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined;
}
