import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { hashSecret, newSecret } from '../../../src/platform/secret.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World, write } from '../../support/world.js';
import { answersAlike, type Caller, nobody } from '../adversaries.js';
import { itIsRead, type PageAnswer, page } from '../lists.js';
import { customRole } from '../states.js';
import { aKey, keysSeenBy, list, read } from './keys.js';

const gateway = useGateway();

const seenBy = async (caller: Caller, world: World) => (await keysSeenBy(caller, world)).map(({ id }) => id).sort();

const idsOf = (...keys: { id: string }[]) => keys.map(({ id }) => id).sort();

describe('the list of API keys', () => {
  itIsRead(['NAME', 'CREATED_AT'], async (size) => {
    const { organization, admin, join } = await aWorld(gateway());
    const developer = await join('developer');
    const createdAt = new Date();
    const rows = Array.from({ length: size }, (_, index) => ({
      organizationId: organization.id,
      id: newId(),
      memberId: developer.memberId,
      userId: developer.user.id,
      name: `${index % 2 ? 'sync' : 'Sync'} ${index % 3}`,
      prefix: 'tnt_12345678',
      secretHash: hashSecret(newSecret()),
      scopes: read,
      createdAt,
    }));
    await write(gateway(), (set) => set.insert('api_keys', ...rows));
    const document = `query ($id: ID!, ${page.variables('ApiKeyOrder')}) {
      organization(id: $id) { apiKeys(${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: rows.map(({ id }) => id),
      read: (request) => admin.send(document, { id: organization.id, ...request }),
      pageIn: (data) => (data as { organization: { apiKeys: PageAnswer } }).organization.apiKeys,
    };
  });

  it('begins with the newest, unless told otherwise', async () => {
    const world = await aWorld(gateway());
    const now = Date.now();
    for (const [age, name] of ['beta', 'Alpha', 'Gamma', 'alpine'].entries()) {
      await aKey(gateway(), world, world.admin, { name, createdAt: new Date(now - age * 1000) });
    }
    const names = async (orderBy: object | null) =>
      (await list(world, world.admin, orderBy)).data.organization.apiKeys.nodes.map(({ name }) => name);
    expect(await names(null)).toEqual(['beta', 'Alpha', 'Gamma', 'alpine']);
    expect(await names({ field: 'CREATED_AT', direction: 'ASC' })).toEqual(['alpine', 'Gamma', 'Alpha', 'beta']);
    expect(await names({ field: 'NAME' })).toEqual(['Alpha', 'alpine', 'beta', 'Gamma']);
  });

  it('shows developers their own, and administrators everybody’s', async () => {
    const world = await aWorld(gateway());
    const [ada, eve] = [await world.join('developer'), await world.join('developer')];
    const own = await aKey(gateway(), world, world.admin);
    const [first, second] = [await aKey(gateway(), world, ada), await aKey(gateway(), world, ada)];
    const other = await aKey(gateway(), world, eve);
    expect(await seenBy(ada, world)).toEqual(idsOf(first, second));
    expect(await seenBy(eve, world)).toEqual(idsOf(other));
    for (const caller of [world.admin, await aPerson(gateway(), { isSuperAdmin: true })]) {
      expect(await seenBy(caller, world)).toEqual(idsOf(own, first, second, other));
    }
    expect((await list(world, ada)).data.organization.apiKeys.totalCount).toBe(2);
    expect((await list(world, world.admin)).data.organization.apiKeys.totalCount).toBe(4);
  });

  it('says whose each key is', async () => {
    const world = await aWorld(gateway());
    const developer = await world.join('developer');
    const key = await aKey(gateway(), world, developer);
    expect(await keysSeenBy(world.admin, world)).toMatchObject([{ id: key.id, createdBy: { id: developer.user.id } }]);
  });

  it('has nothing of other organizations, not even the caller’s own keys there', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await aKey(gateway(), other, other.admin);
    const own = await aKey(gateway(), world, world.admin);
    expect(await seenBy(world.admin, world)).toEqual(idsOf(own));
    await answersAlike(
      (id) => list({ organization: { ...world.organization, id } }, world.admin),
      other.organization.id,
    );
  });

  it('is read with a key as well: its maker’s with a scope to read, everybody’s if it may manage members', async () => {
    const world = await aWorld(gateway());
    const developer = await world.join('developer');
    const theirs = await aKey(gateway(), world, developer, { scopes: read });
    const reading = await aKey(gateway(), world, world.admin, { scopes: read });
    const writing = await aKey(gateway(), world, world.admin);
    expect(await seenBy(theirs, world)).toEqual(idsOf(theirs));
    expect(await seenBy(reading, world)).toEqual(idsOf(reading, writing));
    expect(await seenBy(writing, world)).toEqual(idsOf(theirs, reading, writing));
  });

  it('is for whoever holds api_keys.read', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, {
      key: 'maker',
      rank: 5,
      permissions: ['organization.read', 'api_keys.create'],
    });
    for (const role of ['billing_manager', 'team_manager', 'member', 'viewer', 'maker']) {
      const answer = await list(world, await world.join(role));
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('api_keys.read');
    }
    expect(codeOf(await list(world, nobody(gateway())))).toBe('UNAUTHENTICATED');
  });
});
