import { describe, expect, it } from 'vitest';
import { forgetPrivateKeys } from '../../../src/modules/integration-token/integration-key.service.js';
import { useGateway } from '../../support/gateway.js';
import type { World } from '../../support/world.js';
import { aNewKey, aPlace, aToken, keysOf, not, pass, verdictOn } from './integrations.js';

const gateway = useGateway();

const statusesOf = async (world: World) =>
  Object.fromEntries((await keysOf(world)).map(({ kid, status }) => [kid, status]));

/** An organization with a key, and a token of it. */
async function aSigner() {
  const world = await aPlace(gateway());
  const first = await aToken(world, world.admin, { expiresIn: 86_400 });
  return { world, first };
}

describe('no grace at all', () => {
  it('retires every key at once, and the new one signs at once', async () => {
    const { world, first } = await aSigner();
    const key = await aNewKey(world, world.admin, 0);
    expect(key).toMatchObject({ status: 'ACTIVE', retiresAt: null, activatesAt: key.createdAt });
    expect(await statusesOf(world)).toEqual({ [first.kid]: 'RETIRED', [key.kid]: 'ACTIVE' });
    expect(await verdictOn(world, first.token)).toEqual(not('INVALID'));
    const next = await aToken(world, world.admin);
    expect(next.kid).toBe(key.kid);
    expect(await verdictOn(world, next.token)).toMatchObject({ valid: true });
  });

  it('retires also a key that waits, which then never has its turn', async () => {
    const { world, first } = await aSigner();
    const waiting = await aNewKey(world, world.admin);
    const key = await aNewKey(world, world.admin, 0);
    const statuses = { [first.kid]: 'RETIRED', [waiting.kid]: 'RETIRED', [key.kid]: 'ACTIVE' };
    expect(await statusesOf(world)).toEqual(statuses);
    const token = await aToken(world, world.admin, { expiresIn: 86_400 });
    for (let times = 0; times < 2; times += 1) {
      await pass(gateway(), world, '10 minutes');
      expect(await statusesOf(world)).toEqual(statuses);
      expect((await aToken(world, world.admin)).kid).toBe(key.kid);
      expect(await verdictOn(world, token.token)).toMatchObject({ valid: true });
    }
  });

  it('may be given again and again', async () => {
    const { world } = await aSigner();
    const kids = [];
    for (let times = 0; times < 3; times += 1) kids.push((await aNewKey(world, world.admin, 0)).kid);
    expect(Object.values(await statusesOf(world))).toEqual(['ACTIVE', 'RETIRED', 'RETIRED', 'RETIRED']);
    expect((await aToken(world, world.admin)).kid).toBe(kids[2]);
  });
});

describe('private keys', () => {
  const kept = async (world: World) => {
    const rows = await gateway().services.db.prisma.integrationKey.findMany({
      where: { organizationId: world.organization.id },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ privateJwk }) => privateJwk !== null);
  };

  it('are forgotten an hour after another key has begun to sign, and their tokens go on', async () => {
    const { world, first } = await aSigner();
    const { kid } = await aNewKey(world, world.admin);
    const counted: boolean[][] = [];
    for (const time of ['0 minutes', '64 minutes', '2 minutes']) {
      await pass(gateway(), world, time);
      await forgetPrivateKeys(gateway().services);
      counted.push(await kept(world));
    }
    expect(counted).toEqual([
      [true, true],
      [true, true],
      [false, true],
    ]);
    expect(await verdictOn(world, first.token)).toMatchObject({ valid: true });
    expect((await aToken(world, world.admin)).kid).toBe(kid);
  });

  it('are forgotten as soon as their key is retired', async () => {
    const { world } = await aSigner();
    await aNewKey(world, world.admin);
    await aNewKey(world, world.admin, 0);
    await forgetPrivateKeys(gateway().services);
    expect(await kept(world)).toEqual([false, false, true]);
    await aToken(world, world.admin);
  });

  it('are kept where the key that came later was retired before its turn', async () => {
    const { world, first } = await aSigner();
    const { id } = await aNewKey(world, world.admin);
    await gateway().services.db.run('UPDATE integration_keys SET retires_at = now() WHERE id = $1', [id]);
    await pass(gateway(), world, '2 hours');
    await forgetPrivateKeys(gateway().services);
    expect(await kept(world)).toEqual([true, false]);
    expect((await aToken(world, world.admin)).kid).toBe(first.kid);
  });
});
