import pg from 'pg';
import type { Log } from './log.js';

/** How long the database may take to say how it is. */
const patienceMs = 2_000;

/** Two, so that a look at all figures does not keep a check of readiness waiting. */
const connections = 2;

/** Asks the database how it is. Every statement ends within a bounded time, also if the database hangs. */
export type Pulse = pg.Pool;

/** Opens connections apart from those of requests: how the database is must be known also when all of them are in use. */
export function openPulse(url: string, log: Log, pooled = false): Pulse {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patienceMs,
    // Who is connected by a pooler may not set anything for the whole connection.
    ...(!pooled && { statement_timeout: patienceMs }),
    // The database itself cannot say that it does not answer.
    query_timeout: patienceMs,
    application_name: 'tenantry pulse',
  });
  pool.on('error', (err) => log.warn({ err }, 'an idle database connection was lost'));
  return pool;
}
