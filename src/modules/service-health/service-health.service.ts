import type { Scope } from '../../auth/scope.js';
import { migrationNames, readHistory } from '../../platform/migration-history.js';
import { type Outbox, outboxStatement } from '../../platform/outbox.js';
import type { Pulse } from '../../platform/pulse.js';
import { version } from '../../platform/version.js';
import * as statements from './service-health.loader.js';

/** How the gateway and its database are. The database is asked only for what the query selects, and never waited for long. */
export function serviceHealth({ db, pulse }: Scope) {
  return {
    version,
    startedAt: new Date(performance.timeOrigin),
    uptimeSeconds: Math.floor(process.uptime()),
    database: () => databaseHealth(pulse),
    pools: db.pools(),
    connections: () => row<statements.ConnectionsRow>(pulse, statements.connections),
    migrations: () => migrations(pulse),
    replication: () => rows<statements.StandbyRow>(pulse, statements.standbys),
    outbox: () => row<Outbox>(pulse, outboxStatement),
  };
}

async function databaseHealth(pulse: Pulse) {
  const askedAt = performance.now();
  const server = await row<statements.ServerRow>(pulse, statements.server);
  if (!server)
    return { status: 'DOWN', latencyMilliseconds: null, serverVersion: null, isStandby: null, sizeBytes: null };
  return {
    status: 'UP',
    latencyMilliseconds: performance.now() - askedAt,
    ...server,
    sizeBytes: async () => (await row<{ sizeBytes: number }>(pulse, statements.size))?.sizeBytes ?? null,
  };
}

async function migrations(pulse: Pulse) {
  const history = await readHistory(pulse).catch(() => null);
  if (!history) return null;
  const applied = history.filter(({ finished }) => finished).map(({ name }) => name);
  return {
    applied: applied.length,
    pending: migrationNames().filter((name) => !applied.includes(name)),
    latest: applied.sort().at(-1) ?? null,
  };
}

/** Null where the database does not say, or not in time: also then the rest is worth knowing. */
async function rows<Row extends object>(pulse: Pulse, statement: string): Promise<Row[] | null> {
  return pulse.query<Row>(statement).then(
    (result) => result.rows,
    () => null,
  );
}

async function row<Row extends object>(pulse: Pulse, statement: string): Promise<Row | null> {
  return (await rows<Row>(pulse, statement))?.[0] ?? null;
}
