import type { TypedDocumentString } from './generated/graphql.js';

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

/** Sends a document to a gateway, over HTTP as any client would. */
export async function send<Data, Variables>(
  url: string,
  document: Document<Data, Variables>,
  variables?: Variables,
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: AnsweredError[] };
  return { status: response.status, data, errors };
}

/** The code of the only error of an answer; undefined if there is none. */
export function codeOf(answer: Answer<unknown>): string | undefined {
  return answer.errors?.[0]?.extensions.code;
}
