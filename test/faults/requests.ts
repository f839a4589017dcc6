import { Agent, request } from 'node:http';
import type { AnsweredError } from '../support/client.js';

/** What a gateway, or whatever stands before it, has answered. */
export interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows what it has asked for.
  data: any;
  errors: AnsweredError[] | undefined;
  headers: Record<string, string | string[] | undefined>;
}

export interface Asked {
  query: string;
  variables?: object;
}

/** A client that keeps its connections, and one that makes a new one each time. */
export const keeping = new Agent({ keepAlive: true, maxSockets: 256 });
export const fresh = new Agent({ keepAlive: false, maxSockets: 256 });

/**
 * Sends a document once, with less ado than fetch, which would be a brake.
 *
 * @throws if there is no whole answer within the time.
 */
export function ask(
  url: string,
  asked: Asked,
  headers: Record<string, string> = {},
  { agent = keeping, patienceMs = 30_000 } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', ...headers };
    const sent = request(`${url}/graphql`, { method: 'POST', headers: all, agent, timeout: patienceMs }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.once('error', reject).once('end', () => {
        const { data, errors } = jsonOf(body);
        resolve({ status: response.statusCode!, data, errors, headers: response.headers });
      });
    });
    sent.once('timeout', () => sent.destroy(new Error(`No answer within ${patienceMs} ms`)));
    sent.once('error', reject).end(JSON.stringify(asked));
  });
}

/** The data of an answer that has to be without a fault. */
// biome-ignore lint/suspicious/noExplicitAny: each caller knows what it has asked for.
export async function askWell(url: string, asked: Asked, headers: Record<string, string> = {}): Promise<any> {
  const { status, data, errors } = await ask(url, asked, headers);
  if (status !== 200 || errors) throw new Error(`${status}: ${JSON.stringify(errors)} to ${asked.query}`);
  return data;
}

export const bearing = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });

/** A load balancer says in plain HTML that it has nobody to ask. */
function jsonOf(body: string): { data?: unknown; errors?: AnsweredError[] } {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
