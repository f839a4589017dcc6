import { createPublicKey } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { aPerson } from '../support/world.js';
import { decoded, encoded, expectRefused, hmac, me, type Part, tokenOf } from './forging.js';
import { anIdentity, aSubject, sendWith, useIssuer } from './issuer.js';

const issuer = useIssuer();
const gateway = useGateway({ externalIssuer: issuer.config });

const refused = (token: string) => expectRefused(gateway(), token);
const now = () => Math.floor(Date.now() / 1000);

/** Nobody was made for a subject whose tokens were refused. */
async function expectNobody({ sub }: { sub: string }): Promise<void> {
  expect(await gateway().services.db.prisma.externalIdentity.count({ where: { subject: sub } })).toBe(0);
}

const algorithms = ['RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const keyIds = new Map<string, string>();
beforeAll(async () => {
  for (const alg of algorithms) keyIds.set(alg, await issuer.addKey(alg));
});

describe('a token of the other issuer', () => {
  it.each(algorithms)('is accepted with %s', async (alg) => {
    const kid = keyIds.get(alg);
    const { user, subject } = await anIdentity(gateway(), issuer);
    expect((await me(gateway(), await issuer.token(subject, { kid }))).data.me).toEqual({ id: user.id });
  });

  it('is accepted for one of several audiences, of any type, and a little early or late', async () => {
    const { user, subject } = await anIdentity(gateway(), issuer);
    const good: Part[] = [
      { aud: ['another', issuer.config.audience] },
      { exp: now() - 3 },
      { iat: now() + 3 },
      { nbf: now() + 3 },
      { iat: now() - 86_400 },
    ];
    for (const claims of good) {
      const token = await issuer.token({ ...subject, ...claims }, { typ: 'JWT' });
      expect((await me(gateway(), token)).data.me, JSON.stringify(claims)).toEqual({ id: user.id });
    }
  });

  it('stands beside those of the gateway itself, which are still accepted', async () => {
    const { user, subject } = await anIdentity(gateway(), issuer);
    const person = await aPerson(gateway());
    const token = await issuer.token(subject);
    const answers = await Promise.all([me(gateway(), token), me(gateway(), person.accessToken), me(gateway(), token)]);
    expect(answers.map(({ data }) => data.me!.id)).toEqual([user.id, person.user.id, user.id]);
    const both = await sendWith(gateway(), token, '{ me { id } }', {}, { 'x-api-key': `tnt_${'x'.repeat(43)}` });
    expect(both.status).toBe(401);
  });

  it.each<[string, Part]>([
    ['for another audience', { aud: 'another' }],
    ['for other audiences', { aud: ['another', 'the-app2'] }],
    ['for the gateway by its own name', { aud: 'tenantry' }],
    ['for no audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://elsewhere.example.com/' }],
    ['of an issuer in another spelling', { iss: 'HTTPS://ELSEWHERE.EXAMPLE.COM' }],
    ['of a list of issuers', { iss: ['x'] }],
    ['of no issuer', { iss: undefined }],
    ['that has expired', { exp: now() - 60 }],
    ['that never expires', { exp: undefined }],
    ['that expires in words', { exp: 'tomorrow' }],
    ['that is not valid yet', { nbf: now() + 60 }],
    ['that was not issued yet', { iat: now() + 60 }],
    ['that was never issued', { iat: undefined }],
    ['that was issued before all time', { iat: -1 }],
    ['that was issued at the end of time', { iat: 1e300 }],
    ['that was issued at zero', { iat: 0 }],
    ['of nobody', { sub: undefined }],
    ['of an empty subject', { sub: '' }],
    ['of a subject with NUL', { sub: 'a\0b' }],
    ['of a subject with a line break', { sub: 'a\nb' }],
    ['of a subject in other letters', { sub: 'аdmin' }],
    ['of a subject that is too long', { sub: 'x'.repeat(256) }],
  ])('is refused, also for somebody who is known: %s', async (_, claims) => {
    const { subject } = await anIdentity(gateway(), issuer);
    const newcomer = aSubject();
    const sub = 'sub' in claims ? {} : { sub: newcomer.sub };
    await refused(await issuer.token({ ...subject, ...claims }));
    await refused(await issuer.token({ ...newcomer, ...sub, ...claims }));
    await expectNobody(newcomer);
  });

  it('is refused when it is too long to be one', async () => {
    const { subject } = await anIdentity(gateway(), issuer);
    const token = await issuer.token({ ...subject, padding: 'x'.repeat(8_192) });
    expect(token.length).toBeLessThan(14_000);
    await refused(token);
  });
});

