import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccessTokens, createAccessTokens } from '../../src/auth/access-token.js';
import { openSigningKeys, rotateSigningKeys } from '../../src/auth/signing-keys.js';
import { newId } from '../../src/platform/id.js';
import { createSeal } from '../../src/platform/secret.js';
import { tasksOf } from '../../src/tasks.js';
import { codeOf } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson } from '../support/world.js';
import { me, type Part } from './forging.js';

const gateway = useOwnGateway();

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** The moment at which the only key was made. Each test is later than the one before: time does not go back for a gateway. */
let beginning = Date.now();

const keys = () => gateway().services.db.prisma.signingKey.findMany({ orderBy: { createdAt: 'asc' } });
const kids = async () => (await keys()).map(({ kid }) => kid);
const rotate = (now: number) => rotateSigningKeys(gateway().services.db, gateway().services.seal, now);

/** A replica of the gateway, as far as access tokens go. */
async function aReplica(): Promise<AccessTokens> {
  return createAccessTokens(await openSigningKeys(gateway().services.db, gateway().services.seal), 'tenantry');
}

const aSession = () => ({ userId: newId(), sessionId: newId() });

async function tokenFrom(replica: AccessTokens, session = aSession()): Promise<string> {
  return (await replica.issue(session)).accessToken;
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid;

/** Goes to a moment, counted from the beginning. */
function at(passed: number): number {
  vi.setSystemTime(beginning + passed);
  return beginning + passed;
}

beforeEach(async () => {
  beginning += 1_000 * day;
  await gateway().services.db.prisma.signingKey.deleteMany();
  await rotate(beginning);
  vi.useFakeTimers({ toFake: ['Date'], now: beginning });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a key', () => {
  it('is made where there is none, and signs at once', async () => {
    const [key, ...others] = await keys();
    expect(others).toEqual([]);
    expect(kidOf(await tokenFrom(await aReplica()))).toBe(key!.kid);
  });

  it('stays alone for thirty days, however often one looks after it', async () => {
    const before = await kids();
    for (const passed of [0, minute, day, 29 * day, 30 * day - 15 * minute]) await rotate(at(passed));
    expect(await kids()).toEqual(before);
  });

  it('gets a successor that is published a quarter of an hour before it signs', async () => {
    const [old] = await kids();
    const made = 30 * day - 15 * minute + 1;
    await rotate(at(made));
    const [, successor, ...others] = await kids();
    expect(successor).toMatch(/^[\w-]{43}$/);
    expect(others).toEqual([]);

    const replica = await aReplica();
    const published = async () => (await replica.jwks()).keys.map(({ kid }) => kid).sort();
    expect(await published()).toEqual([old, successor].sort());
    expect(kidOf(await tokenFrom(replica))).toBe(old);
    at(made + 15 * minute);
    expect(kidOf(await tokenFrom(replica))).toBe(old);
    at(made + 16 * minute + 1);
    expect(kidOf(await tokenFrom(replica))).toBe(successor);
    expect(await published()).toEqual([old, successor].sort());
  });

  it('goes with its private half when no token of it can be left, and no earlier', async () => {
    const [old] = await kids();
    const made = 30 * day;
    await rotate(at(made));
    for (const passed of [0, minute, 15 * minute, 26 * minute, 45 * minute]) {
      await rotate(at(made + passed));
      expect(await kids()).toContain(old);
    }
    await rotate(at(made + 45 * minute + 1));
    expect(await kids()).toHaveLength(1);
    expect(await kids()).not.toContain(old);
    expect(JSON.stringify(await keys())).not.toContain(old);
  });

  it('gets one successor, however late, and is not forgotten before that has begun to sign', async () => {
    const [old] = await kids();
    await rotate(at(400 * day));
    expect(await kids()).toHaveLength(2);
    expect((await kids())[0]).toBe(old);
    await rotate(at(400 * day + 1));
    expect(await kids()).toHaveLength(2);
    expect(kidOf(await tokenFrom(await aReplica()))).toBe(old);
  });

  it('is renewed and forgotten by a task of the worker', async () => {
    const [old] = await kids();
    const tasks = tasksOf(gateway().services, async () => undefined);
    at(31 * day);
    await tasks.rotate_signing_keys!(null);
    expect(await kids()).toHaveLength(2);
    at(31 * day + 46 * minute);
    await tasks.rotate_signing_keys!(null);
    expect(await kids()).toHaveLength(1);
    expect(await kids()).not.toContain(old);
  });

  it('has its private half only sealed at rest, and only the right secret opens it', async () => {
    const [key] = await keys();
    expect(JSON.stringify(key)).not.toContain('"d"');
    const jwk = JSON.parse(await gateway().services.seal.open(key!.privateJwk)) as Part;
    expect(jwk.d).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(key)).not.toContain(jwk.d);
    const other = createSeal(new Uint8Array(32).fill(7));
    await expect(openSigningKeys(gateway().services.db, other)).rejects.toThrow('TENANTRY_SECRET is not the one');
  });
});

