import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { afterAll, expect, inject, it } from 'vitest';
import { newMember } from '../../src/modules/member/member.service.js';
import { newUser } from '../../src/modules/user/user.service.js';
import { launch, type Process } from '../http/process.js';
import { useGateway } from '../support/gateway.js';
import { aWorld, write } from '../support/world.js';

const inProcess = useGateway();
const connections = new Agent({ keepAlive: true, maxSockets: 16 });
let gateway: Process | undefined;

afterAll(async () => {
  connections.destroy();
  gateway?.kill('SIGTERM');
  await gateway?.ended;
});

interface Asked {
  document: string;
  accessToken?: string;
  /** What is in every answer. */
  answer: string;
}

/** Asks so many times, over a few connections at once. */
async function ask(url: string, asked: Asked, times: number): Promise<void> {
  let left = times;
  async function askOn(): Promise<void> {
    while (left > 0) {
      left -= 1;
      expect(await answerOf(url, asked)).toContain(asked.answer);
    }
  }
  await Promise.all(Array.from({ length: connections.maxSockets }, askOn));
}

function answerOf(url: string, { document, accessToken }: Asked): Promise<string> {
  const body = JSON.stringify({ query: document });
  const headers = {
    'content-type': 'application/json',
    ...(accessToken && { authorization: `Bearer ${accessToken}` }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/graphql`, { method: 'POST', headers, agent: connections }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', reject).once('end', () => resolve(text));
    });
    asked.once('error', reject).end(body);
  });
}

/** How many megabytes more there were after each collection of young garbage than after the one before. What V8 collects of what is old is left out. */
function grown(trace: string): { megabytes: number; collections: number } {
  let megabytes = 0;
  let collections = 0;
  let before: number | undefined;
  for (const [, young, after] of trace.matchAll(/(Scavenge|Mark-Compact) [^>]*-> ([\d.]+) \([\d.]+\) MB/g)) {
    if (young === 'Scavenge' && before !== undefined) megabytes += Number(after) - before;
    if (young === 'Scavenge') collections += 1;
    before = Number(after);
  }
  return { megabytes, collections };
}

/** An organization with so many members, and what asks for all of them. */
async function aPage(members: number): Promise<Asked> {
  const { organization, roles, admin } = await aWorld(inProcess());
  await write(inProcess(), (set) => {
    for (let number = 1; number < members; number += 1) {
      const user = newUser({ email: `${randomUUID()}@example.com`, fullName: `Person ${number}`, passwordHash: null });
      set.insert('users', user);
      set.insert('members', newMember(organization.id, user.id, roles.member!, admin.user.id));
    }
  });
  const document = `{ organization(id: "${organization.id}") {
    name members(first: ${members}) { nodes { id joinedAt user { id fullName email } role { key name } } } } }`;
  return { document, accessToken: admin.accessToken, answer: `Person ${members - 1}` };
}

/**
 * What stays reachable from something old outlives its request until V8 collects what is old, and is copied before that: an object
 * with accessors of its own for each request once made every small one a third dearer, and what pg puts around a query to keep
 * time once kept the rows of every page.
 */
it('little of a request outlives it', async () => {
  gateway = launch(
    {
      DATABASE_URL: inject('databaseUrl'),
      TENANTRY_DATA_DIR: inject('dataDir'),
      TENANTRY_SEED: 'none',
      TENANTRY_RATE_LIMIT_CALLER: '0',
      TENANTRY_RATE_LIMIT_NETWORK: '0',
      LOG_LEVEL: 'error',
    },
    '--trace-gc',
  );
  const url = await gateway.url();
  /** Kilobytes of each request. */
  async function leftBehind(asked: Asked, requests: number): Promise<number> {
    // Code is compiled, and objects get the shapes that they keep.
    await ask(url, asked, requests / 2);
    const start = gateway!.output().length;
    await ask(url, asked, requests);
    const { megabytes, collections } = grown(gateway!.output().slice(start));
    expect(collections).toBeGreaterThan(10);
    return (megabytes * 1_024) / requests;
  }
  expect(
    await leftBehind({ document: '{ __typename }', answer: '{"data":{"__typename":"Query"}}' }, 10_000),
  ).toBeLessThan(1);
  expect(await leftBehind(await aPage(50), 2_000)).toBeLessThan(3);
});
