import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../scripts/topology/processes.mjs';
import { ask, bearing } from './requests.js';
import { faultsOf } from './traces.js';
import { figure, size, useTopology } from './use-topology.js';
import { Writers } from './writers.js';

// Clients write through HAProxy and PgBouncer to two replicas, while something dies again and again.

const total = size('FAULT_WRITES', 20_000);
const kills = size('FAULT_KILLS', 20);
const stops = size('FAULT_STOPS', 10);
const starts = size('FAULT_STARTS', 10);
/** How many of all writes each kind of fault is spread over. */
const share = { kills: 0.4, stops: 0.3, terminations: 0.2, starts: 0.1 };
/** Within this time the service has to answer again. */
const backWithinMs = 5_000;

const none = { lost: [], half: [], twice: [], unheard: [] };

const folder = mkdtempSync(join(tmpdir(), 'tenantry-acknowledged-'));
const topology = useTopology({ standby: false });
let acknowledged = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** From when on the service should be back, if not from the strike itself; and what else has to be over before the next one. */
interface Struck {
  since?: number;
  mended?: Promise<void>;
}

describe('what was acknowledged is there, once and whole,', () => {
  let writers: Writers;
  let emptySize: number;

  beforeAll(async () => {
    writers = new Writers(join(folder, 'acknowledged.log'), [topology().url]);
    emptySize = await databaseSize();
  });

  afterAll(async () => {
    const perWrite = ((await databaseSize()) - emptySize) / writers.acknowledged / 1000;
    figure(`the database has grown by ${perWrite.toFixed(1)} kB for each write`);
  });

  it('after gateways were killed', async () => {
    const { gateways } = topology();
    await campaign('kill -9 of a gateway', kills, share.kills, async (round) => {
      const gateway = gateways[round % gateways.length]!;
      await gateway.stop('SIGKILL');
      return { mended: gateway.start() };
    });
  });

  it('after PostgreSQL was stopped at once', async () => {
    const { primary } = topology();
    await campaign('immediate stop of PostgreSQL', stops, share.stops, async () => {
      await primary.stop('SIGQUIT');
      await primary.start();
      return {};
    });
  });

  it('after database connections were terminated all the time', async () => {
    await campaign('connections terminated every 60 ms', 1, share.terminations, async () => {
      const target = writers.acknowledged + share.terminations * total;
      const terminated = await terminateUntil(() => writers.acknowledged >= target);
      figure(`${terminated} connections terminated`);
      return { since: performance.now() };
    });
  });

  /** Strikes again and again while there are writes, each time after some more of them, and then looks what has become of all. */
  async function campaign(
    what: string,
    rounds: number,
    part: number,
    strike: (round: number) => Promise<Struck>,
  ): Promise<void> {
    await writers.signIn();
    const { acknowledged: first, again, refused } = writers;
    const before = { acknowledged: first, again, refused: refused.length, at: performance.now() };
    const back: number[] = [];
    writers.start();
    try {
      for (let round = 1; round <= rounds; round += 1) {
        await writers.reach(first + Math.ceil((part * total * (round - 0.5)) / rounds));
        await writers.signIn();
        back.push(await strikeOnce(() => strike(round)));
      }
      await writers.reach(first + part * total);
    } finally {
      await writers.stop();
    }
    const written = writers.acknowledged - before.acknowledged;
    const seconds = (performance.now() - before.at) / 1000;
    acknowledged += written;
    figure(
      `${what}: ${rounds} times over ${written} acknowledged writes (${writers.again - before.again} sent again) ` +
        `in ${seconds.toFixed(0)} s; back within ${worst(back)} at worst`,
    );
    expect(writers.refused.slice(before.refused)).toEqual([]);
    expect(topology().gateways.flatMap(({ faults }) => faults)).toEqual([]);
    expect(await faultsOf(topology(), writers.logFile)).toEqual(none);
    expect(Math.max(...back)).toBeLessThan(backWithinMs);
  }

  /** Strikes, and measures how long it takes until the service reads and writes again. */
  async function strikeOnce(strike: () => Promise<Struck>): Promise<number> {
    const startedAt = performance.now();
    const { since = startedAt, mended } = await strike();
    await Promise.all([answers(), writers.acknowledgedSince(since)]);
    const back = performance.now() - since;
    await mended;
    return back;
  }

  async function databaseSize(): Promise<number> {
    const [found] = await topology().primary.query<{ size: number }>(
      "SELECT pg_database_size('tenantry')::int AS size",
    );
    return found!.size;
  }

  /** Returns when the service as a whole reads from the database again. */
  async function answers(): Promise<void> {
    const { url } = topology();
    const query = { query: '{ me { id } }' };
    await until('the service answers', async () => {
      const answer = await ask(url, query, bearing(writers.accessToken), { patienceMs: 2_000 }).catch(() => undefined);
      return answer?.status === 200 && answer.data?.me !== undefined;
    });
  }

  /** Terminates a connection of the gateways every 60 ms, one that is at work where there is one. */
  async function terminateUntil(isOver: () => boolean): Promise<number> {
    const client = new pg.Client({ connectionString: topology().primary.urlOf() });
    await client.connect();
    let count = 0;
    try {
      while (!isOver()) {
        const { rowCount } = await client.query(
          `SELECT pg_terminate_backend(pid) FROM (
             SELECT pid FROM pg_stat_activity WHERE usename = 'gateway' AND state IS NOT NULL
             ORDER BY state IN ('active', 'idle in transaction') DESC, random() LIMIT 1
           ) connection`,
        );
        count += rowCount ?? 0;
        await sleep(60);
      }
    } finally {
      await client.end();
    }
    return count;
  }
});

