import { describe, expect, it, vi } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { countingStatements } from '../../support/statements.js';
import { aWorld, type World, write } from '../../support/world.js';
import { trailOf } from '../audit/reading.js';
import { aKey, inTwoOrganizations, type Key, keysSeenBy, makeTeam, me, place, read } from './keys.js';

const gateway = useGateway();

const value = (after: string) => ({ before: null, after });

async function lastUseOf({ organization }: World, { id }: Key): Promise<Date | null> {
  const { lastUsedAt } = await gateway().services.db.prisma.apiKey.findUniqueOrThrow({
    where: { organizationId_id: { organizationId: organization.id, id } },
  });
  return lastUsedAt;
}

/** Waits until a use has been noted, which no request waits for. */
const notedUseOf = (world: World, key: Key, after = 0) =>
  vi.waitFor(
    async () => {
      const lastUsedAt = await lastUseOf(world, key);
      if (!lastUsedAt || lastUsedAt.getTime() <= after) throw new Error('The use has not been noted yet.');
      return lastUsedAt;
    },
    { timeout: 10_000, interval: 20 },
  );

const setLastUse = ({ organization }: World, { id }: Key, lastUsedAt: Date) =>
  write(gateway(), (set) => set.update('api_keys', { organizationId: organization.id, id, lastUsedAt }));

const notes = (statements: string[]) => statements.filter((text) => text.startsWith('UPDATE api_keys'));

