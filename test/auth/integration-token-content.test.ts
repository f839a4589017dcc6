import { CompactEncrypt, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { good, not, revoke, rotate, verdictOn, verify } from '../modules/integration-token/integrations.js';
import { pathsIn } from '../modules/lists.js';
import { useGateway } from '../support/gateway.js';
import { partner } from '../support/integrations.js';
import { decoded, encoded, type Part, tokenOf } from './forging.js';
import { aGrant, expectInvalid, expectValid, type Grant } from './integration-forging.js';

const gateway = useGateway();

/** One for all tokens that are wrong, of which none changes anything. */
let own: Grant;

beforeAll(async () => {
  own = await aGrant(gateway());
});

const invalid = (token: string) => expectInvalid(own, token);
const now = () => Math.floor(Date.now() / 1_000);

describe('what the organization’s own key has signed', () => {
  it.each<[string, Part]>([
    ['an access token', { typ: 'at+jwt' }],
    ['of a person for another program', { typ: 'JWT' }],
    ['an ID token', { typ: 'id+jwt' }],
    ['of no type', { typ: undefined }],
    ['of a type that only begins right', { typ: 'integration+jwt+x' }],
    ['of a list of types', { typ: ['integration+jwt'] }],
    ['of an empty type', { typ: '' }],
    ['of null', { typ: null }],
    ['whose payload is not encoded', { b64: false, crit: ['b64'] }],
    ['that needs an extension which is not there', { crit: ['exp'] }],
    ['that needs one that nobody knows', { crit: ['surprise'], surprise: true }],
    ['that needs no extension, but says so', { crit: [] }],
    ['that needs what is no list', { crit: 'b64' }],
  ])('is invalid where it is something else: %s', (_, headers) => invalid(own.saying({}, headers)));

  it.each<[string, (claims: Part) => Part]>([
    ['of an organization that there is not', () => ({ iss: `${gateway().services.issuer}/organizations/${newId()}` })],
    ['of the gateway itself', () => ({ iss: gateway().services.issuer })],
    ['of no issuer', () => ({ iss: undefined })],
    ['of an issuer in another case', ({ iss }) => ({ iss: String(iss).toUpperCase() })],
    ['of an issuer and more', ({ iss }) => ({ iss: `${iss}/` })],
    ['of a list of issuers', ({ iss }) => ({ iss: [iss] })],
    ['that has no end', () => ({ exp: undefined })],
    ['that never ends', () => ({ exp: null })],
    ['that ends in words', () => ({ exp: `${now() + 600}` })],
    ['that ends in a list', () => ({ exp: [now() + 600] })],
    ['that has no beginning', () => ({ iat: undefined })],
    ['that was issued in words', () => ({ iat: `${now()}` })],
    ['that is not valid yet', () => ({ nbf: now() + 60 })],
    ['that begins in words', () => ({ nbf: 'now' })],
    ['for nobody at all', () => ({ aud: undefined })],
    ['about nobody', () => ({ sub: undefined })],
    ['of no organization', () => ({ organization_id: undefined })],
    ['without an id', () => ({ jti: undefined })],
    ['whose id is no UUID', () => ({ jti: 'x' })],
    ['whose id is a statement', () => ({ jti: "' OR true --" })],
    ['whose id is in braces', ({ jti }) => ({ jti: `{${jti}}` })],
    ['whose id has a space', ({ jti }) => ({ jti: `${jti} ` })],
    ['whose id has NUL', ({ jti }) => ({ jti: `${jti}\0` })],
    ['whose id is a list', ({ jti }) => ({ jti: [jti] })],
    ['whose id is an object', ({ jti }) => ({ jti: { jti } })],
    ['whose id is a number', () => ({ jti: 7 })],
  ])('is invalid: a token %s', (_, change) => invalid(own.saying(change(own.claims))));

  it.each(['', '[]', '"x"', 'null', '7', '{', '{}', '\ufeff{}', '{"exp":NaN}', '{"jti":undefined}'])(
    'is invalid where the claims read %j',
    (claims) => invalid(own.saying(claims)),
  );

  it('is invalid where the end is no number', () =>
    invalid(own.saying(JSON.stringify(own.claims).replace(/"exp":\d+/, '"exp":NaN'))));

  it('is invalid where the claims are not UTF-8', async () => {
    const text = Buffer.from(JSON.stringify(own.claims).slice(0, -1));
    const bytes = Buffer.concat([text, Buffer.from(',"x":"\xff"}', 'latin1')]);
    const input = `${encoded(own.header)}.${bytes.toString('base64url')}`;
    await invalid(`${input}.${own.sign(Buffer.from(input)).toString('base64url')}`);
  });

  it('has expired a second ago, or just now, and says so to whom it is for', async () => {
    for (const exp of [now() - 1, now(), 0, -1]) {
      const token = own.saying({ exp });
      expect(await verdictOn(own.world, token)).toEqual(not('EXPIRED'));
      expect(await verdictOn(own.world, token, 'another')).toEqual(not('INVALID'));
      expect(pathsIn(await rotate(own.world, own.world.admin, { token }))).toEqual(['input.token']);
    }
  });

  it('for several counts for each of them, in any order and however often, and for no other', async () => {
    for (const aud of [[partner], ['x', partner], [partner, 'x', 'x'], ['x', partner, 'a', partner]]) {
      const token = own.saying({ aud });
      await expectValid(own, token, { ...own.claims, aud });
      expect(await verdictOn(own.world, token, 'y')).toEqual(not('INVALID'));
    }
    for (const aud of [[], ['x', 'y'], ['x', 'x'], [[partner]], { [partner]: true }, `${partner},x`, `x ${partner}`]) {
      expect(await verdictOn(own.world, own.saying({ aud }))).toEqual(not('INVALID'));
    }
  });

  it('of an id in capitals is revoked with it', async () => {
    const { world, claims, saying } = await aGrant(gateway());
    const token = saying({ jti: String(claims.jti).toUpperCase() });
    expect(await verdictOn(world, token)).toMatchObject({ valid: true, claims: { jti: claims.jti } });
    await good(revoke(world, world.admin, { jti: String(claims.jti) }));
    expect(await verdictOn(world, token)).toEqual(not('REVOKED'));
  });
});

describe('a genuine integration token', () => {
  it('is invalid with any bit of it flipped', async () => {
    const parts = own.token.split('.').map((part) => Buffer.from(part, 'base64url'));
    for (const [index, part] of parts.entries()) {
      for (const at of [0, 1, part.length >> 1, part.length - 2, part.length - 1]) {
        const flipped = Buffer.from(part);
        flipped[at]! ^= 1 << (at % 8);
        await invalid(parts.map((bytes, place) => (place === index ? flipped : bytes).toString('base64url')).join('.'));
      }
    }
  });

  it('lends its signature to no other claims or header', async () => {
    const [header, claims, signature] = own.token.split('.') as [string, string, string];
    const more = [{ exp: now() + 86_400 }, { scope: 'organization.delete' }, { aud: 'another' }, { jti: newId() }];
    for (const change of more) {
      await invalid([header, encoded({ ...decoded(claims), ...change }), signature].join('.'));
    }
    await invalid([encoded({ ...decoded(header), alg: 'none' }), claims, signature].join('.'));
    // The same content in another spelling is not what was signed.
    await invalid([encoded(`${JSON.stringify(decoded(header))} `), claims, signature].join('.'));
    await invalid([header, encoded(`${JSON.stringify(decoded(claims))} `), signature].join('.'));
  });

  it('is invalid with anything missing, before or behind it', async () => {
    const [header, claims, signature] = own.token.split('.') as [string, string, string];
    const { token } = own;
    const parts = [`${header}.${claims}.`, `${header}.${claims}`, `${header}..`, `.${claims}.`, '...', header, claims];
    const around = [`${token}.`, `.${token}`, `${token}.x`, `x${token}`, `${token}..`, `${token},${token}`];
    const wrapped = [`Bearer ${token}`, `"${token}"`, `${token}\0`, `\ufeff${token}`, encodeURIComponent(`${token}=`)];
    for (const wrong of [...parts, ...around, ...wrapped, `${header}.${signature}.${claims}`]) await invalid(wrong);
  });

  it.each([' ', '\n', '\t', '\r\n', '\u00a0'])(
    'is invalid with white space before what was signed, or in it: %j',
    async (space) => {
      const [header, claims, signature] = own.token.split('.') as [string, string, string];
      await invalid(`${space}${own.token}`);
      await invalid(`${header}${space}.${claims}.${signature}`);
      await invalid(`${header}.${claims}${space}.${signature}`);
    },
  );

  it('is looked at up to 32,768 characters, and longer ones are bad input', async () => {
    const { world, claims } = own;
    const { length } = own.saying({ padding: '' });
    const padded = { padding: 'x'.repeat(Math.floor(((32_768 - length) * 3) / 4) - 2) };
    const longest = own.saying(padded);
    expect(longest.length).toBeLessThanOrEqual(32_768);
    await expectValid(own, longest, { ...claims, ...padded });
    const longer = own.saying({ padding: 'x'.repeat(padded.padding.length + 9) });
    expect(longer.length).toBeGreaterThan(32_768);
    for (const token of [longer, 'a'.repeat(32_769), `${own.token}${'.'.repeat(32_769)}`, 'a'.repeat(1_000_000)]) {
      for (const answer of [
        await verify(world, world.admin, token),
        await rotate(world, world.admin, { token }),
        await revoke(world, world.admin, { token }),
      ]) {
        expect(pathsIn(answer)).toEqual(['input.token']);
        expect(JSON.stringify(answer).length).toBeLessThan(1_000);
      }
    }
    for (const text of [
      '.'.repeat(32_768),
      `${'['.repeat(24_000)}..`,
      tokenOf(own.header, '['.repeat(20_000), own.sign),
    ]) {
      await invalid(text);
    }
  });
});

it('an encrypted integration token is invalid, whoever could read it', async () => {
  const { kid: _, alg: __, use: ___, ...jwk } = own.publicJwk;
  const rsa = await importJWK({ ...jwk, kty: 'RSA' }, 'RSA-OAEP-256');
  for (const plaintext of [own.token, JSON.stringify(own.claims)].map((text) => new TextEncoder().encode(text))) {
    for (const [alg, key] of [
      ['RSA-OAEP-256', rsa],
      ['dir', new Uint8Array(32)],
    ] as const) {
      const jwe = new CompactEncrypt(plaintext);
      jwe.setProtectedHeader({ alg, enc: 'A256GCM', typ: 'integration+jwt', cty: 'JWT', kid: own.kid });
      await invalid(await jwe.encrypt(key));
    }
  }
});

it('an integration token in another form than the compact one is invalid', async () => {
  const [header, claims, signature] = own.token.split('.') as [string, string, string];
  const flattened = JSON.stringify({ protected: header, payload: claims, signature });
  const general = JSON.stringify({ payload: claims, signatures: [{ protected: header, signature }] });
  for (const form of [flattened, general, encoded(flattened), encoded(general), newId()]) await invalid(form);
});
