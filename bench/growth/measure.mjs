// Measures how long answers take, one after the other on one connection, and what the gateway holds in memory under load.

import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs, cpuMsWithChildren, residentMb } from '../side-by-side/processes.mjs';

const connections = 32;
/** A connection plans a statement anew the first five times. */
const firstWarmUps = 10;
const warmUps = 3;
/** What is slow is not asked for as often: a case has so much time in a round, and at least three requests. */
const mostMs = 2_000;
const fewest = 3;
const restMs = 10_000;
const lookEveryMs = 100;

/** Whoever asks the gateway, on one connection that is kept open. */
export function client({ host, port, path }, tokenOf) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (userId, query, variables) => {
    const { status, text } = await post(
      { agent, host, port, path },
      tokenOf(userId),
      JSON.stringify({ query, variables }),
    );
    const { data, errors } = JSON.parse(text);
    if (errors || status !== 200) throw new Error(`${query}: ${errors?.[0].message ?? status}`);
    return data;
  };
  return { ask, close: () => agent.destroy() };
}

function post(options, token, body) {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text })).on('error', reject);
    });
    sent.on('error', reject).end(body);
  });
}

/**
 * Runs every case in every round, each time beginning with another one.
 *
 * @returns of each case its p50 and p95 in each round, and the CPU time of all its requests together.
 */
export async function measure({ ask, server, postmaster }, cases, { rounds, requests, beforeRound, say }) {
  const results = cases.map((given) => ({ ...given, p50: [], p95: [], answers: 0, cpuMs: 0, databaseCpuMs: 0 }));
  for (const given of results) await repeat(ask, given, firstWarmUps);
  for (let round = 0; round < rounds; round += 1) {
    await beforeRound();
    const start = Math.floor((round * results.length) / rounds);
    for (const given of [...results.slice(start), ...results.slice(0, start)]) {
      await repeat(ask, given, warmUps);
      const before = [await cpuMs(server.pid), await cpuMsWithChildren(postmaster)];
      const times = await repeat(ask, given, requests);
      given.cpuMs += (await cpuMs(server.pid)) - before[0];
      given.databaseCpuMs += (await cpuMsWithChildren(postmaster)) - before[1];
      given.answers += times.length;
      given.p50.push(quantile(times, 0.5));
      given.p95.push(quantile(times, 0.95));
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  return results;
}

/** @throws {Error} if an answer is not the right one: nothing fast and wrong is measured. */
async function repeat(ask, { title, size, userId, query, variables, isRight }, most) {
  const times = [];
  const endsAt = performance.now() + mostMs;
  while (times.length < most && (times.length < fewest || performance.now() < endsAt)) {
    const startedAt = performance.now();
    const data = await ask(userId, query, variables);
    times.push(performance.now() - startedAt);
    if (!isRight(data)) throw new Error(`${title} of ${size}: ${JSON.stringify(data).slice(0, 300)}`);
  }
  return times;
}

function quantile(times, part) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** The resident memory of the gateway before a load of one case, the most under it, and some time after. */
export async function memoryUnder(generator, { pid, address }, { query, variables }, token, seconds) {
  const before = await residentMb(pid);
  let most = before;
  let over = false;
  const looking = (async () => {
    while (!over) {
      most = Math.max(most, await residentMb(pid));
      await sleep(lookEveryMs);
    }
  })();
  const load = await generator.drive({
    ...{ address, connections, warmUpMs: 1_000, measureMs: seconds * 1_000 },
    requests: [{ kind: 'page', variants: [variantOf(address, { query, variables }, token)], next: 0 }],
  });
  over = true;
  await looking;
  await sleep(restMs);
  return {
    before,
    most,
    after: await residentMb(pid),
    perSecond: load.perSecond,
    wrong: load.wrong,
    faults: load.faults,
  };
}

function variantOf({ host, port, path }, asked, token) {
  const body = JSON.stringify(asked);
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Content-Type: application/json',
    `Authorization: Bearer ${token}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`), expected: Buffer.from(`"nodes":[{"id":`) };
}
