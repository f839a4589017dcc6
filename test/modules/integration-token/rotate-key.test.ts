import { describe, expect, it } from 'vitest';
import { contentOf } from '../../auth/forging.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World } from '../../support/world.js';
import { itIsRefusedToOthers } from '../adversaries.js';
import { aKey, factsOf, read } from '../api-key/keys.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import {
  aNewKey,
  aPlace,
  aToken,
  documents,
  expireTokens,
  type Issued,
  keysOf,
  not,
  pass,
  rotateKey,
  verdictOn,
} from './integrations.js';

const gateway = useGateway();

const minute = 60_000;

const statusesOf = async (world: World) =>
  Object.fromEntries((await keysOf(world)).map(({ kid, status }) => [kid, status]));

/** From one moment to another in milliseconds, both as they are told. */
const between = (from: string, to: string | null) => Date.parse(to!) - Date.parse(from);

const lifeOf = ({ token }: Issued) => {
  const { iat, exp } = contentOf({ accessToken: token }).claims as { iat: number; exp: number };
  return exp - iat;
};

/** An organization with a key, and a token of it. */
async function aSigner() {
  const world = await aPlace(gateway());
  const first = await aToken(world, world.admin, { expiresIn: 86_400 });
  return { world, first };
}

describe('rotating the key of integration tokens', () => {
  itIsRefusedToOthers(gateway, 'integrations.rotate', async () => {
    return (caller, organizationId) => caller.send(documents.rotateKey, { input: { organizationId } });
  });

  it('publishes a new key, which waits until everybody can have it while the old one signs', async () => {
    const { world, first } = await aSigner();
    const key = await aNewKey(world, world.admin);
    expect(key).toMatchObject({ alg: 'RS256', status: 'NEXT', retiresAt: null });
    expect(between(key.createdAt, key.activatesAt)).toBe(5 * minute);
    expect(key.kid).not.toBe(first.kid);
    expect((await keysOf(world))[0]).toEqual(key);
    expect(await statusesOf(world)).toEqual({ [first.kid]: 'ACTIVE', [key.kid]: 'NEXT' });
    expect((await aToken(world, world.admin)).kid).toBe(first.kid);
    await pass(gateway(), world, '4 minutes 50 seconds');
    expect((await aToken(world, world.admin)).kid).toBe(first.kid);
  });

  it('lets the new key sign from its moment on, and the old one be known until its last token has expired', async () => {
    const { world, first } = await aSigner();
    const { kid } = await aNewKey(world, world.admin);
    await pass(gateway(), world, '5 minutes');
    expect(await statusesOf(world)).toEqual({ [first.kid]: 'RETIRING', [kid]: 'ACTIVE' });
    const next = await aToken(world, world.admin);
    expect(next.kid).toBe(kid);
    for (const { token } of [first, next]) expect(await verdictOn(world, token)).toMatchObject({ valid: true });
    await expireTokens(gateway(), world);
    expect(await statusesOf(world)).toEqual({ [first.kid]: 'RETIRED', [kid]: 'ACTIVE' });
  });

  it('is recorded, with the name of the new key and when it signs', async () => {
    const { world } = await aSigner();
    const before = await tracesIn(gateway(), world.organization.id);
    const key = await aNewKey(world, world.admin);
    const { version, events } = await tracesIn(gateway(), world.organization.id);
    expect(version).toBe(before.version + 1);
    expect(events.slice(before.events.length)).toEqual([
      {
        ...{ actorType: 'USER', actorUserId: world.admin.user.id, action: 'INTEGRATION_KEY_CREATED' },
        ...{ targetType: 'INTEGRATION_KEY', targetId: key.id },
        changes: { kid: { before: null, after: key.kid }, activatesAt: { before: null, after: key.activatesAt } },
      },
    ]);
  });

  it('makes the first key of an organization that has none, which signs at once', async () => {
    const world = await aWorld(gateway());
    const key = await aNewKey(world, world.admin);
    expect(key).toMatchObject({ status: 'ACTIVE', retiresAt: null, activatesAt: key.createdAt });
    expect((await aToken(world, world.admin)).kid).toBe(key.kid);
  });

  it('is refused while a new key waits, with its name and its moment', async () => {
    const { world } = await aSigner();
    const { kid, activatesAt } = await aNewKey(world, world.admin);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const graceSeconds of [undefined, null, 1, 600]) {
      expect(factsOf(await rotateKey(world, world.admin, { graceSeconds }))).toEqual({
        ...{ code: 'CONFLICT', reason: 'ROTATION_PENDING', kid, activatesAt },
      });
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    await pass(gateway(), world, '5 minutes');
    expect((await aNewKey(world, world.admin)).status).toBe('NEXT');
  });

  it('by ten people at once makes one key', async () => {
    const { world } = await aSigner();
    const answers = await Promise.all(Array.from({ length: 10 }, () => rotateKey(world, world.admin)));
    expect(answers.map(codeOf).sort()).toEqual([...Array(9).fill('CONFLICT'), undefined]);
    expect(await keysOf(world)).toHaveLength(2);
  });

  it('takes a grace of 0 seconds to a year', async () => {
    const { world } = await aSigner();
    for (const graceSeconds of [-1, 31_536_001]) {
      expect(pathsIn(await rotateKey(world, world.admin, { graceSeconds }))).toEqual(['input.graceSeconds']);
    }
    expect(await keysOf(world)).toHaveLength(1);
    await aNewKey(world, world.admin, 31_536_000);
    expect(await keysOf(world)).toHaveLength(2);
  });

  it('takes more than a key to read', async () => {
    const { world } = await aSigner();
    const reading = await aKey(gateway(), world, world.admin, { scopes: read });
    const refused = { code: 'FORBIDDEN', requiredScope: 'organizations:write' };
    expect(factsOf(await rotateKey(world, reading))).toEqual(refused);
    expect(await keysOf(world)).toHaveLength(1);
  });
});

