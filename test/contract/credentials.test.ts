import { exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, type Person } from '../support/world.js';
import { asking, bodyOf, codeOf } from './answers.js';
import { bearer, keyed } from './requests.js';
import { aScene } from './scene.js';

const gateway = useGateway();
const { ask, get } = asking(gateway);

describe('credentials', () => {
  const whoever = '{ __typename }';
  const me = '{ me { id } }';
  const open = '{ invitationByToken(token: "x") { email } }';

  async function expectRefused(headers: Record<string, string>) {
    for (const query of [me, open, whoever]) {
      const answer = await ask(query, headers);
      expect(answer.status, query).toBe(401);
      expect(codeOf(answer), query).toBe('UNAUTHENTICATED');
      expect(bodyOf(answer).data ?? null, query).toBeNull();
    }
  }

  it('are not needed for what is open to anybody', async () => {
    expect((await ask(whoever)).status).toBe(200);
    expect(codeOf(await ask(open))).toBe('NOT_FOUND');
  });

  it('that are missing are not refused over HTTP, but field by field', async () => {
    const answer = await ask(me);
    expect(answer.status).toBe(200);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });

  it('of both kinds at once are refused', async () => {
    const person = await aPerson(gateway());
    await expectRefused({ ...bearer(person), 'x-api-key': 'tk_whatever' });
    await expectRefused({ ...bearer(person), 'x-api-key': '' });
    const { admin, writeKey } = await aScene(gateway());
    await expectRefused({ ...bearer(admin), ...keyed(writeKey) });
  });

  it.each([
    '',
    'tk_whatever',
    'tnt_',
    `tnt_${'a'.repeat(42)}`,
    `tnt_${'a'.repeat(44)}`,
    `TNT_${'a'.repeat(43)}`,
    `tnt_${'a'.repeat(42)}=`,
    'a'.repeat(47),
  ])('an API key that reads %j is refused', async (key) => {
    await expectRefused(keyed(key));
  });

  it('an API key that there is not is refused, also where nobody has to be known', async () => {
    for (const query of [me, open]) {
      const answer = await ask(query, keyed(`tnt_${'a'.repeat(43)}`));
      expect(answer.status, query).toBe(401);
      expect(codeOf(answer), query).toBe('UNAUTHENTICATED');
    }
  });

  it('an API key is one in its own header alone', async () => {
    const { writeKey } = await aScene(gateway());
    for (const authorization of [writeKey, `Bearer ${writeKey}`, `ApiKey ${writeKey}`]) {
      await expectRefused({ authorization });
    }
    expect(codeOf(await ask(me, { cookie: `x-api-key=${writeKey}` }))).toBe('UNAUTHENTICATED');
  });

  it('an API key asks for who has made it, by POST and by GET', async () => {
    const { admin, readKey } = await aScene(gateway());
    const asked = [
      await ask(me, keyed(readKey)),
      await get(`/graphql?${new URLSearchParams({ query: me })}`, {
        ...keyed(readKey),
        'apollo-require-preflight': '1',
      }),
    ];
    for (const answer of asked) expect(bodyOf(answer).data).toEqual({ me: { id: admin.user.id } });
  });

  it.each([
    ['', 'nothing'],
    ['Bearer', 'no token'],
    ['Bearer ', 'an empty token'],
    ['Bearer  two  spaces', 'spaces'],
    ['Bearer a, Bearer b', 'two tokens'],
    ['Basic YWRhOnBhc3N3b3Jk', 'another scheme'],
    ['Token abc', 'an unknown scheme'],
    ['bearer', 'only the scheme'],
    ['Bearer null', 'null'],
    ['Bearer undefined', 'undefined'],
    ['Bearer a.b.c', 'something like a token'],
    ['Bearer ...', 'dots'],
    [`Bearer ${'a'.repeat(8_000)}`, 'a long token'],
  ])('an Authorization header %j (%s) is refused', async (authorization) => {
    await expectRefused({ authorization });
  });

  it('a bearer token without its scheme is refused', async () => {
    const { accessToken } = await aPerson(gateway());
    await expectRefused({ authorization: accessToken });
  });

  it('the scheme may be written in any case', async () => {
    const { accessToken } = await aPerson(gateway());
    expect((await ask(me, { authorization: `bearer ${accessToken}` })).status).toBe(200);
  });

  it('a cookie is no credential', async () => {
    const { accessToken } = await aPerson(gateway());
    expect(codeOf(await ask(me, { cookie: `accessToken=${accessToken}; authorization=${accessToken}` }))).toBe(
      'UNAUTHENTICATED',
    );
  });

  describe('that are forged', () => {
    /** What a genuine token says, to be said by others. */
    async function genuine(person: Person) {
      const [header, payload] = person.accessToken.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      return {
        header: JSON.parse(header!) as { alg: string; kid: string; typ: string },
        payload: JSON.parse(payload!) as Record<string, unknown> & { exp: number; iat: number },
      };
    }

    const refused = (token: string) => expectRefused({ authorization: `Bearer ${token}` });
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

    it('the same claims under the gateway’s own key are not what is refused', async () => {
      const person = await aPerson(gateway());
      const { payload } = await genuine(person);
      const { accessToken } = await gateway().services.accessTokens.issue({
        userId: String(payload.sub),
        sessionId: String(payload.sid),
      });
      expect((await ask(me, { authorization: `Bearer ${accessToken}` })).status).toBe(200);
    });

    it('with another key, under the name of the right one', async () => {
      const { header, payload } = await genuine(await aPerson(gateway()));
      const { privateKey } = await generateKeyPair('ES256');
      await refused(await new SignJWT(payload).setProtectedHeader(header).sign(privateKey));
    });

    it('with another key, which the token brings along', async () => {
      const { header, payload } = await genuine(await aPerson(gateway()));
      const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
      const jwk = (await crypto.subtle.exportKey('jwk', publicKey)) as JWK;
      const { kid: _, ...unnamed } = header;
      for (const given of [header, unnamed, { ...header, kid: 'surprise' }]) {
        await refused(
          await new SignJWT(payload)
            .setProtectedHeader({ ...given, jwk, jku: `${gateway().url}/.well-known/jwks.json` })
            .sign(privateKey),
        );
      }
    });

    it('without a signature', async () => {
      const person = await aPerson(gateway());
      const { header, payload } = await genuine(person);
      await refused(new UnsecuredJWT(payload).encode());
      for (const alg of ['none', 'None', 'NONE', 'ES256']) {
        await refused(`${encoded({ ...header, alg })}.${encoded(payload)}.`);
      }
      await refused(`${encoded({ ...header, alg: 'none' })}.${encoded(payload)}.${person.accessToken.split('.')[2]}`);
    });

    it('with the public key as a shared secret', async () => {
      const { header, payload } = await genuine(await aPerson(gateway()));
      const jwks = JSON.parse((await get('/.well-known/jwks.json')).text) as { keys: JWK[] };
      const jwk = jwks.keys.find(({ kid }) => kid === header.kid)!;
      const key = (await importJWK({ ...jwk, ext: true }, 'ES256')) as Parameters<typeof exportSPKI>[0];
      for (const secret of [await exportSPKI(key), JSON.stringify(jwk), jwk.x!]) {
        for (const alg of ['HS256', 'HS512']) {
          const bytes = new TextEncoder().encode(secret.padEnd(64, '\0'));
          await refused(await new SignJWT(payload).setProtectedHeader({ ...header, alg }).sign(bytes));
        }
      }
    });

    it('with one character changed', async () => {
      const { accessToken } = await aPerson(gateway());
      const parts = accessToken.split('.');
      for (const index of [0, 1, 2]) {
        const part = parts[index]!;
        const changed = (part[10] === 'A' ? 'B' : 'A') + part.slice(1);
        await refused(parts.map((given, at) => (at === index ? part.slice(0, 9) + changed : given)).join('.'));
      }
    });

    it('with the claims of somebody else under a genuine signature', async () => {
      const [mine, theirs] = await Promise.all([aPerson(gateway()), aPerson(gateway())]);
      const [header, , signature] = mine.accessToken.split('.');
      await refused([header, theirs.accessToken.split('.')[1], signature].join('.'));
    });
  });

  describe('that the gateway’s own key has signed', () => {
    /** Signs anything as the gateway itself would. */
    async function signed(payload: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
      const { db, seal } = gateway().services;
      const [row] = await db.run<{ kid: string; privateJwk: string }>(
        'SELECT kid, private_jwk AS "privateJwk" FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC',
        [],
      );
      const key = await importJWK(JSON.parse(await seal.open(row!.privateJwk)), 'ES256');
      const protectedHeader = { alg: 'ES256', typ: 'at+jwt', kid: row!.kid, ...header };
      return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(key, { crit: { surprise: true } });
    }

    async function claimsOf({ accessToken }: Person): Promise<Record<string, unknown>> {
      return JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
    }

    const now = () => Math.floor(Date.now() / 1000);

    it('are accepted with the claims of a session', async () => {
      const token = await signed(await claimsOf(await aPerson(gateway())));
      expect((await ask(me, { authorization: `Bearer ${token}` })).status).toBe(200);
    });

    const wrong: [string, (claims: Record<string, unknown>) => Record<string, unknown>, Record<string, unknown>?][] = [
      ['an end in the past', (claims) => ({ ...claims, exp: now() - 1 })],
      ['no end', ({ exp: _, ...claims }) => claims],
      ['no beginning', ({ iat: _, ...claims }) => claims],
      ['a beginning in the future', (claims) => ({ ...claims, nbf: now() + 600 })],
      ['another audience', (claims) => ({ ...claims, aud: 'another' })],
      ['no audience', ({ aud: _, ...claims }) => claims],
      ['another issuer', (claims) => ({ ...claims, iss: 'https://example.com' })],
      ['no issuer', ({ iss: _, ...claims }) => claims],
      ['no session', ({ sid: _, ...claims }) => claims],
      ['no user', ({ sub: _, ...claims }) => claims],
      ['a session that is not a UUID', (claims) => ({ ...claims, sid: "' OR true --" })],
      ['a list of sessions', (claims) => ({ ...claims, sid: [claims.sid, claims.sid] })],
      ['a user that is not a UUID', (claims) => ({ ...claims, sub: 'x' })],
      ['another type', (claims) => claims, { typ: 'JWT' }],
      ['no type', (claims) => claims, { typ: undefined }],
      ['an extension that nobody knows', (claims) => claims, { crit: ['surprise'], surprise: true }],
    ];

    it.each(wrong)('are refused with %s', async (_, change, header) => {
      const claims = change(await claimsOf(await aPerson(gateway())));
      await expectRefused({ authorization: `Bearer ${await signed(claims, header)}` });
    });

    it('are refused for a session that there is not', async () => {
      const claims = { ...(await claimsOf(await aPerson(gateway()))), sid: newId() };
      const answer = await ask(me, { authorization: `Bearer ${await signed(claims)}` });
      expect(answer.status).toBe(401);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    });
  });

  it('of a session that has ended are refused from the next request on', async () => {
    const person = await aPerson(gateway());
    expect((await ask(me, bearer(person))).status).toBe(200);
    expect((await ask('mutation { logout(input: {}) { ok } }', bearer(person))).status).toBe(200);
    for (const query of [me, open]) {
      const answer = await ask(query, bearer(person));
      expect(answer.status).toBe(401);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    }
  });

  it.each(['SUSPENDED', 'DELETED'] as const)('of a user who is %s are refused', async (status) => {
    const person = await aPerson(gateway(), { status });
    const answer = await ask(me, bearer(person));
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });
});
