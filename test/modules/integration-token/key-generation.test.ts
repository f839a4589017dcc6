import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { newKeyPair, openPrivateKey } from '../../../src/modules/integration-token/integration-key.js';
import { createSeal } from '../../../src/platform/secret.js';

const seal = createSeal(new Uint8Array(32).fill(7));
const keys = 8;

interface Turn {
  longestMs: number;
  elapsedMs: number;
}

/** How long, at most, nothing else had a turn while the work was under way. */
async function turnsDuring(work: () => Promise<unknown>): Promise<Turn> {
  const startedAt = performance.now();
  let [last, longestMs] = [startedAt, 0];
  const note = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  };
  const timer = setInterval(note, 1);
  await work();
  note();
  clearInterval(timer);
  return { longestMs, elapsedMs: performance.now() - startedAt };
}

/** RSA keys take a while each, and now and then much longer: what is measured is the best of some tries. */
async function bestOf(tries: number, work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let count = 0; count < tries; count += 1) best = Math.min(best, (await turnsDuring(work)).longestMs);
  return best;
}

describe('making keys', () => {
  it('leaves others their turn, which making them in place would not', async () => {
    await newKeyPair(seal);
    const beside = await bestOf(5, () => Promise.all(Array.from({ length: keys }, () => newKeyPair(seal))));
    const inPlace = await bestOf(5, async () => {
      for (let count = 0; count < keys; count += 1) generateKeyPairSync('rsa', { modulusLength: 2048 });
    });
    // Eight keys in place take some hundred milliseconds in which nothing else happens.
    expect(beside).toBeLessThan(50);
    expect(inPlace).toBeGreaterThan(100);
    expect(beside).toBeLessThan(inPlace / 3);
  });
});

describe('a new key', () => {
  it('is an RSA key of 2048 bits for RS256, and what is published of it is public', async () => {
    const { publicJwk, algorithm } = await newKeyPair(seal);
    expect(algorithm).toBe('RS256');
    expect(Object.keys(publicJwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(publicJwk).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' });
    const modulus = BigInt(`0x${Buffer.from(publicJwk.n!, 'base64url').toString('hex')}`);
    expect(modulus.toString(2).length).toBeGreaterThanOrEqual(2048);
  });

  it('is called by its RFC 7638 thumbprint', async () => {
    const { kid, publicJwk } = await newKeyPair(seal);
    // Section 3.2: the required members only, in lexicographic order, without white space.
    const canonical = `{"e":"${publicJwk.e}","kty":"${publicJwk.kty}","n":"${publicJwk.n}"}`;
    expect(kid).toBe(createHash('sha256').update(canonical).digest('base64url'));
    expect(publicJwk.kid).toBe(kid);
  });

  it('has the SHA-256 of its SubjectPublicKeyInfo as fingerprint', async () => {
    const { fingerprint, publicJwk } = await newKeyPair(seal);
    expect(fingerprint).toBe(createHash('sha256').update(subjectPublicKeyInfo(publicJwk)).digest('hex'));
    // The bytes are those that OpenSSL would hash, too.
    const key = createPublicKey({ key: { kty: 'RSA', n: publicJwk.n!, e: publicJwk.e! }, format: 'jwk' });
    expect(subjectPublicKeyInfo(publicJwk)).toEqual(key.export({ type: 'spki', format: 'der' }));
  });

  it('keeps its private half sealed, and that signs what the public half verifies', async () => {
    const { privateJwk, publicJwk } = await newKeyPair(seal);
    const { d, p } = JSON.parse(await seal.open(privateJwk)) as Record<string, string>;
    for (const secret of [d!, p!]) expect(privateJwk).not.toContain(secret);
    const token = await new SignJWT({ said: 'this' })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(await openPrivateKey(seal, privateJwk));
    expect((await jwtVerify(token, await importJWK(publicJwk))).payload).toEqual({ said: 'this' });
    await expect(openPrivateKey(createSeal(new Uint8Array(32)), privateJwk)).rejects.toThrow();
  });

  it('is another one each time', async () => {
    const made = await Promise.all(Array.from({ length: keys }, () => newKeyPair(seal)));
    for (const field of ['kid', 'fingerprint', 'privateJwk'] as const) {
      expect(new Set(made.map((key) => key[field])).size).toBe(keys);
    }
  });
});

/** The public key in DER, written out by hand: RFC 5280, section 4.1, and RFC 8017, appendix A.1.1. */
function subjectPublicKeyInfo({ n, e }: { n?: string | undefined; e?: string | undefined }): Buffer {
  const rsaEncryption = Buffer.from('06092a864886f70d0101010500', 'hex');
  const key = der(0x30, integer(n!), integer(e!));
  return der(0x30, der(0x30, rsaEncryption), der(0x03, Buffer.of(0), key));
}

function integer(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  // A number whose first bit is set would be negative.
  return der(0x02, ...(bytes[0]! >= 0x80 ? [Buffer.of(0)] : []), bytes);
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
