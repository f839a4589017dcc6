import { execFileSync } from 'node:child_process';
import { getOperationAST, Kind, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoAccount } from '../../src/demo-data.js';
import { newDataDir, removeDataDir, type StartedGateway, startTenantry } from '../examples/started-gateway.js';
import { send } from '../support/client.js';
import { allDocuments, blocksOf, readDocument, root } from './documents.js';
import { kindOf } from './kinds.js';

const dataDir = newDataDir();
let gateway: StartedGateway;
let authorization: string;

beforeAll(async () => {
  gateway = await startTenantry({ dataDir });
  authorization = `Bearer ${await signIn(demoAccount.email)}`;
});

afterAll(async () => {
  await gateway?.stop();
  removeDataDir(dataDir);
});

async function signIn(email: string): Promise<string> {
  const login = `mutation ($input: LoginInput!) { login(input: $input) { session { accessToken } } }`;
  const { data, errors } = await send<{ login: { session: { accessToken: string } } }, object>(gateway.url, login, {
    input: { email, password: demoAccount.password },
  });
  expect(errors).toBeUndefined();
  return data.login.session.accessToken;
}

/** What somebody sees who types the commands of a document one after the other, each block by itself. */
function typed(document: string): string[] {
  const commands = blocksOf(document).filter((block) => kindOf(block) === 'run');
  // Only the port differs: the usual one may be taken on the machine that runs the tests.
  const script = commands
    .map(({ text }) => text.replaceAll('http://127.0.0.1:4000', gateway.url))
    .join('\necho ----\n');
  const options = { cwd: root, encoding: 'utf8', timeout: 50_000 } as const;
  return execFileSync('bash', ['-euo', 'pipefail', '-c', script], options).split('----\n');
}

describe('the commands', () => {
  const documents = allDocuments().filter((document) => blocksOf(document).some((block) => kindOf(block) === 'run'));

  it.each(documents)('of %s work, typed one after the other while the demo runs', (document) => {
    expect(typed(document).filter((output) => output.includes('"errors":'))).toEqual([]);
  });

  it('that come first in the README show who Ada is and where she belongs', () => {
    expect(JSON.parse(typed('README.md')[0]!)).toMatchObject({
      data: {
        me: { fullName: 'Ada Lindqvist' },
        organizations: { nodes: expect.arrayContaining([expect.objectContaining({ slug: 'northwind' })]) },
      },
    });
  });

  it('about trying again do once what is sent twice', () => {
    const [, answers] = typed('docs/idempotency.md');
    const [first, second] = answers!.trim().split('\n');
    expect(JSON.parse(first!)).toMatchObject({
      data: { createOrganization: { organization: { slug: expect.stringMatching(/^once-only/) } } },
    });
    expect(second).toBe(first);
  });
});

describe('the GraphQL', () => {
  const documents = allDocuments()
    .flatMap(blocksOf)
    .filter((block) => kindOf(block) === 'document' && !needsVariables(block.text))
    .map(({ document, line, text }) => ({ place: `${document}:${line}`, text }));

  it.each(documents)('at $place is answered to Ada', async ({ text }) => {
    const { data, errors } = await send<Record<string, unknown>, object>(gateway.url, text, {}, { authorization });
    expect(errors).toBeUndefined();
    expect(Object.values(data)).not.toContain(null);
  });
});

it('lets everybody of the demo sign in whom a document names', async () => {
  const named = allDocuments().flatMap((document) => [...readDocument(document).matchAll(/`(\w+@example\.com)`/g)]);
  const emails = [...new Set(named.map(([, email]) => email!))];
  expect(emails.length).toBeGreaterThan(2);
  for (const email of emails) await signIn(email);
});

function needsVariables(text: string): boolean {
  const variables = getOperationAST(parse(text))?.variableDefinitions ?? [];
  return variables.some(({ type, defaultValue }) => !defaultValue && type.kind === Kind.NON_NULL_TYPE);
}
