import { describe, expect, it } from 'vitest';
import { useGateway } from '../support/gateway.js';
import { asking } from './answers.js';

const gateway = useGateway({ corsOrigins: ['https://app.example', /^http:\/\/localhost(:\d+)?$/] });
const production = useGateway({
  production: true,
  introspection: false,
  explorer: false,
  corsOrigins: ['https://app.example'],
});

const { ask, get } = asking(gateway);
const { ask: askProduction, get: getProduction } = asking(production);

const strict = "default-src 'none';frame-ancestors 'none'";

describe('security headers', () => {
  it('are on every answer: one of GraphQL, one that is refused, one of keys, and one that is not there', async () => {
    for (const { headers } of [
      await ask('{ __typename }'),
      await ask('{'),
      await ask('{ me { id } }', { authorization: 'Bearer x' }),
      await ask('{ __typename }', { 'content-type': 'text/plain' }),
      await get('/.well-known/jwks.json'),
      await get('/nothing'),
    ]) {
      expect(headers.get('content-security-policy')).toBe(strict);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('keep answers out of caches, but for what says that it may be kept', async () => {
    for (const answer of [await ask('{ __typename }'), await ask('{'), await get('/nothing')]) {
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect((await get('/.well-known/jwks.json')).headers.get('cache-control')).toBe('public, max-age=300');
  });

  it('hold browsers to HTTPS in production only', async () => {
    for (const { headers } of [await askProduction('{ __typename }'), await getProduction('/nothing')]) {
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    }
  });
});

describe('a page', () => {
  it('of captured mail has a policy of its own', async () => {
    const page = await get('/mail');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("style-src 'unsafe-inline'");
  });

  it('is nowhere in production', async () => {
    for (const path of ['/graphql', '/mail', '/invitations/x', '/']) {
      const answer = await getProduction(path, { accept: 'text/html' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('content-security-policy')).toBe(strict);
    }
  });
});

describe('a browser', () => {
  const preflight = (origin: string, path = '/graphql') =>
    fetch(`${gateway().url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,idempotency-key',
      },
    });
  const corsHeaders = (headers: Headers) => [...headers.keys()].filter((name) => name.startsWith('access-control-'));

  it.each(['https://app.example', 'http://localhost:5173'])('of a listed origin may call: %s', async (origin) => {
    const allowed = await preflight(origin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect(allowed.headers.get('vary')).toContain('Origin');
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(allowed.headers.get('access-control-max-age')).toBe('86400');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const names = allowed.headers.get('access-control-allow-headers')?.split(', ');
    for (const name of ['content-type', 'authorization', 'x-api-key', 'x-organization-id', 'idempotency-key']) {
      expect(names).toContain(name);
    }
    for (const answer of [await ask('{ __typename }', { origin }), await ask('{', { origin })]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy, Retry-After, X-Request-Id, Idempotency-Replayed',
      );
    }
  });

  it.each([
    'https://app.example.evil.example',
    'https://evil.example',
    'http://app.example',
    'https://app.example:8443',
    'http://localhost.evil.example',
    'https://localhost',
    'null',
    '*',
  ])('of another origin is told nothing: %s', async (origin) => {
    const refused = await preflight(origin);
    expect(refused.status).toBe(405);
    expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
    expect(corsHeaders(refused.headers)).toEqual([]);
    expect(corsHeaders((await ask('{ __typename }', { origin })).headers)).toEqual([]);
  });

  it('that asks for no method is answered like any other, and never in plain text', async () => {
    const answer = await fetch(`${gateway().url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    });
    expect(answer.status).toBe(204);
  });
});
