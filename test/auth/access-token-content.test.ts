import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { codeOf, send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson, type Person, write } from '../support/world.js';
import { contentOf, decoded, encoded, es256, expectRefused, me, ownKeyOf, type Part, tokenOf } from './forging.js';

// Its worker must not do the jobs of other tests while the time is another one here.
const gateway = useOwnGateway();

const refused = (token: string) => expectRefused(gateway(), token);

/** Signs anything as the gateway itself would. */
async function signed(claims: Part | string, header: Part | string): Promise<string> {
  return tokenOf(header, claims, es256((await ownKeyOf(gateway())).key));
}

const now = () => Math.floor(Date.now() / 1000);

describe('what the gateway’s own key has signed', () => {
  it.each<[string, Part]>([
    ['of a person for another program', { typ: 'JWT' }],
    ['an ID token', { typ: 'id+jwt' }],
    ['an integration token', { typ: 'integration+jwt' }],
    ['a log-out token', { typ: 'logout+jwt' }],
    ['of no type', { typ: undefined }],
    ['of a type that only begins right', { typ: 'at+jwt+x' }],
    ['of a list of types', { typ: ['at+jwt'] }],
    ['of an empty type', { typ: '' }],
    ['whose payload is not encoded', { b64: false, crit: ['b64'] }],
    ['that needs an extension which is not there', { crit: ['exp'] }],
    ['that needs no extension, but says so', { crit: [] }],
  ])('is refused where it is something else: %s', async (_, change) => {
    const { header, claims } = contentOf(await aPerson(gateway()));
    await refused(await signed(claims, { ...header, ...change }));
  });

  it.each<[string, (claims: Part) => Part]>([
    ['that was not issued yet', (claims) => ({ ...claims, iat: now() + 60 })],
    ['that was issued at the end of time', (claims) => ({ ...claims, iat: 1e300 })],
    ['that is not valid yet', (claims) => ({ ...claims, nbf: now() + 60 })],
    ['that has expired a second ago', (claims) => ({ ...claims, exp: now() - 1 })],
    ['that expires now', (claims) => ({ ...claims, exp: now() })],
    ['that expires in words', (claims) => ({ ...claims, exp: `${now() + 600}` })],
    ['that expires in a list', (claims) => ({ ...claims, exp: [now() + 600] })],
    ['that never expires', (claims) => ({ ...claims, exp: null })],
    ['that was issued in words', (claims) => ({ ...claims, iat: `${now()}` })],
    ['that begins in words', (claims) => ({ ...claims, nbf: 'now' })],
    ['of an issuer in another case', (claims) => ({ ...claims, iss: String(claims.iss).toUpperCase() })],
    ['of a list of issuers', (claims) => ({ ...claims, iss: [claims.iss] })],
    ['for an audience in another case', (claims) => ({ ...claims, aud: String(claims.aud).toUpperCase() })],
    ['for other audiences', (claims) => ({ ...claims, aud: ['tenantry2', 'another'] })],
    ['for nobody', (claims) => ({ ...claims, aud: [] })],
    ['with a session that is an object', (claims) => ({ ...claims, sid: { id: claims.sid } })],
    ['with a session in braces', (claims) => ({ ...claims, sid: `{${claims.sid}}` })],
    ['with a session and more', (claims) => ({ ...claims, sid: `${claims.sid} ` })],
    ['with a session and NUL', (claims) => ({ ...claims, sid: `${claims.sid}\0` })],
    ['without a session', (claims) => ({ ...claims, sid: null })],
    ['without a user', (claims) => ({ ...claims, sub: null })],
  ])('is refused: a token %s', async (_, change) => {
    const { header, claims } = contentOf(await aPerson(gateway()));
    await refused(await signed(change(claims), header));
  });

  it.each(['', '[]', '"x"', 'null', '7', '{', '{}', '\ufeff{}'])(
    'is refused where the claims read %j',
    async (claims) => {
      const { header } = contentOf(await aPerson(gateway()));
      await refused(await signed(claims, header));
    },
  );

  it('is refused where the claims are not UTF-8', async () => {
    const { header, claims } = contentOf(await aPerson(gateway()));
    const bytes = Buffer.concat([
      Buffer.from(JSON.stringify(claims).slice(0, -1)),
      Buffer.from(',"x":"\xff"}', 'latin1'),
    ]);
    const input = `${encoded(header)}.${bytes.toString('base64url')}`;
    const signature = es256((await ownKeyOf(gateway())).key)(Buffer.from(input));
    await refused(`${input}.${signature.toString('base64url')}`);
  });

  it('is refused for a session that there is not', async () => {
    const { header, claims } = contentOf(await aPerson(gateway()));
    const answer = await me(gateway(), await signed({ ...claims, sid: newId() }, header));
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });
});

