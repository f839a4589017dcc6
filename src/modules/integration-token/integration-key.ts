import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Seal } from '../../platform/secret.js';

export const integrationAlgorithm = 'RS256';

const modulusLength = 2048;

/** What is stored of a new key, apart from where and when it counts. */
export interface NewKeyPair {
  kid: string;
  algorithm: string;
  publicJwk: JWK;
  /** Sealed. */
  privateJwk: string;
  /** SHA-256 of the public key in DER (SubjectPublicKeyInfo, RFC 5280), in lower-case hex. */
  fingerprint: string;
}

/** Makes an RSA key. WebCrypto looks for the primes on a thread of its own, so other requests go on meanwhile. */
export async function newKeyPair(seal: Seal): Promise<NewKeyPair> {
  const { publicKey, privateKey } = await generateKeyPair(integrationAlgorithm, { modulusLength, extractable: true });
  const { kty, n, e } = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint({ kty: kty!, n: n!, e: e! });
  return {
    kid,
    algorithm: integrationAlgorithm,
    publicJwk: { kty: kty!, n: n!, e: e!, kid, alg: integrationAlgorithm, use: 'sig' },
    privateJwk: await seal.close(JSON.stringify(await exportJWK(privateKey))),
    fingerprint: fingerprintOf({ kty, n, e } as JsonWebKey),
  };
}

function fingerprintOf(key: JsonWebKey): string {
  const der = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

/** @throws {Error} if the key was sealed with another secret. */
export async function openPrivateKey(seal: Seal, sealed: string): Promise<CryptoKey> {
  return (await importJWK(JSON.parse(await seal.open(sealed)), integrationAlgorithm)) as CryptoKey;
}

const mostKeys = 1_000;

/**
 * Public keys ready for use, by kid. A kid is the digest of the key itself (RFC 7638), so it can never come to mean another
 * one; whether the key still counts is read from the database for every token.
 */
export class PublicKeys {
  readonly #ready = new Map<string, Promise<CryptoKey>>();

  get(jwk: JWK): Promise<CryptoKey> {
    const kid = jwk.kid!;
    const known = this.#ready.get(kid);
    if (known) return known;
    if (this.#ready.size >= mostKeys) this.#ready.delete(this.#ready.keys().next().value!);
    const ready = importJWK(jwk, integrationAlgorithm) as Promise<CryptoKey>;
    this.#ready.set(kid, ready);
    return ready;
  }
}
