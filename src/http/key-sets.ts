import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { Services } from '../auth/scope.js';
import { integrationJwks } from '../modules/integration-token/integration-key.service.js';
import { isId } from '../platform/id.js';

const fiveMinutes = 300;

/**
 * Serves the public keys, as JSON Web Key Sets (RFC 7517): those of access tokens, and those of each organization's
 * integration tokens. They may be kept for half as long as a new key is published before it signs: whoever has an old copy then
 * has time to see that a key is missing, and to ask again.
 */
export function publishKeys(app: FastifyInstance, services: Services): void {
  app.get('/.well-known/jwks.json', async (request, reply) =>
    sendKeys(request, reply, await services.accessTokens.jwks(), fiveMinutes),
  );

  app.get<{ Params: { id: string } }>('/organizations/:id/.well-known/jwks.json', async (request, reply) => {
    const { id } = request.params;
    const keys = isId(id) ? await integrationJwks(services, id.toLowerCase()) : null;
    if (!keys) return reply.callNotFound();
    return sendKeys(request, reply, keys, Math.min(fiveMinutes, Math.floor(services.keyLeadSeconds / 2)));
  });
}

/** Whoever has this very set already is only told so (RFC 9110, section 13.1.2). */
function sendKeys(request: FastifyRequest, reply: FastifyReply, keys: JSONWebKeySet, maxAge: number) {
  const body = JSON.stringify(keys);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  reply.header('cache-control', `public, max-age=${maxAge}`).header('etag', etag);
  const held = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (held?.includes(etag) || held?.includes('*')) return reply.code(304).send();
  return reply.type('application/json').send(body);
}
