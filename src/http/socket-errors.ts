import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { bareHeaders, errorBody } from './json-errors.js';

/** What is wrong with a request that Node could not read, by the code of its error. */
const answers: Record<string, [status: number, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
};

/** Answers what is no request at all, on the socket itself, and closes it: nobody knows where the next one would begin. */
export function answerOnSocket(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, message] = answers[error.code ?? ''] ?? [400, 'The request is not valid HTTP.'];
  if (socket.writable && !isAnswering(socket)) socket.write(rawAnswer(status, message));
  socket.destroySoon();
}

/** Whether an earlier request of the connection is half answered: what is written now would become part of that answer. */
function isAnswering(socket: Socket): boolean {
  const { _httpMessage } = socket as Socket & { _httpMessage?: { headersSent: boolean } | null };
  return _httpMessage?.headersSent ?? false;
}

/** What Node would refuse by itself, without a word of JSON. */
export function answerWhatNodeWouldRefuse({ server }: FastifyInstance): void {
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => {
    const body = bodyOf('The only expectation that can be met is 100-continue.');
    response.writeHead(417, { ...headersOf(body), connection: 'close' }).end(body);
  });
  server.on('connect', (_: IncomingMessage, socket: Socket) => {
    socket.end(rawAnswer(405, 'This is no proxy.'));
  });
}

function rawAnswer(status: number, message: string): string {
  const body = bodyOf(message);
  const headers = Object.entries({ ...headersOf(body), connection: 'close' });
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n');
}

function bodyOf(message: string): string {
  return JSON.stringify(errorBody('BAD_REQUEST', message));
}

function headersOf(body: string) {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...bareHeaders,
  };
}
