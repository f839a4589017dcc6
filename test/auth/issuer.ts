import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll } from 'vitest';
import type { ExternalIssuer } from '../../src/auth/external-token.js';
import type { Gateway } from '../../src/gateway.js';
import { newId } from '../../src/platform/id.js';
import { type Answer, type Document, send } from '../support/client.js';
import { aPerson, type Person, write } from '../support/world.js';
import type { Part } from './forging.js';

/** Another issuer of tokens, with a server for its public keys. */
export interface Issuer {
  /** How a gateway is told of it. Where the keys are is known as soon as the tests begin. */
  readonly config: ExternalIssuer;
  /** How often the keys were asked for so far. */
  readonly requests: number;
  /** The public keys, as they are served. */
  readonly keys: JWK[];
  /** Signs with the first key, unless the header names another of its keys. */
  token(claims?: Part, header?: Part): Promise<string>;
  /** Makes a new key and publishes it beside the others. */
  addKey(alg?: string): Promise<string>;
  /** Answers requests for the keys with this status from now on; null leaves them without an answer. */
  answerWith(status: number | null): void;
  /** Stops the server, so that nobody answers; or starts it again in the same place. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** An issuer for the tests of one file. Call it before the gateway that is to trust it. */
export function useIssuer(name = `https://${randomUUID()}.example.com/`): Issuer {
  const config: ExternalIssuer = { jwksUrl: '', issuer: name, audience: 'the-app' };
  const privateKeys = new Map<string, { alg: string; key: CryptoKey }>();
  const keys: JWK[] = [];
  let requests = 0;
  let status: number | null = 200;
  let server: Server | undefined;

  function listen(port: number): Promise<void> {
    server = createServer((_, response) => {
      requests += 1;
      if (status === null) return;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
    });
    return new Promise((resolve) => server!.listen(port, '127.0.0.1', resolve));
  }

  const issuer: Issuer = {
    config,
    keys,
    get requests() {
      return requests;
    },
    async token(claims = {}, header = {}) {
      const kid = String(header.kid ?? [...privateKeys.keys()][0]);
      const { alg, key } = privateKeys.get(kid)!;
      const now = Math.floor(Date.now() / 1000);
      const said = { iss: config.issuer, aud: config.audience, sub: randomUUID(), iat: now, exp: now + 300, ...claims };
      return new SignJWT(said).setProtectedHeader({ alg, kid, ...header }).sign(key);
    },
    async addKey(alg = 'RS256') {
      const kid = randomUUID();
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      privateKeys.set(kid, { alg, key: privateKey });
      keys.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
      return kid;
    },
    answerWith(next) {
      status = next;
    },
    async down() {
      server!.closeAllConnections();
      await new Promise((resolve) => server!.close(resolve));
    },
    up: () => listen(Number(new URL(config.jwksUrl).port)),
  };

  beforeAll(async () => {
    await issuer.addKey();
    await listen(0);
    config.jwksUrl = `http://127.0.0.1:${(server!.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(() => issuer.down().catch(() => undefined));
  return issuer;
}

/** Somebody whom the issuer vouches for, with a verified address. */
export function aSubject(claims: Part = {}): Part & { sub: string; email: string } {
  const sub = `user|${randomUUID()}`;
  return { sub, email: `${randomUUID()}@example.com`, email_verified: true, name: 'Ada Lovelace', ...claims };
}

/** Sends a document with a token of any issuer. */
export function sendWith<Data = Record<string, unknown>>(
  { url }: Pick<Gateway, 'url'>,
  token: string,
  document: Document<Data, object>,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  return send(url, document, variables, { authorization: `Bearer ${token}`, ...headers });
}

/** Somebody with an account whom the issuer has vouched for before. */
export async function anIdentity(
  gateway: Gateway,
  issuer: Issuer,
  person?: Person,
): Promise<Person & { subject: ReturnType<typeof aSubject> }> {
  const known = person ?? (await aPerson(gateway, { emailVerifiedAt: new Date() }));
  const subject = aSubject({ email: known.user.email });
  const row = { id: newId(), issuer: issuer.config.issuer, subject: subject.sub, userId: known.user.id };
  await write(gateway, (set) => set.insert('external_identities', row));
  return { ...known, subject };
}
