import { WebSocket } from 'ws';
import type { AnsweredError } from './client.js';

/** What comes first of a subscription, as if it were the answer to a request. */
export interface FirstAnswer {
  status: number;
  data?: unknown;
  errors?: AnsweredError[];
}

const statusOf: Record<number, [status: number, code: string]> = {
  4403: [401, 'UNAUTHENTICATED'],
  4400: [400, 'BAD_USER_INPUT'],
};

export const isSubscription = (document: string) => /^\s*subscription\b/.test(document);

/** Sends a subscription with the headers of a request, and gives back what is answered first. */
export function overSocket(url: string, payload: object, headers: Record<string, string>): Promise<FirstAnswer> {
  const { 'x-forwarded-for': network, ...params } = headers;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: network ? { 'x-forwarded-for': network } : {},
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: params })));
  const answer = new Promise<FirstAnswer>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      const [status, word] = statusOf[code] ?? [500, `closed with ${code}`];
      resolve({ status, errors: [{ message: String(reason), extensions: { code: word } }] });
    });
    socket.on('message', (text) => {
      const message = JSON.parse(String(text));
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
      if (message.type === 'next') resolve({ status: 200, ...message.payload });
      if (message.type === 'error') resolve({ status: statusFor(message.payload, params), errors: message.payload });
    });
  });
  return answer.finally(() => socket.close());
}

/** The status that HTTP would have: a credential that does not stand is told by it. */
function statusFor([error]: AnsweredError[], { authorization, 'x-api-key': apiKey }: Record<string, string>): number {
  return error?.extensions.code === 'UNAUTHENTICATED' && (authorization ?? apiKey) ? 401 : 200;
}
