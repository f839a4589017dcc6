import pg from 'pg';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { auditEvent } from '../../src/auth/audit.js';
import { ChangeBatcher } from '../../src/platform/change-batcher.js';
import { newId } from '../../src/platform/id.js';
import type { Run, Values } from '../../src/platform/sql.js';
import { type Guard, Writes } from '../../src/platform/writes.js';
import { urlOf, useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aWorld, scopeOf, type World, write } from '../support/world.js';

// Four connections for writes, of which a test blocks two.
const gateway = useOwnGateway({ poolSize: 16 });

beforeAll(async () => {
  // A task that nobody does.
  await gateway().services.db.write(
    `INSERT INTO graphile_worker._private_tasks (identifier) VALUES ('send_nothing') ON CONFLICT DO NOTHING`,
    [],
  );
});

const worlds = (count: number) => Promise.all(Array.from({ length: count }, () => aWorld(gateway())));

const guardOf = ({ organization }: World, version = organization.version): Guard => ({
  organizationId: organization.id,
  version,
});

/** A team, with its audit event and a job, as services write it. */
function teamIn({ organization, admin }: World, slug = `team-${newId()}`): Writes {
  const { id: organizationId } = organization;
  const writes = new Writes();
  const id = newId();
  writes.insert('teams', { organizationId, id, name: 'Guides', slug });
  const event = { organizationId, action: 'TEAM_CREATED', target: { type: 'TEAM', id } } as const;
  writes.insert('audit_events', auditEvent(scopeOf(gateway()), admin.user, event));
  writes.enqueue({ task: 'send_nothing', payload: { id }, runAt: new Date(Date.now() + 86_400_000) });
  return writes;
}

/** What there is of an organization by now. */
async function stateOf({ organization: { id } }: World) {
  const [row] = await gateway().services.db.run<{ version: number; teams: number; events: number; jobs: number }>(
    `SELECT o.version, (SELECT count(*)::int FROM teams WHERE organization_id = o.id) AS teams,
       (SELECT count(*)::int FROM audit_events WHERE organization_id = o.id AND action = 'TEAM_CREATED') AS events,
       (SELECT count(*)::int FROM graphile_worker._private_jobs j JOIN teams t ON t.id = (j.payload ->> 'id')::uuid
        WHERE t.organization_id = o.id) AS jobs
     FROM organizations o WHERE o.id = $1::uuid`,
    [id],
  );
  return row!;
}

const written = (world: World) => ({ version: world.organization.version + 1, teams: 1, events: 1, jobs: 1 });
const untouched = (world: World) => ({ version: world.organization.version, teams: 0, events: 0, jobs: 0 });

