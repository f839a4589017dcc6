// The measurement from beginning to end: data set, gateway, rounds, load, report.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokens } from '../side-by-side/callers.mjs';
import { startGenerator } from '../side-by-side/load.mjs';
import { postmasterOf } from '../side-by-side/postgres.mjs';
import { residentMb } from '../side-by-side/processes.mjs';
import { nodeForAll, startServer } from '../side-by-side/servers.mjs';
import { casesOf } from './cases.mjs';
import { client as connect, measure, memoryUnder } from './measure.mjs';
import { openPostgres } from './postgres.mjs';
import { memoryText, reportText, summarize } from './report.mjs';

/** As many as in the side-by-side comparison. */
const databaseConnections = 20;

const say = (text) => process.stdout.write(`${text}\n`);

/**
 * Measures everything.
 *
 * @param started takes what ends each thing that was started, for the caller to call in reverse.
 * @returns whether all bounds are met, and all answers were right.
 */
export async function run(options, started) {
  const { client, server, generator, tokens, issueTokens } = await prepare(options, started);
  const memoryAtStart = await residentMb(server.pid);
  const { ask, close } = connect(server.address, (userId) => tokens.current.get(userId));
  started.push(close);

  const all = await casesOf({ client, ask }, options.members);
  const cases = all.filter(({ title }) => title.includes(options.only));
  const results = await measure({ ask, server, postmaster: await postmasterOf(client) }, cases, {
    ...options,
    beforeRound: issueTokens,
    say,
  });
  const summary = summarize(results);
  say(`\n${reportText(summary)}\n`);

  const [page] = all.filter(({ isBound }) => isBound);
  await issueTokens();
  const memory = await memoryUnder(generator, server, page, tokens.current.get(page.userId), options.seconds);
  say(memoryText({ ...memory, started: memoryAtStart }));
  if (memory.wrong > 0) say(`${memory.wrong} answers were wrong. The first one: ${memory.faults[0]}`);
  return memory.wrong === 0 && summary.every(({ met }) => met);
}

/** PostgreSQL with the data set, the gateway on it, and who asks. */
async function prepare(options, started) {
  const node = nodeForAll();
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-servers-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  const loadingAt = performance.now();
  const { client, url, stop } = await openPostgres(options);
  started.push(stop);
  say(`The data set is there after ${((performance.now() - loadingAt) / 1_000).toFixed(0)} s.`);

  const signer = await openTokens(url, client);
  started.push(() => signer.close());
  const { rows } = await client.query('SELECT user_id AS "userId" FROM sessions');
  const userIds = rows.map(({ userId }) => userId);
  const tokens = { current: new Map() };
  // They live ten minutes, and a round may take some of them.
  const issueTokens = async () => {
    tokens.current = await signer.issue(userIds);
  };
  await issueTokens();

  const generator = startGenerator(node);
  started.push(() => generator.stop());
  const server = await startServer('gateway', {
    ...{ node, folder, connections: databaseConnections, urlFor: () => url, directUrl: url },
    ...(await anOrganization(client, tokens.current)),
  });
  started.push(server.stop);
  generator.guard([server.pid]);
  return { client, server, generator, tokens, issueTokens };
}

/** What the gateway is asked for first, to see that it answers. */
async function anOrganization(client, tokens) {
  const { rows } = await client.query(
    `SELECT m.organization_id AS "organizationId", m.user_id AS "userId" FROM members m
     JOIN sessions s ON s.user_id = m.user_id LIMIT 1`,
  );
  return { content: { organizationId: rows[0].organizationId }, token: tokens.get(rows[0].userId) };
}
