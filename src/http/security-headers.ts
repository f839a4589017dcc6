import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../platform/config.js';

const yearInSeconds = 31_536_000;

/** For an answer that is data: nothing is loaded because of it, and nobody frames it. */
const dataPolicy = "default-src 'none';frame-ancestors 'none'";
/** For a page that says in its own head from where it loads what, which leaves to say who frames it: nobody. */
const explorerPolicy = "frame-ancestors 'none'";

/** Tells browsers to make nothing of an answer but data, and caches not to keep it unless it says that they may. */
export async function protectBrowsers(app: FastifyInstance, { production }: Pick<Config, 'production'>): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: false,
    // Only of this host; what else has its name is not known here.
    strictTransportSecurity: production && { maxAge: yearInSeconds, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onSend', async (_, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (reply.hasHeader('content-security-policy')) return;
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    reply.header('content-security-policy', isPage ? explorerPolicy : dataPolicy);
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
