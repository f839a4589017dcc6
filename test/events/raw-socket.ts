import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { webSocketUrl } from './streams.js';

export interface RawSocket {
  send(message: unknown): void;
  /** The next message. */
  next(): Promise<Record<string, unknown>>;
  closed: Promise<number>;
  socket: WebSocket;
}

/** A socket on which the test itself speaks. */
export async function aSocket(
  url: string,
  headers: Record<string, string> = {},
  options: ClientOptions = {},
): Promise<RawSocket> {
  const socket = new WebSocket(webSocketUrl({ url }), 'graphql-transport-ws', { headers, ...options });
  onTestFinished(() => socket.terminate());
  const come: Record<string, unknown>[] = [];
  let wake = () => {};
  socket.on('message', (data) => {
    come.push(JSON.parse(String(data)));
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  return {
    socket,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next() {
      while (come.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return come.shift()!;
    },
  };
}
