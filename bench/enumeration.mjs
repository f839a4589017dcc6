// Measures whether the time of an answer tells if an address has an account: log-in with a wrong password, registration and
// the request for a new password, of addresses that have an account and of others, in turn. Exits 1 if two medians differ by
// more than 5 %.
//
//   node bench/enumeration.mjs [samples]
//
// It takes a machine that does nothing else for a few minutes.

import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildIfNeeded } from '../scripts/build.mjs';

await buildIfNeeded();
const { startGateway } = await import('../dist/gateway.js');
const { readConfig } = await import('../dist/platform/config.js');
const { createLog } = await import('../dist/platform/log.js');

const samples = Number(process.argv[2] ?? 300);
const warmUps = 20;
const mostBeside = 0.05;
// So that what a request leaves to be done in the background is over when the next one comes.
const pauseMs = 25;

const operations = {
  login: {
    document: 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }',
    input: (email) => ({ email, password: 'not the password' }),
    expected: 'UNAUTHENTICATED',
  },
  register: {
    document:
      'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } user { id } organization { id } } }',
    input: (email) => ({ email, password: 'correct horse battery', fullName: 'Ada Lovelace' }),
    expected: undefined,
  },
  requestPasswordReset: {
    document: 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { ok } }',
    input: (email) => ({ email }),
    expected: undefined,
  },
};

const anAddress = () => `${randomUUID()}@example.com`;

/** A network of the sample's own, so that no counter runs full. */
function aNetwork() {
  const part = () => randomInt(0x1_0000).toString(16);
  return `2001:db8:${part()}:${part()}::1`;
}

/** Sends one request, and says how many milliseconds the answer took. */
async function timed(url, { document, input, expected }, email) {
  const body = JSON.stringify({ query: document, variables: { input: input(email) } });
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': aNetwork() };
  const startedAt = performance.now();
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  const { errors } = await response.json();
  const took = performance.now() - startedAt;
  const code = errors?.[0].extensions.code;
  if (code !== expected) throw new Error(`Expected ${expected ?? 'success'}, but was answered ${code ?? 'success'}.`);
  return took;
}

/** The known and the unknown address of every operation, in an order that is another one each time. */
function shuffledRequests(known) {
  return Object.keys(operations)
    .flatMap((name) => [
      { name, kind: 'known', email: known },
      { name, kind: 'unknown', email: anAddress() },
    ])
    .map((request) => ({ request, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ request }) => request);
}

async function measure(url, accounts) {
  const times = Object.fromEntries(Object.keys(operations).map((name) => [name, { known: [], unknown: [] }]));
  for (const [round, account] of accounts.entries()) {
    for (const { name, kind, email } of shuffledRequests(account)) {
      await sleep(pauseMs);
      const took = await timed(url, operations[name], email);
      if (round >= warmUps) times[name][kind].push(took);
    }
  }
  return times;
}

function median(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/** Prints the medians, and says whether they tell nothing. */
function report(times) {
  const cells = (row) => row.map((cell, column) => (column ? cell.padStart(12) : cell.padEnd(24))).join('');
  const rows = [['median of an answer', 'known', 'unknown', 'ratio']];
  const ratios = Object.entries(times).map(([name, { known, unknown }]) => {
    const ratio = median(known) / median(unknown);
    rows.push([name, `${median(known).toFixed(2)} ms`, `${median(unknown).toFixed(2)} ms`, ratio.toFixed(3)]);
    return ratio;
  });
  process.stdout.write(`${rows.map(cells).join('\n')}\n${samples} samples each, in turn\n`);
  return ratios.every((ratio) => Math.abs(ratio - 1) <= mostBeside);
}

const dataDir = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
const config = { ...readConfig({ PORT: '0', TENANTRY_SEED: 'none', TRUST_PROXY: '127.0.0.1' }), dataDir };
const gateway = await startGateway(config, createLog('error'));
try {
  const accounts = Array.from({ length: samples + warmUps }, anAddress);
  for (const email of accounts) await timed(gateway.url, operations.register, email);
  await sleep(2_000);
  if (!report(await measure(gateway.url, accounts))) process.exitCode = 1;
} finally {
  await gateway.stop();
  await rm(dataDir, { recursive: true, force: true });
}
