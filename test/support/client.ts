import { randomInt } from 'node:crypto';
import type { TypedDocumentString } from './generated/graphql.js';
import { isSubscription, overSocket } from './over-socket.js';

export type Document<Data, Variables> = TypedDocumentString<Data, Variables> | string;

export interface AnsweredError {
  message: string;
  path?: (string | number)[];
  extensions: Record<string, unknown> & {
    code: string;
    reason?: string;
    issues?: { path: string; message: string }[];
    requiredPermission?: string;
  };
}

export interface Answer<Data> {
  status: number;
  data: Data;
  errors: AnsweredError[] | undefined;
}

/** A network of somebody's own, for what is counted by network. */
export function someNetwork(): Record<string, string> {
  const part = () => randomInt(0x1_0000).toString(16);
  return { 'x-forwarded-for': `2001:db8:${part()}:${part()}::1` };
}

/**
 * Sends a document to a gateway, over HTTP as any client would: from another network each time, unless the headers say. Of a
 * subscription, which goes over a socket, the answer is what comes first.
 */
export async function send<Data, Variables>(
  url: string,
  document: Document<Data, Variables>,
  variables?: Variables,
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  const query = document.toString();
  if (isSubscription(query)) {
    const answer = await overSocket(url, { query, variables }, { ...someNetwork(), ...headers });
    return { ...answer, data: answer.data as Data, errors: answer.errors };
  }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...someNetwork(), ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: AnsweredError[] };
  return { status: response.status, data, errors };
}

/** The code of the only error of an answer; undefined if there is none. */
export function codeOf(answer: Answer<unknown>): string | undefined {
  return answer.errors?.[0]?.extensions.code;
}
