import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Plan } from '../../src/auth/plans.js';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { createLog } from '../../src/platform/log.js';
import { type Answer, codeOf, type Document } from '../support/client.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import type { Person } from '../support/world.js';

// Two gateways in processes of their own on one database, as behind a load balancer.

const root = join(import.meta.dirname, '../..');

/** How often each race is run. */
export const rounds = Number(process.env.RACE_ROUNDS || 200);

/** Enough for a slow machine on which much else is going on. */
export const patience = 300_000;

export interface Processes {
  /** A third gateway, in the process of the test, to make up states with. */
  gateway: Gateway;
  urls: [string, string];
}

/** Two gateway processes for the tests of one file, ended after them. */
export function useTwoProcesses({ ownDatabase = false, plans = [] as Plan[] } = {}): () => Processes {
  const ends: (() => Promise<unknown>)[] = [];
  let processes: Processes | undefined;
  beforeAll(async () => {
    let databaseUrl = inject('databaseUrl');
    if (ownDatabase) {
      const database = await createDatabase();
      ends.push(database.drop);
      databaseUrl = database.url;
    }
    const config = testConfig({ databaseUrl, databaseDirectUrl: databaseUrl, plans });
    const gateway = await startGateway(config, createLog('silent'));
    ends.push(() => gateway.stop());
    const [first, second] = [launch(databaseUrl, plans), launch(databaseUrl, plans)];
    ends.push(() => Promise.all([stop(first), stop(second)]));
    processes = { gateway, urls: await Promise.all([readiness(first), readiness(second)]) };
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  return () => processes!;
}

const connections = new Agent({ keepAlive: true });

/** Sends a document as a person to the first (0) or second (1) process; with less ado than fetch, which would be a brake. */
export function via<Data, Variables>(
  { urls }: Processes,
  index: 0 | 1,
  { accessToken }: Pick<Person, 'accessToken'>,
  document: Document<Data, Variables>,
  variables?: Variables,
): Promise<Answer<Data>> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` };
  return new Promise((resolve, reject) => {
    const sent = request(`${urls[index]}/graphql`, { method: 'POST', headers, agent: connections }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.once('error', reject).once('end', () => resolve({ status: response.statusCode!, ...JSON.parse(body) }));
    });
    sent.once('error', reject).end(JSON.stringify({ query: document.toString(), variables }));
  });
}

/** What one act of a race came to: the code of its error, or none. */
export type Outcome = string | undefined;

/**
 * Two acts at the same moment, the first through one process and the second through the other. Which of the requests leaves
 * first takes turns.
 */
export async function atOnce(
  round: number,
  first: () => Promise<Answer<unknown>>,
  second: () => Promise<Answer<unknown>>,
): Promise<[Outcome, Outcome]> {
  if (round % 2 === 0) {
    const [one, two] = await Promise.all([first(), second()]);
    return [codeOf(one), codeOf(two)];
  }
  const [two, one] = await Promise.all([second(), first()]);
  return [codeOf(one), codeOf(two)];
}

function launch(databaseUrl: string, plans: readonly Plan[]): ChildProcess {
  return spawn(process.execPath, ['--import', './test/races/end-with-parent.mjs', 'scripts/start.mjs'], {
    cwd: root,
    // Nothing else of the environment: the gateways are as anybody would start them.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      DATABASE_URL: databaseUrl,
      TENANTRY_DATA_DIR: inject('dataDir'),
      TENANTRY_SEED: 'none',
      TENANTRY_PLANS: JSON.stringify(
        Object.fromEntries(plans.map(({ key, name, maximum }) => [key, { name, ...maximum }])),
      ),
      LOG_LEVEL: 'error',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Where a gateway listens, as soon as it does. */
function readiness(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      // All that it logs is its own faults.
      for (const fault of chunk.matchAll(/^\{"level":.*/gm)) process.stderr.write(`${fault[0]}\n`);
      const ready = /^Tenantry is ready at (.+)\/graphql$/m.exec(output);
      if (ready) resolve(ready[1]!);
    });
    child.once('close', () => reject(new Error(`The gateway has ended:\n${output}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await closed;
  clearTimeout(giveUp);
}
