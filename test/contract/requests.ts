import { someNetwork } from '../support/client.js';
import { isSubscription, overSocket } from '../support/over-socket.js';
import type { Person } from '../support/world.js';

export interface Raw {
  status: number;
  headers: Headers;
  text: string;
}

/** Sends any body, and gives back the answer as it is. */
export async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Raw> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...someNetwork(), ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The same for a document of any kind: a subscription goes over a socket, and what comes first is its answer. */
export async function postAny(url: string, asked: { query: string; variables?: object }, headers = {}): Promise<Raw> {
  if (!isSubscription(asked.query)) return post(url, JSON.stringify(asked), headers);
  const { status, ...answer } = await overSocket(url, asked, headers);
  const requestId = answer.errors?.[0]?.extensions.requestId;
  // Nothing but the error names the request, which over HTTP a header does.
  const named = new Headers(requestId ? { 'x-request-id': String(requestId) } : {});
  return { status, headers: named, text: JSON.stringify(answer) };
}

export function bearer({ accessToken }: Pick<Person, 'accessToken'>): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

export function keyed(secret: string): Record<string, string> {
  return { 'x-api-key': secret };
}
