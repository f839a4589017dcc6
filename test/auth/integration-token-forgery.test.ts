import { constants, createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import dns from 'node:dns';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { rs256 } from '../modules/integration-token/integrations.js';
import { useGateway } from '../support/gateway.js';
import { decoded, encoded, es256, expectRefused, hmac, type Part, tokenOf } from './forging.js';
import { aGrant, expectInvalid, expectValid, type Grant, useForgersServer } from './integration-forging.js';

const gateway = useGateway();

/** One for all forgeries, of which none changes anything. */
let own: Grant;
const forgers = generateKeyPairSync('rsa', { modulusLength: 2048 });

beforeAll(async () => {
  own = await aGrant(gateway());
});

const invalid = (token: string) => expectInvalid(own, token);
const nothing = () => Buffer.alloc(0);

it('what is said here under the organization’s own signature is not what is refused', async () => {
  await expectValid(own, own.saying({}), own.claims);
  await expectValid(own, own.token, own.claims);
});

describe('confusing the algorithm of an integration token', () => {
  /** Everything that could be made of a public key and be taken for a shared secret. */
  function secretsOf(publicJwk: Part): (string | Buffer)[] {
    const key = createPublicKey({ key: publicJwk, format: 'jwk' } as Parameters<typeof createPublicKey>[0]);
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    const { kid, alg: _, use: __, ...bare } = publicJwk;
    return [
      ...[pem, pem.trim(), pem.replaceAll('\n', ''), key.export({ type: 'pkcs1', format: 'pem' })],
      ...[key.export({ type: 'spki', format: 'der' }), key.export({ type: 'pkcs1', format: 'der' })],
      ...[JSON.stringify(publicJwk), JSON.stringify(bare), String(publicJwk.n), String(kid)],
      ...[Buffer.from(String(publicJwk.n), 'base64url'), ''],
    ];
  }

  it.each([
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ])('%s with the public key as the secret is invalid', async (alg, hash) => {
    const { header, claims, publicJwk } = own;
    for (const secret of secretsOf(publicJwk)) {
      for (const named of [alg, alg.toLowerCase(), 'RS256']) {
        await invalid(tokenOf({ ...header, alg: named }, claims, hmac(hash, secret)));
      }
    }
  });

  it('“none” in any case is invalid, with or without a signature', async () => {
    const { header, claims, sign } = own;
    for (const alg of ['none', 'None', 'NONE', 'nOnE', ' none']) {
      await invalid(tokenOf({ ...header, alg }, claims, nothing));
      await invalid(tokenOf({ ...header, alg }, claims, sign));
      await invalid(`${encoded({ ...header, alg })}.${encoded(claims)}`);
      await invalid(`${encoded({ alg })}.${encoded(claims)}.`);
    }
  });

  it.each(['RS384', 'RS512', 'PS256', 'PS384', 'ES256', 'EdDSA', 'RSA-OAEP', 'RSA1_5', 'dir', 'rs256', 'RS256 ', ''])(
    'the name %j over the signature of the right key is invalid',
    (alg) => invalid(own.saying({}, { alg })),
  );

  it.each([null, 7, true, ['RS256'], { RS256: true }, undefined])('an algorithm that reads %j is invalid', (alg) =>
    invalid(own.saying({}, { alg })),
  );

  it('other signatures of the right key are invalid, under their own name and under the right one', async () => {
    const { header, claims, key } = own;
    const padding = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const signatures: [string, (input: Buffer) => Buffer][] = [
      ['RS384', (input) => sign('sha384', input, key)],
      ['RS512', (input) => sign('sha512', input, key)],
      ['PS256', (input) => sign('sha256', input, padding)],
      ['RS1', (input) => sign('sha1', input, key)],
    ];
    for (const [alg, signature] of signatures) {
      for (const named of [alg, 'RS256']) await invalid(tokenOf({ ...header, alg: named }, claims, signature));
    }
  });

  it('ES256 with a key of the forger’s is invalid', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const alg of ['ES256', 'RS256']) await invalid(tokenOf({ ...own.header, alg }, own.claims, es256(privateKey)));
  });

  it('a header that names two algorithms is invalid unless the key has signed just that', async () => {
    for (const algorithms of ['"alg":"none","alg":"RS256"', '"alg":"RS256","alg":"none"']) {
      const header = `{${algorithms},"typ":"integration+jwt","kid":${JSON.stringify(own.kid)}}`;
      await invalid(tokenOf(header, own.claims, nothing));
      await invalid(tokenOf(header, own.claims, rs256(forgers.privateKey)));
    }
  });

  it.each<[string, () => Buffer]>([
    ['all zero', () => Buffer.alloc(256)],
    ['all ones', () => Buffer.alloc(256, 255)],
    ['one', () => Buffer.concat([Buffer.alloc(255), Buffer.of(1)])],
    ['the modulus', () => Buffer.from(String(own.publicJwk.n), 'base64url')],
    ['empty', nothing],
    ['one byte', () => Buffer.alloc(1)],
    ['a thousand bytes', () => Buffer.alloc(1_000)],
    ['the right one with a byte before it', () => Buffer.concat([Buffer.alloc(1), own.sign(Buffer.from('x'))])],
  ])('a signature that is none is invalid: %s', (_, signature) => invalid(tokenOf(own.header, own.claims, signature)));
});

