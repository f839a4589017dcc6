import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, codeOf } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson, type Person } from '../support/world.js';
import { encoded, me } from './forging.js';
import { anIdentity, type aSubject, useIssuer } from './issuer.js';

const issuer = useIssuer();
// Its worker must not do the jobs of other tests while the time is another one here.
const gateway = useOwnGateway({ externalIssuer: issuer.config });

const second = 1_000;
const minute = 60 * second;

let somebody: Person & { subject: ReturnType<typeof aSubject> };
let now = Date.now();

/** Goes on in time, which does not go back for the gateway from one test to the next. */
function later(milliseconds: number): void {
  now += milliseconds;
  vi.setSystemTime(now);
}

beforeEach(async () => {
  somebody = await anIdentity(gateway(), issuer);
  // Whatever the test before has left is too old to be used.
  now += 11 * minute;
  vi.useFakeTimers({ toFake: ['Date'], now });
});
afterEach(async () => {
  vi.useRealTimers();
  issuer.answerWith(200);
});

/** Asks who the caller is with a new token of somebody whom the issuer has vouched for. */
async function ask(header: { kid?: string } = {}): Promise<Answer<{ me: { id: string } | null }>> {
  return me(gateway(), await issuer.token(somebody.subject, header));
}

async function expectServed(header: { kid?: string } = {}): Promise<void> {
  expect((await ask(header)).data?.me).toEqual({ id: somebody.user.id });
}

/** A token that anybody could make up: it names the issuer, and a key that there is not. */
async function madeUp(): Promise<string> {
  const [, claims, signature] = (await issuer.token(somebody.subject)).split('.');
  return [encoded({ alg: 'RS256', kid: randomUUID() }), claims, signature].join('.');
}

/** How often the keys are fetched meanwhile. */
async function fetches(work: () => Promise<unknown>): Promise<number> {
  const before = issuer.requests;
  await work();
  return issuer.requests - before;
}

const times = <Result>(count: number, work: () => Promise<Result>) => Promise.all(Array.from({ length: count }, work));

function expectFault(answer: Answer<unknown>): void {
  expect(answer.status).toBe(500);
  expect(answer.errors).toEqual([
    {
      message: 'Something went wrong on our side. Please try again.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
    },
  ]);
}

describe('the keys of the other issuer', () => {
  it('are fetched by the first token, though many come at once, and kept for ten minutes', async () => {
    expect(await fetches(() => times(20, () => expectServed()))).toBe(1);
    later(10 * minute - 1);
    expect(await fetches(() => times(20, () => expectServed()))).toBe(0);
    later(1);
    expect(await fetches(() => times(20, () => expectServed()))).toBe(1);
  });

  it('are not fetched for tokens of the gateway itself, for bad ones, or for none', async () => {
    const own = await aPerson(gateway());
    const fetched = await fetches(async () => {
      for (const token of [own.accessToken, 'x', 'a.b.c', `${encoded({ alg: 'RS256' })}.${encoded({ iss: 'x' })}.x`]) {
        await me(gateway(), token);
      }
    });
    expect(fetched).toBe(0);
  });

  it('are fetched once more when a token names a new one', async () => {
    await expectServed();
    const kid = await issuer.addKey();
    later(30 * second);
    expect(await fetches(() => times(10, () => expectServed({ kid })))).toBe(1);
  });

  it('are not fetched more often than every thirty seconds, whatever names tokens make up', async () => {
    await expectServed();
    const storm = () =>
      times(50, async () => {
        const answer = await me(gateway(), await madeUp());
        expect(answer.status).toBe(401);
        expect(codeOf(answer)).toBe('UNAUTHENTICATED');
      });
    expect(await fetches(storm)).toBe(0);
    later(30 * second);
    expect(await fetches(storm)).toBe(1);
    expect(await fetches(storm)).toBe(0);
    later(29 * second);
    expect(await fetches(storm)).toBe(0);
    await expectServed();
  });

  it('are looked for in vain during that time: a new key is known thirty seconds later', async () => {
    await expectServed();
    const kid = await issuer.addKey('ES256');
    expect(codeOf(await ask({ kid }))).toBe('UNAUTHENTICATED');
    later(30 * second);
    await expectServed({ kid });
  });

  it('that the issuer has withdrawn are good for nothing as soon as they are read again', async () => {
    const kid = await issuer.addKey();
    await expectServed({ kid });
    const [withdrawn] = issuer.keys.splice(
      issuer.keys.findIndex((key) => key.kid === kid),
      1,
    );
    await expectServed({ kid });
    later(10 * minute);
    const answer = await ask({ kid });
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    issuer.keys.push(withdrawn!);
  });

  it('are not used with any other algorithm than theirs', async () => {
    const kid = await issuer.addKey('ES256');
    await expectServed({ kid });
    const [, claims, signature] = (await issuer.token(somebody.subject, { kid })).split('.');
    for (const alg of ['RS256', 'ES384', 'EdDSA', 'HS256']) {
      expect(codeOf(await me(gateway(), [encoded({ alg, kid }), claims, signature].join('.')))).toBe('UNAUTHENTICATED');
    }
  });
});

describe('while the keys cannot be had', () => {
  it('a token is not called bad: it is a fault, and all is well when they are back', async () => {
    await issuer.down();
    try {
      expectFault(await ask());
      expectFault(await me(gateway(), await madeUp()));
      const own = await aPerson(gateway());
      expect((await me(gateway(), own.accessToken)).data.me).toEqual({ id: own.user.id });
    } finally {
      await issuer.up();
    }
    await expectServed();
  });

  it.each([204, 302, 404, 500, 503])('with status %d it is a fault, too', async (status) => {
    issuer.answerWith(status);
    expectFault(await ask());
    issuer.answerWith(200);
    await expectServed();
  });

  it('because something else is served in their place, it is a fault, too', async () => {
    const kept = issuer.keys.splice(0);
    (issuer.keys as unknown[]).push('not a key');
    expectFault(await ask());
    issuer.keys.splice(0, 1, ...kept);
    await expectServed();
  });

  it('those that are known serve, and a token with a name that is not known is a fault', async () => {
    await expectServed();
    await issuer.down();
    try {
      await expectServed();
      later(10 * minute - 1);
      await expectServed();
      expectFault(await me(gateway(), await madeUp()));
      await expectServed();
    } finally {
      await issuer.up();
    }
  });

  it('because nobody answers, a request ends as a fault after five seconds', async () => {
    issuer.answerWith(null);
    const patient = performance.now();
    expectFault(await ask());
    expect(performance.now() - patient).toBeGreaterThan(4_000);
    expect(performance.now() - patient).toBeLessThan(15_000);
    issuer.answerWith(200);
    await expectServed();
  });
});
