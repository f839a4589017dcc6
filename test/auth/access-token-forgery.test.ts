import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactEncrypt, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { useGateway } from '../support/gateway.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson } from '../support/world.js';
import { contentOf, encoded, es256, expectRefused, hmac, me, ownKeyOf, type Part, tokenOf } from './forging.js';

const gateway = useGateway();
const elsewhere = useOwnGateway();

const refused = (token: string) => expectRefused(gateway(), token);

const aKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A genuine token, what it says, and the key that has signed it. */
async function aToken() {
  const person = await aPerson(gateway());
  const own = await ownKeyOf(gateway());
  return { ...own, person, ...contentOf(person) };
}

it('what is said here by the gateway’s own key is not what is refused', async () => {
  const { key, header, claims, person } = await aToken();
  const token = tokenOf(header, claims, es256(key));
  expect((await me(gateway(), token)).data.me).toEqual({ id: person.user.id });
});

describe('confusing the algorithm', () => {
  /** Everything that could be made of a public key and be taken for a shared secret. */
  function secretsOf(publicJwk: Part): (string | Buffer)[] {
    const key = createPublicKey({ key: publicJwk, format: 'jwk' } as Parameters<typeof createPublicKey>[0]);
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    const { kid, alg: _, use: __, ...bare } = publicJwk;
    const [x, y] = [Buffer.from(String(publicJwk.x), 'base64url'), Buffer.from(String(publicJwk.y), 'base64url')];
    return [
      ...[pem, pem.trim(), pem.replaceAll('\n', '')],
      key.export({ type: 'spki', format: 'der' }),
      ...[JSON.stringify(publicJwk), JSON.stringify(bare), String(publicJwk.x), String(kid)],
      ...[x, Buffer.concat([x, y]), Buffer.concat([Buffer.of(4), x, y])],
      '',
    ];
  }

  it.each([
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ])('%s with the public key as the secret is refused', async (alg, hash) => {
    const { header, claims, publicJwk } = await aToken();
    for (const secret of secretsOf(publicJwk)) await refused(tokenOf({ ...header, alg }, claims, hmac(hash, secret)));
    // The name of the algorithm is in the right case, or it is another one.
    await refused(tokenOf({ ...header, alg: alg.toLowerCase() }, claims, hmac(hash, secretsOf(publicJwk)[0]!)));
  });

  it('an HMAC under the name of the right algorithm is refused', async () => {
    const { header, claims, publicJwk } = await aToken();
    for (const secret of secretsOf(publicJwk)) {
      const twice = (input: Buffer) => Buffer.concat([hmac('sha256', secret)(input), hmac('sha256', secret)(input)]);
      await refused(tokenOf(header, claims, hmac('sha256', secret)));
      await refused(tokenOf(header, claims, twice));
    }
  });

  it.each(['RS256', 'PS256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'Ed25519', 'ECDH-ES', 'A256GCMKW', 'dir', ''])(
    'the name %j over the signature of the right key is refused',
    async (alg) => {
      const { header, claims, key } = await aToken();
      await refused(tokenOf({ ...header, alg }, claims, es256(key)));
    },
  );

  it.each([null, 7, true, ['ES256'], { ES256: true }, undefined])(
    'an algorithm that reads %j is refused',
    async (alg) => {
      const { header, claims, key } = await aToken();
      await refused(tokenOf({ ...header, alg } as Part, claims, es256(key)));
    },
  );

  it('RS256 with an RSA key of the forger’s under the right key’s name is refused', async () => {
    const { header, claims } = await aToken();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const alg of ['RS256', 'ES256']) {
      await refused(tokenOf({ ...header, alg }, claims, (input) => sign('sha256', input, privateKey)));
    }
  });

  it('“none” in any case is refused, with or without a signature', async () => {
    const { header, claims, key } = await aToken();
    for (const alg of ['none', 'None', 'NONE', 'nOnE', ' none']) {
      await refused(tokenOf({ ...header, alg }, claims, () => Buffer.alloc(0)));
      await refused(tokenOf({ ...header, alg }, claims, es256(key)));
      await refused(`${encoded({ ...header, alg })}.${encoded(claims)}`);
      await refused(`${encoded({ alg })}.${encoded(claims)}.`);
    }
  });

  it('a header that names two algorithms is refused unless the key has signed just that', async () => {
    const { claims, kid } = await aToken();
    const { privateKey } = aKey();
    for (const algorithms of ['"alg":"none","alg":"ES256"', '"alg":"ES256","alg":"none"']) {
      const header = `{${algorithms},"typ":"at+jwt","kid":${JSON.stringify(kid)}}`;
      await refused(tokenOf(header, claims, () => Buffer.alloc(0)));
      await refused(tokenOf(header, claims, es256(privateKey)));
    }
  });
});

describe('a signature of the right length that is none', () => {
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const one = Buffer.concat([Buffer.alloc(31), Buffer.of(1)]);
  it.each<[string, Buffer]>([
    ['all zero', Buffer.alloc(64)],
    ['all ones', Buffer.alloc(64, 255)],
    ['the order of the curve, twice', Buffer.concat([order, order])],
    ['zero and one', Buffer.concat([Buffer.alloc(32), one])],
    ['one and zero', Buffer.concat([one, Buffer.alloc(32)])],
    ['one and one', Buffer.concat([one, one])],
    ['empty', Buffer.alloc(0)],
    ['one byte', Buffer.alloc(1)],
    ['a thousand bytes', Buffer.alloc(1_000)],
  ])('is refused: %s', async (_, signature) => {
    const { header, claims } = await aToken();
    await refused(tokenOf(header, claims, () => signature));
  });

  it('is refused: the right one in the form of DER', async () => {
    const { header, claims, key } = await aToken();
    await refused(tokenOf(header, claims, (input) => sign('sha256', input, key)));
  });
});