/** Lets whatever is still being written come to its end. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 200));

describe('when an API key was last used', () => {
  it('is not known before, and shown after', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    expect(await keysSeenBy(world.admin, world)).toMatchObject([{ id: key.id, lastUsedAt: null }]);
    const started = Date.now();
    await key.send(me);
    const lastUsedAt = await notedUseOf(world, key);
    expect(lastUsedAt.getTime()).toBeGreaterThanOrEqual(started - 1000);
    expect(lastUsedAt.getTime()).toBeLessThanOrEqual(Date.now() + 1000);
    const [shown] = await keysSeenBy(world.admin, world);
    expect(Date.parse(shown!.lastUsedAt!)).toBe(lastUsedAt.getTime());
  });

  it('is noted of the key that was used, and of no other', async () => {
    const world = await aWorld(gateway());
    const [used, other] = [await aKey(gateway(), world, world.admin), await aKey(gateway(), world, world.admin)];
    await used.send(me);
    await notedUseOf(world, used);
    expect(await lastUseOf(world, other)).toBeNull();
  });

  it('is written at most once in a minute, however many requests there are', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const { statements } = await countingStatements(async () => {
      await Promise.all(Array.from({ length: 20 }, () => key.send(me)));
      await notedUseOf(world, key);
      for (let round = 0; round < 5; round += 1) await key.send(me);
      await settled();
    });
    expect(notes(statements)).toHaveLength(1);
  });

  it('is written again after a minute, and not before', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const recently = new Date(Date.now() - 50_000);
    await setLastUse(world, key, recently);
    const { statements } = await countingStatements(async () => {
      await key.send(me);
      await settled();
    });
    expect(notes(statements)).toEqual([]);
    expect(await lastUseOf(world, key)).toEqual(recently);
    const longAgo = new Date(Date.now() - 61_000);
    await setLastUse(world, key, longAgo);
    await key.send(me);
    expect((await notedUseOf(world, key, longAgo.getTime())).getTime()).toBeGreaterThan(recently.getTime());
  });

  it('is noted also of a request that is refused, but of none with a key that is no longer good', async () => {
    const world = await aWorld(gateway());
    const reading = await aKey(gateway(), world, world.admin, { scopes: read });
    expect(codeOf(await makeTeam(world, reading))).toBe('FORBIDDEN');
    await notedUseOf(world, reading);
    const expired = await aKey(gateway(), world, world.admin, { expiresAt: new Date(Date.now() - 1000) });
    expect(codeOf(await expired.send(me))).toBe('UNAUTHENTICATED');
    await settled();
    expect(await lastUseOf(world, expired)).toBeNull();
  });

  it('keeps no request waiting, and makes none fail', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const { db } = gateway().services;
    await db.transaction(async (run) => {
      await run('SELECT 1 FROM api_keys WHERE organization_id = $1 AND id = $2 FOR UPDATE', [
        world.organization.id,
        key.id,
      ]);
      expect(codeOf(await key.send(me))).toBeUndefined();
      expect(codeOf(await key.send(me))).toBeUndefined();
    });
    await notedUseOf(world, key);
  });
});

describe('what an API key does', () => {
  it('is recorded as the key’s, and as the user’s for whom it acts', async () => {
    const world = await aWorld(gateway());
    const maker = await world.join('administrator');
    const key = await aKey(gateway(), world, maker);
    expect(codeOf(await makeTeam(world, key))).toBeUndefined();
    expect(codeOf(await makeTeam(world, maker, 'Blue'))).toBeUndefined();
    const events = await trailOf(world, { actions: ['TEAM_CREATED'] });
    expect(events.map(({ actor }) => actor)).toEqual([
      { type: 'USER', userId: maker.user.id, apiKeyId: null },
      { type: 'API_KEY', userId: maker.user.id, apiKeyId: key.id },
    ]);
  });

  it('is recorded as the key’s also if its user is a super admin', async () => {
    const world = await aWorld(gateway());
    await write(gateway(), (set) => set.update('users', { id: world.admin.user.id, isSuperAdmin: true }));
    const key = await aKey(gateway(), world, world.admin);
    await makeTeam(world, key);
    await makeTeam(world, world.admin, 'Blue');
    const events = await trailOf(world, { actions: ['TEAM_CREATED'] });
    expect(events.map(({ actor }) => actor.type)).toEqual(['SUPER_ADMIN', 'API_KEY']);
  });

  it('stays on record after the key is gone', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    await makeTeam(world, key);
    await write(gateway(), (set) => set.delete('api_keys', { organizationId: world.organization.id, id: key.id }));
    expect(await trailOf(world, { actions: ['TEAM_CREATED'] })).toMatchObject([{ actor: { apiKeyId: key.id } }]);
  });

  it('is recorded in the organization that it founds', async () => {
    const { world, key } = await inTwoOrganizations(gateway());
    type Founded = { createOrganization: { organization: { id: string } } };
    const { data } = await key.send<Founded, object>(
      'mutation { createOrganization(input: { name: "Beta" }) { organization { id } } }',
    );
    const founded = { ...world, ...place(data.createOrganization.organization.id) };
    expect(await trailOf(founded)).toMatchObject([
      { action: 'ORGANIZATION_CREATED', actor: { type: 'API_KEY', userId: world.admin.user.id, apiKeyId: key.id } },
    ]);
  });
});

describe('what an API key is refused', () => {
  const refusalsIn = (world: World) => trailOf(world, { actions: ['ACCESS_REFUSED'] });

  it('is recorded as the key’s, with what was missing', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const [writing, reading] = [
      await aKey(gateway(), world, viewer),
      await aKey(gateway(), world, world.admin, { scopes: read }),
    ];
    expect(codeOf(await makeTeam(world, writing))).toBe('FORBIDDEN');
    expect(codeOf(await makeTeam(world, reading))).toBe('FORBIDDEN');
    const [byScope, byRole, ...more] = await refusalsIn(world);
    expect(more).toEqual([]);
    expect(byRole).toMatchObject({
      actor: { type: 'API_KEY', userId: viewer.user.id, apiKeyId: writing.id },
      target: { type: 'ORGANIZATION', id: world.organization.id },
      changes: {
        operation: value('createTeam'),
        code: value('FORBIDDEN'),
        requiredPermission: value('teams.create'),
      },
    });
    expect(byScope).toMatchObject({
      actor: { type: 'API_KEY', userId: world.admin.user.id, apiKeyId: reading.id },
      changes: { operation: value('createTeam'), code: value('FORBIDDEN') },
    });
  });

  it('is recorded of personal things as well, where they are about the organization', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const input = { organizationId: world.organization.id, apiKeyId: newId() };
    await key.send('mutation ($input: DeleteApiKeyInput!) { deleteApiKey(input: $input) { deletedApiKeyId } }', {
      input,
    });
    expect(await refusalsIn(world)).toMatchObject([
      { actor: { type: 'API_KEY', apiKeyId: key.id }, changes: { operation: value('deleteApiKey') } },
    ]);
  });

  it('is recorded of a key whose membership is suspended', async () => {
    const world = await aWorld(gateway());
    const { user, memberId } = await world.join('administrator');
    const key = await aKey(gateway(), world, { user, memberId });
    const { id: organizationId } = world.organization;
    await write(gateway(), (set) => set.update('members', { organizationId, id: memberId, status: 'SUSPENDED' }));
    expect(codeOf(await makeTeam(world, key))).toBe('FORBIDDEN');
    expect(await refusalsIn(world)).toMatchObject([{ actor: { type: 'API_KEY', userId: user.id, apiKeyId: key.id } }]);
  });

  it('leaves nothing in organizations that are not its own, though its user administrates them', async () => {
    const { other, world, key } = await inTwoOrganizations(gateway());
    const reading = await aKey(gateway(), world, world.admin, { scopes: read });
    for (const caller of [key, reading]) expect(codeOf(await makeTeam(other, caller))).not.toBeUndefined();
    expect(await refusalsIn(other)).toEqual([]);
    const events = await gateway().services.db.prisma.platformEvent.findMany({
      where: { actorUserId: world.admin.user.id },
    });
    expect(events).toMatchObject([{ action: 'ACCESS_REFUSED', actorType: 'API_KEY', targetId: world.admin.user.id }]);
  });
});
