import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { aPerson } from '../support/world.js';
import { logInMemory } from './leak-search.js';
import { insideOf } from './leaks.js';
import { type Line, openLine } from './line.js';
import { call, operations, validCalls } from './operations.js';
import type { Values } from './positions.js';
import { bearer, keyed, post, type Raw } from './requests.js';
import { aScene, goodPassword, type Scene } from './scene.js';

describe('a database that goes away', () => {
  let line: Line;
  let alone: Gateway;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  const own = logInMemory();

  beforeAll(async () => {
    database = await createDatabase();
    line = await openLine(database.url);
    const urls = { databaseUrl: line.url, databaseDirectUrl: line.url };
    alone = await startGateway(testConfig(urls), own.log);
  });
  afterAll(async () => {
    await alone?.stop();
    await line?.cut();
    await database?.drop();
  });

  const away = {
    message: 'This cannot be done at the moment. Try again soon.',
    extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 1 },
  };

  /** Where nothing could be asked of the database, it can be tried again; else it is a fault. */
  async function expectMasked(answer: Raw) {
    expect(answer.status).toBe(200);
    const { errors } = JSON.parse(answer.text) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors.length).toBeGreaterThan(0);
    for (const { message, extensions } of errors) {
      if (extensions.code === away.extensions.code) {
        expect({ message, extensions }).toEqual(away);
        continue;
      }
      expect(message).toBe('Something went wrong on our side. Please try again.');
      expect(extensions).toEqual({
        code: 'INTERNAL_SERVER_ERROR',
        requestId: answer.headers.get('x-request-id'),
      });
    }
    expect(insideOf(answer.text)).toBeUndefined();
  }

  async function expectDown(scene: Scene, calls: [string, Values][]) {
    for (const [coordinate, variables] of calls) await expectMasked(await call(scene, coordinate, variables));
  }

  const works = async (scene: Scene) => {
    const { text } = await post(alone.url, '{"query":"{ me { id } }"}', bearer(scene.admin));
    expect(text).toContain(scene.admin.user.id);
  };

  it('is told as a fault with its request, and comes back without a restart', async () => {
    const scene = await aScene(alone);
    const calls = await validCalls(scene);
    await line.cut();
    await expectDown(scene, calls);
    await expectMasked(await post(alone.url, '{"query":"{ me { id } }"}', keyed(scene.writeKey)));
    expect((await fetch(`${alone.url}/.well-known/jwks.json`)).status).toBe(200);
    await line.mend();
    await vi.waitFor(() => works(scene), { timeout: 10_000, interval: 50 });
    const [variables] = await operations['Mutation.createTeam']!.valid(scene);
    expect((await call(scene, 'Mutation.createTeam', variables!)).text).not.toContain('errors');
    const [first] = await operations['Mutation.login']!.valid(scene);
    expect((await call(scene, 'Mutation.login', first!)).text).not.toContain('errors');
  });

  it('is not taken for a bad credential while keys are looked for', async () => {
    const person = await aPerson(alone);
    const [header, ...rest] = person.accessToken.split('.');
    const named = { ...JSON.parse(Buffer.from(header!, 'base64url').toString()), kid: 'unknown' };
    const token = [Buffer.from(JSON.stringify(named)).toString('base64url'), ...rest].join('.');
    await line.cut();
    const later = Date.now() + 60_000;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => later);
    try {
      const answer = await post(alone.url, '{"query":"{ me { id } }"}', { authorization: `Bearer ${token}` });
      const { errors } = JSON.parse(answer.text) as { errors: { message: string; extensions: object }[] };
      expect(errors).toEqual([
        {
          message: 'Something went wrong on our side. Please try again.',
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: answer.headers.get('x-request-id') },
        },
      ]);
      const logged = own.lines.filter((entry) => entry.includes(answer.headers.get('x-request-id')!));
      expect(logged.length).toBeGreaterThan(0);
    } finally {
      clock.mockRestore();
      await line.mend();
    }
  });

  it('that is dropped for good is told as a fault, and the gateway still stops in good order', async () => {
    const scene = await aScene(alone);
    const calls = await validCalls(scene);
    await database.drop();
    await expectDown(scene, calls);
    const stopping = Date.now();
    await alone.stop();
    expect(Date.now() - stopping).toBeLessThan(10_000);
    expect(own.lines.join('')).not.toContain(goodPassword);
  });
});
