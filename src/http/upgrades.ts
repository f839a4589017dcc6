import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** What has come after the headers of requests that ask for a WebSocket. */
const heads = new WeakMap<IncomingMessage, Buffer>();

/** What a WebSocket that a request asks for begins with; undefined if it asks for none. */
export function headOf(request: IncomingMessage): Buffer | undefined {
  return heads.get(request);
}

/**
 * Has requests for a WebSocket go through Fastify like all others, with the same limits in front of them. Node.js hands whatever
 * asks for another protocol to who listens for that; what is not for us is answered as if it had not asked (RFC 9110, section 7.8).
 */
export function routeUpgrades({ server }: FastifyInstance, path: string): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => {});
    if (!asksForSocket(request, path)) return answerWithoutUpgrade(server, request, socket, head);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    heads.set(request, head);
    server.emit('request', request, response);
  });
}

function asksForSocket({ method, url = '', headers: { upgrade } }: IncomingMessage, path: string): boolean {
  const isThere = url === path || url.startsWith(`${path}?`);
  return method === 'GET' && isThere && upgrade?.toLowerCase() === 'websocket';
}

/** Has the connection begin again with the same request, without the wish. */
function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at]!, rawHeaders[at + 1]!];
    if (name.toLowerCase() === 'upgrade') continue;
    lines.push(`${name}: ${name.toLowerCase() === 'connection' ? withoutUpgrade(value) : value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function withoutUpgrade(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => option.toLowerCase() !== 'upgrade').join(', ') || 'keep-alive';
}
