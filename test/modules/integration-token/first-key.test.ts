import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld, type World } from '../../support/world.js';
import { eventsOf } from '../audit.js';
import { aToken, issue, keysOf, not, revoke, verdictOn } from './integrations.js';

const gateway = useGateway();

const rowsOf = ({ organization }: World) =>
  gateway().services.db.prisma.integrationKey.findMany({ where: { organizationId: organization.id } });

describe('the first key of an organization', () => {
  it('is not made for whoever only asks or revokes', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const { token, jti } = await aToken(other, other.admin);
    expect(await verdictOn(world, token)).toEqual(not('INVALID'));
    expect(codeOf(await revoke(world, world.admin, { jti }))).toBeUndefined();
    expect(await keysOf(world)).toEqual([]);
    expect(await rowsOf(world)).toEqual([]);
  });

  it('is not made for a token that is refused', async () => {
    const world = await aWorld(gateway());
    expect(codeOf(await issue(world, world.admin, { scopes: ['nothing.read'] }))).toBe('BAD_USER_INPUT');
    expect(codeOf(await issue(world, await world.join('developer')))).toBe('FORBIDDEN');
    expect(await rowsOf(world)).toEqual([]);
  });

  it('is made with the first token, signs at once, and is the organization’s own', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const [{ kid, token }, theirs] = [await aToken(world, world.admin), await aToken(other, other.admin)];
    expect(theirs.kid).not.toBe(kid);
    const [key, ...more] = await keysOf(world);
    expect(more).toEqual([]);
    expect(key).toMatchObject({ kid, alg: 'RS256', status: 'ACTIVE', retiresAt: null });
    expect(key!.activatesAt).toBe(key!.createdAt);
    expect(await verdictOn(world, token)).toMatchObject({ valid: true, kid });
    expect((await aToken(world, world.admin)).kid).toBe(kid);
  });

  it('is an RSA key of 2048 bits that is named and told by its digest', async () => {
    const world = await aWorld(gateway());
    await aToken(world, world.admin);
    const [row] = await rowsOf(world);
    const publicJwk = row!.publicJwk as JWK & { n: string };
    expect(publicJwk).toEqual({ kty: 'RSA', n: publicJwk.n, e: 'AQAB', kid: row!.kid, alg: 'RS256', use: 'sig' });
    expect(Buffer.from(publicJwk.n, 'base64url')).toHaveLength(256);
    expect(row!.kid).toBe(await calculateJwkThumbprint(publicJwk));
    const der = createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }).export({
      type: 'spki',
      format: 'der',
    });
    const fingerprint = createHash('sha256').update(der).digest('hex');
    expect((await keysOf(world)).map((key) => key.fingerprint)).toEqual([fingerprint]);
  });

  it('is stored sealed: its private half is nowhere in clear', async () => {
    const world = await aWorld(gateway());
    await aToken(world, world.admin);
    const [row] = await rowsOf(world);
    const privateJwk = JSON.parse(await gateway().services.seal.open(row!.privateJwk!)) as Record<string, string>;
    const { n, e } = row!.publicJwk as Record<string, string>;
    expect(privateJwk).toMatchObject({ kty: 'RSA', n, e });
    for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) {
      expect(privateJwk[part], part).toMatch(/^[\w-]{100,}$/);
      const hex = Buffer.from(privateJwk[part]!, 'base64url').toString('hex');
      for (const form of [privateJwk[part]!, hex]) expect(JSON.stringify(row).includes(form), part).toBe(false);
    }
  });

  it('is recorded together with the token', async () => {
    const world = await aWorld(gateway());
    const { jti } = await aToken(world, world.admin);
    const [key] = await keysOf(world);
    const actor = { actorType: 'USER', actorUserId: world.admin.user.id };
    const events = await eventsOf(gateway(), world.organization.id);
    expect(events).toMatchObject([
      {
        ...{ ...actor, action: 'INTEGRATION_KEY_CREATED', targetType: 'INTEGRATION_KEY', targetId: key!.id },
        changes: {
          kid: { before: null, after: key!.kid },
          activatesAt: { before: null, after: key!.activatesAt },
        },
      },
      { ...actor, action: 'INTEGRATION_TOKEN_ISSUED', targetType: 'INTEGRATION_TOKEN', targetId: jti },
    ]);
  });

  it('is one, though twenty tokens are the first at once', async () => {
    const world = await aWorld(gateway());
    const issued = await Promise.all(Array.from({ length: 20 }, () => aToken(world, world.admin)));
    const [key, ...more] = await keysOf(world);
    expect(more).toEqual([]);
    expect(new Set(issued.map(({ kid }) => kid))).toEqual(new Set([key!.kid]));
    expect(new Set(issued.map(({ jti }) => jti)).size).toBe(20);
    for (const { token } of issued) expect(await verdictOn(world, token)).toMatchObject({ valid: true });
    const events = await eventsOf(gateway(), world.organization.id);
    const actions = events.map(({ action }) => action).sort();
    expect(actions).toEqual(['INTEGRATION_KEY_CREATED', ...Array(20).fill('INTEGRATION_TOKEN_ISSUED')]);
  });
});
