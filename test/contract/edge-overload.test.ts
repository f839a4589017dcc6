import { type FastifyInstance, fastify } from 'fastify';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Load, shedLoad } from '../../src/http/overload.js';
import { urlOf, useOwnGateway } from '../support/own-gateway.js';
import { answerOn, openSocket, sendBytes } from '../support/sockets.js';
import { aPerson, type Person } from '../support/world.js';

const plenty = 60_000;

interface Server {
  url: string;
  load: Load;
  /** Lets everything that waits be answered. */
  finish(): void;
}

const started: FastifyInstance[] = [];
afterEach(() => Promise.all(started.splice(0).map((app) => app.close())));

/** A server whose answers wait, so that it is known how many requests are under way. */
async function aServer(limits: { mostRequests?: number; mostDelayMs?: number }): Promise<Server> {
  const app = fastify({ forceCloseConnections: true });
  started.push(app);
  const overload = { mostRequests: plenty, mostDelayMs: plenty, ...limits };
  const load = shedLoad(app, { overload, corsOrigins: ['https://app.example'] });
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  app.post('/wait', async () => {
    await finished;
    return { ok: true };
  });
  app.get('/now', async () => ({ ok: true }));
  for (const path of ['/healthz', '/readyz', '/metrics']) app.get(path, async () => ({ ok: true }));
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), load, finish };
}

const waiting = (url: string, init: RequestInit = {}) =>
  fetch(`${url}/wait`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}', ...init });
const statusOf = async (url: string) => (await fetch(url)).status;
const inFlight = (load: Load) => expect.poll(() => load.inFlight, { timeout: 20_000 });

const expected = {
  errors: [
    {
      message: 'The gateway has too much to do. Try again in a second.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 1 },
    },
  ],
};

describe('more requests at once than may be', () => {
  describe('are kept waiting for it', () => {
    // Only that of the refusals: what comes of time comes when a test says so.
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }));
    afterEach(() => void vi.useRealTimers());

    /** Vitest's own way to wait moves the time on. */
    async function refusals(load: Load, count: number): Promise<void> {
      while (load.refused.requests < count) await new Promise(setImmediate);
    }

    it('so that nobody can ask again at once, and may leave meanwhile', async () => {
      const { url, load, finish } = await aServer({ mostRequests: 1 });
      const served = waiting(url);
      while (load.inFlight < 1) await new Promise(setImmediate);
      const leaving = new AbortController();
      const left = fetch(`${url}/now`, { signal: leaving.signal });
      const answers: number[] = [];
      const refused = [fetch(`${url}/now`), fetch(`${url}/now`), waiting(url)].map(async (each) =>
        answers.push((await each).status),
      );
      await refusals(load, 4);
      leaving.abort();
      await expect(left).rejects.toThrow();
      vi.advanceTimersByTime(199);
      expect(await statusOf(`${url}/healthz`)).toBe(200);
      expect(answers).toEqual([]);
      vi.advanceTimersByTime(1);
      await Promise.all(refused);
      expect(answers).toEqual([503, 503, 503]);
      finish();
      expect((await served).status).toBe(200);
      expect(await statusOf(`${url}/now`)).toBe(200);
    });

    it('but no more than 2,000 at a time', async () => {
      const { url, load, finish } = await aServer({ mostRequests: 1 });
      const served = waiting(url);
      while (load.inFlight < 1) await new Promise(setImmediate);
      const socket = openSocket(url);
      socket.write('GET /now HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_999));
      await refusals(load, 1_999);
      const last = fetch(`${url}/now`);
      await refusals(load, 2_000);
      expect(await statusOf(`${url}/now`)).toBe(503);
      vi.advanceTimersByTime(200);
      expect((await last).status).toBe(503);
      socket.destroy();
      finish();
      expect((await served).status).toBe(200);
    });
  });

  it('are turned away with the time to wait, and served again as soon as there is room', async () => {
    const { url, load, finish } = await aServer({ mostRequests: 3 });
    const served = [waiting(url), waiting(url), waiting(url)];
    await inFlight(load).toBe(3);
    const refused = await fetch(`${url}/now`, { headers: { origin: 'https://app.example' } });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual(expected);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
      'access-control-allow-origin': 'https://app.example',
      connection: 'keep-alive',
    });
    expect(load).toMatchObject({ inFlight: 3, refused: { requests: 1, delay: 0 } });
    finish();
    for (const answer of served) expect((await answer).status).toBe(200);
    expect(await statusOf(`${url}/now`)).toBe(200);
    await inFlight(load).toBe(0);
  });

  it('do not hide how the gateway is', async () => {
    const { url, load, finish } = await aServer({ mostRequests: 1 });
    const served = waiting(url);
    await inFlight(load).toBe(1);
    for (const path of ['/healthz', '/readyz?verbose', '/metrics']) expect(await statusOf(`${url}${path}`)).toBe(200);
    for (const path of ['/now', '/nothing', '/healthz/']) expect(await statusOf(`${url}${path}`)).toBe(503);
    expect(load.refused.requests).toBe(3);
    finish();
    await served;
  });

  it('are refused before their bodies are sent; the connection goes on only if there is little of it', async () => {
    const { url, load, finish } = await aServer({ mostRequests: 1 });
    const served = waiting(url);
    await inFlight(load).toBe(1);
    const head = 'POST /wait HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    for (const body of ['Content-Length: 1000000', 'Transfer-Encoding: chunked']) {
      const answer = await sendBytes(url, `${head}${body}\r\n\r\n`);
      expect(answer.status).toBe(503);
      expect(answer.headers.connection).toBe('close');
    }
    const one = `${head}Content-Length: 2\r\n\r\n{}`;
    const socket = openSocket(url);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write(`${one}${one}${one}`);
    await expect.poll(() => text.split('503 Service Unavailable').length).toBe(4);
    socket.destroy();
    finish();
    await served;
  });
});

