import { afterEach, describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../auth/forging.js';
import { codeOf } from '../../support/client.js';
import { useOwnGateway } from '../../support/own-gateway.js';
import { aWorld, write } from '../../support/world.js';
import { itIsRefusedToOthers } from '../adversaries.js';
import { aKey, factsOf, read } from '../api-key/keys.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { customRole } from '../states.js';
import {
  aNewKey,
  aPlace,
  aToken,
  documents,
  good,
  type Issued,
  issue,
  not,
  type Place,
  pass,
  revoke,
  rotate,
  verdictOn,
} from './integrations.js';

// Its worker must not do the jobs of other tests while the time is another one here.
const gateway = useOwnGateway();

afterEach(() => {
  vi.useRealTimers();
});

const claimsOf = ({ token }: Issued) => contentOf({ accessToken: token }).claims;

async function rotated(world: Parameters<typeof verdictOn>[0], token: string, input: object = {}): Promise<Issued> {
  return (await good(rotate(world, world.admin, { token, ...input }))).rotateIntegrationToken;
}

const tokensIn = ({ organization }: Place) =>
  gateway().services.db.prisma.integrationToken.findMany({
    where: { organizationId: organization.id },
    orderBy: { id: 'asc' },
  });

describe('rotating an integration token', () => {
  itIsRefusedToOthers(gateway, 'integrations.issue', async (world) => {
    const { token } = await aToken(world, world.admin);
    return (caller, organizationId) => caller.send(documents.rotate, { input: { organizationId, token } });
  });

  it('gives a new one that says the same for as long again, while the old one goes on', async () => {
    const world = await aPlace(gateway());
    const scopes = ['teams.read', 'users.read'];
    const old = await aToken(world, world.admin, { scopes, expiresIn: 600, claims: { plan: 'large', list: [1] } });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    const next = await rotated(world, old.token);
    const [before, after] = [claimsOf(old), claimsOf(next)] as [Record<string, number>, Record<string, number>];
    expect(after.iat).toBeGreaterThanOrEqual(before.iat! + 60);
    expect(after).toEqual({ ...before, iat: after.iat, exp: after.iat! + 600, jti: next.jti });
    expect(next.jti).not.toBe(old.jti);
    expect(Date.parse(next.expiresAt)).toBe(after.exp! * 1_000);
    for (const { token } of [old, next]) expect(await verdictOn(world, token)).toMatchObject({ valid: true });
    const [first, second] = await tokensIn(world);
    expect(first).toMatchObject({ id: old.jti, rotatedToId: next.jti });
    expect(second).toMatchObject({ id: next.jti, rotatedToId: null, scopes, subject: 'importer' });
  });

  it('ends the old one if it is told to, on record with the reason', async () => {
    const world = await aPlace(gateway());
    const old = await aToken(world, world.admin);
    const next = await rotated(world, old.token, { revokePrevious: true });
    expect(await verdictOn(world, old.token)).toEqual(not('REVOKED'));
    expect(await verdictOn(world, next.token)).toMatchObject({ valid: true });
    const revocations = await gateway().services.db.prisma.integrationTokenRevocation.findMany({
      where: { organizationId: world.organization.id },
    });
    expect(revocations).toMatchObject([{ jti: old.jti, reason: 'Rotated', revokedById: world.admin.user.id }]);
  });

  it.each([false, true])('is recorded once, without either token (revoking: %s)', async (revokePrevious) => {
    const world = await aPlace(gateway());
    const old = await aToken(world, world.admin);
    const before = await tracesIn(gateway(), world.organization.id);
    const next = await rotated(world, old.token, { revokePrevious });
    const { version, events } = await tracesIn(gateway(), world.organization.id);
    expect(version).toBe(before.version + 1);
    expect(events.slice(before.events.length)).toEqual([
      {
        ...{ actorType: 'USER', actorUserId: world.admin.user.id, action: 'INTEGRATION_TOKEN_ROTATED' },
        ...{ targetType: 'INTEGRATION_TOKEN', targetId: old.jti },
        changes: {
          rotatedToJti: { before: null, after: next.jti },
          revoked: { before: false, after: revokePrevious },
        },
      },
    ]);
    for (const { token } of [old, next]) expect(JSON.stringify(events)).not.toContain(token.split('.')[2]);
  });

  it('works once: whoever does it again is told which one came after', async () => {
    const world = await aPlace(gateway());
    const old = await aToken(world, world.admin);
    const next = await rotated(world, old.token);
    for (const revokePrevious of [false, true]) {
      const again = await rotate(world, world.admin, { token: old.token, revokePrevious });
      expect(factsOf(again)).toEqual({ code: 'CONFLICT', reason: 'ALREADY_ROTATED', jti: next.jti });
    }
    expect(await tokensIn(world)).toHaveLength(2);
    expect(await verdictOn(world, old.token)).toMatchObject({ valid: true });
    const third = await rotated(world, next.token);
    expect((await tokensIn(world)).map(({ rotatedToId }) => rotatedToId)).toEqual([next.jti, third.jti, null]);
  });

  it('by twenty at once makes one successor', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => rotate(world, world.admin, { token, revokePrevious: index % 2 === 0 })),
    );
    const done = answers.filter(({ errors }) => !errors);
    expect(done).toHaveLength(1);
    const { jti } = done[0]!.data.rotateIntegrationToken;
    const refused = answers.filter(({ errors }) => errors).map(factsOf);
    expect(refused).toEqual(Array(19).fill({ code: 'CONFLICT', reason: 'ALREADY_ROTATED', jti }));
    expect((await tokensIn(world)).map(({ id }) => id)).toContain(jti);
    expect(await tokensIn(world)).toHaveLength(2);
  });

  it('takes a token that still counts', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const [revoked, retired] = [await aToken(world, world.admin), await aToken(other, other.admin)];
    const expired = await aToken(world, world.admin, { expiresIn: 60 });
    await good(revoke(world, world.admin, { jti: revoked.jti }));
    const foreign = await aToken(other, other.admin);
    await aNewKey(other, other.admin, 0);
    for (const token of [revoked.token, foreign.token, 'x', 'a.b.c', ' ', '', 'a'.repeat(32_769)]) {
      expect(pathsIn(await rotate(world, world.admin, { token }))).toEqual(['input.token']);
    }
    expect(pathsIn(await rotate(other, other.admin, { token: retired.token }))).toEqual(['input.token']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(pathsIn(await rotate(world, world.admin, { token: expired.token }))).toEqual(['input.token']);
    expect(await tokensIn(world)).toHaveLength(2);
  });

  it('signs with the key of the day', async () => {
    const world = await aWorld(gateway());
    const old = await aToken(world, world.admin);
    const { kid } = await aNewKey(world, world.admin);
    await pass(gateway(), world, '5 minutes');
    const next = await rotated(world, old.token);
    expect([old.kid === kid, next.kid]).toEqual([false, kid]);
    expect(await verdictOn(world, next.token)).toMatchObject({ valid: true, kid });
  });

  it('is done in the current organization where none is named', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    const headers = { 'x-organization-id': world.organization.id };
    expect(codeOf(await world.admin.send(documents.rotate, { input: { token } }, headers))).toBeUndefined();
    expect(await tokensIn(world)).toHaveLength(2);
  });

  it('takes more than a key to read', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    const reading = await aKey(gateway(), world, world.admin, { scopes: read });
    expect(factsOf(await rotate(world, reading, { token }))).toEqual({
      code: 'FORBIDDEN',
      requiredScope: 'organizations:write',
    });
    expect(codeOf(await rotate(world, await aKey(gateway(), world, world.admin), { token }))).toBeUndefined();
  });
});

