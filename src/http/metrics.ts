import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../platform/config.js';
import type { Metrics } from '../platform/metrics.js';
import { errorBody } from './json-errors.js';

/** Shows the numbers to whoever has the token; without one to anybody, but never in production. */
export function serveMetrics(
  app: FastifyInstance,
  metrics: Metrics,
  { metricsToken, production }: Pick<Config, 'metricsToken' | 'production'>,
): void {
  if (!metricsToken && production) return;
  const expected = metricsToken && digest(`Bearer ${metricsToken}`);
  app.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (expected && !timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      const message = 'Metrics are shown to the bearer of TENANTRY_METRICS_TOKEN.';
      return reply.code(401).header('www-authenticate', 'Bearer').send(errorBody('UNAUTHENTICATED', message));
    }
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** Of the same length for everything, and telling nothing about it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