describe('four replicas that start at once on an empty database', () => {
  it('prepare it once, and keep what they acknowledge', async () => {
    const ready: number[] = [];
    for (let round = 1; round <= starts; round += 1) ready.push(await startFour(round));
    figure(`four replicas at once: ${starts} times; ready within ${worst(ready)} at worst`);
  });

  async function startFour(round: number): Promise<number> {
    const { primary, addGateway } = topology();
    const database = `start_${round}`;
    await primary.query(`CREATE DATABASE ${database} OWNER gateway`);
    const gateways = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => addGateway(`start-${round}${name}`, database)),
    );
    try {
      const startedAt = performance.now();
      await Promise.all(gateways.map((gateway) => gateway.start()));
      const ready = performance.now() - startedAt;
      const writers = new Writers(
        join(folder, `${database}.log`),
        gateways.map(({ url }) => url),
      );
      await writers.signIn();
      writers.start();
      await writers.reach((share.starts * total) / starts);
      await writers.stop();
      acknowledged += writers.acknowledged;
      expect(writers.refused).toEqual([]);
      expect(gateways.flatMap(({ faults }) => faults)).toEqual([]);
      expect(await faultsOf(topology(), writers.logFile, database)).toEqual(none);
      const [prepared] = await primary.query(
        `SELECT (SELECT count(*) FROM signing_keys)::int AS keys,
           (SELECT count(*) = count(DISTINCT migration_name) FROM _prisma_migrations) AS once`,
        [],
        database,
      );
      expect(prepared).toEqual({ keys: 1, once: true });
      return ready;
    } finally {
      await Promise.all(gateways.map((gateway) => gateway.stop('SIGKILL')));
      await primary.query(`DROP DATABASE ${database} WITH (FORCE)`);
    }
  }
});

describe('all campaigns together', () => {
  it('have had as many acknowledged writes as they should', () => {
    figure(`${acknowledged} acknowledged writes in all`);
    expect(acknowledged).toBeGreaterThanOrEqual(total);
  });
});

function worst(times: number[]): string {
  return `${(Math.max(...times) / 1000).toFixed(2)} s`;
}
