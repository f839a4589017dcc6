import { createHmac, createPrivateKey, type KeyObject, sign as signBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Gateway } from '../../src/gateway.js';
import { type Answer, codeOf, send } from '../support/client.js';
import type { Person } from '../support/world.js';

export type Part = Record<string, unknown>;

/** One part of a token. A text is taken as it is, so that it may hold what no object can. */
export function encoded(part: Part | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

export function decoded(part: string): Part {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Part;
}

/** What a genuine token says, for others to say it. */
export function contentOf({ accessToken }: Pick<Person, 'accessToken'>): { header: Part; claims: Part } {
  const [header, claims] = accessToken.split('.') as [string, string];
  return { header: decoded(header), claims: decoded(claims) };
}

/** Puts a token together without any library, which might refuse to. */
export function tokenOf(header: Part | string, claims: Part | string, signature: (input: Buffer) => Buffer): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${signature(Buffer.from(input)).toString('base64url')}`;
}

/** The signature of ES256: ECDSA with SHA-256, both numbers one after the other. */
export function es256(key: KeyObject): (input: Buffer) => Buffer {
  return (input) => signBytes('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
}

/** The signature of HS256 and its like. */
export function hmac(hash: string, secret: string | Buffer): (input: Buffer) => Buffer {
  return (input) => createHmac(hash, secret).update(input).digest();
}

/** The key that the gateway signs with at this moment. */
export async function ownKeyOf({ services }: Gateway): Promise<{ kid: string; key: KeyObject; publicJwk: Part }> {
  const { kid } = await services.accessTokens
    .issue({ userId: crypto.randomUUID(), sessionId: crypto.randomUUID() })
    .then((issued) => contentOf(issued).header as { kid: string });
  const row = await services.db.prisma.signingKey.findUniqueOrThrow({ where: { kid } });
  const jwk = JSON.parse(await services.seal.open(row.privateJwk));
  return { kid, key: createPrivateKey({ key: jwk, format: 'jwk' }), publicJwk: row.publicJwk as Part };
}

/** Asks who the caller is. */
export function me({ url }: Pick<Gateway, 'url'>, token: string): Promise<Answer<{ me: { id: string } | null }>> {
  return send(url, '{ me { id } }', {}, { authorization: `Bearer ${token}` });
}

/** A bad token is refused, and never taken for none: not even what is open to anybody is answered. */
export async function expectRefused({ url }: Pick<Gateway, 'url'>, token: string): Promise<void> {
  for (const query of ['{ me { id } }', '{ __typename }']) {
    const answer = await send(url, query, {}, { authorization: `Bearer ${token}` });
    expect(codeOf(answer), token).toBe('UNAUTHENTICATED');
    expect(answer.status, token).toBe(401);
    expect(answer.data ?? null).toBeNull();
  }
}