describe('the key of an integration token', () => {
  it('of another organization signs nothing here, under whichever name', async () => {
    const other = await aGrant(gateway());
    await expectValid(other, other.token, other.claims);
    await invalid(other.token);
    for (const [claims, kid] of [
      [own.claims, own.kid],
      [own.claims, other.kid],
      [other.claims, own.kid],
    ] as const) {
      await invalid(tokenOf({ ...own.header, kid }, claims, other.sign));
      await invalid(tokenOf({ ...own.header, kid: other.kid }, claims, own.sign));
    }
    const { iss, organization_id } = other.claims;
    for (const change of [{ iss }, { iss, organization_id }]) await invalid(own.saying(change));
    await expectInvalid(other, own.saying({ iss, organization_id }));
  });

  it('of the gateway’s own sessions signs nothing here', async () => {
    const { accessToken } = own.world.admin;
    await invalid(accessToken);
    const [, claims, signature] = accessToken.split('.');
    await invalid([encoded(own.header), claims, signature].join('.'));
  });

  it('signs no session: as a bearer token it is refused', async () => {
    await expectRefused(gateway(), own.token);
    const { claims } = { claims: decoded(own.world.admin.accessToken.split('.')[1]!) };
    for (const typ of ['at+jwt', 'integration+jwt']) {
      await expectRefused(gateway(), tokenOf({ ...own.header, typ }, claims, own.sign));
    }
  });

  it.each<[string, unknown]>([
    ['none', undefined],
    ['empty', ''],
    ['one that there is not', 'x'.repeat(43)],
    ['a path', '../../../../../../dev/null'],
    ['a statement', "' OR '1' = '1"],
    ['a statement of the right length', "x' OR true OR kid = 'xxxxxxxxxxxxxxxxxxxxxx".slice(0, 43)],
    ['a pattern', '%'.repeat(43)],
    ['a property of every object', '__proto__'],
    ['a method of every object', 'constructor'],
    ['NUL', '\0'],
    ['very long', 'x'.repeat(20_000)],
    ['null', null],
    ['a number', 0],
    ['a list', ['x'.repeat(43)]],
    ['an object', { kid: 'x' }],
  ])('is not found under a name that is %s', async (_, kid) => {
    const header = { ...own.header, kid } as Part;
    for (const key of [own.key, forgers.privateKey]) await invalid(tokenOf(header, own.claims, rs256(key)));
  });

  it('is found under its very name alone', async () => {
    const { kid } = own;
    for (const named of [[kid], [kid, kid], `${kid} `, ` ${kid}`, `${kid}=`, `${kid}\0`, kid.toUpperCase(), { kid }]) {
      await invalid(own.saying({}, { kid: named }));
    }
  });

  it('is not another one under the name of the right one', () =>
    invalid(tokenOf(own.header, own.claims, rs256(forgers.privateKey))));
});

describe('a key that an integration token brings along', () => {
  const forger = useForgersServer();
  const jwkOf = (key: KeyObject): Part => ({ ...key.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' });

  const ways: [string, (given: { jwk: Part; der: string; x5t: string }) => Part][] = [
    ['jwk', ({ jwk }) => ({ jwk })],
    ['jku', () => ({ jku: `${forger.url}/jwks.json` })],
    ['jku by name', () => ({ jku: `${forger.url.replace('127.0.0.1', 'localhost')}/jwks.json` })],
    ['x5u', () => ({ x5u: `${forger.url}/certificate.pem` })],
    ['x5c', ({ der }) => ({ x5c: [der] })],
    ['x5t', ({ x5t }) => ({ x5t, 'x5t#S256': x5t })],
    ['a kid that is an address', () => ({ kid: `${forger.url}/jwks.json` })],
    [
      'all at once',
      ({ jwk, der, x5t }) => ({
        ...{ jwk, jku: `${forger.url}/jwks.json`, x5u: `${forger.url}/chain.pem`, x5c: [der], x5t },
      }),
    ],
  ];

  it.each(ways)('is neither used nor fetched: %s', async (_, bring) => {
    const jwk = { ...jwkOf(forgers.publicKey), kid: own.kid };
    forger.served = { keys: [jwk] };
    const der = forgers.publicKey.export({ type: 'spki', format: 'der' });
    const x5t = createHash('sha256').update(der).digest('base64url');
    const brought = bring({ jwk, der: der.toString('base64'), x5t });
    const { kid: __, ...unnamed } = own.header;
    const lookup = vi.spyOn(dns, 'lookup');
    try {
      for (const given of [own.header, unnamed, { ...own.header, kid: 'mine' }]) {
        for (const crit of [undefined, Object.keys(brought)]) {
          await invalid(tokenOf({ ...given, ...brought, crit } as Part, own.claims, rs256(forgers.privateKey)));
        }
      }
      const asked = lookup.mock.calls.map(([host]) => String(host));
      expect(asked.filter((host) => host === 'localhost')).toEqual([]);
    } finally {
      lookup.mockRestore();
    }
    expect(forger.seen).toEqual([]);
  });

  it('changes nothing about a genuine token, and is not looked at there either', async () => {
    const brought = { jku: `${forger.url}/jwks.json`, x5u: `${forger.url}/chain.pem`, jwk: jwkOf(forgers.publicKey) };
    await expectValid(own, own.saying({}, brought), own.claims);
    expect(forger.seen).toEqual([]);
  });

  it('would have been seen: the server counts', async () => {
    await fetch(`${forger.url}/seen`);
    expect(forger.seen).toEqual(['a connection', 'GET /seen']);
  });
});

it('after all that the organization has its one token, and nothing was revoked', async () => {
  const { id: organizationId } = own.world.organization;
  const { prisma } = gateway().services.db;
  const rows = await prisma.integrationToken.findMany({ where: { organizationId } });
  expect(rows).toMatchObject([{ id: own.jti, rotatedToId: null }]);
  expect(await prisma.integrationTokenRevocation.count({ where: { organizationId } })).toBe(0);
});
