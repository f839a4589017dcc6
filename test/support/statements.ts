import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

const applicationOf = (client: pg.Client) =>
  (client as pg.Client & { connectionParameters: { application_name?: string } }).connectionParameters.application_name;

const inTask = new AsyncLocalStorage<true>();

type Task<Result> = (payload: unknown) => Promise<Result>;

/** Tasks that do the same, and are known by what they send: a worker does whatever job there is, also one of another test. */
export function asTasks<Result>(tasks: Record<string, Task<Result>>): Record<string, Task<Result>> {
  const apart = Object.entries(tasks).map(([name, task]): [string, Task<Result>] => [
    name,
    (payload) => inTask.run(true, () => task(payload)),
  ]);
  return Object.fromEntries(apart);
}

/**
 * Counts the SQL statements that this process sends while something happens.
 *
 * It looks at the driver itself, so nothing can slip past: Prisma, prepared statements and transactions alike.
 */
export async function countingStatements<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; statements: string[] }> {
  const statements: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text: string }).text;
    // The worker looks for jobs in its own time, lets others see that it lives, and so do replicas tell each other of changes.
    const ofWorker = inTask.getStore() ?? /^tenantry (worker|signals)/.test(applicationOf(this) ?? '');
    if (!ofWorker) statements.push(text);
    return (query as (...rest: unknown[]) => unknown).apply(this, args);
  } as typeof query;
  try {
    return { result: await work(), statements };
  } finally {
    pg.Client.prototype.query = query;
  }
}

/** Whether it is a statement that says who callers are, maybe with what they ask of the organization. */
export function isStanding(text: string): boolean {
  return /^SELECT key\.ord::int AS ord, ((c\.id|NULL) AS "sessionId"|lead\.answer)/.test(text);
}
