import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../platform/config.js';

const yearInSeconds = 31_536_000;

/** For an answer that is data: nothing is loaded because of it, and nobody frames it. Pages say what they need. */
const dataPolicy = "default-src 'none';frame-ancestors 'none'";

/** What helmet would set, with nothing in it that depends on the request. */
const always = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** Tells browsers to make nothing of an answer but data, and caches not to keep it unless it says that they may. */
export function protectBrowsers(app: FastifyInstance, { production }: Pick<Config, 'production'>): void {
  // Only of this host; what else has its name is not known here.
  const transport = production && { 'strict-transport-security': `max-age=${yearInSeconds}` };
  const headers = { ...always, ...transport };
  app.addHook('onRequest', (_, reply, next) => {
    reply.headers(headers);
    next();
  });
  app.addHook('onSend', (_, reply, payload, next) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', dataPolicy);
    next(null, payload);
  });
}

/** Lets pages of these origins call, and read what is meant for them. To others no word is said of it. */
export async function allowOrigins(app: FastifyInstance, { corsOrigins }: Pick<Config, 'corsOrigins'>): Promise<void> {
  await app.register(cors, {
    origin: (origin, answer) => answer(null, origin !== undefined && isListed(origin, corsOrigins) ? origin : false),
    methods: ['GET', 'POST'],
    allowedHeaders: [
      ...['content-type', 'authorization', 'x-api-key', 'x-organization-id', 'idempotency-key'],
      ...['apollo-require-preflight', 'x-apollo-operation-name'],
    ],
    exposedHeaders: [
      ...['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'RateLimit-Policy', 'Retry-After'],
      ...['X-Request-Id', 'Idempotency-Replayed'],
    ],
    maxAge: 86_400,
    // What it answers itself to a preflight that is none is no JSON.
    strictPreflight: false,
  });
}

export function isListed(origin: string, corsOrigins: Config['corsOrigins']): boolean {
  return corsOrigins.some((listed) => (typeof listed === 'string' ? listed === origin : listed.test(origin)));
}
