// Measures: in every round each case, and in each case every server in turn, so that slow moments hit all of them.

import { roles, withRoles } from './callers.mjs';
import { requestsFor } from './load.mjs';
import { countingStatements, settle, tidy } from './postgres.mjs';
import { cpuMs, cpuMsWithChildren, residentMb } from './processes.mjs';

/** How many connections a busy server has, and a quiet one. */
export const many = 32;
const one = 1;

/** Before anything counts: the connections to the database are open, statements prepared, tokens known, code compiled. */
const longestWarmUpMs = 1_000;
const longestFirstWarmUpMs = 3_000;
const countedMs = 1_000;

/** Every workload under many connections, then under one. */
export function casesOf(workloads) {
  return [many, one].flatMap((connections) => workloads.map((workload) => ({ workload, connections })));
}

/** What a case sends: one workload, or all of them in equal parts. */
async function requestsOf({ client, contents, tokens }, server, workload) {
  const parts = workload === 'mixed' ? Object.keys(contents) : [workload];
  const made = parts.map(async (part) => {
    const own = part === 'W4' ? await withRoles(client, contents[part]) : contents[part];
    return requestsFor(server, part, own, tokens, roles);
  });
  return (await Promise.all(made)).flat();
}

/** Drives one server while all others rest, and leaves the tables as they were. */
async function alone(bench, server, { workload, connections }, times, watch) {
  const requests = await requestsOf(bench, server, workload);
  const writes = workload === 'W4' || workload === 'mixed';
  server.wake();
  try {
    return await bench.generator.drive({ address: server.address, connections, requests, ...times }, watch);
  } finally {
    if (writes) await settle(bench.client);
    server.rest();
    if (writes) await tidy(bench.client);
  }
}

/** Runs everything once, for nothing. */
export async function warmUp(bench, servers, { workloads, seconds }) {
  const warmUpMs = Math.min(longestFirstWarmUpMs, seconds * 1_000);
  for (const server of servers) {
    for (const workload of workloads) {
      await alone(bench, server, { workload, connections: many }, { warmUpMs, measureMs: 1 });
    }
  }
}

/**
 * How many statements a server sends for a request that is alone, and for one among many.
 *
 * @throws {Error} if an answer was wrong, or if a change of a role was answered but not written.
 */
export async function countStatements(bench, servers, workloads) {
  const counts = [];
  for (const server of servers) {
    for (const workload of workloads) {
      for (const connections of [one, many]) {
        const given = { workload, connections };
        const told = await eventsTold(bench.client);
        // Everything that is answered counts, so there is no warm-up here.
        const { result, statements } = await countingStatements(bench.client, server.name, () =>
          alone(bench, server, given, { warmUpMs: 0, measureMs: countedMs }),
        );
        const { all, wrong, faults } = result;
        if (wrong > 0) throw new Error(`${server.name} ${workload}: ${faults[0]}`);
        if (workload === 'W4' && (await eventsTold(bench.client)) - told !== all) {
          throw new Error(`${server.name} has not recorded each of ${all} changes`);
        }
        counts.push({ server: server.name, ...given, statements: statements / all });
      }
    }
  }
  return counts;
}

/** How many changes of roles are on record. */
async function eventsTold(client) {
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM audit_events WHERE action = 'MEMBER_ROLE_CHANGED'`,
  );
  return rows[0].count;
}

/** One measurement of one server in one case. */
async function measureOne(bench, server, given, measureMs) {
  const warmUpMs = Math.min(longestWarmUpMs, measureMs / 2);
  const cpu = async () => ({ server: await cpuMs(server.pid), database: await cpuMsWithChildren(bench.postmaster) });
  const { before, after, ...result } = await alone(
    bench,
    server,
    given,
    { warmUpMs, measureMs },
    { onWarm: cpu, onDone: cpu },
  );
  return {
    server: server.name,
    ...given,
    ...result,
    cpuMs: (after.server - before.server) / result.answers,
    databaseCpuMs: (after.database - before.database) / result.answers,
    residentMb: await residentMb(server.pid),
  };
}

/** All cases, round by round. Whoever comes first in one round comes last in the next. */
export async function measure(bench, servers, cases, { rounds, seconds, say }) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    // They live ten minutes, and a round may take some of them.
    bench.tokens = await bench.issueTokens();
    const order = servers.map((_, index) => servers[(index + round) % servers.length]);
    for (const given of cases) {
      for (const server of order) {
        results.push({ round, ...(await measureOne(bench, server, given, seconds * 1_000)) });
      }
      say(round, given, results.slice(-order.length));
    }
  }
  return results;
}
