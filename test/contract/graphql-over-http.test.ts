import { auditServer } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { useGateway } from '../support/gateway.js';
import { asking } from './answers.js';

const gateway = useGateway();

const { ask } = asking(gateway);

describe('GraphQL over HTTP', () => {
  it('passes every audit of the specification, for a client that browsers cannot be tricked into being', async () => {
    const results = await auditServer({
      url: () => `${gateway().url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { 'apollo-require-preflight': '1', ...init.headers } }),
    });
    expect(results).toHaveLength(61);
    expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  it.each([
    ['cannot be parsed', '{', 'GRAPHQL_PARSE_FAILED'],
    ['is not valid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ])(
    'says by code what is wrong with a document that %s, and by status in the newer media type',
    async (_, document, code) => {
      for (const [accept, status] of [
        ['application/json', 200],
        ['*/*', 200],
        ['application/graphql-response+json', 400],
        ['application/graphql-response+json, application/json;q=0.9', 400],
      ] as const) {
        const answer = await ask(document, { accept });
        expect(answer.status, accept).toBe(status);
        expect(JSON.parse(answer.text), accept).toMatchObject({ errors: [{ extensions: { code } }] });
      }
    },
  );
});
