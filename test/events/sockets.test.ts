import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway } from '../../src/gateway.js';
import { mostSubscriptions } from '../../src/http/socket-subscriptions.js';
import type { Config } from '../../src/platform/config.js';
import { createLog } from '../../src/platform/log.js';
import { contentOf, es256, ownKeyOf, tokenOf } from '../auth/forging.js';
import { testConfig, useGateway } from '../support/gateway.js';
import { aWorld } from '../support/world.js';
import { aSocket } from './raw-socket.js';
import {
  asPerson,
  clientOf,
  type Ended,
  follow,
  followAs,
  makeTeam,
  OrganizationEvents,
  through,
  webSocketUrl,
} from './streams.js';

const gateway = useGateway();

async function anotherGateway(changes: Partial<Config>) {
  const started = await startGateway(testConfig(changes), createLog('silent'));
  onTestFinished(() => void started.stop());
  return started;
}

/** The status with which a socket is refused. */
async function refusedWith(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; code: string }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, code: JSON.parse(text).errors[0].extensions.code };
}

const endOf = (params: object, query = OrganizationEvents, variables: object = {}): Promise<Ended | undefined> =>
  follow(clientOf(gateway(), params as never), { ...variables }, query).ended;

describe('connecting', () => {
  it('is refused with a bad credential, or with two, and the client may come again', async () => {
    const { admin } = await aWorld(gateway());
    for (const params of [
      { authorization: 'Bearer nonsense' },
      { AUTHORIZATION: admin.accessToken },
      { 'X-Api-Key': 'nonsense' },
      { ...asPerson(admin), 'x-api-key': `tnt_${'a'.repeat(43)}` },
    ]) {
      expect((await endOf(params))?.code, JSON.stringify(params)).toBe(4403);
    }
    expect((await endOf({ 'x-organization-id': 'nonsense' }))?.code).toBe(4400);
  });

  it('takes a greeting, and the subprotocol of graphql-ws', async () => {
    const silent = await aSocket(gateway().url);
    expect(await silent.closed).toBe(4408);
    const early = await aSocket(gateway().url);
    early.send({ type: 'subscribe', id: '1', payload: { query: OrganizationEvents } });
    expect(await early.closed).toBe(4401);
    const malformed = await aSocket(gateway().url);
    malformed.send('{');
    expect(await malformed.closed).toBe(4400);
    const huge = await aSocket(gateway().url);
    huge.send({ type: 'connection_init', payload: { big: 'x'.repeat(1_100_000) } });
    expect(await huge.closed).toBe(1009);
    const nested = await aSocket(gateway().url);
    nested.send(`{"type":"connection_init","payload":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`);
    expect(await nested.closed).toBe(4400);
  });

  it('is not for pages of any other origin than may call', async () => {
    const { url } = gateway();
    expect(await refusedWith(url, { origin: 'https://evil.example' })).toEqual({ status: 403, code: 'FORBIDDEN' });
    for (const origin of ['http://localhost:5173', url]) {
      const { socket } = await aSocket(url, { origin });
      expect(socket.readyState).toBe(WebSocket.OPEN);
    }
  });

  it('tells the id of the request, as every answer does', async () => {
    const socket = new WebSocket(webSocketUrl(gateway()), 'graphql-transport-ws');
    onTestFinished(() => socket.terminate());
    const [{ headers }] = await once(socket, 'upgrade');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is answered like any request where it is something else that is asked for', async () => {
    const options = {
      headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQ' },
    };
    const asked = request(`${gateway().url}/healthz`, options).end();
    const [response] = await once(asked, 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
    const nowhere = new WebSocket(`${gateway().url.replace('http', 'ws')}/healthz`);
    nowhere.on('error', () => {});
    const [, answered] = await once(nowhere, 'unexpected-response');
    expect(answered.statusCode).toBe(200);
    answered.resume();
  });
});

describe('a token that expires while it is used', () => {
  it('closes the socket, and the client goes on with a fresh one where it was, with nothing lost', async () => {
    const world = await aWorld(gateway());
    const { header, claims } = contentOf(world.admin);
    const { key } = await ownKeyOf(gateway());
    const exp = Math.floor(Date.now() / 1_000) + 3;
    const short = tokenOf(header, { ...claims, exp }, es256(key));
    const codes: number[] = [];
    const tokens = [short, world.admin.accessToken];
    const client = clientOf(gateway(), () => ({ authorization: `Bearer ${tokens.shift()}` }), {
      retryAttempts: 3,
      retryWait: async () => {},
      on: { closed: (event) => codes.push((event as { code: number }).code) },
    });
    const variables: Record<string, unknown> = { organizationId: world.organization.id };
    const stream = follow(client, variables);
    variables.after = (await stream.next()).cursor;
    await expect.poll(() => codes, { timeout: 20_000 }).toEqual([4403]);
    await makeTeam(world.admin, world);
    expect(await stream.actions(1)).toEqual(['TEAM_CREATED']);
  });
});

describe('what is sent over a socket', () => {
  const codesOf = async (query: string, variables: object = {}) => {
    const { admin } = await aWorld(gateway());
    const ended = await endOf(asPerson(admin), query, variables);
    return ended!.errors!.map(({ extensions }) => extensions.code);
  };

  it('has to be a subscription, and a valid one', async () => {
    expect(await codesOf('{ me { id } }')).toEqual(['BAD_REQUEST']);
    expect(await codesOf('mutation { logout(input: {}) { ok } }')).toEqual(['BAD_REQUEST']);
    expect(await codesOf('subscription {')).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(await codesOf('subscription { nothing }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    const two = 'subscription { a: organizationEvents { cursor } b: organizationEvents { cursor } }';
    expect(await codesOf(two)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await codesOf(OrganizationEvents, { types: ['NONSENSE'] })).toEqual(['BAD_USER_INPUT']);
    const aliases = Array.from({ length: 200 }, (_, index) => `a${index}: cursor`).join(' ');
    expect(await codesOf(`subscription { organizationEvents { ${aliases} } }`)).toEqual(['QUERY_TOO_COMPLEX']);
  });

  it('is paid for by the caller, each message and each event', async () => {
    const limited = await anotherGateway({ rateLimits: { caller: 60, network: 0 } });
    const world = await aWorld(limited);
    const stream = await followAs(limited, world.admin, world);
    for (let number = 0; number < 30; number += 1) {
      await makeTeam(through(gateway(), world.admin), world, `Team ${number}`);
    }
    expect(await stream.ended).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  });

  it('has to be trusted where nothing else is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenantry-documents-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'documents.json');
    const hash = createHash('sha256').update(OrganizationEvents).digest('hex');
    await writeFile(file, JSON.stringify({ [hash]: OrganizationEvents }));
    const strict = await anotherGateway({ trustedDocuments: { file, only: true } });
    const world = await aWorld(strict);
    const client = clientOf(strict, asPerson(world.admin));
    const refused = await follow(client, {}, 'subscription { organizationEvents { cursor } }').ended;
    expect(refused).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    const raw = await aSocket(strict.url);
    raw.send({ type: 'connection_init', payload: asPerson(world.admin) });
    expect(await raw.next()).toMatchObject({ type: 'connection_ack', payload: { requestId: expect.any(String) } });
    const variables = { organizationId: world.organization.id };
    raw.send({ type: 'subscribe', id: '1', payload: { query: '', documentId: `sha256:${hash}`, variables } });
    expect(await raw.next()).toMatchObject({ type: 'next', id: '1' });
  });
});

describe('how many there may be', () => {
  it('sockets in all, and from one network', async () => {
    const small = await anotherGateway({ mostSockets: 5 });
    const from = (network: number) => ({ 'x-forwarded-for': `192.0.2.${network}` });
    const first = await aSocket(small.url, from(1));
    expect(await refusedWith(small.url, from(1))).toEqual({ status: 429, code: 'RATE_LIMITED' });
    for (const network of [2, 3, 4, 5]) await aSocket(small.url, from(network));
    expect(await refusedWith(small.url, from(6))).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    first.socket.close();
    await first.closed;
    await expect
      .poll(async () => (await aSocket(small.url, from(1)).catch(() => null))?.socket.readyState)
      .toBe(WebSocket.OPEN);
  });

  it('subscriptions on one socket, and it goes on when others have ended', async () => {
    const world = await aWorld(gateway());
    const client = clientOf(gateway(), asPerson(world.admin));
    const variables = { organizationId: world.organization.id };
    const streams = Array.from({ length: mostSubscriptions.socket }, () => follow(client, variables));
    await Promise.all(streams.map((stream) => stream.next()));
    expect(await follow(client, variables).ended).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    streams[0]!.stop();
    await streams[0]!.ended;
    const another = follow(client, variables);
    expect((await another.next()).event).toBeNull();
  });
});

describe('a stop', () => {
  it('sends clients elsewhere, who go on where they were, and is not held up by those who do not go', async () => {
    const stopping = await startGateway(testConfig(), createLog('silent'));
    const world = await aWorld(stopping);
    const stream = await followAs(stopping, world.admin, world);
    const deaf = await aSocket(stopping.url);
    deaf.socket.pause();
    expect(await stopping.stop()).toBe(true);
    expect((await stream.ended)?.code).toBe(1012);
    const team = await makeTeam(through(gateway(), world.admin), world);
    const again = await followAs(gateway(), world.admin, world, { after: stream.messages[0]!.cursor });
    expect((await again.next()).event?.target.id).toBe(team);
  });
});
