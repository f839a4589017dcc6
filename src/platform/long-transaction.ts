import { commit } from './connections.js';
import { withOwnClient } from './own-client.js';
import type { Run } from './sql.js';

interface LongTransaction<T> {
  /** A direct connection: whoever lends one for each transaction would still end one that takes long. */
  url: string;
  /** How long to wait for the connection, in milliseconds. */
  patienceMs: number;
  /** Such as `BEGIN`. */
  begin: string;
  /** Whether what was done is kept; if not, it is undone in the end all the same. */
  keep: boolean;
  work: (run: Run) => Promise<T>;
}

/**
 * Runs work in one transaction on a connection of its own, however long it takes: no request waits for that connection, so it has
 * no time limits. Moments are in UTC.
 *
 * When this process dies PostgreSQL undoes what was done, as soon as it notices that the connection is gone.
 */
export async function inLongTransaction<T>({ url, patienceMs, begin, keep, work }: LongTransaction<T>): Promise<T> {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: patienceMs,
    application_name: 'tenantry transfer',
    keepAlive: true,
  };
  return withOwnClient(connection, async (client) => {
    await client.query(`${begin}; SET LOCAL TimeZone = 'UTC'; SET LOCAL statement_timeout = 0`);
    const result = await work(async <Row extends object>(text: string, values: readonly unknown[]) => {
      const { rows } = await client.query<Row>({ text, values: values as unknown[] });
      return rows;
    });
    await (keep ? commit(client) : client.query('ROLLBACK'));
    return result;
  });
}