describe('changes of many organizations at once', () => {
  it('are written in a few statements, each as a whole', async () => {
    const all = await worlds(40);
    const { result, statements } = await countingStatements(() =>
      Promise.all(all.map((world) => gateway().services.db.changes.commit(teamIn(world), [guardOf(world)]))),
    );
    expect(result).toEqual(Array(40).fill(true));
    // Two alone, for nobody else was there, and the others sixteen at a time.
    expect(statements).toHaveLength(5);
    for (const world of all) expect(await stateOf(world)).toEqual(written(world));
  });

  it('are the same as when each is written alone, whatever becomes of the others', async () => {
    const all = await worlds(12);
    const [stale, taken, gone, locked] = [all[3]!, all[5]!, all[7]!, all[9]!];
    await write(gateway(), (set) =>
      set.insert('teams', { organizationId: taken.organization.id, id: newId(), name: 'Guides', slug: 'guides' }),
    );
    const holder = new pg.Client({ connectionString: await urlOf(gateway().services.db) });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM organizations WHERE id = $1 FOR NO KEY UPDATE', [locked.organization.id]);
    const outcomes = all.map((world) => {
      if (world === stale) return commit(world, teamIn(world), world.organization.version - 1);
      if (world === taken) return commit(world, teamIn(world, 'guides'));
      if (world === gone)
        return commit({ ...world, organization: { ...world.organization, id: newId() } }, teamIn(world));
      return commit(world, teamIn(world));
    });
    const ends = outcomes.map((outcome) => outcome.then(String, (error: pg.DatabaseError) => error.code));
    const others = ends.filter((_, index) => all[index] !== locked);
    await Promise.all(others);
    expect(await Promise.race([ends[9], Promise.resolve('waits')])).toBe('waits');
    await holder.query('COMMIT');
    await holder.end();
    const expected = all.map((world) =>
      world === stale || world === gone ? 'false' : world === taken ? '23505' : 'true',
    );
    expect(await Promise.all(ends)).toEqual(expected);
    for (const world of all) {
      if (world === stale || world === gone) expect(await stateOf(world)).toEqual(untouched(world));
      else if (world === taken) expect(await stateOf(world)).toEqual({ ...untouched(world), teams: 1 });
      else expect(await stateOf(world)).toEqual(written(world));
    }
  });

  it('of which two are of one organization are written one after the other, and the second is out of date', async () => {
    const [world, ...others] = await worlds(5);
    const both = [commit(world!, teamIn(world!)), commit(world!, teamIn(world!))];
    const busy = others.map((other) => commit(other, teamIn(other)));
    const again = commit(world!, teamIn(world!));
    expect((await Promise.all([...both, again])).filter(Boolean)).toHaveLength(1);
    expect(await Promise.all(busy)).toEqual(Array(4).fill(true));
    expect(await stateOf(world!)).toEqual(written(world!));
  });

  it('of other shapes, with users that have to be there, or of two organizations at once are written apart', async () => {
    const all = await worlds(8);
    const shaped = (world: World, index: number) => {
      const writes = teamIn(world);
      if (index % 4 === 1) writes.requireUser(world.admin.user.id);
      if (index % 4 === 2) writes.updateWhere('teams', { organizationId: world.organization.id }, { name: 'Others' });
      return writes;
    };
    const outcomes = all.map((world, index) => commit(world, shaped(world, index)));
    expect(await Promise.all(outcomes)).toEqual(Array(8).fill(true));
    for (const world of all) expect(await stateOf(world)).toEqual(written(world));
    const [one, two] = (await worlds(2)) as [World, World];
    const guards = [guardOf(one), guardOf(two, two.organization.version - 1)];
    expect(await gateway().services.db.changes.commit(teamIn(one), guards)).toBe(false);
    for (const world of [one, two]) expect(await stateOf(world)).toEqual(untouched(world));
  });

  it('that also write rows of another organization are written apart, with all of their rows', async () => {
    const [elsewhere, ...all] = (await worlds(7)) as [World, ...World[]];
    const outcomes = all.map((world) => {
      const writes = teamIn(world);
      writes.insert('teams', { organizationId: elsewhere.organization.id, id: newId(), name: 'Far', slug: newId() });
      return commit(world, writes);
    });
    expect(await Promise.all(outcomes)).toEqual(Array(6).fill(true));
    expect(await stateOf(elsewhere)).toMatchObject({ teams: 6 });
  });

  it('that depend on a user who is gone are not written, either', async () => {
    const all = await worlds(6);
    const outcomes = all.map((world) => {
      const writes = teamIn(world);
      writes.requireUser(newId());
      return commit(world, writes);
    });
    expect(await Promise.all(outcomes)).toEqual(Array(6).fill(false));
    for (const world of all) expect(await stateOf(world)).toMatchObject({ teams: 0, events: 0, jobs: 0 });
  });

  it('do not wait for an organization that somebody else holds', async () => {
    const all = await worlds(8);
    const locked = all[5]!;
    const holder = new pg.Client({ connectionString: await urlOf(gateway().services.db) });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM organizations WHERE id = $1 FOR NO KEY UPDATE', [locked.organization.id]);
    const outcomes = all.map((world) => () => commit(world, teamIn(world)));
    let last!: Promise<boolean>;
    const { statements } = await countingStatements(async () => {
      const begun = outcomes.map((begin) => begin());
      [last] = begun.splice(5, 1) as [Promise<boolean>];
      expect(await Promise.all(begun)).toEqual(Array(7).fill(true));
    });
    // Two alone, one for six of whom it has left out one, and that one alone, which may only be about to begin.
    expect(statements.length).toBeLessThanOrEqual(4);
    await holder.query('COMMIT');
    await holder.end();
    expect(await last).toBe(true);
  });

  it('do not wait for one that waits for a lock', async () => {
    const all = await worlds(8);
    const [first, second, ...others] = all as [World, World, ...World[]];
    const holder = new pg.Client({ connectionString: await urlOf(gateway().services.db) });
    await holder.connect();
    await holder.query('BEGIN');
    const ids = [first.organization.id, second.organization.id];
    await holder.query('SELECT 1 FROM organizations WHERE id = ANY($1) FOR NO KEY UPDATE', [ids]);
    const waiting = [first, second].map((world) => commit(world, teamIn(world)));
    // Both statements that may be in flight wait for the lock now.
    expect(await Promise.all(others.map((world) => commit(world, teamIn(world))))).toEqual(Array(6).fill(true));
    await holder.query('COMMIT');
    await holder.end();
    expect(await Promise.all(waiting)).toEqual([true, true]);
  });
});

describe('a connection that is lost', () => {
  it('leaves it open whether any of them was written, so none is written again', async () => {
    const all = await worlds(4);
    const sent: { text: string; values: Values; fail(error: Error): void }[] = [];
    const run = ((text: string, values: Values) =>
      new Promise((_, fail) => {
        sent.push({ text, values, fail });
      })) as unknown as Run;
    const batcher = new ChangeBatcher(run);
    const outcomes = all.map((world) =>
      batcher.commit(teamIn(world), [guardOf(world)]).catch((error: Error) => error.message),
    );
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    for (const { fail } of sent) fail(new Error('Connection terminated unexpectedly'));
    expect(await Promise.all(outcomes)).toEqual(Array(4).fill('Connection terminated unexpectedly'));
    expect(sent).toHaveLength(3);
  });
});

function commit(world: World, writes: Writes, version = world.organization.version): Promise<boolean> {
  return gateway().services.db.changes.commit(writes, [guardOf(world, version)]);
}
