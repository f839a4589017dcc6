import { someNetwork } from '../support/client.js';
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

export function bearer({ accessToken }: Pick<Person, 'accessToken'>): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

export function keyed(secret: string): Record<string, string> {
  return { 'x-api-key': secret };
}
