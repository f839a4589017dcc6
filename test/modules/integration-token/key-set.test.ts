import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, createRemoteJWKSet, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { someNetwork } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { partner } from '../../support/integrations.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { aNewKey, aPlace, aToken, expireTokens, good, type Place, pass, setStatus } from './integrations.js';

const gateway = useGateway();

const pathOf = (id: string) => `/organizations/${id}/.well-known/jwks.json`;

async function fetched(id: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${gateway().url}${pathOf(id)}`, { method, headers: { ...someNetwork(), ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function keySetOf({ organization }: Place): Promise<JWK[]> {
  return (JSON.parse((await fetched(organization.id)).text) as { keys: JWK[] }).keys;
}

const kidsOf = async (place: Place) => (await keySetOf(place)).map(({ kid }) => kid);

const Jwks = 'query ($id: ID!) { organization(id: $id) { integrationJwks } }';

const askedFor = (world: World, caller = world.admin) =>
  caller.send<{ organization: { integrationJwks: object } }, object>(Jwks, { id: world.organization.id });

describe('the key set of an organization', () => {
  it('is open to anybody, and has of its keys the public members alone', async () => {
    const world = await aWorld(gateway());
    const { kid } = await aToken(world, world.admin);
    const { status, headers, text } = await fetched(world.organization.id);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json\b/);
    const { keys, ...more } = JSON.parse(text) as { keys: JWK[] };
    expect(more).toEqual({});
    expect(keys).toEqual([{ kty: 'RSA', n: keys[0]!.n, e: 'AQAB', kid, alg: 'RS256', use: 'sig' }]);
    expect(await calculateJwkThumbprint(keys[0]!)).toBe(kid);
  });

  it('verifies its tokens with jose, and those of no other organization', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const [mine, theirs] = [await aToken(world, world.admin), await aToken(other, other.admin)];
    const remote = createRemoteJWKSet(new URL(`${gateway().url}${pathOf(world.organization.id)}`));
    const issuer = `${gateway().services.issuer}/organizations/${world.organization.id}`;
    const { payload } = await jwtVerify(mine.token, remote, { issuer, audience: partner, typ: 'integration+jwt' });
    expect(payload.jti).toBe(mine.jti);
    await expect(jwtVerify(theirs.token, remote)).rejects.toThrow('no applicable key found');
  });

  it('is empty as long as there is none', async () => {
    const world = await aWorld(gateway());
    const { status, text } = await fetched(world.organization.id);
    expect([status, text]).toEqual([200, '{"keys":[]}']);
  });

  it('is told by GraphQL in the same words, to whoever may see the organization', async () => {
    const world = await aWorld(gateway());
    await aToken(world, world.admin);
    await aNewKey(world, world.admin);
    const keys = await keySetOf(world);
    expect(keys).toHaveLength(2);
    for (const caller of [world.admin, await world.join('viewer')]) {
      expect((await good(askedFor(world, caller))).organization.integrationJwks).toEqual({ keys });
    }
  });

  it('has a new key before it signs, and the old one until nothing needs it any more', async () => {
    const world = await aWorld(gateway());
    const { kid: old } = await aToken(world, world.admin);
    const { kid: next } = await aNewKey(world, world.admin);
    expect(await kidsOf(world)).toEqual([next, old]);
    expect((await aToken(world, world.admin)).kid).toBe(old);
    await pass(gateway(), world, '5 minutes');
    expect(await kidsOf(world)).toEqual([next, old]);
    await expireTokens(gateway(), world);
    expect(await kidsOf(world)).toEqual([next]);
  });

  it('has no key that was retired', async () => {
    const world = await aWorld(gateway());
    await aToken(world, world.admin);
    const { kid } = await aNewKey(world, world.admin, 0);
    expect(await kidsOf(world)).toEqual([kid]);
  });

  it('is found under the id in any case', async () => {
    const world = await aPlace(gateway());
    const { status, text } = await fetched(world.organization.id.toUpperCase());
    expect([status, text]).toEqual([200, (await fetched(world.organization.id)).text]);
  });
});

describe('a key set that was fetched before', () => {
  it('may be kept for as long as a new key waits, and is told by its tag', async () => {
    const world = await aPlace(gateway());
    const { headers, text } = await fetched(world.organization.id);
    expect(gateway().services.keyLeadSeconds).toBe(300);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(headers.get('etag')).toBe(`"${createHash('sha256').update(text).digest('base64url')}"`);
    expect(headers.get('set-cookie')).toBeNull();
  });

  it.each<[string, (tag: string) => string]>([
    ['its tag', (tag) => tag],
    ['its tag as a weak one', (tag) => `W/${tag}`],
    ['a list with its tag at the end', (tag) => `"x", W/"y",${tag}`],
    ['a list with its tag at the beginning', (tag) => `${tag} , "x"`],
    ['anything at all', () => '*'],
  ])('is not sent again to whoever holds %s', async (_, held) => {
    const world = await aPlace(gateway());
    const tag = (await fetched(world.organization.id)).headers.get('etag')!;
    const { status, headers, text } = await fetched(world.organization.id, { 'if-none-match': held(tag) });
    expect([status, text]).toEqual([304, '']);
    expect(headers.get('etag')).toBe(tag);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });

  it.each<[string, (tag: string) => string]>([
    ['another tag', () => '"x"'],
    ['its tag without quotes', (tag) => tag.slice(1, -1)],
    ['the beginning of its tag', (tag) => `${tag.slice(0, -2)}"`],
    ['nothing', () => ''],
    ['an empty tag', () => '""'],
  ])('is sent again to whoever holds %s', async (_, held) => {
    const world = await aPlace(gateway());
    const { headers, text } = await fetched(world.organization.id);
    const again = await fetched(world.organization.id, { 'if-none-match': held(headers.get('etag')!) });
    expect([again.status, again.text]).toEqual([200, text]);
  });

  it('is sent again after a rotation, under another tag', async () => {
    const world = await aPlace(gateway());
    const before = (await fetched(world.organization.id)).headers.get('etag')!;
    await aNewKey(world, world.admin);
    const { status, headers } = await fetched(world.organization.id, { 'if-none-match': before });
    expect(status).toBe(200);
    expect(headers.get('etag')).not.toBe(before);
  });

  it('may be asked for its tag alone', async () => {
    const world = await aPlace(gateway());
    const { headers } = await fetched(world.organization.id);
    const head = await fetched(world.organization.id, {}, 'HEAD');
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', headers.get('etag')]);
  });
});

