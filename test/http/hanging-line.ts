import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface HangingLine {
  /** Where the database is reached through this line. */
  url: string;
  /** From now on nothing passes, in either direction, and nothing is refused: as behind a network that swallows packets. */
  hang(): void;
  /** Lets through what was held back, and all that follows. */
  resume(): void;
  close(): Promise<void>;
}

/** A connection to a database that can hang. */
export async function hangingLine(target: string): Promise<HangingLine> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let hangs = false;
  const server = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes)).on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (hangs) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    hang() {
      hangs = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      hangs = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