describe('a token that only claims to be of the other issuer', () => {
  /** A genuine one, in parts. */
  async function genuine() {
    const { subject } = await anIdentity(gateway(), issuer);
    const token = await issuer.token(subject);
    const [header, claims, signature] = token.split('.') as [string, string, string];
    return { token, header: decoded(header), claims: decoded(claims), signature };
  }

  it('is refused without a signature', async () => {
    const { header, claims, signature } = await genuine();
    await refused(new UnsecuredJWT(claims).encode());
    for (const alg of ['none', 'None', 'RS256']) {
      await refused(`${encoded({ ...header, alg })}.${encoded(claims)}.`);
      await refused(`${encoded({ ...header, alg })}.${encoded(claims)}.${alg === 'RS256' ? 'AA' : signature}`);
    }
  });

  it('is refused with a shared secret made of the public key', async () => {
    const { header, claims } = await genuine();
    const jwk = issuer.keys.find(({ kid }) => kid === header.kid)!;
    const key = createPublicKey({ key: jwk as never, format: 'jwk' });
    const secrets = [
      key.export({ type: 'spki', format: 'pem' }).toString(),
      key.export({ type: 'spki', format: 'der' }),
      key.export({ type: 'pkcs1', format: 'pem' }).toString(),
      ...[JSON.stringify(jwk), jwk.n!, ''],
    ];
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      for (const secret of secrets) {
        const signature = hmac(`sha${alg.slice(2)}`, secret);
        await refused(tokenOf({ ...header, alg }, claims, signature));
        await refused(tokenOf(header, claims, signature));
      }
    }
  });

  it('is refused with one bit of it flipped, also right after the genuine one', async () => {
    const { token } = await genuine();
    expect(codeOf(await me(gateway(), token))).toBeUndefined();
    const parts = token.split('.').map((part) => Buffer.from(part, 'base64url'));
    for (const [index, part] of parts.entries()) {
      const flipped = Buffer.from(part);
      flipped[part.length >> 1]! ^= 1;
      await refused(parts.map((bytes, place) => (place === index ? flipped : bytes).toString('base64url')).join('.'));
    }
  });

  it('is refused from a key that the issuer does not publish, whatever name it bears', async () => {
    const { claims, header } = await genuine();
    const stranger = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(stranger.publicKey);
    for (const more of [{}, { kid: undefined }, { jwk }, { jwk, kid: 'mine' }]) {
      const forged = new SignJWT(claims).setProtectedHeader({ ...header, alg: 'RS256', ...more } as { alg: string });
      await refused(await forged.sign(stranger.privateKey));
    }
  });

  it('is refused from the gateway’s own key', async () => {
    const { claims } = await genuine();
    const { accessTokens } = gateway().services;
    const person = await aPerson(gateway());
    const issued = await accessTokens.issue({ userId: person.user.id, sessionId: crypto.randomUUID() });
    const [header, , signature] = issued.accessToken.split('.');
    await refused([header, encoded(claims), signature].join('.'));
  });

  it('cannot be of the gateway itself: the issuer does not sign for it', async () => {
    const person = await aPerson(gateway());
    const own = decoded(person.accessToken.split('.')[1]!);
    const kid = decoded(person.accessToken.split('.')[0]!).kid;
    await refused(await issuer.token(own, { typ: 'at+jwt' }));
    const token = await issuer.token(own, { typ: 'at+jwt' });
    await refused([encoded({ alg: 'ES256', typ: 'at+jwt', kid }), ...token.split('.').slice(1)].join('.'));
  });
});
