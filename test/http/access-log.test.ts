import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { canary, logInMemory } from '../contract/leak-search.js';
import { formsOf } from '../contract/leaks.js';
import { post } from '../contract/requests.js';
import { aScene } from '../contract/scene.js';
import { useGateway } from '../support/gateway.js';
import { aPerson } from '../support/world.js';

const { log, lines } = logInMemory();
const gateway = useGateway({ metricsToken: 'a-token-for-prometheus' }, log);
const url = () => gateway().url;

interface Line {
  level: number;
  msg: string;
  requestId?: string;
  [field: string]: unknown;
}

const logged = (): Line[] => lines.map((line) => JSON.parse(line) as Line);

/** The line of an answered request, which comes a moment after the answer. */
async function lineOf({ headers }: { headers: Headers }): Promise<Line> {
  const requestId = headers.get('x-request-id');
  const own = () => logged().filter((line) => line.requestId === requestId && line.msg === 'request');
  await expect.poll(own).toHaveLength(1);
  return own()[0]!;
}

const json = { 'content-type': 'application/json' };
const info = 30;
const debug = 20;

describe('a request that is over', () => {
  it('has one line, with what was asked for and by whom', async () => {
    const person = await aPerson(gateway());
    const query = 'query Mine { mine: me { id } organizations(first: 3) { nodes { id } } }';
    const answer = await post(url(), JSON.stringify({ query }), { authorization: `Bearer ${person.accessToken}` });
    const claims = JSON.parse(Buffer.from(person.accessToken.split('.')[1]!, 'base64url').toString());
    expect(await lineOf(answer)).toEqual({
      level: info,
      time: expect.any(Number),
      msg: 'request',
      requestId: expect.any(String),
      method: 'POST',
      route: '/graphql',
      status: 200,
      milliseconds: expect.any(Number),
      bytes: answer.text.length,
      ip: expect.any(String),
      operation: 'query',
      fields: ['me', 'organizations'],
      operationName: 'Mine',
      caller: { kind: 'session', id: claims.sid ?? claims.session_id },
      cost: expect.any(Number),
    });
  });

  it('names an API key by its id, once the key has been looked up', async () => {
    const scene = await aScene(gateway());
    const answer = await post(url(), '{"query":"{ me { id } }"}', { 'x-api-key': scene.writeKey });
    const [key] = await gateway().services.db.run<{ id: string }>(
      'SELECT id FROM api_keys WHERE secret_hash = sha256(convert_to($1, $2))',
      [scene.writeKey, 'UTF8'],
    );
    expect(await lineOf(answer)).toMatchObject({ caller: { kind: 'apiKey', id: key!.id } });
    const unlooked = await post(url(), '{"query":"{ __typename }"}', { 'x-api-key': scene.writeKey });
    expect((await lineOf(unlooked)).caller).toEqual({ kind: 'apiKey' });
  });

  it('says what went wrong by its codes', async () => {
    expect(await lineOf(await post(url(), '{"query":"{ a: me { id } }"}'))).toMatchObject({
      status: 200,
      errors: ['UNAUTHENTICATED'],
      caller: { kind: 'anonymous' },
    });
    const nonsense = await post(url(), '{"query":"{ me { id } }"}', { authorization: 'Bearer nonsense' });
    expect(await lineOf(nonsense)).toMatchObject({ status: 401, errors: ['UNAUTHENTICATED'] });
    expect(await lineOf(await post(url(), '{'))).toMatchObject({ status: 400, route: '/graphql' });
  });

  it('that nobody waited for is logged as aborted', async () => {
    const socket = connect(Number(new URL(url()).port), '127.0.0.1');
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const aborted = () => logged().filter((line) => line.aborted === true);
    expect(aborted()).toEqual([]);
    socket.destroy();
    await expect.poll(aborted).toHaveLength(1);
    expect(aborted()[0]).not.toHaveProperty('status');
  });

  it('of a machine that asks all the time is logged at debug', async () => {
    const response = await fetch(`${url()}/metrics`);
    expect(await lineOf(response)).toMatchObject({ level: debug, route: '/metrics', status: 401 });
  });
});

it('what is no HTTP is logged at debug', async () => {
  const socket = connect(Number(new URL(url()).port), '127.0.0.1');
  socket.end('nothing of the kind\r\n\r\n');
  const malformed = () => logged().filter(({ msg }) => msg === 'malformed request');
  await expect.poll(malformed).toHaveLength(1);
  expect(malformed()[0]).toMatchObject({ level: debug, code: expect.stringMatching(/^HPE_/) });
});

