import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type OnlineCheck,
  type Refusal,
  TokenRefused,
  type VerifyOptions,
  verifyIntegrationToken,
} from '../../examples/verify-integration-token.js';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { createLog } from '../../src/platform/log.js';
import { testConfig, useGateway } from '../support/gateway.js';
import { aWorld, type World } from '../support/world.js';
import { blocksOf, readDocument, root } from './documents.js';

const gateway = useGateway({ appUrl: 'https://app.acme.example' });
const audience = 'https://partner.example';

const Issue = `mutation ($input: IssueIntegrationTokenInput!) {
  issueIntegrationToken(input: $input) { token jti }
}`;
const Revoke = `mutation ($input: RevokeIntegrationTokenInput!) {
  revokeIntegrationToken(input: $input) { revocation { id } }
}`;
const CreateKey = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';

interface Issued {
  token: string;
  jti: string;
}

/** A token of an organization for the partner. */
async function issue({ organization, admin }: World, input: object = {}): Promise<Issued> {
  const { data, errors } = await admin.send<{ issueIntegrationToken: Issued }, object>(Issue, {
    input: { organizationId: organization.id, audience, subject: 'billing', scopes: ['users.read'], ...input },
  });
  expect(errors).toBeUndefined();
  return data.issueIntegrationToken;
}

async function revoke({ organization, admin }: World, jti: string): Promise<void> {
  const { errors } = await admin.send(Revoke, { input: { organizationId: organization.id, jti } });
  expect(errors).toBeUndefined();
}

/** The key with which the partner asks: it can read, and no more. */
async function anApiKey({ organization, admin }: World): Promise<string> {
  const input = { organizationId: organization.id, name: 'Partner', scopes: ['organizations:read'] };
  const { data } = await admin.send<{ createApiKey: { secret: string } }, object>(CreateKey, { input });
  return data.createApiKey.secret;
}

/** What the partner was told about an organization. */
function offline({ organization }: Pick<World, 'organization'>, { url } = gateway()): VerifyOptions {
  return {
    jwksUrl: `${url}/organizations/${organization.id}/.well-known/jwks.json`,
    issuer: `https://app.acme.example/organizations/${organization.id}`,
    audience,
  };
}

async function online(world: World, check: Partial<OnlineCheck> = {}): Promise<VerifyOptions> {
  const apiKey = await anApiKey(world);
  return { ...offline(world), online: { graphqlUrl: `${gateway().url}/graphql`, apiKey, ...check } };
}

/** What the example says of a token: its claims, or why not. */
async function verdict(token: string, options: VerifyOptions): Promise<JWTPayload | Refusal> {
  return verifyIntegrationToken(token, options).catch((error: unknown) => {
    if (error instanceof TokenRefused) return error.reason;
    throw error;
  });
}

/** A server that answers as it is told, and counts. */
async function aServer(answer: { status: number; body: string }): Promise<{ url: string; server: Server }> {
  const server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, server };
}

const valid = expect.objectContaining({ aud: audience, sub: 'billing', scope: 'users.read' });

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the example of a third party', () => {
  it('accepts a valid token, offline and online, and asks for the keys once', async () => {
    const world = await aWorld(gateway());
    const options = await online(world);
    const tokens = [await issue(world), await issue(world)];
    const requests = vi.spyOn(globalThis, 'fetch');
    for (const { token } of tokens) {
      expect(await verdict(token, offline(world))).toEqual(valid);
      expect(await verdict(token, options)).toEqual(valid);
    }
    const sent = requests.mock.calls.map(([url]) => String(url));
    expect(sent.filter((url) => url.endsWith('/jwks.json'))).toHaveLength(1);
    expect(sent.filter((url) => url.endsWith('/graphql'))).toHaveLength(2);
  });

  it('refuses an expired token, and asks nobody about it', async () => {
    const world = await aWorld(gateway());
    const options = await online(world);
    const { token } = await issue(world, { expiresIn: 60 });
    expect(await verdict(token, offline(world))).toEqual(valid);
    const requests = vi.spyOn(globalThis, 'fetch');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await verdict(token, options)).toBe('EXPIRED');
    expect(requests).not.toHaveBeenCalled();
  });

  it('refuses a revoked token online, which no signature tells', async () => {
    const world = await aWorld(gateway());
    const { token, jti } = await issue(world);
    await revoke(world, jti);
    expect(await verdict(token, await online(world))).toBe('REVOKED');
    expect(await verdict(token, offline(world))).toEqual(valid);
  });

  it('notices a revocation when it asks again, which it does after some seconds', async () => {
    const world = await aWorld(gateway());
    const options = await online(world, { rememberMs: 5_000 });
    const { token, jti } = await issue(world);
    expect(await verdict(token, options)).toEqual(valid);
    await revoke(world, jti);
    expect(await verdict(token, options)).toEqual(valid);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_001 });
    expect(await verdict(token, options)).toBe('REVOKED');
  });

  it('refuses a token for somebody else', async () => {
    const world = await aWorld(gateway());
    const { token } = await issue(world, { audience: 'https://other.example' });
    expect(await verdict(token, offline(world))).toBe('INVALID');
    expect(await verdict(token, await online(world))).toBe('INVALID');
  });

  it('refuses the token of another organization, also if it were given the keys of that one', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await issue(world);
    const { token } = await issue(other);
    expect(await verdict(token, offline(world))).toBe('INVALID');
    const mixedUp = { ...offline(world), jwksUrl: offline(other).jwksUrl };
    expect(await verdict(token, mixedUp)).toBe('INVALID');
    expect(await verdict(token, offline(other))).toEqual(valid);
  });

  it.each(['not a token', '', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])('refuses “%s”', async (token) => {
    const world = await aWorld(gateway());
    await issue(world);
    expect(await verdict(token, offline(world))).toBe('INVALID');
  });
});