describe('a key that the token brings along', () => {
  let server: Server;
  let url: string;
  let served: Part = { keys: [] };
  const seen: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(served));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const jwkOf = (key: KeyObject): Part => ({ ...key.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' });

  const ways: [string, (own: { jwk: Part; der: string }) => Part][] = [
    ['jwk', ({ jwk }) => ({ jwk })],
    ['jku', () => ({ jku: `${url}/jwks.json` })],
    ['x5u', () => ({ x5u: `${url}/certificate.pem` })],
    ['x5c', ({ der }) => ({ x5c: [der] })],
    [
      'all at once',
      ({ jwk, der }) => ({ jwk, jku: `${url}/jwks.json`, x5u: `${url}/chain.pem`, x5c: [der], x5t: 'x' }),
    ],
    ['a kid that is an address', () => ({ kid: `${url}/jwks.json` })],
  ];

  it.each(ways)('is neither used nor fetched: %s', async (_, bring) => {
    const { header, claims, kid } = await aToken();
    const { privateKey, publicKey } = aKey();
    const jwk = { ...jwkOf(publicKey), kid };
    served = { keys: [jwk] };
    const brought = bring({ jwk, der: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') });
    const { kid: __, ...unnamed } = header;
    for (const given of [header, unnamed, { ...header, kid: 'mine' }]) {
      await refused(tokenOf({ ...given, ...brought }, claims, es256(privateKey)));
      await refused(tokenOf({ ...given, ...brought, crit: Object.keys(brought) }, claims, es256(privateKey)));
    }
    expect(seen).toEqual([]);
  });

  it('changes nothing about a genuine token, and is not looked at there either', async () => {
    const { header, claims, key, person } = await aToken();
    const brought = { jku: `${url}/jwks.json`, x5u: `${url}/chain.pem`, jwk: jwkOf(aKey().publicKey) };
    const answer = await me(gateway(), tokenOf({ ...header, ...brought }, claims, es256(key)));
    expect(answer.data.me).toEqual({ id: person.user.id });
    expect(seen).toEqual([]);
  });
});

describe('the name of the key', () => {
  it.each<[string, unknown]>([
    ['none', undefined],
    ['empty', ''],
    ['one that there is not', 'x'.repeat(43)],
    ['a path', '../../../../../../dev/null'],
    ['a statement', "' OR '1' = '1"],
    ['a property of every object', '__proto__'],
    ['a method of every object', 'constructor'],
    ['NUL', '\0'],
    ['null', null],
    ['a number', 0],
    ['a list', ['x']],
    ['an object', { kid: 'x' }],
  ])('that is %s is refused, whoever has signed', async (_, kid) => {
    const { header, claims, key } = await aToken();
    for (const signer of [key, aKey().privateKey]) {
      await refused(tokenOf({ ...header, kid } as Part, claims, es256(signer)));
    }
  });

  it('is not looked for in a list: the right one in brackets is refused', async () => {
    const { header, claims, key, kid } = await aToken();
    await refused(tokenOf({ ...header, kid: [kid] }, claims, es256(key)));
  });

  it('of another gateway is refused, and so is its token', async () => {
    const foreign = await ownKeyOf(elsewhere());
    const stranger = await aPerson(elsewhere());
    expect((await me(elsewhere(), stranger.accessToken)).data.me).toEqual({ id: stranger.user.id });
    await refused(stranger.accessToken);
    const { header, claims, kid, key } = await aToken();
    await refused(tokenOf({ ...header, kid: foreign.kid }, claims, es256(foreign.key)));
    await refused(tokenOf({ ...header, kid }, claims, es256(foreign.key)));
    await refused(tokenOf({ ...header, kid: foreign.kid }, claims, es256(key)));
  });
});

describe('an encrypted token', () => {
  it('is refused, whoever could read it', async () => {
    const { person, publicJwk, kid, header, claims } = await aToken();
    const plaintexts = [person.accessToken, JSON.stringify(claims)].map((text) => new TextEncoder().encode(text));
    const { kid: _, alg: __, use: ___, ...jwk } = publicJwk;
    const own = await importJWK({ ...jwk, kty: 'EC' }, 'ECDH-ES');
    for (const plaintext of plaintexts) {
      for (const [alg, key] of [
        ['ECDH-ES', own],
        ['dir', new Uint8Array(32)],
      ] as const) {
        const jwe = new CompactEncrypt(plaintext);
        jwe.setProtectedHeader({ alg, enc: 'A256GCM', typ: String(header.typ), cty: 'JWT', kid });
        await refused(await jwe.encrypt(key));
      }
    }
  });
});

it('a token in another form than the compact one is refused', async () => {
  const { person } = await aToken();
  const [header, claims, signature] = person.accessToken.split('.') as [string, string, string];
  const flattened = JSON.stringify({ protected: header, payload: claims, signature });
  const general = JSON.stringify({ payload: claims, signatures: [{ protected: header, signature }] });
  for (const form of [flattened.replaceAll(',', '%2C'), encoded(flattened), encoded(general), encoded(newId())]) {
    await refused(form);
  }
});
