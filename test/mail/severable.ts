import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a database that can be cut off, as by a network or a restart. */
export interface Severable {
  url: string;
  /** Breaks all connections, and lets nobody in. */
  sever(): void;
  restore(): void;
  /** Breaks the connection over which the next answer with this text comes, in the place of the answer. */
  loseAnswer(text: string): void;
  /** Lets answers with this text come later. */
  delayAnswers(text: string, ms: number): void;
  close(): Promise<void>;
}

export async function severable(databaseUrl: string): Promise<Severable> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let severed = false;
  let lost: string | undefined;
  let delayed: { text: string; ms: number } | undefined;
  const server = createServer((socket) => {
    if (severed) return socket.destroy();
    const onward = connect(Number(target.port), target.hostname);
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(end);
      end
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(end);
          other.destroy();
        });
    }
    socket.pipe(onward);
    onward.on('data', (answer) => {
      if (lost !== undefined && answer.includes(lost)) {
        lost = undefined;
        onward.destroy();
      } else if (delayed && answer.includes(delayed.text)) setTimeout(() => socket.write(answer), delayed.ms);
      else socket.write(answer);
    });
  });
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    sever() {
      severed = true;
      breakAll();
    },
    restore() {
      severed = false;
    },
    loseAnswer(text) {
      lost = text;
    },
    delayAnswers(text, ms) {
      delayed = { text, ms };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}
