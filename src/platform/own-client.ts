import pg from 'pg';

/** Lends work a connection of its own, outside of every pool: for what belongs to a session, or takes its time. */
export async function withOwnClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  // A connection that breaks fails the statement under way, and need not end the process as well.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    // Locks and whatever was not committed end with it.
    await client.end().catch(() => {});
  }
}
