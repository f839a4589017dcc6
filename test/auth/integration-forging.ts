import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Gateway } from '../../src/gateway.js';
import {
  aToken,
  good,
  not,
  ownKeyOf,
  revoke,
  rotate,
  rs256,
  verify,
} from '../modules/integration-token/integrations.js';
import { pathsIn } from '../modules/lists.js';
import { partner } from '../support/integrations.js';
import { aWorld, type World } from '../support/world.js';
import { contentOf, type Part, tokenOf } from './forging.js';

/** An organization with a key of its own, a genuine token of it, what that says, and what has signed it. */
export async function aGrant(gateway: Gateway) {
  const world = await aWorld(gateway);
  const issued = await aToken(world, world.admin, { scopes: ['teams.read'] });
  const { key, publicJwk } = await ownKeyOf(gateway, world);
  const { header, claims } = contentOf({ accessToken: issued.token });
  const sign = rs256(key);
  /** Says something else under the organization's own signature. */
  const saying = (change: Part | string, headers: Part = {}) =>
    tokenOf({ ...header, ...headers }, typeof change === 'string' ? change : { ...claims, ...change }, sign);
  return { ...issued, world, key, publicJwk, header, claims, sign, saying };
}

export type Grant = Awaited<ReturnType<typeof aGrant>>;

/** A bad token does not count, whoever it is for; there is nothing to revoke in it, and nothing to replace. */
export async function expectInvalid({ world }: { world: World }, token: string, reason = 'INVALID'): Promise<void> {
  const { admin } = world;
  for (const audience of [partner, 'another']) {
    const { data, errors } = await verify(world, admin, token, audience);
    expect(errors, token).toBeUndefined();
    expect(data.verifyIntegrationToken, token).toEqual(not(reason));
  }
  expect((await good(revoke(world, admin, { token }))).revokeIntegrationToken.revocation, token).toBeNull();
  expect(pathsIn(await rotate(world, admin, { token })), token).toEqual(['input.token']);
}

/** That a token is not what is refused. */
export async function expectValid({ world, kid }: Grant, token: string, claims: Part): Promise<void> {
  const { verifyIntegrationToken } = await good(verify(world, world.admin, token));
  const { id: organizationId } = world.organization;
  expect(verifyIntegrationToken).toEqual({ valid: true, reason: null, claims, kid, organizationId });
}

/** A server that gives whatever is asked for the keys of a forger, and counts who comes. */
export function useForgersServer() {
  let server: Server;
  const seen: string[] = [];
  const forger = { url: '', served: { keys: [] } as Part, seen };
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(forger.served));
    });
    server.on('connection', () => seen.push('a connection'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    forger.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  return forger;
}
