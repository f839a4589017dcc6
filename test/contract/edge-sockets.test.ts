import { describe, expect, it } from 'vitest';
import { useGateway } from '../support/gateway.js';
import { useImpatientServer } from '../support/impatient-server.js';
import { answerOn, openSocket, type RawAnswer, sendBytes, textOn } from '../support/sockets.js';

const gateway = useGateway();

const raw = (bytes: string) => sendBytes(gateway().url, bytes.replaceAll('\n', '\r\n'));
const json = '{"query":"{ __typename }"}';

/** Says that an answer is an error in GraphQL's form, and nothing else. */
function expectError({ status, headers, body }: RawAnswer, expected: number, code = 'BAD_REQUEST') {
  expect({ status, type: headers['content-type'] }).toEqual({
    status: expected,
    type: expect.stringMatching(/^application\/json/),
  });
  expect(Number(headers['content-length'])).toBe(Buffer.byteLength(body));
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toBe('no-store');
  expect(JSON.parse(body)).toEqual({ errors: [{ message: expect.any(String), extensions: { code } }] });
}

describe('what is no HTTP', () => {
  it.each([
    ['nonsense', 'hello\n\n'],
    ['a method that nobody knows', 'BREW /graphql HTTP/1.1\nHost: x\n\n'],
    ['a version that there is not', 'GET / HTTP/9.9\nHost: x\n\n'],
    ['the beginning of HTTP/2', 'PRI * HTTP/2.0\n\nSM\n\n'],
    ['a header without a name', 'GET / HTTP/1.1\nHost: x\n: y\n\n'],
    ['a header with a null byte', 'GET / HTTP/1.1\nHost: x\nA: \u0000\n\n'],
    ['a negative length', `POST /graphql HTTP/1.1\nHost: x\nContent-Length: -1\n\n${json}`],
    ['two lengths', `POST /graphql HTTP/1.1\nHost: x\nContent-Length: 5\nContent-Length: 6\n\n${json}`],
    [
      'a length beside chunks',
      'POST /graphql HTTP/1.1\nHost: x\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n',
    ],
    [
      'a chunk of no size',
      'POST /graphql HTTP/1.1\nHost: x\nContent-Type: application/json\nTransfer-Encoding: chunked\n\nzz\n\n',
    ],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ])('is answered with 400 in JSON, and the connection closed: %s', async (_, bytes) => {
    const answer = await raw(bytes);
    expectError(answer, 400);
    expect(answer.headers.connection).toBe('close');
  });

  it('with headers over 16 KiB is answered with 431', async () => {
    expectError(await raw(`GET / HTTP/1.1\nHost: x\nA: ${'a'.repeat(17_000)}\n\n`), 431);
    expectError(await raw(`GET /${'a'.repeat(17_000)} HTTP/1.1\nHost: x\n\n`), 431);
  });

  it('never becomes part of the answer to an earlier request', async () => {
    const socket = openSocket(gateway().url);
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n`,
    );
    socket.write(`${json}nonsense\r\n\r\n`);
    const answers = (await textOn(socket)).split(/(?=HTTP\/1\.1 )/);
    for (const answer of answers) {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(body).toHaveLength(Number(/content-length: (\d+)/i.exec(head)?.[1]));
    }
  });
});

describe('what Node would refuse by itself', () => {
  it('is answered in JSON: no Host', async () => {
    const answer = await raw('GET /graphql HTTP/1.1\nConnection: close\n\n');
    expectError(answer, 400);
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['[', 'a b', '%', ''])('is answered in JSON: the host %j', async (host) => {
    const post = `Content-Type: application/json\nContent-Length: ${json.length}\nConnection: close\n\n${json}`;
    expectError(await raw(`POST /graphql HTTP/1.1\nHost: ${host}\n${post}`), 400);
    expectError(await raw(`POST http://[/graphql HTTP/1.1\nHost: x\n${post}`), 400);
  });

  it('is answered in JSON: an expectation', async () => {
    expectError(await raw(`POST /graphql HTTP/1.1\nHost: x\nExpect: wonders\nContent-Length: 2\n\n{}`), 417);
  });

  it('is answered in JSON: a tunnel', async () => {
    expectError(await raw('CONNECT example.com:443 HTTP/1.1\nHost: example.com\n\n'), 405);
  });

  it('is served: a client of HTTP/1.0, one that waits to go on, and one that would rather speak something else', async () => {
    const headers = `Content-Type: application/json\nContent-Length: ${json.length}`;
    expect((await raw(`POST /graphql HTTP/1.0\n${headers}\n\n${json}`)).body).toContain('"Query"');
    const post = `POST /graphql HTTP/1.1\nHost: x\nConnection: close\n${headers}`;
    const continued = await raw(`${post}\nExpect: 100-continue\n\n${json}`);
    expect(continued.status).toBe(100);
    expect(continued.body).toContain('"Query"');
    const upgrade = post.replace('close', 'close, Upgrade');
    expect((await raw(`${upgrade}\nUpgrade: websocket\n\n${json}`)).body).toContain('"Query"');
  });
});

describe('a method', () => {
  it.each([
    ['PUT', '/graphql', 'GET, HEAD, POST'],
    ['DELETE', '/graphql?query={__typename}', 'GET, HEAD, POST'],
    ['PATCH', '/graphql', 'GET, HEAD, POST'],
    ['OPTIONS', '/graphql', 'GET, HEAD, POST'],
    ['PROPFIND', '/graphql', 'GET, HEAD, POST'],
    ['POST', '/.well-known/jwks.json', 'GET, HEAD'],
    ['DELETE', '/organizations/0192f0c1-2222-7000-8000-000000000000/.well-known/jwks.json', 'GET, HEAD'],
  ])('that an address does not have is answered with 405: %s %s', async (method, path, allow) => {
    const answer = await raw(`${method} ${path} HTTP/1.1\nHost: x\nConnection: close\n\n`);
    expectError(answer, 405);
    expect(answer.headers.allow?.split(', ').toSorted().join(', ')).toBe(allow);
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that no address has is answered with 404', async () => {
    expectError(await raw('PROPFIND /nothing HTTP/1.1\nHost: x\nConnection: close\n\n'), 404, 'NOT_FOUND');
  });
});

describe('a slow client', () => {
  const server = useImpatientServer(gateway, { headers: 300, request: 600, check: 50 });

  /** Writes a byte after the other until the connection is closed. */
  function trickle(start: string, byte: string) {
    const socket = openSocket(server().url);
    socket.write(start);
    const timer = setInterval(() => socket.write(byte), 20);
    return answerOn(socket).finally(() => clearInterval(timer));
  }

  it('that sends its headers byte by byte is answered with 408, and closed', async () => {
    expectError(await trickle('GET / HTTP/1.1\r\nHost: x\r\nA: ', 'a'), 408);
  });

  it('that sends its body byte by byte is answered with 408, and closed', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{';
    expectError(await trickle(head, ' '), 408);
  });

  it('that sends nothing at all is closed', async () => {
    expect((await answerOn(openSocket(server().url))).status).toBe(408);
  });

  it('holds up nobody else', async () => {
    const sockets = Array.from({ length: 300 }, () => openSocket(server().url));
    for (const socket of sockets) socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{');
    expect((await fetch(`${server().url}/.well-known/jwks.json`)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});