describe('whose session it is', () => {
  it('is for the session to say: the user that the token names counts for nothing', async () => {
    const [mine, theirs] = await Promise.all([aPerson(gateway()), aPerson(gateway(), { isSuperAdmin: true })]);
    const { header, claims } = contentOf(mine);
    const token = await signed({ ...claims, sub: theirs.user.id }, header);
    expect((await me(gateway(), token)).data.me).toEqual({ id: mine.user.id });
    const everybody = '{ allOrganizations { totalCount } }';
    const answer = await send(gateway().url, everybody, {}, { authorization: `Bearer ${token}` });
    expect(codeOf(answer)).toBe('FORBIDDEN');
  });

  it('is not changed by whatever else the token claims', async () => {
    const { user, accessToken } = await aPerson(gateway());
    const { header, claims } = contentOf({ accessToken });
    const more = { isSuperAdmin: true, role: 'super_admin', roles: ['administrator'], scope: '*', permissions: ['*'] };
    const token = await signed({ ...claims, ...more, email: 'root@example.com' }, header);
    const answer = await send<{ me: object }, object>(
      gateway().url,
      '{ me { id email isSuperAdmin } }',
      {},
      { authorization: `Bearer ${token}` },
    );
    expect(answer.data.me).toEqual({ id: user.id, email: user.email, isSuperAdmin: false });
  });

  it('is one, where the token names two: the last, as in every other place', async () => {
    const [first, last] = await Promise.all([aPerson(gateway()), aPerson(gateway())]);
    const { header, claims } = contentOf(first);
    const { claims: others } = contentOf(last);
    const twice = (a: unknown, b: unknown) =>
      JSON.stringify(claims)
        .replace('{', `{"sid":"${a}",`)
        .replace(/"sid":"[^"]+"(?=[,}](?!.*"sid"))/, `"sid":"${b}"`);
    const token = await signed(twice(claims.sid, others.sid), header);
    expect(decoded(token.split('.')[1]!).sid).toBe(others.sid);
    expect((await me(gateway(), token)).data.me).toEqual({ id: last.user.id });
    await write(gateway(), (set) => set.update('sessions', { id: String(others.sid), revokedAt: new Date() }));
    await refusedByMe(token);
    await refused(await signed(twice(claims.sid, 'x'), header));
  });

  async function refusedByMe(token: string): Promise<void> {
    const answer = await me(gateway(), token);
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  }
});

describe('a token that is too long', () => {
  const million = 1_048_576;

  it('is refused before anything is made of it, even if it is genuine', async () => {
    const { header, claims } = contentOf(await aPerson(gateway()));
    const parse = vi.spyOn(crypto.subtle, 'verify');
    try {
      await refused(await signed({ ...claims, padding: 'x'.repeat(2_000) }, header));
      expect(parse).not.toHaveBeenCalled();
    } finally {
      parse.mockRestore();
    }
  });

  it('of a mebibyte in a header is answered with 431 in JSON, and the gateway goes on', async () => {
    const person = await aPerson(gateway());
    const [head, body] = await raw(`Authorization: Bearer ${'a'.repeat(million)}\r\n`);
    expect(head).toMatch(/^HTTP\/1\.1 431 /);
    expect(head).toMatch(/content-type: application\/json/i);
    expect(() => JSON.parse(body!)).not.toThrow();
    expect((await me(gateway(), person.accessToken)).data.me).toEqual({ id: person.user.id });
  });

  it('of a mebibyte in an input is refused as bad input, or as too much', async () => {
    const document =
      'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken } } }';
    const large = await send(gateway().url, document, { input: { refreshToken: 'a'.repeat(million - 1_000) } });
    expect(codeOf(large)).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(large).length).toBeLessThan(1_000);
    const larger = await send(gateway().url, document, { input: { refreshToken: 'a'.repeat(million) } });
    expect(larger.status).toBe(413);
    expect(codeOf(larger)).toBe('BAD_REQUEST');
  });

  /** Sends a request with a header line of its own, and reads all that comes back. */
  function raw(line: string): Promise<string[]> {
    const { hostname, port } = new URL(gateway().url);
    return new Promise((resolve) => {
      let text = '';
      const socket = connect(Number(port), hostname);
      // The gateway hangs up while we still write.
      socket.on('error', () => undefined);
      socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text.split('\r\n\r\n')));
      socket.write(`POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n${line}\r\n`);
    });
  }
});

