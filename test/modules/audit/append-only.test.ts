import { describe, expect, it } from 'vitest';
import { useOwnGateway } from '../../support/own-gateway.js';
import { aPerson, aWorld } from '../../support/world.js';

// To truncate tables takes locks that statements of other tests would deadlock with.
const gateway = useOwnGateway();

const tables = ['audit_events', 'platform_events'] as const;

/** An organization with an event, and a super admin with one. */
async function history() {
  const world = await aWorld(gateway());
  const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
  const suspend = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }';
  const { user } = await aPerson(gateway());
  await superAdmin.send(suspend, { input: { userId: user.id, status: 'SUSPENDED' } });
  const { prisma } = gateway().services.db;
  const read = async () => ({
    audit: await prisma.auditEvent.findMany({ where: { organizationId: world.organization.id } }),
    platform: await prisma.platformEvent.findMany({ where: { targetId: user.id } }),
  });
  const before = await read();
  expect(before.audit).toHaveLength(1);
  expect(before.platform).toHaveLength(1);
  return { world, user, read, before };
}

describe('the record of what happened', () => {
  it('can be changed, shortened or emptied by no statement of the gateway', async () => {
    const { read, before } = await history();
    const { run, write } = gateway().services.db;
    for (const table of tables) {
      for (const statement of [
        `UPDATE ${table} SET action = 'NOTHING'`,
        `UPDATE ${table} SET ip = NULL WHERE false`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `TRUNCATE ${table} CASCADE`,
        `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT (${table === 'audit_events' ? 'organization_id, ' : ''}id)
           DO UPDATE SET action = 'NOTHING'`,
        `WITH gone AS (DELETE FROM ${table} RETURNING 1) SELECT count(*) FROM gone`,
      ]) {
        for (const by of [run, write]) await expect(by(statement, []), statement).rejects.toThrow(/append only/);
      }
    }
    expect(await read()).toEqual(before);
  });

  it('can be changed or shortened by Prisma neither', async () => {
    const { world, user, read, before } = await history();
    const { prisma } = gateway().services.db;
    const [organizationId, targetId] = [world.organization.id, user.id];
    const attempts = [
      () => prisma.auditEvent.updateMany({ where: { organizationId }, data: { action: 'NOTHING' } }),
      () => prisma.auditEvent.deleteMany({ where: { organizationId } }),
      () => prisma.platformEvent.updateMany({ where: { targetId }, data: { action: 'NOTHING' } }),
      () => prisma.platformEvent.deleteMany({ where: { targetId } }),
      () => prisma.$executeRawUnsafe('TRUNCATE audit_events'),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow();
    expect(await read()).toEqual(before);
  });

  it('outlives what it is about: an organization with a record cannot be erased', async () => {
    const { world, read, before } = await history();
    const { run } = gateway().services.db;
    await expect(run('DELETE FROM organizations WHERE id = $1', [world.organization.id])).rejects.toThrow();
    await expect(run('TRUNCATE organizations CASCADE', [])).rejects.toThrow(/append only/);
    expect(await read()).toEqual(before);
  });
});