describe('a key set that is not there', () => {
  /** All that can be told of an answer. */
  async function seen(id: string, headers: Record<string, string> = {}) {
    const answer = await fetched(id, headers);
    const kept = [...answer.headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
    return { ...answer, headers: Object.fromEntries(kept) };
  }

  const notThere = () => seen(newId());

  it('is told in JSON, and not to be kept', async () => {
    const { status, headers, text } = await notThere();
    expect(status).toBe(404);
    expect(headers['content-type']).toMatch(/^application\/json\b/);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect([headers.etag, headers['cache-control'] ?? 'no-store']).toEqual([undefined, 'no-store']);
  });

  it.each(['x', '0', '%00', "'%20OR%20true--", '%7B%7D', 'null', `${newId()}0`, `{${newId()}}`, '__proto__', '*'])(
    'is told alike of an id that is none: %s',
    async (id) => {
      expect(await seen(id)).toEqual(await notThere());
    },
  );

  it.each(['SUSPENDED', 'DELETED'])(
    'is told alike of an organization that is %s, until it is active again',
    async (status) => {
      const world = await aPlace(gateway());
      await aToken(world, world.admin);
      const { headers, text } = await fetched(world.organization.id);
      await setStatus(gateway(), world, status, status === 'DELETED' ? new Date() : null);
      expect(await seen(world.organization.id)).toEqual(await notThere());
      expect(await seen(world.organization.id, { 'if-none-match': headers.get('etag')! })).toEqual(await notThere());
      await setStatus(gateway(), world, 'ACTIVE', null);
      expect((await fetched(world.organization.id)).text).toBe(text);
    },
  );

  it('is empty in GraphQL while the organization is suspended', async () => {
    const world = await aPlace(gateway());
    const superAdmin = { ...world.admin, ...(await aPerson(gateway(), { isSuperAdmin: true })) };
    await setStatus(gateway(), world, 'SUSPENDED', null);
    expect((await good(askedFor(world, superAdmin))).organization.integrationJwks).toEqual({ keys: [] });
  });
});