describe('the example, when the gateway is not there', () => {
  it('refuses what it cannot ask about, unless it was told to accept it', async () => {
    const world = await aWorld(gateway());
    const second = await startGateway(testConfig({ appUrl: 'https://app.acme.example' }), createLog('silent'));
    const options = (ifUnreachable?: 'refuse' | 'accept'): VerifyOptions => ({
      ...offline(world, second),
      online: { graphqlUrl: `${second.url}/graphql`, apiKey, rememberMs: 0, ...(ifUnreachable && { ifUnreachable }) },
    });
    const [apiKey, { token }] = [await anApiKey(world), await issue(world)];
    const { token: forOther } = await issue(world, { audience: 'https://other.example' });
    expect(await verdict(token, options())).toEqual(valid);
    await second.stop();

    expect(await verdict(token, options())).toBe('UNKNOWN');
    expect(await verdict(token, options('refuse'))).toBe('UNKNOWN');
    expect(await verdict(token, options('accept'))).toEqual(valid);
    expect(await verdict(forOther, options('accept'))).toBe('INVALID');
    // Without any keys nothing can be accepted.
    const { jwksUrl } = offline(world, second);
    expect(await verdict(token, { ...options('accept'), jwksUrl: `${jwksUrl}?again` })).toBe('UNKNOWN');
  });

  it.each([
    [503, '', 'refuse', 'UNKNOWN'],
    [503, '', 'accept', valid],
    // That is no outage: something is wrong with the settings, and would stay wrong.
    [200, '{"errors":[{"message":"The API key is not valid, or no longer."}]}', 'accept', 'UNKNOWN'],
    [404, '<h1>Not found</h1>', 'accept', 'UNKNOWN'],
  ] as const)('takes an answer of %d “%s” by the policy “%s”', async (status, body, ifUnreachable, expected) => {
    const world = await aWorld(gateway());
    const { url, server } = await aServer({ status, body });
    const { token } = await issue(world);
    const check = { graphqlUrl: url, apiKey: 'tnt_', ifUnreachable };
    expect(await verdict(token, { ...offline(world), online: check })).toEqual(expected);
    server.close();
  });
});

describe('the example as a command', () => {
  const source = readDocument('examples/verify-integration-token.ts');
  // Somebody else's folder, in which there is jose and nothing more.
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-example-'));

  beforeAll(() => {
    const [, command] = /^\/\/ {3}(npx tsc .+)$/m.exec(source)!;
    const args = command!.replace('dist/examples', folder).split(' ');
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, ...args.slice(2)], { cwd: root });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(root, 'node_modules/jose'), join(folder, 'node_modules/jose'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run(token: string, { url }: Pick<Gateway, 'url'>, organizationId: string, apiKey: string) {
    const keyFile = join(folder, 'api-key');
    writeFileSync(keyFile, `${apiKey}\n`);
    const args = ['--gateway', url, '--organization', organizationId, '--issuer', 'https://app.acme.example'];
    args.push('--audience', audience, '--api-key-file', keyFile);
    const child = spawn(process.execPath, [join(folder, 'verify-integration-token.js'), ...args]);
    child.stdin.end(`${token}\n`);
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [output, code] = await Promise.all([text(child.stdout), closed]);
    return { output, code };
  }

  it('imports nothing but jose and what comes with Node.js', () => {
    const imported = [...source.matchAll(/^import .* from '(.+)';$/gm)].map(([, name]) => name!);
    expect(imported.filter((name) => !name.startsWith('node:'))).toEqual(['jose']);
  });

  it('prints the claims, or why there are none, and says so by how it ends', async () => {
    const world = await aWorld(gateway());
    const [{ token }, gone, apiKey] = [await issue(world), await issue(world), await anApiKey(world)];
    await revoke(world, gone.jti);
    const { id } = world.organization;

    const accepted = await run(token, gateway(), id, apiKey);
    expect(accepted.code).toBe(0);
    expect(JSON.parse(accepted.output)).toEqual(valid);
    expect(await run(gone.token, gateway(), id, apiKey)).toEqual({ code: 1, output: 'REVOKED\n' });
    expect(await run('x', gateway(), id, apiKey)).toEqual({ code: 1, output: 'INVALID\n' });
    expect(await run(token, { url: 'http://127.0.0.1:9' }, id, apiKey)).toEqual({ code: 2, output: 'UNKNOWN\n' });
  });
});

it('the few lines in the documents verify a token, and refuse that of another organization', async () => {
  const [lines, ...more] = blocksOf('docs/integration-tokens.md').filter(({ language }) => language === 'ts');
  expect(more).toEqual([]);
  const [first, ...body] = lines!.text.split('\n');
  expect(first).toBe("import { createRemoteJWKSet, jwtVerify } from 'jose';");
  type Run = (...given: unknown[]) => Promise<JWTPayload>;
  const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Run;
  const given = ['createRemoteJWKSet', 'jwtVerify', 'gateway', 'issuer', 'organizationId', 'audience', 'token'];
  const verify = new AsyncFunction(...given, `${body.join('\n')}\nreturn payload;`);

  const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
  const [mine, theirs] = [await issue(world), await issue(other)];
  const read = (token: string) =>
    verify(
      createRemoteJWKSet,
      jwtVerify,
      ...[gateway().url, 'https://app.acme.example', world.organization.id],
      audience,
      token,
    );
  expect(await read(mine.token)).toEqual(valid);
  await expect(read(theirs.token)).rejects.toThrow();
});
