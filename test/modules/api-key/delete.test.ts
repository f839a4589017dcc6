import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { customRole } from '../states.js';
import { aKey, create, DeleteApiKey, erase, keyOf, keysSeenBy, me, read } from './keys.js';

const gateway = useGateway();

describe('deleting an API key', () => {
  itIsRefusedToOthers(gateway, 'api_keys.delete', async (world) => {
    const { id: apiKeyId } = await aKey(gateway(), world, world.admin);
    return (caller, organizationId) => caller.send(DeleteApiKey, { input: { organizationId, apiKeyId } });
  });

  it('ends it from the next request on, and no other', async () => {
    const world = await aWorld(gateway());
    const developer = await world.join('developer');
    const { apiKey, secret } = (await create(world, developer)).data.createApiKey;
    const [key, other] = [keyOf(gateway(), apiKey.id, secret), await aKey(gateway(), world, developer)];
    expect(codeOf(await key.send(me))).toBeUndefined();

    const { data, errors } = await erase(world, developer, key.id);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ deleteApiKey: { deletedApiKeyId: key.id } });

    const answer = await key.send(me);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await keysSeenBy(developer, world)).map(({ id }) => id)).toEqual([other.id]);
    expect(codeOf(await other.send(me))).toBeUndefined();
  });

  it('is recorded once, and cannot be repeated', async () => {
    const world = await aWorld(gateway());
    const developer = await world.join('developer');
    const key = await aKey(gateway(), world, developer, { name: 'Old sync' });
    await erase(world, world.admin, key.id);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'API_KEY_DELETED',
        targetType: 'API_KEY',
        targetId: key.id,
        changes: { name: { before: 'Old sync', after: null } },
      },
    ]);
    await answersAlike((apiKeyId) => erase(world, world.admin, apiKeyId), key.id);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('finds no key of another developer, though an administrator does', async () => {
    const world = await aWorld(gateway());
    const [ada, eve] = [await world.join('developer'), await world.join('developer')];
    const key = await aKey(gateway(), world, ada);
    await answersAlike((apiKeyId) => erase(world, eve, apiKeyId), key.id);
    expect(codeOf(await key.send(me))).toBeUndefined();
    expect(codeOf(await erase(world, world.admin, key.id))).toBeUndefined();
    expect(codeOf(await key.send(me))).toBe('UNAUTHENTICATED');
  });

  it('is possible for super admins, in every organization', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    expect(codeOf(await erase(world, await aPerson(gateway(), { isSuperAdmin: true }), key.id))).toBeUndefined();
    expect(codeOf(await key.send(me))).toBe('UNAUTHENTICATED');
  });

  it('finds no key of another organization, and leaves it as it is', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await aKey(gateway(), other, other.admin);
    const before = await tracesIn(gateway(), other.organization.id);
    await answersAlike((apiKeyId) => erase(world, world.admin, apiKeyId), theirs.id);
    await answersAlike(
      (id) => erase({ organization: { ...other.organization, id } }, world.admin, theirs.id),
      other.organization.id,
    );
    expect(await tracesIn(gateway(), other.organization.id)).toEqual(before);
    expect(codeOf(await theirs.send(me))).toBeUndefined();
  });

  it('takes a session: a key deletes none, not even itself', async () => {
    const world = await aWorld(gateway());
    const [key, other] = [await aKey(gateway(), world, world.admin), await aKey(gateway(), world, world.admin)];
    for (const { id } of [key, other, { id: newId() }]) {
      const answer = await erase(world, key, id);
      expect(answer.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'SESSION_REQUIRED' });
    }
    for (const { send } of [key, other]) expect(codeOf(await send(me))).toBeUndefined();
  });

  it('goes by who made the key, whatever the role lets see', async () => {
    const world = await aWorld(gateway());
    const permissions = ['organization.read', 'api_keys.delete'];
    await customRole(gateway(), world, { key: 'cleaner', rank: 5, permissions });
    await customRole(gateway(), world, { key: 'manager', rank: 50, permissions: [...permissions, 'users.update'] });
    const [cleaner, manager] = [await world.join('cleaner'), await world.join('manager')];
    const developer = await world.join('developer');
    const [own, other] = [await aKey(gateway(), world, cleaner), await aKey(gateway(), world, developer)];
    expect(codeOf(await erase(world, cleaner, other.id))).toBe('NOT_FOUND');
    expect(codeOf(await erase(world, cleaner, own.id))).toBeUndefined();
    expect(codeOf(await erase(world, manager, other.id))).toBeUndefined();
  });

  it('says what is no id', async () => {
    const world = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin, { scopes: read });
    for (const wrong of ['x', '', secret]) {
      expect(pathsIn(await erase(world, world.admin, wrong))).toEqual(['input.apiKeyId']);
    }
  });
});
