// The comparison from beginning to end: data set, servers, proof, statements, speed, report.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawContents, openTokens, withRoles } from './callers.mjs';
import { startGenerator } from './load.mjs';
import { casesOf, countStatements, measure, warmUp } from './measure.mjs';
import { openPostgres, postmasterOf } from './postgres.mjs';
import { countsText, median, progressLine, ratiosOf, reportText, statementChecks, summarize } from './report.mjs';
import { differences } from './same-content.mjs';
import { installCompetitors, nodeForAll, startServer } from './servers.mjs';

/** How often each server is started, to see how long that takes. */
const starts = 3;

const say = (text) => process.stdout.write(`${text}\n`);

/**
 * Runs the whole comparison.
 *
 * @param started takes what ends each thing that was started, for the caller to call in reverse.
 * @returns whether all answers were right, and all bounds met.
 */
export async function compare(options, started) {
  const names = ['gateway', ...options.competitors];
  const bench = await prepare(options, names, started);
  const { servers, startUps } = await startAll(bench, options, names, started);
  if (!(await answerTheSame(bench, servers))) return false;
  say(`${names.join(', ')} answer the same content.`);

  bench.generator.guard(servers.map(({ pid }) => pid));
  for (const server of servers) server.rest();
  await warmUp(bench, servers, options);
  const counts = await countStatements(bench, servers, options.workloads);
  const statements = statementChecks(counts);
  if (options.prove) {
    say(countsText(counts, names));
    return statements.every(({ met }) => met);
  }

  const cases = casesOf(options.workloads);
  const results = await measure(bench, servers, cases, { ...options, say: (...news) => say(progressLine(...news)) });
  const summary = summarize(results, counts, cases, names);
  const ratios = ratiosOf(results, cases, options.competitors);
  say(`\n${reportText({ summary, ratios, statements, startUps, cases })}`);
  if (options.json) {
    await writeFile(
      options.json,
      JSON.stringify({ options, summary, ratios, statements, startUps, counts, results }, null, 2),
    );
  }
  return [...ratios, ...statements].every(({ met }) => met) && summary.every(({ wrong }) => wrong === 0);
}

/** PostgreSQL with the data set, what is going to be asked, and who asks. */
async function prepare(options, names, started) {
  await installCompetitors();
  const node = nodeForAll();
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-servers-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  const { client, url, urlFor, stop } = await openPostgres({ ...options, servers: names });
  started.push(stop);
  const tokens = await openTokens(url, client);
  started.push(() => tokens.close());
  const generator = startGenerator(node);
  started.push(() => generator.stop());

  const contents = await drawContents(client);
  const userIds = Object.values(contents).flatMap((drawn) => drawn.map(({ userId }) => userId));
  const issueTokens = () => tokens.issue(userIds);
  const postmaster = await postmasterOf(client);
  return {
    client,
    url,
    urlFor,
    node,
    folder,
    generator,
    contents,
    postmaster,
    issueTokens,
    tokens: await issueTokens(),
  };
}

/** Starts each server several times; the last one stays. */
async function startAll(bench, { connections, gatewayNode }, names, started) {
  const [content] = bench.contents.W2;
  const how = {
    ...{ node: bench.node, folder: bench.folder, urlFor: bench.urlFor },
    ...{ connections, gatewayNode, content, token: bench.tokens.get(content.userId) },
  };
  const servers = [];
  const startUps = [];
  for (const name of names) {
    const times = [];
    for (let start = 1; start <= starts; start += 1) {
      const { startUpMs, ...server } = await startServer(name, how);
      times.push(startUpMs);
      if (start < starts) {
        await server.stop();
        continue;
      }
      servers.push(server);
      started.push(server.stop);
    }
    startUps.push({ server: name, ms: median(times) });
  }
  return { servers, startUps };
}

/** Says the first difference, if there is one. */
async function answerTheSame({ client, contents, tokens }, servers) {
  const found = await differences(servers, { ...contents, W4: await withRoles(client, contents.W4) }, tokens);
  if (found.length === 0) return true;
  say(`There are ${found.length} differences. The first one: ${JSON.stringify(found[0], null, 2)}`);
  return false;
}
