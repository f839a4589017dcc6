import { describe, expect, it } from 'vitest';
import { apiKeyPrefix } from '../../src/auth/authenticate.js';
import { newSecret } from '../../src/platform/secret.js';
import { someNetwork } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { aPerson } from '../support/world.js';
import { bodyOf, codeOf } from './answers.js';
import { bearer, keyed, post, type Raw } from './requests.js';

const byNetwork = useGateway({ rateLimits: { caller: 0, network: 20 } });
const byCaller = useGateway({ rateLimits: { caller: 20, network: 0 } });
const byBoth = useGateway({ rateLimits: { caller: 20, network: 100 } });
const unlimited = useGateway({ rateLimits: { caller: 0, network: 0 } });

type Headers = Record<string, string>;

const ask = (gateway: typeof byNetwork, headers: Headers, query = '{ __typename }') =>
  post(gateway().url, JSON.stringify({ query }), headers);

/** A page costs one more than it may hold, whatever it holds. */
const ofCost = (cost: number) => `{ organizations(first: ${cost - 1}) { nodes { id } } }`;

const left = ({ headers }: Raw) => Number(headers.get('ratelimit-remaining'));
const headersOf = ({ headers }: Raw) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('ratelimit-') || name === 'retry-after'));

function expectRefused(answer: Raw) {
  expect(answer.status).toBe(429);
  const retryAfter = Number(answer.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(bodyOf(answer).data).toBeUndefined();
  expect(bodyOf(answer).errors).toEqual([
    { message: expect.stringContaining('Try again in'), extensions: { code: 'RATE_LIMITED', retryAfter } },
  ]);
  expect(answer.headers.get('ratelimit-reset')).toBe(String(retryAfter));
}

describe('a network', () => {
  it('reads on every answer what is left, and is refused with the time to wait', async () => {
    const network = someNetwork();
    const first = await ask(byNetwork, network);
    expect(headersOf(first)).toEqual({
      'ratelimit-limit': '20',
      'ratelimit-remaining': '19',
      'ratelimit-reset': expect.stringMatching(/^(60|[1-5]?\d)$/),
      'ratelimit-policy': '20;w=60',
    });
    for (let count = 18; count >= 0; count -= 1) expect(left(await ask(byNetwork, network))).toBe(count);
    const refused = await ask(byNetwork, network);
    expectRefused(refused);
    expect(left(refused)).toBe(0);
    expect((await ask(byNetwork, someNetwork())).status).toBe(200);
  });

  it('is the first half of an IPv6 address, so that the other half buys nothing', async () => {
    const from = (host: number) => ({ 'x-forwarded-for': `2001:db8:aaaa:bbbb::${host}` });
    for (let host = 1; host <= 20; host += 1) expect((await ask(byNetwork, from(host))).status).toBe(200);
    expectRefused(await ask(byNetwork, from(21)));
  });

  it.each<[string, () => Promise<Headers> | Headers, string]>([
    ['forged tokens', () => ({ authorization: 'Bearer x.y.z' }), '{"query":"{ __typename }"}'],
    ['API keys that nobody has', () => keyed(`${apiKeyPrefix}${newSecret()}`), '{"query":"{ me { id } }"}'],
    ['malformed bodies', () => ({}), '{'],
    ['bodies of another type', () => ({ 'content-type': 'text/plain' }), 'x'],
    ['documents over the limits', () => ({}), JSON.stringify({ query: `{ ${'a: __typename '.repeat(101)} }` })],
    ['documents that are not valid', () => ({}), '{"query":"{ nothing }"}'],
    ['unknown ids', () => ({}), JSON.stringify({ documentId: 'a'.repeat(64) })],
    ['what a foreign page could send', () => ({ 'content-type': '' }), '{"query":"{ __typename }"}'],
  ])('pays also for what is refused: %s', async (_, headers, body) => {
    const network = someNetwork();
    for (let count = 19; count >= 0; count -= 1) {
      const answer = await post(byNetwork().url, body, { ...network, ...(await headers()) });
      expect(answer.status).not.toBe(429);
      expect(left(answer)).toBe(count);
    }
    expectRefused(await post(byNetwork().url, body, { ...network, ...(await headers()) }));
  });

  it('pays as much as its queries cost, and nothing for what is refused because it costs more than is left', async () => {
    const network = { ...someNetwork(), ...bearer(await aPerson(byNetwork())) };
    const answer = await ask(byNetwork, network, ofCost(11));
    expect(bodyOf(answer).errors).toBeUndefined();
    expect(left(answer)).toBe(9);
    const refused = await ask(byNetwork, network, ofCost(11));
    expectRefused(refused);
    expect(left(refused)).toBe(8);
    expect(left(await ask(byNetwork, network, ofCost(6)))).toBe(2);
  });

  it('runs nothing of a mutation that it cannot pay for', async () => {
    const person = await aPerson(byNetwork());
    const network = { ...someNetwork(), ...bearer(person) };
    await ask(byNetwork, network, ofCost(18));
    const rename = 'mutation { updateMe(input: { fullName: "Changed" }) { user { id } } }';
    expectRefused(await ask(byNetwork, network, `${rename.slice(0, -1)} b: ${rename.slice(11)}`));
    expect((await ask(byNetwork, { ...someNetwork(), ...bearer(person) }, '{ me { fullName } }')).text).not.toContain(
      'Changed',
    );
  });
});

describe('a caller', () => {
  it('pays wherever it calls from, and for nobody else', async () => {
    const person = await aPerson(byCaller());
    for (let count = 19; count >= 0; count -= 1) {
      expect(left(await ask(byCaller, { ...someNetwork(), ...bearer(person) }))).toBe(count);
    }
    expectRefused(await ask(byCaller, { ...someNetwork(), ...bearer(person) }));
    expect((await ask(byCaller, bearer(await aPerson(byCaller())))).status).toBe(200);
  });

  it('is also an API key', async () => {
    const [one, other] = [keyed(`${apiKeyPrefix}${newSecret()}`), keyed(`${apiKeyPrefix}${newSecret()}`)];
    for (let count = 19; count >= 0; count -= 1) expect(left(await ask(byCaller, one))).toBe(count);
    expectRefused(await ask(byCaller, one));
    expect(left(await ask(byCaller, other))).toBe(19);
  });

  it('is nobody without a credential, or with one that is not good', async () => {
    const network = someNetwork();
    for (const headers of [network, { ...network, authorization: 'Bearer x' }]) {
      expect(headersOf(await ask(byCaller, headers))).toEqual({});
    }
  });

  it('reads what is left of its own limit or of the network’s, whichever is less', async () => {
    const network = someNetwork();
    const person = await aPerson(byBoth());
    const own = await ask(byBoth, { ...network, ...bearer(person) });
    expect([own.headers.get('ratelimit-limit'), left(own)]).toEqual(['20', 19]);
    for (let count = 0; count < 9; count += 1) {
      await ask(byBoth, { ...network, ...bearer(await aPerson(byBoth())) }, ofCost(10));
    }
    const shared = await ask(byBoth, { ...network, ...bearer(await aPerson(byBoth())) });
    expect([shared.headers.get('ratelimit-limit'), left(shared)]).toEqual(['100', 8]);
  });
});

describe('no limit', () => {
  it('is told where there is none', async () => {
    const network = someNetwork();
    for (let count = 0; count < 30; count += 1) {
      const answer = await ask(unlimited, network);
      expect(answer.status).toBe(200);
      expect(headersOf(answer)).toEqual({});
    }
  });

  it('holds for the keys of tokens, which whoever verifies them needs', async () => {
    const network = someNetwork();
    for (let count = 0; count < 30; count += 1) {
      const answer = await fetch(`${byNetwork().url}/.well-known/jwks.json`, { headers: network });
      expect(answer.status).toBe(200);
    }
    expect(codeOf(await ask(byNetwork, network))).toBeUndefined();
  });
});