describe('through a rotation', () => {
  it('every token of every replica verifies on every other, minute by minute, until it expires', async () => {
    const replicas = [await aReplica(), await aReplica(), await aReplica()];
    let tokens: { token: string; sessionId: string; expires: number }[] = [];
    const signers = new Set<string>();
    for (let passed = 30 * day - 30 * minute; passed < 30 * day + 100 * minute; passed += minute) {
      const now = at(passed);
      if ((passed / minute) % 60 === 17) await rotate(now);
      // The last one never signs, so it learns of keys from tokens alone.
      for (const replica of replicas.slice(0, 2)) {
        const session = aSession();
        const token = await tokenFrom(replica, session);
        tokens.push({ token, sessionId: session.sessionId, expires: now + 10 * minute });
        signers.add(kidOf(token)!);
      }
      tokens = tokens.filter(({ expires }) => expires > now);
      for (const { token, sessionId } of tokens) {
        for (const replica of replicas) expect(await replica.verify(token)).toMatchObject({ sessionId });
      }
    }
    expect(signers.size).toBe(2);
    expect(await kids()).toHaveLength(1);
  });

  it('whoever keeps a copy of the published key set for ten minutes can verify every token', async () => {
    const { url, services } = gateway();
    const jwks = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`), { cooldownDuration: 30_000 });
    const signers = new Set<string>();
    for (let passed = 30 * day - 20 * minute; passed < 30 * day + 80 * minute; passed += 2 * minute) {
      await rotate(at(passed));
      const token = await tokenFrom(services.accessTokens);
      const { protectedHeader } = await jwtVerify(token, jwks, { audience: 'tenantry', typ: 'at+jwt' });
      signers.add(protectedHeader.kid!);
    }
    expect(signers.size).toBe(2);
  });

  it('people stay signed in', async () => {
    await rotate(at(30 * day));
    at(30 * day + 14 * minute);
    const first = await aPerson(gateway());
    at(30 * day + 17 * minute);
    const second = await aPerson(gateway());
    expect(kidOf(second.accessToken)).not.toBe(kidOf(first.accessToken));
    for (const { accessToken, user } of [first, second]) {
      expect((await me(gateway(), accessToken)).data.me).toEqual({ id: user.id });
    }
  });

  it('a token of a key that was forgotten is refused', async () => {
    const replica = await aReplica();
    const token = await tokenFrom(replica);
    await gateway().services.db.prisma.signingKey.deleteMany();
    await rotate(beginning);
    await expect((await aReplica()).verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    at(minute + 1);
    await replica.jwks();
    await expect(replica.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a key that another replica has made', () => {
  /** A replica that knows one key, and a token of another key that came later. */
  async function unknown() {
    const replica = await aReplica();
    await gateway().services.db.prisma.signingKey.deleteMany();
    await rotate(beginning);
    const session = aSession();
    return { replica, token: await tokenFrom(await aReplica(), session), session };
  }

  it('is looked for when a token names it', async () => {
    const { replica, token, session } = await unknown();
    at(5 * second);
    expect(await replica.verify(token)).toMatchObject({ sessionId: session.sessionId });
  });

  it('is looked for at most every five seconds, whatever names tokens make up', async () => {
    const reads = vi.spyOn(gateway().services.db.prisma.signingKey, 'findMany');
    try {
      const { replica, token } = await unknown();
      const [, claims, signature] = token.split('.');
      const madeUp = () => {
        const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: newId() })).toString('base64url');
        return replica.verify([header, claims, signature].join('.')).catch((error) => error.code);
      };
      reads.mockClear();
      at(5 * second);
      const codes = await Promise.all(Array.from({ length: 100 }, madeUp));
      expect(new Set(codes)).toEqual(new Set(['UNAUTHENTICATED']));
      expect(reads).toHaveBeenCalledTimes(1);
      at(10 * second - 1);
      await madeUp();
      expect(reads).toHaveBeenCalledTimes(1);
      at(10 * second);
      await madeUp();
      expect(reads).toHaveBeenCalledTimes(2);
    } finally {
      reads.mockRestore();
    }
  });
});

describe('/.well-known/jwks.json', () => {
  it('shows public halves only, with what one needs to choose among them', async () => {
    await rotate(at(31 * day));
    at(31 * day + 2 * minute);
    const response = await fetch(`${gateway().url}/.well-known/jwks.json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const set = (await response.json()) as { keys: Part[] };
    expect(Object.keys(set)).toEqual(['keys']);
    expect(set.keys.map(({ kid }) => kid).sort()).toEqual((await kids()).sort());
    for (const key of set.keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' });
    }
  });

  it('is open to anybody, with any credential', async () => {
    const authorization = 'Bearer x';
    const response = await fetch(`${gateway().url}/.well-known/jwks.json`, { headers: { authorization } });
    expect(response.status).toBe(200);
  });

  it('is no place for a key that has gone', async () => {
    const person = await aPerson(gateway());
    const kid = kidOf(person.accessToken);
    await rotate(at(31 * day));
    await rotate(at(31 * day + 46 * minute));
    at(31 * day + 48 * minute);
    const text = await (await fetch(`${gateway().url}/.well-known/jwks.json`)).text();
    expect(text).not.toContain(kid);
    expect(codeOf(await me(gateway(), person.accessToken))).toBe('UNAUTHENTICATED');
  });
});
