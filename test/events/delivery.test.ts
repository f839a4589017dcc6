import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { auditEvent } from '../../src/auth/audit.js';
import { startGateway } from '../../src/gateway.js';
import { newId } from '../../src/platform/id.js';
import { createLog } from '../../src/platform/log.js';
import { Writes } from '../../src/platform/writes.js';
import { testConfig, useGateway } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { aWorld, scopeOf } from '../support/world.js';
import { followAs, makeTeam } from './streams.js';

const gateway = useGateway();
const replica = useGateway();

describe('what is put on record', () => {
  it('arrives, with who did what to what', async () => {
    const world = await aWorld(gateway());
    const stream = await followAs(gateway(), world.admin, world);
    expect(stream.messages).toEqual([{ cursor: expect.any(String), event: null }]);
    const teamId = await makeTeam(world.admin, world);
    const { event } = await stream.next();
    expect(event).toMatchObject({
      action: 'TEAM_CREATED',
      actor: { userId: world.admin.user.id },
      target: { id: teamId },
      requestId: expect.any(String),
    });
  });

  it('arrives on another replica, also what was made with an Idempotency-Key or refused', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const stream = await followAs(replica(), world.admin, world);
    await makeTeam(world.admin, world, 'One');
    const document = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';
    const input = { organizationId: world.organization.id, name: 'Two' };
    await world.admin.send(document, { input }, { 'idempotency-key': crypto.randomUUID() });
    await viewer.send(document, { input });
    expect(await stream.actions(3)).toEqual(['TEAM_CREATED', 'TEAM_CREATED', 'ACCESS_REFUSED']);
  });

  it('arrives for whoever asks for it, and nothing else does', async () => {
    const world = await aWorld(gateway());
    const stream = await followAs(gateway(), world.admin, world, { types: ['TEAM_DELETED', 'MEMBER_REMOVED'] });
    const other = await aWorld(gateway());
    await makeTeam(other.admin, other);
    const teamId = await makeTeam(world.admin, world);
    const document = 'mutation ($input: DeleteTeamInput!) { deleteTeam(input: $input) { team { id } } }';
    await world.admin.send(document, { input: { organizationId: world.organization.id, teamId } });
    expect(await stream.actions(1)).toEqual(['TEAM_DELETED']);
    expect(stream.messages).toHaveLength(2);
  });

  it('arrives for many who follow the same, each event once', async () => {
    const world = await aWorld(gateway());
    const streams = await Promise.all(Array.from({ length: 20 }, () => followAs(gateway(), world.admin, world)));
    const names = Array.from({ length: 5 }, (_, index) => `Team ${index}`);
    const teamIds: string[] = [];
    for (const name of names) teamIds.push(await makeTeam(world.admin, world, name));
    for (const stream of streams) {
      await stream.actions(5);
      expect(stream.messages.slice(1).map(({ event }) => event?.target.id)).toEqual(teamIds);
    }
  });
});

/** What replicas tell each other, of some organizations. */
async function listening(url = inject('databaseUrl')) {
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  const heard: string[][] = [];
  client.on('notification', ({ payload = '' }) => heard.push(payload.split(' ')[1]?.split(',') ?? []));
  await client.query('LISTEN tenantry_records');
  return { heard: (id: string) => heard.filter((ids) => ids.includes(id)).length, client };
}

describe('the signal between replicas', () => {
  it('comes after the commit, on a connection apart, and puts together what comes at once', async () => {
    const world = await aWorld(gateway());
    const { heard } = await listening();
    const { id: organizationId } = world.organization;
    // What comes after this is not of the founding any more.
    const marker = await aWorld(gateway());
    await expect.poll(() => heard(marker.organization.id)).toBeGreaterThan(0);
    const before = heard(organizationId);
    const record = () => {
      const writes = new Writes();
      const target = { type: 'TEAM', id: organizationId } as const;
      const event = auditEvent(scopeOf(gateway()), world.admin.user, {
        organizationId,
        action: 'TEAM_UPDATED',
        target,
      });
      writes.insert('audit_events', event);
      return writes;
    };
    await gateway()
      .services.db.transaction(async (run) => {
        await record().commit(run);
        throw new Error('undone');
      })
      .catch(() => {});
    await makeTeam(world.admin, world);
    await expect.poll(() => heard(organizationId)).toBe(before + 1);
    await Promise.all(Array.from({ length: 200 }, () => record().commit(gateway().services.db.write)));
    const last = await aWorld(gateway());
    await makeTeam(last.admin, last);
    await expect.poll(() => heard(last.organization.id)).toBeGreaterThan(0);
    expect(heard(organizationId)).toBeGreaterThan(before + 1);
    expect(heard(organizationId)).toBeLessThan(100);
  });

  it('is not sent while there is nobody to hear it', async () => {
    const { url, drop } = await createDatabase();
    onTestFinished(drop);
    const started = () => startGateway(testConfig({ databaseUrl: url, databaseDirectUrl: url }), createLog('silent'));
    const one = await started();
    onTestFinished(() => void one.stop());
    const world = await aWorld(one);
    const { heard } = await listening(url);
    const { id } = world.organization;
    const heardOfTeam = async (name: string) => {
      const before = heard(id);
      await makeTeam(world.admin, world, name);
      await sleep(200);
      return heard(id) > before;
    };
    expect(await heardOfTeam('Alone')).toBe(false);
    const other = await started();
    const stream = await followAs(other, world.admin, world);
    expect(await heardOfTeam('Together')).toBe(true);
    expect(await stream.actions(1)).toEqual(['TEAM_CREATED']);
    stream.stop();
    await other.stop();
    // It looks every few seconds.
    await expect.poll(() => heardOfTeam(`Alone again ${newId()}`), { timeout: 10_000 }).toBe(false);
  });
});
