import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Opens a connection to a gateway, for whatever is to be written on it. */
export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A gateway may close while we still write.
  socket.on('error', () => {});
  return socket;
}

/** Sends bytes as they are, and gives back what comes until the gateway closes. */
export function sendBytes(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = openSocket(url);
  socket.write(bytes);
  return answerOn(socket);
}

/** What comes on a connection until it is closed; the status is 0 if nothing does. */
export async function answerOn(socket: Socket): Promise<RawAnswer> {
  return parsed(await textOn(socket));
}

export function textOn(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
  });
}

function parsed(text: string): RawAnswer {
  const [head = '', body = ''] = text.split(/\r\n\r\n([\s\S]*)/);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...value] = line.split(':');
    return [name.toLowerCase(), value.join(':').trim()];
  });
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers: Object.fromEntries(headers), body };
}
