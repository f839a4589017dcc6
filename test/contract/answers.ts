import { expect } from 'vitest';
import type { Gateway } from '../../src/gateway.js';
import type { AnsweredError } from '../support/client.js';
import { post, type Raw } from './requests.js';

interface Body {
  data?: unknown;
  errors?: { message: string; path?: unknown[]; extensions: { code: string; [fact: string]: unknown } }[];
}

export function bodyOf({ text, headers }: Raw): Body {
  expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  return JSON.parse(text) as Body;
}

/** What is refused of a request: all of it, or single ones of what it asks for at once. */
export function errorsOf({ text }: Raw): AnsweredError[] {
  const { data, errors } = JSON.parse(text) as { data?: Record<string, Several> | null; errors?: AnsweredError[] };
  if (errors) return errors;
  return Object.values(data ?? {}).flatMap((field) => [
    ...(field?.results ?? []).flatMap(({ error }) => {
      if (!error) return [];
      const { code, message, facts, issues } = error;
      return [{ message, extensions: { code, ...facts, issues } }];
    }),
    // Here the message begins with the place.
    ...(field?.rejected ?? []).map(({ code, message }) => {
      const [, path, what] = /^(\S+): (.+)$/.exec(message) ?? [];
      return { message, extensions: { code, ...(path && { issues: [{ path, message: what! }] }) } };
    }),
  ]);
}

type Several = {
  results?: {
    error: { code: string; message: string; facts: object; issues: { path: string; message: string }[] } | null;
  }[];
  rejected?: { code: string; message: string }[];
} | null;

export const codeOf = (answer: Raw) => bodyOf(answer).errors?.[0]?.extensions.code;

/** Ways to ask the gateway of a file. */
export function asking(gateway: () => Gateway) {
  return {
    ask: (query: string, headers: Record<string, string> = {}, variables?: object): Promise<Raw> =>
      post(gateway().url, JSON.stringify({ query, variables }), headers),

    async get(path: string, headers: Record<string, string> = {}): Promise<Raw> {
      const response = await fetch(`${gateway().url}${path}`, { headers });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}
