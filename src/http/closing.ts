import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../platform/log.js';
import { within } from '../platform/within.js';
import type { Readiness } from './health.js';

/** Lets connections end in good order when the process is about to stop. */
export function closeConnectionsInOrder(app: FastifyInstance, readiness: Readiness): void {
  // Whoever keeps a connection open would use it again, and lose the request that is on its way when it closes.
  app.addHook('onSend', (_, reply, payload, done) => {
    if (readiness.isDraining) reply.header('connection', 'close');
    done(null, payload);
  });

  // A connection over which nothing has come yet is busy in the eyes of Node.js, and would be waited for.
  const connections = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', (done) => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}

/** Accepts nobody any more, and waits for the answers that are under way. Tells whether all were given in time; the others are cut off. */
export async function closeServer(app: FastifyInstance, seconds: number, log: Log): Promise<boolean> {
  const closing = app.close();
  try {
    await within(seconds * 1_000, closing);
    return true;
  } catch (err) {
    log.warn({ err }, 'what was under way was cut off');
    app.server.closeAllConnections();
    await within(1_000, closing).catch(() => {});
    return false;
  }
}