describe('a grace', () => {
  it('ends all earlier tokens, however long they would have lasted', async () => {
    const { world, first } = await aSigner();
    const { kid, createdAt } = await aNewKey(world, world.admin, 3_600);
    const [, old] = await keysOf(world);
    expect(between(createdAt, old!.retiresAt)).toBe(60 * minute);
    await pass(gateway(), world, '59 minutes');
    expect(await statusesOf(world)).toEqual({ [first.kid]: 'RETIRING', [kid]: 'ACTIVE' });
    expect(await verdictOn(world, first.token)).toMatchObject({ valid: true });
    await pass(gateway(), world, '1 minute');
    expect(await statusesOf(world)).toEqual({ [first.kid]: 'RETIRED', [kid]: 'ACTIVE' });
    expect(await verdictOn(world, first.token)).toEqual(not('INVALID'));
  });

  it('ends also what the old key still signs: no token outlives its key', async () => {
    const { world, first } = await aSigner();
    await aNewKey(world, world.admin, 600);
    const last = await aToken(world, world.admin, { expiresIn: 86_400 });
    const short = await aToken(world, world.admin, { expiresIn: 60 });
    expect([last.kid, short.kid]).toEqual([first.kid, first.kid]);
    const [, old] = await keysOf(world);
    expect(lifeOf(short)).toBe(60);
    const { exp } = contentOf({ accessToken: last.token }).claims as { exp: number };
    expect(exp).toBe(Math.floor(Date.parse(old!.retiresAt!) / 1_000));
    expect(Date.parse(last.expiresAt)).toBe(exp * 1_000);
  });

  it('that is shorter than the wait shortens it, so that there is always a key that signs', async () => {
    const { world, first } = await aSigner();
    const key = await aNewKey(world, world.admin, 60);
    expect(between(key.createdAt, key.activatesAt)).toBe(minute);
    await pass(gateway(), world, '1 minute');
    expect(await statusesOf(world)).toEqual({ [first.kid]: 'RETIRED', [key.kid]: 'ACTIVE' });
    expect((await aToken(world, world.admin)).kid).toBe(key.kid);
  });

  it('does not give a key longer than an earlier grace did', async () => {
    const { world, first } = await aSigner();
    await aNewKey(world, world.admin, 600);
    await pass(gateway(), world, '5 minutes');
    const retiresAt = (await keysOf(world)).find(({ kid }) => kid === first.kid)!.retiresAt;
    await aNewKey(world, world.admin, 3_600);
    expect((await keysOf(world)).find(({ kid }) => kid === first.kid)!.retiresAt).toBe(retiresAt);
  });
});
