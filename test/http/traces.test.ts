import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway.js';
import { newId } from '../../src/platform/id.js';
import { canary, logInMemory } from '../contract/leak-search.js';
import { formsOf } from '../contract/leaks.js';
import { post } from '../contract/requests.js';
import { testConfig } from '../support/gateway.js';
import { aPerson } from '../support/world.js';

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Record<string, unknown>;
  status: { code?: number };
}

interface Collector {
  url: string;
  spans: SentSpan[];
  requests: { path: string; headers: IncomingHttpHeaders; body: string }[];
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A collector for OTLP in JSON; one that hangs takes everything and never answers. */
async function openCollector({ hangs = false } = {}): Promise<Collector> {
  const spans: SentSpan[] = [];
  const requests: Collector['requests'] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ path: request.url!, headers: request.headers, body });
    spans.push(...spansIn(JSON.parse(body)));
    if (!hangs) response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, requests };
}

interface Sent {
  resourceSpans: { scopeSpans: { spans: (Omit<SentSpan, 'attributes'> & { attributes: Attribute[] })[] }[] }[];
}
interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

function spansIn({ resourceSpans }: Sent): SentSpan[] {
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map((span) => ({
      ...span,
      attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    }));
}

async function startTraced(url: string) {
  const { log, lines } = logInMemory();
  const gateway = await startGateway(testConfig({ traces: { url, serviceName: 'acme-gateway' } }), log);
  const { stop } = gateway;
  ends.push(stop);
  return { gateway, lines, stop };
}

const kinds = { internal: 1, server: 2, client: 3 };
const error = 2;

describe('a request', () => {
  it('is a span with its operation and the statements of it inside, in the trace that the client has begun', async () => {
    const collector = await openCollector();
    const { gateway, lines, stop } = await startTraced(collector.url);
    const { accessToken } = await aPerson(gateway);
    const traceId = 'a'.repeat(31).concat('1');
    const headers = { authorization: `Bearer ${accessToken}`, traceparent: `00-${traceId}-00000000000000b2-01` };
    await post(gateway.url, '{"query":"query Mine { mine: me { id } }"}', headers);
    await stop();

    const spans = collector.spans.filter((span) => span.traceId === traceId);
    const http = spans.find(({ kind }) => kind === kinds.server)!;
    expect(http).toMatchObject({ name: 'POST /graphql', parentSpanId: '00000000000000b2', status: { code: 0 } });
    expect(http.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'url.path': '/graphql',
      'url.scheme': 'http',
      'http.response.status_code': 200,
    });
    const operation = spans.find(({ name }) => name === 'query me')!;
    expect(operation).toMatchObject({ parentSpanId: http.spanId, kind: kinds.internal });
    expect(operation.attributes).toEqual({ 'graphql.operation.type': 'query' });
    const statements = spans.filter(({ kind }) => kind === kinds.client);
    expect(statements.length).toBeGreaterThan(0);
    for (const { parentSpanId, attributes } of statements) {
      expect(parentSpanId).toBe(operation.spanId);
      expect(attributes).toMatchObject({
        'db.system.name': 'postgresql',
        'db.query.text': expect.stringMatching(/\$1/),
      });
    }
    for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
      expect(Math.abs(Number(BigInt(startTimeUnixNano) / 1_000_000n) - Date.now())).toBeLessThan(120_000);
    }
    expect(collector.requests[0]!.path).toBe('/v1/traces');
    expect(collector.requests[0]!.body).toContain('acme-gateway');
    expect(
      lines.filter((line) => line.includes('"msg":"request"') && line.includes(`"traceId":"${traceId}"`)),
    ).toHaveLength(1);
  });

  it('is the same with a document that was sent before', async () => {
    const collector = await openCollector();
    const { gateway, stop } = await startTraced(collector.url);
    const { accessToken } = await aPerson(gateway);
    const traceIds = ['3', '4'].map((last) => 'a'.repeat(31).concat(last));
    for (const traceId of traceIds) {
      const headers = { authorization: `Bearer ${accessToken}`, traceparent: `00-${traceId}-00000000000000b2-01` };
      await post(gateway.url, '{"query":"{ me { id fullName } }"}', headers);
    }
    await stop();
    const [first, second] = traceIds.map((traceId) => {
      const spans = collector.spans.filter((span) => span.traceId === traceId);
      const nameOf = (id?: string) => spans.find(({ spanId }) => spanId === id)?.name;
      return spans
        .map(({ name, kind, status, parentSpanId, ...span }) => {
          const nanoseconds = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
          const isTimed = nanoseconds > 0n && nanoseconds < 10_000_000_000n;
          return { name, kind, status, parent: nameOf(parentSpanId), isTimed };
        })
        .sort((a, b) => a.name.localeCompare(b.name));
    });
    expect(first!.length).toBeGreaterThan(2);
    expect(second).toEqual(first);
  });

  it('that the client has chosen not to trace is not traced', async () => {
    const collector = await openCollector();
    const { gateway, stop } = await startTraced(collector.url);
    const { accessToken } = await aPerson(gateway);
    const traceId = 'a'.repeat(31).concat('2');
    const headers = { authorization: `Bearer ${accessToken}`, traceparent: `00-${traceId}-00000000000000b2-00` };
    await post(gateway.url, '{"query":"{ me { id } }"}', headers);
    await stop();
    expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
  });

  it('that is refused is no fault, and one that fails is', async () => {
    const collector = await openCollector();
    const { gateway, stop } = await startTraced(collector.url);
    const person = await aPerson(gateway);
    await person.send(`{ organization(id: "${newId()}") { id } }`);
    gateway.services.db.batcher.load = () => Promise.reject(new Error('broken'));
    await person.send('{ me { id } }');
    await stop();
    const spanOf = (name: string) => collector.spans.find((span) => span.name === name)!;
    expect(spanOf('query organization')).toMatchObject({
      attributes: { 'error.type': 'NOT_FOUND' },
      status: { code: 0 },
    });
    expect(spanOf('query me')).toMatchObject({
      attributes: { 'error.type': 'INTERNAL_SERVER_ERROR' },
      status: { code: error },
    });
  });

  it('shows nothing of what it carries', async () => {
    const collector = await openCollector();
    const { gateway, stop } = await startTraced(collector.url);
    const secrets: string[] = [];
    const secret = () => {
      secrets.push(canary());
      return secrets.at(-1)!;
    };
    const person = await aPerson(gateway);
    secrets.push(person.accessToken);
    const rename = `mutation ${secret()}($name: String!) { ${secret()}: updateMe(input: { fullName: $name }) { user { id } } }`;
    await person.send(rename, { name: secret() }, { 'user-agent': secret(), cookie: secret() });
    await person.send(`{ me { id ${secret()} } }`);
    await post(gateway.url, `{"query":"${secret()}`, { authorization: secret() });
    await fetch(`${gateway.url}/reset-password-of/${secret()}?token=${secret()}`);
    await fetch(`${gateway.url}/graphql?query=${encodeURIComponent('{ me { id } }')}&token=${secret()}`);
    await stop();
    const text = collector.requests.map(({ body }) => body).join('');
    expect(collector.spans.length).toBeGreaterThan(6);
    expect(secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)))).toEqual([]);
  });
});

