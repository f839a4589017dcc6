import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBalancer, startPooler } from './front.mjs';
import { createGateway } from './gateway.mjs';
import { createPrimary, createStandby } from './postgres.mjs';
import { openProcesses, until } from './processes.mjs';
import { programAt } from './programs.mjs';

// Many replicas on one machine, without containers: PostgreSQL, a standby of it, PgBouncer, gateways and HAProxy, each a
// process on 127.0.0.1, with the configuration that `deploy` has for them.

/** A folder for everything, and what starts processes there. */
export async function openPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-topology-'));
  // What refuses to run as root has to reach its files as another user.
  await chmod(folder, 0o755);
  return {
    folder,
    processes: openProcesses(folder),
    /** The built gateway has what it takes to run a PostgreSQL. */
    platform: (name) => import(join(import.meta.dirname, `../../dist/platform/${name}.js`)),
  };
}

/**
 * Starts everything, and returns when it answers. Without `standby`, `pooler` or `balancer` the topology does without.
 */
export async function startTopology({ replicas = 2, standby = true, pooler = true, balancer = true, env = {} } = {}) {
  if (pooler) programAt('pgbouncer');
  if (balancer) programAt('haproxy');
  const place = await openPlace();
  const { processes } = place;
  try {
    const primary = await createPrimary(place);
    const follower = standby ? await createStandby(primary, place) : undefined;
    const pool = pooler ? await startPooler(primary, place) : undefined;
    const environment = {
      NODE_ENV: 'production',
      TENANTRY_SECRET: randomBytes(32).toString('base64'),
      TENANTRY_DATA_DIR: join(place.folder, 'gateways'),
      TRUST_PROXY: '127.0.0.1',
      LOG_LEVEL: 'warn',
      ...env,
    };
    /** What a gateway is told to reach this database. */
    const environmentOn = (database = 'tenantry') => ({
      ...environment,
      DATABASE_URL: primary.gatewayUrl(database, pool?.port),
      DATABASE_DIRECT_URL: primary.gatewayUrl(database),
      DATABASE_PREPARED_STATEMENTS: pool ? 'off' : 'on',
      ...(follower && database === 'tenantry' && { DATABASE_READ_URL: follower.readUrl }),
    });
    const addGateway = (name, database) => createGateway(name, environmentOn(database), place);

    const gateways = [];
    for (let index = 1; index <= replicas; index += 1) gateways.push(await addGateway(`gateway-${index}`));
    await Promise.all(gateways.map((gateway) => gateway.start()));
    const front = balancer
      ? await startBalancer(
          gateways.map(({ port }) => port),
          place,
        )
      : undefined;
    const url = front?.url ?? gateways[0]?.url ?? '';
    for (const { name } of front ? gateways : []) await until(`${name} is sent to`, () => front.sendsTo(name));
    return {
      url,
      balancer: front,
      folder: place.folder,
      /** Where captured mail lies. */
      mailFolder: join(place.folder, 'gateways/mail'),
      primary,
      standby: follower,
      pooler: pool,
      gateways,
      addGateway,
      async stop() {
        await Promise.all(gateways.map((gateway) => gateway.stop('SIGKILL')));
        await processes.stop();
      },
    };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}