/** Tokens that were verified are remembered, so that their signature need not be looked at again. */
describe('a token that was verified before', () => {
  async function verified(): Promise<Person> {
    const person = await aPerson(gateway());
    for (let times = 0; times < 2; times += 1) {
      expect((await me(gateway(), person.accessToken)).data.me).toEqual({ id: person.user.id });
    }
    return person;
  }

  it('is not verified a second time', async () => {
    const { accessToken } = await aPerson(gateway());
    const verify = vi.spyOn(crypto.subtle, 'verify');
    try {
      for (let times = 0; times < 3; times += 1) await me(gateway(), accessToken);
      expect(verify).toHaveBeenCalledTimes(1);
    } finally {
      verify.mockRestore();
    }
  });

  it('is refused without its signature', async () => {
    const [header, claims] = (await verified()).accessToken.split('.');
    for (const token of [`${header}.${claims}.`, `${header}.${claims}`, `${header}..`, `.${claims}.`]) {
      await refused(token);
    }
  });

  it('is refused with any bit of it flipped', async () => {
    const parts = (await verified()).accessToken.split('.').map((part) => Buffer.from(part, 'base64url'));
    for (const [index, part] of parts.entries()) {
      for (const at of [0, 1, part.length >> 1, part.length - 2, part.length - 1]) {
        const flipped = Buffer.from(part);
        flipped[at]! ^= 1 << (at % 8);
        const token = parts.map((bytes, place) => (place === index ? flipped : bytes).toString('base64url')).join('.');
        const answer = await me(gateway(), token);
        expect(codeOf(answer), `byte ${at} of part ${index}`).toBe('UNAUTHENTICATED');
        expect(answer.status).toBe(401);
      }
    }
  });

  it('lends its signature to no other claims, header or session', async () => {
    const { accessToken } = await verified();
    const other = await verified();
    const [header, claims, signature] = accessToken.split('.') as [string, string, string];
    const longer = encoded({ ...decoded(claims), exp: now() + 86_400 });
    await refused([header, longer, signature].join('.'));
    await refused([header, other.accessToken.split('.')[1], signature].join('.'));
    await refused([encoded({ ...decoded(header), alg: 'none' }), claims, signature].join('.'));
    // The same content in another spelling is not what was signed.
    await refused([encoded(`${JSON.stringify(decoded(header))} `), claims, signature].join('.'));
  });

  it('is refused with anything before or behind it', async () => {
    const { accessToken } = await verified();
    for (const token of [`${accessToken}.`, `.${accessToken}`, `${accessToken}.x`, `x${accessToken}`]) {
      await refused(token);
    }
    await refused(`${accessToken}\t${accessToken}`);
  });

  it('is refused once it has expired, though it was remembered', async () => {
    const person = await verified();
    const { exp } = contentOf(person).claims as { exp: number };
    vi.useFakeTimers({ toFake: ['Date'], now: exp * 1000 - 1 });
    try {
      expect((await me(gateway(), person.accessToken)).data.me).toEqual({ id: person.user.id });
      vi.setSystemTime(exp * 1000);
      await refused(person.accessToken);
    } finally {
      vi.useRealTimers();
    }
  });
});