describe('the collector', () => {
  it('is sent the headers of OTEL_EXPORTER_OTLP_HEADERS, which are not logged', async () => {
    const collector = await openCollector();
    const secret = canary();
    await withEnvironment({ OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${secret}` }, async () => {
      const { gateway, lines, stop } = await startTraced(collector.url);
      await post(gateway.url, '{"query":"{ __typename }"}');
      await stop();
      expect(collector.requests[0]!.headers.authorization).toBe(`Bearer ${secret}`);
      expect(lines.join('')).not.toContain(secret);
    });
  });

  it('that hangs does not hold up a stop', async () => {
    const collector = await openCollector({ hangs: true });
    const { gateway, stop } = await startTraced(collector.url);
    await post(gateway.url, '{"query":"{ __typename }"}');
    const startedAt = performance.now();
    await stop();
    expect(collector.requests.length).toBeGreaterThan(0);
    // Two seconds for the collector; the exporter alone would wait for ten.
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });

  it('that is down costs a warning, and no request', async () => {
    const impatient = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_EXPORTER_OTLP_TIMEOUT: '200' };
    await withEnvironment(impatient, async () => {
      const { gateway, lines } = await startTraced('http://user:a-password@127.0.0.1:1');
      const warnings = () => lines.filter((line) => line.includes('traces could not be sent'));
      const ask = async () => (await post(gateway.url, '{"query":"{ __typename }"}')).status;
      expect(await ask()).toBe(200);
      await expect.poll(warnings, { timeout: 20_000 }).toHaveLength(1);
      expect(await ask()).toBe(200);
      await sleep(500);
      expect(warnings()).toHaveLength(1);
      expect(warnings()[0]).not.toMatch(/127\.0\.0\.1|a-password/);
    });
  });
});

/** The exporter reads its own variables. */
async function withEnvironment(variables: Record<string, string>, work: () => Promise<void>): Promise<void> {
  Object.assign(process.env, variables);
  try {
    await work();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}
