import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { afterRequest } from '../../src/http/explorer/browser-scripts.js';

/** What the script leaves in Altair's environment after an answer, or after a piece of one. */
function environmentAfter(body: unknown): Record<string, unknown> {
  const environment: Record<string, unknown> = {};
  const setEnvironment = (name: string, value: unknown) => {
    environment[name] = value;
  };
  runInNewContext(afterRequest, { altair: { response: { body }, helpers: { setEnvironment } } });
  return environment;
}

const organization = { id: '0195', slug: 'northwind', isPersonal: false };
const login = {
  session: { accessToken: 'token' },
  user: { memberships: { nodes: [{ organization: { id: '0194', slug: 'ada', isPersonal: true } }, { organization }] } },
};
const signedIn = { data: { login } };

describe('the script after each request in Altair', () => {
  it('keeps who has signed in, however Altair passes the answer on', () => {
    const kept = { accessToken: 'token', organizationId: organization.id };
    expect(environmentAfter(signedIn)).toEqual(kept);
    expect(environmentAfter(JSON.stringify(signedIn))).toEqual(kept);
  });

  it('keeps nothing of other answers', () => {
    expect(environmentAfter('{"data":{"me":{"id":"0193"}}}')).toEqual({});
    expect(environmentAfter({ errors: [], data: null })).toEqual({});
  });

  it('does not fail at the pieces of a long answer, which Altair could not put together then', () => {
    const text = JSON.stringify(signedIn);
    for (const piece of [text.slice(0, 40), text.slice(40), '3', 'null', ''])
      expect(environmentAfter(piece)).toEqual({});
  });
});