it('a name for an operation that is longer than a hundred characters is cut', async () => {
  const name = `Long${'x'.repeat(200)}`;
  const answer = await post(url(), JSON.stringify({ query: `query ${name} { __typename }` }));
  expect((await lineOf(answer)).operationName).toBe(name.slice(0, 100));
});

it('no line has a secret, wherever it was sent', async () => {
  const { secret: key } = { secret: `tnt_${'a1B2'.repeat(11).slice(0, 43)}` };
  const secrets: string[] = [];
  const answers: { headers: Headers }[] = [];
  const secretly = async (request: (secret: string) => Promise<{ headers: Headers }>, secret = canary()) => {
    secrets.push(secret);
    answers.push(await request(secret));
  };
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url()}${path}`, { headers });
  const query = '{ me { id } }';

  await secretly((secret) => get(`/graphql?query=${encodeURIComponent(query)}&token=${secret}`));
  await secretly((secret) => get(`/reset-password/${secret}`));
  await secretly((secret) => get(`/${secret}?${secret}`));
  await secretly((secret) => get(`/metrics?token=${secret}`, { authorization: `Bearer ${secret}` }));
  await secretly((secret) => get(`/organizations/${secret}/.well-known/jwks.json`));
  await secretly((secret) => get(`/%c0${secret}`));
  for (const header of [
    ...['authorization', 'x-api-key', 'cookie', 'user-agent', 'referer', 'origin', 'x-organization-id'],
    ...['x-forwarded-for', 'x-request-id', 'traceparent', 'tracestate', 'idempotency-key', 'apollo-require-preflight'],
  ]) {
    await secretly((secret) => post(url(), JSON.stringify({ query }), { [header]: secret }));
    await secretly((secret) => post(url(), JSON.stringify({ query }), { [header]: `Bearer ${secret}` }));
  }
  await secretly((secret) => post(url(), JSON.stringify({ query, operationName: secret })));
  await secretly((secret) => post(url(), JSON.stringify({ query, variables: { [secret]: secret } })));
  await secretly((secret) => post(url(), JSON.stringify({ query, extensions: { [secret]: secret } })));
  await secretly((secret) => post(url(), JSON.stringify({ query: `{ ${secret}: me { id } }` })));
  await secretly((secret) => post(url(), JSON.stringify({ query: `{ me { ${secret} } } # ${secret}` })));
  await secretly((secret) => post(url(), JSON.stringify({ query: `query { me(x: "${secret}") { id } }` })));
  await secretly((secret) => post(url(), `{"query":"${secret}`));
  await secretly((secret) => post(url(), `${secret}`, { 'content-type': `text/${secret}` }));
  await secretly((secret) => post(url(), JSON.stringify({ query: `query ${secret} { __typename }` })), key);
  await secretly((password) => {
    const login = `mutation ($p: String!) { login(input: { email: "a@b.example", password: $p }) { user { id } } }`;
    return post(url(), JSON.stringify({ query: login, variables: { p: password } }));
  });
  await secretly(async (secret) => {
    const socket = connect(Number(new URL(url()).port), '127.0.0.1');
    socket.end(`${secret} /${secret} HTTP/1.1\r\nauthorization ${secret}\r\n\r\n`);
    return fetch(`${url()}/.well-known/jwks.json`, { headers: json });
  });

  // What cannot be decoded is answered before it is a request.
  const requests = answers.filter(({ headers }) => headers.get('x-request-id'));
  expect(requests.length).toBeGreaterThan(30);
  for (const answer of requests.slice(-3)) await lineOf(answer);
  const text = lines.join('');
  expect(secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)))).toEqual([]);
});

it('a process that exits writes its last lines, however many', async () => {
  const script = `
    import { buildIfNeeded } from './scripts/build.mjs';
    await buildIfNeeded();
    const { createLog } = await import('./dist/platform/log.js');
    const log = createLog('info');
    for (let line = 0; line < 10_000; line += 1) log.info({ line });
    process.exit(0);`;
  const options = { cwd: join(import.meta.dirname, '../..'), maxBuffer: 10_000_000 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options);
  const written = stdout.split('\n').filter((line) => line.startsWith('{'));
  expect(new Set(written.map((line) => JSON.parse(line).line)).size).toBe(10_000);
});
