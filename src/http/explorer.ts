import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, preHandlerHookHandler } from 'fastify';
import { altairPage, altairPolicy } from './explorer/altair.js';
import { serveAltair } from './explorer/assets.js';
import type { DemoAccount } from './explorer/browser-scripts.js';
import { readExamples } from './explorer/examples.js';
import { sandboxPage, sandboxPolicy } from './explorer/sandbox.js';

export const explorerPaths = { altair: '/', sandbox: '/sandbox' };

/**
 * Pages to explore the API with in a browser: Altair, which this gateway serves all of, and Apollo Sandbox, which comes from
 * Apollo's CDN. Both begin with example operations, which run as the demo account where there is one.
 */
export function showExplorers(app: FastifyInstance, account: DemoAccount | null): void {
  const examples = readExamples();
  const [altair, sandbox] = [altairPage(examples, account), sandboxPage(examples, account)];
  app.get(explorerPaths.altair, (_, reply) => sendPage(reply, altairPolicy, altair));
  app.get(explorerPaths.sandbox, (_, reply) => sendPage(reply, sandboxPolicy, sandbox));
  serveAltair(app);
}

/** The nonce is another one each time, so that nothing that gets into a page can know it. */
function sendPage(
  reply: FastifyReply,
  policy: (nonce: string) => string,
  page: (nonce: string) => string,
): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy(nonce))
    .header('cache-control', 'no-store')
    .send(page(nonce));
}

/** Whoever opens the address of the API in a browser wants to explore it. No client of GraphQL asks for HTML. */
export const showTheWay: preHandlerHookHandler = (request, reply, next) => {
  const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html');
  if (wantsPage) void reply.redirect('./');
  else next();
};
