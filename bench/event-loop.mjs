// Measures for how long documents of up to 1 MB hold the event loop of a gateway, in a process of its own and in production
// mode: with and without a credential, as new texts, and as ones that it has seen before. Exits 1 if one holds it for more than
// 50 ms.
//
//   node bench/event-loop.mjs [runs] [part of a name]
//
// The delay of the event loop also grows while other programs have the CPU. So the CPU time that its thread took for the request
// is measured as well, and a document has held it for no longer than the smaller one of the two.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildIfNeeded } from '../scripts/build.mjs';
import { documents } from './event-loop.documents.mjs';

const runs = Number(process.argv[2] ?? 7);
const part = process.argv[3] ?? '';
const most = 50;
const administrator = { email: 'ada@example.com', password: 'a rather long one' };

await buildIfNeeded();
const dataDir = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
const gateway = spawn(
  process.execPath,
  ['--import', new URL('./event-loop.monitor.mjs', import.meta.url).href, join(import.meta.dirname, '../dist/main.js')],
  {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'silent',
      TENANTRY_DATA_DIR: dataDir,
      TENANTRY_SECRET: randomBytes(32).toString('base64'),
      TENANTRY_SUPER_ADMIN_EMAIL: administrator.email,
      TENANTRY_SUPER_ADMIN_PASSWORD: administrator.password,
      TENANTRY_RATE_LIMIT_CALLER: '0',
      TENANTRY_RATE_LIMIT_NETWORK: '0',
    },
  },
);

async function addressOf({ stdout }) {
  for await (const line of createInterface({ input: stdout })) {
    const [address] = /http:\S+/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('The gateway has not started.');
}

async function send(url, body, headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const { data, errors } = await response.json();
  return { status: response.status, data, code: errors?.[0]?.extensions?.code ?? 'data' };
}

/** What the monitor has seen since it was asked last. */
async function held() {
  gateway.send('held');
  const [{ longest, cpu }] = await once(gateway, 'message');
  return { longest, cpu };
}

async function measured(url, body, headers) {
  await held();
  // The monitor counts from the first tick after that.
  await sleep(4);
  const answer = await send(url, body, headers);
  // A delay is only seen by the timer that comes after it.
  await sleep(4);
  const { longest, cpu } = await held();
  return { ...answer, longest, cpu, holds: Math.min(longest, cpu) };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const column = (value) => value.toFixed(1).padStart(7);

try {
  const url = await addressOf(gateway);
  const ask = async (query, variables, headers) =>
    (await send(url, JSON.stringify({ query, variables }), headers)).data;
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { session { accessToken } } }';
  const { accessToken } = (await ask(login, { input: administrator })).login.session;
  const credential = { authorization: `Bearer ${accessToken}` };
  const found = 'mutation { createOrganization(input: { name: "Acme", slug: "acme" }) { organization { id } } }';
  const { id } = (await ask(found, {}, credential)).createOrganization.organization;
  const callers = { nobody: {}, somebody: { ...credential, 'x-organization-id': id } };

  let worst = 0;
  process.stdout.write('median     max     CPU  (ms)\n');
  for (const [name, bodyOf] of documents.filter(([name]) => name.includes(part))) {
    for (const [caller, headers] of Object.entries(callers)) {
      const fixed = bodyOf(`${caller} again`);
      if (Buffer.byteLength(fixed) > 1_048_576) throw new Error(`${name} is over 1 MB.`);
      for (const [memory, body] of [
        ['new', (round) => bodyOf(`${caller} ${round}`)],
        ['again', () => fixed],
      ]) {
        await measured(url, body('warm-up'), headers);
        const rounds = [];
        for (let round = 0; round < runs; round += 1) rounds.push(await measured(url, body(round), headers));
        const { status, code } = rounds.at(-1);
        const longest = rounds.map((round) => round.longest);
        const holds = Math.max(...rounds.map((round) => round.holds));
        worst = Math.max(worst, holds);
        const figures = [median(longest), Math.max(...longest), median(rounds.map(({ cpu }) => cpu))]
          .map(column)
          .join(' ');
        const mark = holds > most ? '  <-- over' : '';
        process.stdout.write(`${figures}  ${status} ${code.padEnd(25)} ${name}, ${caller}, ${memory}${mark}\n`);
      }
    }
  }
  process.stdout.write(
    `No document held the event loop for longer than ${worst.toFixed(1)} ms; ${most} ms are allowed.\n`,
  );
  if (worst > most) process.exitCode = 1;
} finally {
  gateway.kill();
  await once(gateway, 'exit');
  await rm(dataDir, { recursive: true, force: true });
}
