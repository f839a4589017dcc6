// What it costs to turn a request away: the processor time of the gateway for each refusal, beside what it costs to answer at all.
// node scripts/build.mjs --no-check && node bench/refusals.mjs

import 'reflect-metadata';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createBareServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway } from '../dist/gateway.js';
import { readConfig } from '../dist/platform/config.js';
import { createLog } from '../dist/platform/log.js';

const seconds = 4;
const connections = 32;

const small = request(JSON.stringify({ query: '{ me { id } }', extensions: { padding: 'x'.repeat(200) } }));

function request(body) {
  const headers = `Host: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${'x'.repeat(300)}`;
  return `POST /graphql HTTP/1.1\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

if (process.argv[2]) await load(Number(process.argv[2]));
else await compare();

async function compare() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-refusals-'));
  const config = readConfig({ PORT: '0', TENANTRY_SEED: 'none', TENANTRY_DATA_DIR: dataDir });
  const refusing = { ...config, overload: { ...config.overload, mostRequests: 0 } };
  const gateway = await startGateway(refusing, createLog('silent'));
  await measure('refused by the gateway', Number(new URL(gateway.url).port));
  await gateway.stop();
  rmSync(dataDir, { recursive: true });
  const bare = createBareServer((_, response) => response.writeHead(503, { 'content-length': 2 }).end('{}'));
  await new Promise((resolve) => bare.listen(0, '127.0.0.1', resolve));
  await measure('answered by node:http, and nothing else', bare.address().port);
  bare.close();
  bare.closeAllConnections();
}

async function measure(title, port) {
  const client = fork(fileURLToPath(import.meta.url), [String(port)]);
  await new Promise((resolve) => client.once('message', resolve));
  const before = process.cpuUsage();
  const answered = await new Promise((resolve) => client.once('message', resolve));
  const { user, system } = process.cpuUsage(before);
  const each = ((user + system) / answered).toFixed(1);
  process.stdout.write(`${title}: ${Math.round(answered / seconds)} req/s, ${each} µs of processor time each\n`);
}

/** Keeps so many connections busy from another process; the first second does not count. */
async function load(port) {
  let answered = 0;
  for (let index = 0; index < connections; index += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => {
      if (chunk.includes('HTTP/1.1 503')) answered += 1;
      socket.write(small);
    });
    socket.on('error', () => {});
    socket.write(small);
  }
  setTimeout(() => {
    answered = 0;
    process.send('warm');
  }, 1_000);
  setTimeout(() => process.send(answered, () => process.exit()), 1_000 + seconds * 1_000);
}
