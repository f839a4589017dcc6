import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../platform/config.js';

const yearInSeconds = 31_536_000;

/** Tells browsers to make nothing of an answer but data, and caches not to keep it unless it says that they may. */
export async function protectBrowsers(app: FastifyInstance, { production }: Pick<Config, 'production'>): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Over HTTPS only, once seen there; nothing is said of other hosts under the same name.
    strictTransportSecurity: production && { maxAge: yearInSeconds, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onSend', async (_, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    // The explorer's page says itself, in its head, from where it loads what; who frames it has to be said here.
    if (!production && String(reply.getHeader('content-type')).startsWith('text/html')) {
      if (!reply.hasHeader('content-security-policy')) {
        reply.header('content-security-policy', "frame-ancestors 'none'");
      }
    }
  });
}

/** Lets pages of these origins call, and read what is meant for them. To others no word is said of it. */
export async function allowOrigins(app: FastifyInstance, { corsOrigins }: Pick<Config, 'corsOrigins'>): Promise<void> {
  const isListed = (origin: string) =>
    corsOrigins.some((listed) => (typeof listed === 'string' ? listed === origin : listed.test(origin)));
  await app.register(cors, {
    origin: (origin, answer) => answer(null, origin !== undefined && isListed(origin) ? origin : false),
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
