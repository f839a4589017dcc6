import { afterEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useOwnGateway } from '../../support/own-gateway.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { itIsRefusedToOthers } from '../adversaries.js';
import { aKey, factsOf, read } from '../api-key/keys.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { aNewKey, aPlace, aToken, documents, good, not, type Revocation, revoke, verdictOn } from './integrations.js';

// Its worker must not do the jobs of other tests while the time is another one here.
const gateway = useOwnGateway();

afterEach(() => {
  vi.useRealTimers();
});

async function revoked(world: World, input: object, caller = world.admin): Promise<Revocation | null> {
  return (await good(revoke(world, caller, input))).revokeIntegrationToken.revocation;
}

const rowsOf = ({ organization }: World) =>
  gateway().services.db.prisma.integrationTokenRevocation.findMany({ where: { organizationId: organization.id } });

describe('revoking an integration token', () => {
  itIsRefusedToOthers(gateway, 'integrations.revoke', async (world) => {
    const { jti } = await aToken(world, world.admin);
    return (caller, organizationId) => caller.send(documents.revoke, { input: { organizationId, jti } });
  });

  it.each(['jti', 'token'] as const)('by its %s counts from the next verification on', async (way) => {
    const world = await aPlace(gateway());
    const [token, other] = [await aToken(world, world.admin), await aToken(world, world.admin)];
    expect(await verdictOn(world, token.token)).toMatchObject({ valid: true });
    const started = Date.now();
    const revocation = await revoked(world, { [way]: token[way], reason: ' Lost by mail ' });
    expect(revocation).toEqual({
      ...{ jti: token.jti, reason: 'Lost by mail', revokedAt: revocation!.revokedAt, expiresAt: token.expiresAt },
      ...{ revokedBy: { id: world.admin.user.id }, token: { jti: token.jti, status: 'REVOKED' } },
    });
    expect(Date.parse(revocation!.revokedAt)).toBeGreaterThanOrEqual(started - 1_000);
    expect(Date.parse(revocation!.revokedAt)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(await verdictOn(world, token.token)).toEqual(not('REVOKED'));
    expect(await verdictOn(world, other.token)).toMatchObject({ valid: true });
  });

  it('is recorded, with the reason and without the token', async () => {
    const world = await aPlace(gateway());
    const { token, jti } = await aToken(world, world.admin);
    const before = await tracesIn(gateway(), world.organization.id);
    await revoked(world, { token, reason: 'Lost' });
    const { version, events } = await tracesIn(gateway(), world.organization.id);
    expect(version).toBe(before.version + 1);
    expect(events.slice(before.events.length)).toEqual([
      {
        ...{ actorType: 'USER', actorUserId: world.admin.user.id, action: 'INTEGRATION_TOKEN_REVOKED' },
        ...{ targetType: 'INTEGRATION_TOKEN', targetId: jti, changes: { reason: { before: null, after: 'Lost' } } },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(token.split('.')[2]);
  });

  it('needs no reason', async () => {
    const world = await aPlace(gateway());
    for (const reason of [undefined, null, '', '  ']) {
      const { jti } = await aToken(world, world.admin);
      expect(await revoked(world, { jti, reason })).toMatchObject({ jti, reason: null });
    }
  });

  it('takes the token or its id, one of them', async () => {
    const world = await aPlace(gateway());
    const { token, jti } = await aToken(world, world.admin);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const input of [{}, { token, jti }, { token: null, jti: null }]) {
      expect(pathsIn(await revoke(world, world.admin, input))).toEqual(['input.token']);
    }
    const wrong: [object, string][] = [
      [{ jti: 'x' }, 'input.jti'],
      [{ jti: `{${jti}}` }, 'input.jti'],
      [{ token: '' }, 'input.token'],
      [{ token: 'a'.repeat(32_769) }, 'input.token'],
      [{ jti, reason: 'a'.repeat(501) }, 'input.reason'],
      [{ jti, reason: 'a\nb' }, 'input.reason'],
    ];
    for (const [input, path] of wrong) expect(pathsIn(await revoke(world, world.admin, input))).toEqual([path]);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(await verdictOn(world, token)).toMatchObject({ valid: true });
  });

  it('takes an id in any case', async () => {
    const world = await aPlace(gateway());
    const { token, jti } = await aToken(world, world.admin);
    expect(await revoked(world, { jti: jti.toUpperCase() })).toMatchObject({ jti });
    expect(await verdictOn(world, token)).toEqual(not('REVOKED'));
  });

  it('again changes nothing, and tells of the first time', async () => {
    const world = await aPlace(gateway());
    const { token, jti } = await aToken(world, world.admin);
    const first = await revoked(world, { jti, reason: 'Lost' });
    const after = await tracesIn(gateway(), world.organization.id);
    const other = await world.join('administrator');
    expect(await revoked(world, { token, reason: 'Stolen' }, other)).toEqual(first);
    expect(await revoked(world, { jti }, other)).toEqual(first);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
    expect(await rowsOf(world)).toHaveLength(1);
  });

  it('by twenty people at once happens once', async () => {
    const world = await aPlace(gateway());
    const { token, jti } = await aToken(world, world.admin);
    const before = await tracesIn(gateway(), world.organization.id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => revoked(world, index % 2 ? { jti } : { token })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.version).toBe(before.version + 1);
    expect(after.events).toHaveLength(before.events.length + 1);
  });

  it('that is not known here is done as well, so that it never counts', async () => {
    const world = await aPlace(gateway());
    const jti = newId();
    const first = await revoked(world, { jti });
    expect(first).toMatchObject({ jti, reason: null, expiresAt: null, token: null });
    const after = await tracesIn(gateway(), world.organization.id);
    expect(await revoked(world, { jti })).toEqual(first);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is done also to one whose time is over', async () => {
    const world = await aPlace(gateway());
    const { token, jti } = await aToken(world, world.admin, { expiresIn: 60 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await verdictOn(world, token)).toEqual(not('EXPIRED'));
    expect(await revoked(world, { token })).toMatchObject({ jti });
  });

  it.each(['x', 'a.b.c', '..', 'eyJhbGciOiJub25lIn0.e30.', '💥', ' '])(
    'finds nothing to revoke in a text that is no token: %j',
    async (token) => {
      const world = await aPlace(gateway());
      const before = await tracesIn(gateway(), world.organization.id);
      expect(await revoked(world, { token })).toBeNull();
      expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    },
  );

  it('finds nothing to revoke in a token of another organization, which goes on counting there', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const [{ token, jti }] = [await aToken(other, other.admin), await aToken(world, world.admin)];
    const before = await tracesIn(gateway(), world.organization.id);
    expect(await revoked(world, { token })).toBeNull();
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    // Its id is one that is not known here.
    expect(await revoked(world, { jti })).toMatchObject({ jti, token: null, expiresAt: null });
    expect(await verdictOn(other, token)).toMatchObject({ valid: true });
    expect(await rowsOf(other)).toEqual([]);
  });

  it('finds nothing to revoke in a token whose key was retired, but does it by its id', async () => {
    const world = await aWorld(gateway());
    const { token, jti } = await aToken(world, world.admin);
    await aNewKey(world, world.admin, 0);
    expect(await revoked(world, { token })).toBeNull();
    expect(await revoked(world, { jti })).toMatchObject({ jti, token: { jti, status: 'REVOKED' } });
  });

  it('is for super admins and for keys that may write', async () => {
    const world = await aPlace(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const [writing, reading] = [
      await aKey(gateway(), world, world.admin),
      await aKey(gateway(), world, world.admin, { scopes: read }),
    ];
    for (const caller of [superAdmin, writing]) {
      const { jti } = await aToken(world, world.admin);
      expect(codeOf(await revoke(world, caller, { jti }))).toBeUndefined();
    }
    const refused = await revoke(world, reading, { jti: newId() });
    expect(factsOf(refused)).toEqual({ code: 'FORBIDDEN', requiredScope: 'organizations:write' });
    expect(await rowsOf(world)).toHaveLength(2);
  });
});
