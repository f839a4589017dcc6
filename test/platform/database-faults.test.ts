import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun, type StatementRun } from '../../src/platform/connections.js';
import { type Database, openDatabase } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { keyed } from '../../src/platform/sql.js';
import { unavailable } from '../../src/platform/unavailable.js';
import { send } from '../support/client.js';
import { createDatabase, urlOf, useOwnGateway } from '../support/own-gateway.js';
import { aWorld } from '../support/world.js';

const log = createLog('silent');

/**
 * Ends connections of a database at random, for so long as something goes on there: at most four before it gets on again, so
 * that a slow machine is not asked to outrun them.
 */
async function ending(
  url: string,
  ms: number,
  { progress, meanwhile }: { progress: () => number; meanwhile: () => Promise<void> },
): Promise<number> {
  const killer = new pg.Client({ connectionString: url, application_name: 'killer' });
  await killer.connect();
  let ended = 0;
  let endedSince = 0;
  let reached = 0;
  let isOver = false;
  const work = meanwhile().finally(() => {
    isOver = true;
  });
  for (const until = Date.now() + ms; Date.now() < until && !isOver; await sleep(20)) {
    if (progress() > reached) endedSince = 0;
    reached = progress();
    if (endedSince >= 4) continue;
    const { rowCount } = await killer.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name <> 'killer' ORDER BY random() LIMIT 1`,
    );
    ended += rowCount ?? 0;
    endedSince += rowCount ?? 0;
  }
  isOver = true;
  await work;
  await killer.end();
  return ended;
}

describe('connections that are ended at random', () => {
  const gateway = useOwnGateway({ databaseTimeouts: { connect: 5_000, lock: 2_000, statement: 5_000 } });

  it('fail no query, and leave everything working', { timeout: 60_000 }, async () => {
    const { admin, organization, team } = await aWorld(gateway());
    const databaseUrl = await urlOf(gateway().services.db);
    const until = Date.now() + 6_000;
    const answers: (string | undefined)[] = [];
    const changes: (string | undefined)[] = [];
    const rejections: unknown[] = [];
    const note = (error: unknown) => rejections.push(error);
    process.on('unhandledRejection', note);
    const asking = async () => {
      while (Date.now() < until) {
        const { errors } = await admin.send(
          `{ organization(id: "${organization.id}") { name memberCount } me { id } }`,
        );
        answers.push(errors?.[0]?.extensions.code);
      }
    };
    const changing = async (headers: () => Record<string, string>) => {
      while (Date.now() < until) {
        const input = { organizationId: organization.id, name: 'Guides' };
        const { errors } = await admin.send(
          'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }',
          { input },
          headers(),
        );
        changes.push(errors?.[0]?.extensions.code);
      }
    };
    const ended = await ending(databaseUrl, 6_000, {
      progress: () => answers.length,
      async meanwhile() {
        const key = () => ({ 'idempotency-key': randomUUID() });
        await Promise.all([...Array.from({ length: 6 }, asking), changing(() => ({})), changing(key)]);
      },
    });
    process.off('unhandledRejection', note);
    expect(ended).toBeGreaterThan(10);
    expect(answers.length).toBeGreaterThan(10);
    expect([...new Set(answers)]).toEqual([undefined]);
    expect(
      [...new Set(changes)].filter((code) => code && !/SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR/.test(code)),
    ).toEqual([]);
    expect(rejections).toEqual([]);
    await team('Afterwards');
    expect((await send(gateway().url, '{ __typename }')).errors).toBeUndefined();
    const pools = gateway().services.db.pools();
    for (const { open, idle, waiting } of pools) expect([open - idle, waiting]).toEqual([0, 0]);
  });
});

describe('a statement', () => {
  let server: Awaited<ReturnType<typeof createDatabase>>;
  let db: Database;
  const seen: StatementRun[] = [];
  beforeAll(async () => {
    server = await createDatabase();
    const timeouts = { connect: 1_000, lock: 200, statement: 2_000 };
    db = openDatabase({ url: server.url, poolSize: 2, timeouts, log, observe: (statement) => seen.push(statement) });
    await db.write('CREATE TABLE things (id int PRIMARY KEY, n int NOT NULL)', []);
    await db.write('INSERT INTO things VALUES (1, 0), (2, 0)', []);
  });
  afterAll(async () => {
    await db.close();
    await server.drop();
  });

  it('that reads is run again if its connection is lost, and one that writes is not', async () => {
    const suicide = 'SELECT pg_terminate_backend(pg_backend_pid())';
    seen.length = 0;
    await expect(db.run(suicide, [])).rejects.toThrow();
    expect(seen).toHaveLength(10);
    seen.length = 0;
    await expect(db.write(suicide, [])).rejects.toThrow();
    expect(seen).toHaveLength(1);
    expect(await db.run('SELECT n FROM things WHERE id = 1', [])).toEqual([{ n: 0 }]);
  });

  it('that would begin a transaction has done nothing if its connection is lost', async () => {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    await client.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => {});
    const refused = await begun(client, 'BEGIN').catch((error) => error);
    expect(unavailable(refused)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('that waits for a lock too long can be tried again', async () => {
    await db.transaction(async (run) => {
      await run('UPDATE things SET n = n WHERE id = 1', []);
      const refused = await db.write('UPDATE things SET n = n WHERE id = 1', []).catch((error) => error);
      expect(unavailable(refused)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', facts: { retryAfter: 1 } });
    });
  });

  it('that takes too long is a fault', async () => {
    const slow = await db.run('SELECT pg_sleep(10)', []).catch((error) => error);
    expect(slow).toMatchObject({ code: '57014' });
    expect(unavailable(slow)).toBeNull();
  });

  it('is done again, as all of its transaction, if another one went first', async () => {
    let tries = 0;
    const done = await db.transaction(async (run) => {
      tries += 1;
      await run('UPDATE things SET n = n + 1 WHERE id = 2', []);
      if (tries < 3) await run(`DO $$ BEGIN RAISE 'first' USING ERRCODE = '40001'; END $$`, []);
      return run('SELECT n FROM things WHERE id = 2', []);
    });
    expect(done).toEqual([{ n: 1 }]);
    expect(tries).toBe(3);
  });

  it('has not happened where a transaction went on after it had failed', async () => {
    const swallowing = db.transaction(async (run) => {
      await run('UPDATE things SET n = 9 WHERE id = 1', []);
      await run('SELECT 1 / 0', []).catch(() => {});
    });
    await expect(swallowing).rejects.toThrow('rolled back');
  });

  it('finds no connection where nobody listens', async () => {
    const nowhere = openDatabase({ url: 'postgresql://a@127.0.0.1:1/a', log });
    for (const failing of [nowhere.run('SELECT 1', []), nowhere.write('SELECT 1', []), nowhere.begin()]) {
      expect(unavailable(await failing.catch((error) => error))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    }
    await nowhere.close();
  });
});

describe('a standby', () => {
  const who = 'SELECT 1 AS ord, current_database() AS name';
  const current = keyed<{ name: string }>({
    key: ['n'],
    types: ['int'],
    select: 'current_database() AS name',
    from: '',
  });
  const old = { ...current, text: `${current.text} `, mayBeOld: true };

  it('is asked for what may be old, and for nothing else; the primary answers for it', async () => {
    const [primary, standby] = [await createDatabase(), await createDatabase()];
    const nameOf = (url: string) => new URL(url).pathname.slice(1);
    const db = openDatabase({ url: primary.url, readUrl: standby.url, log });
    try {
      const ask = async (statement: typeof current) => (await db.batcher.load(statement, ['1']))[0]!.name;
      expect(await ask(old)).toBe(nameOf(standby.url));
      expect(await ask(current)).toBe(nameOf(primary.url));
      expect(await db.run(who, [])).toMatchObject([{ name: nameOf(primary.url) }]);
      const open = await db.begin();
      expect(await open.db.batcher.load(old, ['1'])).toMatchObject([{ name: nameOf(primary.url) }]);
      await open.rollback();
      await standby.drop();
      expect(await ask(old)).toBe(nameOf(primary.url));
    } finally {
      await db.close();
      await primary.drop();
    }
  });
});