describe('clients that go away', () => {
  it('while they send leave nothing behind', async () => {
    const { url, load } = await aServer({ mostRequests: 50 });
    for (let round = 0; round < 10; round += 1) {
      const sockets = Array.from({ length: 50 }, () => openSocket(url));
      for (const socket of sockets) {
        socket.write('POST /wait HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{');
      }
      await inFlight(load).toBe(50);
      for (const socket of sockets) socket.destroy();
      await inFlight(load).toBe(0);
    }
    expect(load.refused.requests).toBe(0);
  });

  it('while they are being served count until that is over, and no longer', async () => {
    const { url, load, finish } = await aServer({ mostRequests: 300 });
    const abort = new AbortController();
    const aborted = Array.from({ length: 300 }, () => waiting(url, { signal: abort.signal }).catch(() => null));
    await inFlight(load).toBe(300);
    abort.abort();
    await Promise.all(aborted);
    expect(await statusOf(`${url}/now`)).toBe(503);
    expect(load.inFlight).toBe(300);
    finish();
    await inFlight(load).toBe(0);
    expect(await statusOf(`${url}/now`)).toBe(200);
  });

  it('before they have sent their headers never count', async () => {
    const { url, load } = await aServer({ mostRequests: 1 });
    const sockets = Array.from({ length: 100 }, () => openSocket(url));
    for (const socket of sockets) socket.write('POST /wait HTTP/1.1\r\nHost: x\r\n');
    expect(await statusOf(`${url}/now`)).toBe(200);
    for (const socket of sockets) socket.destroy();
    await inFlight(load).toBe(0);
  });
});

describe('an event loop that comes late', () => {
  function block(ms: number): void {
    const until = performance.now() + ms;
    while (performance.now() < until);
  }

  it('turns requests away as long as it does', async () => {
    const { url, load } = await aServer({ mostDelayMs: 40 });
    let busy = true;
    const turn = () => {
      block(100);
      if (busy) setImmediate(turn);
    };
    turn();
    await expect.poll(() => statusOf(`${url}/now`), { timeout: 30_000 }).toBe(503);
    expect(load.delayMs).toBeGreaterThan(40);
    expect(load.refused.delay).toBeGreaterThan(0);
    expect(await statusOf(`${url}/healthz`)).toBe(200);
    busy = false;
    await expect.poll(() => statusOf(`${url}/now`), { timeout: 30_000 }).toBe(200);
  });

  it('for once is no overload', async () => {
    const { url, load } = await aServer({ mostDelayMs: 1_000 });
    block(1_500);
    expect(await statusOf(`${url}/now`)).toBe(200);
    expect(load.refused.delay).toBe(0);
  });
});

describe('a gateway', () => {
  const gateway = useOwnGateway({ overload: { mostRequests: 2, mostDelayMs: plenty } });

  it('that works on as many requests as it may turns further ones away, whoever sends them', async () => {
    const person: Person = await aPerson(gateway());
    const locker = new pg.Client({ connectionString: await urlOf(gateway().services.db) });
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const served = [person.send('{ me { id } }'), person.send('{ me { id } }')];
    await expect.poll(() => statusOf(`${gateway().url}/.well-known/jwks.json`), { timeout: 20_000 }).toBe(503);
    const refused = await answerOn(
      openSocket(gateway().url).end('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n'),
    );
    expect([refused.status, JSON.parse(refused.body)]).toEqual([503, expected]);
    await locker.query('ROLLBACK');
    await locker.end();
    for (const answer of await Promise.all(served)) expect(answer.data).toEqual({ me: { id: person.user.id } });
    await expect.poll(() => statusOf(`${gateway().url}/.well-known/jwks.json`), { timeout: 20_000 }).toBe(200);
  });
});
