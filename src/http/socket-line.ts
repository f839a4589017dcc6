import type { WebSocket as ProtocolSocket } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Log } from '../platform/log.js';
import { assertFewValues } from './json-body.js';

/** What may wait to be sent to a client that sends but does not read, in bytes. */
const mostWaiting = 1_048_576;

/** Codes with which sockets are closed, of RFC 6455 and of graphql-ws. Its client comes again after those that are marked. */
export const closeCodes = {
  /** Comes again. */
  restart: 1012,
  /** Comes again. */
  tryAgainLater: 1013,
  badRequest: 4400,
  /** Comes again, with what `connectionParams` says then; after 4401 it would not. */
  forbidden: 4403,
} as const;

/** Closes with a reason as far as it may go: 123 bytes. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(
    code,
    Buffer.from(reason)
      .subarray(0, 123)
      .toString()
      .replace(/\ufffd$/, ''),
  );
}

/**
 * What graphql-ws reads from and writes to. A message counts as sent when it has been handed to the network, so that the next
 * event is read only then: for a client that is slow nothing piles up here.
 *
 * @param take is told of each message that has come, and throws where there are too many.
 */
export function lineOf(socket: WebSocket, take: () => void, log: Log): ProtocolSocket {
  const heard = () => {
    if (socket.bufferedAmount > mostWaiting) socket.terminate();
  };
  socket.on('ping', heard);
  return {
    protocol: socket.protocol,
    send: (data) =>
      new Promise((resolve) => {
        // Whoever has gone is not written to, and its subscriptions end by themselves.
        if (socket.readyState !== WebSocket.OPEN) resolve();
        else socket.send(data, () => resolve());
      }),
    close: (code, reason) => closeSocket(socket, code ?? 1000, reason ?? ''),
    onMessage(handle) {
      socket.on('message', (data) => {
        heard();
        const text = String(data);
        try {
          take();
        } catch {
          return closeSocket(socket, closeCodes.tryAgainLater, 'Too much was asked for. Try again later.');
        }
        try {
          assertFewValues(text);
        } catch (error) {
          return closeSocket(socket, closeCodes.badRequest, (error as Error).message);
        }
        handle(text).catch((err) => {
          log.error({ err }, 'a message could not be handled');
          closeSocket(socket, closeCodes.tryAgainLater, 'Something went wrong on our side.');
        });
      });
    },
  };
}
