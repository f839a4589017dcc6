// Measures how many integration tokens a second the gateway verifies at the level of services, and how many jose verifies by
// itself: the caller's standing, the key, the organization and the revocation of each token are read from PostgreSQL, as for a
// request of its own. Exits 1 below 2,000 a second, or below half of jose.
//
//   node bench/integration-tokens.mjs [tokens a round] [rounds]
//
// Where there is `taskset`, everything that verifies has one core, and PostgreSQL another one. Every token is verified in one
// round only, once by each, so nothing is gained by remembering tokens. It takes a machine that does nothing else.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { importJWK, jwtVerify } from 'jose';
import { buildIfNeeded } from '../scripts/build.mjs';

await buildIfNeeded();
const { authenticate } = await import('../dist/auth/authenticate.js');
const { startGateway } = await import('../dist/gateway.js');
const { integrationJwks } = await import('../dist/modules/integration-token/integration-key.service.js');
const { issueIntegrationToken, revokeIntegrationToken } = await import(
  '../dist/modules/integration-token/integration-token.service.js'
);
const { verifyIntegrationToken } = await import(
  '../dist/modules/integration-token/verify-integration-token.service.js'
);
const { readConfig } = await import('../dist/platform/config.js');
const { startEmbeddedPostgres } = await import('../dist/platform/embedded-postgres.js');
const { createLog } = await import('../dist/platform/log.js');
const { Reads } = await import('../dist/platform/reads.js');

const perRound = Number(process.argv[2] ?? 2_000);
const rounds = Number(process.argv[3] ?? 7);
const organizations = 4;
const inFlight = 64;
const revokedOneIn = 10;
const audience = 'https://partner.example';
const least = 2_000;
const leastOfJose = 0.5;

// Of util-linux; elsewhere there is none, and the cores are shared.
const allThreadsOf = ['-a', '-p', '-c'];

/** Keeps this process, and what it starts from now on, on one core. */
function moveTo(core) {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', [...allThreadsOf, String(core), String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Does the work for every item, so many at a time, and says how many were done in a second. */
async function rate(items, work, atOnce = inFlight) {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++]);
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return items.length / ((performance.now() - startedAt) / 1_000);
}

/** What the server makes for a request with these headers. */
async function scopeFor(services, headers) {
  return {
    ...services,
    principal: await authenticate(headers, services),
    currentOrganizationId: null,
    request: { id: randomUUID(), ip: '127.0.0.1', userAgent: null },
    reads: new Reads(services.db.batcher),
  };
}

async function ask(url, query, input, headers = {}) {
  const body = JSON.stringify({ query, variables: { input } });
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

/** Somebody's organization, with an API key that may verify and issue. */
async function anOrganization(url) {
  const { register } = await ask(
    url,
    'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } organization { id } } }',
    { email: `${randomUUID()}@example.com`, password: 'correct horse battery', fullName: 'Ada Lovelace' },
  );
  const organizationId = register.organization.id;
  const { createApiKey } = await ask(
    url,
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { organizationId, name: 'Verifier', scopes: ['organizations:write'] },
    { authorization: `Bearer ${register.session.accessToken}` },
  );
  return { organizationId, headers: { 'x-api-key': createApiKey.secret } };
}

/** Issues tokens of all organizations in turn, and revokes some of them. */
async function issue(services, places, count) {
  const tokens = [];
  await Promise.all(
    places.map(async ({ organizationId, headers }, place) => {
      for (let index = place; index < count; index += places.length) {
        const input = { organizationId, audience, subject: `service-${index}`, scopes: [], expiresIn: 3_600 };
        const { token, jti } = await issueIntegrationToken(await scopeFor(services, headers), input);
        const revoked = Math.floor(index / places.length) % revokedOneIn === 0;
        if (revoked) await revokeIntegrationToken(await scopeFor(services, headers), { organizationId, jti });
        tokens[index] = { token, organizationId, headers, revoked };
      }
    }),
  );
  return tokens;
}

/** As the gateway does it. */
function throughTheService(services) {
  return async ({ token, organizationId, headers, revoked }) => {
    const scope = await scopeFor(services, headers);
    const { valid, reason } = await verifyIntegrationToken(scope, { organizationId, token, audience });
    if (valid === revoked || (revoked && reason !== 'REVOKED')) throw new Error(`Unexpected: ${valid} ${reason}`);
  };
}

/** As somebody does it who has the keys, and asks nobody. */
async function withJoseAlone(services, places) {
  const keys = new Map();
  for (const { organizationId } of places) {
    const { keys: published } = await integrationJwks(services, organizationId);
    keys.set(organizationId, await importJWK(published[0], 'RS256'));
  }
  return ({ token, organizationId }) =>
    jwtVerify(token, keys.get(organizationId), {
      algorithms: ['RS256'],
      typ: 'integration+jwt',
      issuer: `${services.issuer}/organizations/${organizationId}`,
      audience,
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'organization_id'],
    });
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

const dataDir = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
// PostgreSQL stays on the core on which it is started.
const pinned = moveTo(1);
const postgres = await startEmbeddedPostgres({ dataDir, settings: { synchronous_commit: 'off' } });
if (pinned) moveTo(0);
const config = readConfig({ PORT: '0', TENANTRY_SEED: 'none', DATABASE_URL: postgres.url });
const gateway = await startGateway({ ...config, dataDir }, createLog('error'));
try {
  const { services, url } = gateway;
  const places = [];
  for (let count = 0; count < organizations; count += 1) places.push(await anOrganization(url));
  const tokens = await issue(services, places, perRound * (rounds + 1));
  const ways = { service: throughTheService(services), jose: await withJoseAlone(services, places) };
  const rates = { service: [], jose: [] };
  // The first round only warms up. Who begins takes turns.
  for (let round = 0; round <= rounds; round += 1) {
    const items = tokens.slice(round * perRound, (round + 1) * perRound);
    for (const name of round % 2 ? ['jose', 'service'] : ['service', 'jose']) {
      const perSecond = await rate(items, ways[name]);
      if (round > 0) rates[name].push(perSecond);
    }
  }
  const share = median(rates.service.map((perSecond, round) => perSecond / rates.jose[round]));
  const perSecond = Object.entries(rates).map(([name, all]) => `${name.padEnd(8)} ${Math.round(median(all))} a second`);
  process.stdout.write(
    [
      ...perSecond,
      `share    ${share.toFixed(3)} (median of ${rounds} rounds of ${perRound} tokens each, ${inFlight} at a time)`,
      pinned ? 'one core for what verifies, another one for PostgreSQL' : 'all cores, shared with PostgreSQL',
      '',
    ].join('\n'),
  );
  if (median(rates.service) < least || share < leastOfJose) process.exitCode = 1;
} finally {
  await gateway.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