describe('the ceiling of a rotation', () => {
  const own = ['organization.read', 'teams.read', 'integrations.read', 'integrations.issue'];

  it('is that of who rotates, whoever has issued', async () => {
    const world = await aPlace(gateway());
    await customRole(gateway(), world, { key: 'issuer', rank: 5, permissions: own });
    const issuer = await world.join('issuer');
    const [low, high] = [
      await aToken(world, world.admin, { scopes: ['teams.read'] }),
      await aToken(world, world.admin, { scopes: ['teams.read', 'users.read', 'users.add'] }),
    ];
    expect(codeOf(await rotate(world, issuer, { token: low.token }))).toBeUndefined();
    const before = await tracesIn(gateway(), world.organization.id);
    for (const revokePrevious of [false, true]) {
      expect(factsOf(await rotate(world, issuer, { token: high.token, revokePrevious }))).toEqual({
        code: 'ROLE_CEILING',
        missingPermissions: ['users.read', 'users.add'],
      });
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(await verdictOn(world, high.token)).toMatchObject({ valid: true });
  });

  it('is looked at again after whoever has issued it was demoted', async () => {
    const world = await aPlace(gateway());
    const issuer = await world.join('administrator');
    const { token } = await aToken(world, issuer, { scopes: ['users.add'] });
    await customRole(gateway(), world, { key: 'issuer', rank: 5, permissions: own });
    const { id: organizationId } = world.organization;
    const roleId = world.roles.issuer!;
    await write(gateway(), (set) => set.update('members', { organizationId, id: issuer.memberId, roleId }));
    const refused = { code: 'ROLE_CEILING', missingPermissions: ['users.add'] };
    expect(factsOf(await rotate(world, issuer, { token }))).toEqual(refused);
    expect(factsOf(await issue(world, issuer, { scopes: ['users.add'] }))).toEqual(refused);
    expect(await tokensIn(world)).toHaveLength(1);
  });
});
