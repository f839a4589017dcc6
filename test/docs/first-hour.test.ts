import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, removeDataDir, type StartedGateway, startTenantry } from '../examples/started-gateway.js';
import { type Block, blocksOf } from './documents.js';
import { kindOf } from './kinds.js';

// What a newcomer does who has the README and the guide, a running gateway, and an empty folder: every file as it stands
// there, every command typed, every output compared.

// What the README promises a newcomer, also on a busy machine.
const patienceMs = 600_000;
const dataDir = newDataDir();
const folder = mkdtempSync(join(tmpdir(), 'tenantry-newcomer-'));
let gateway: StartedGateway;

beforeAll(async () => {
  gateway = await startTenantry({ dataDir });
});

afterAll(async () => {
  await gateway?.stop();
  removeDataDir(dataDir);
  rmSync(folder, { recursive: true, force: true });
});

/** Only the port differs: the usual one may be taken on the machine that runs the tests. */
const here = (text: string) => text.replaceAll('http://127.0.0.1:4000', gateway.url);

/** How this machine reaches the registry. */
const reaching = /^(https?_proxy|no_proxy|node_extra_ca_certs|npm_config_(registry|cache|cafile))$/i;

/** Types a command as somebody does who has nothing of this project in the environment. */
function type(command: string): string {
  const env = Object.entries(process.env).filter(([name]) => ['PATH', 'HOME'].includes(name) || reaching.test(name));
  return execFileSync('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: folder,
    env: Object.fromEntries(env),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function walk(document: string): void {
  const steps = blocksOf(document).filter((block) => ['walk', 'output'].includes(kindOf(block)));
  expect(new Set(steps.map(({ marks }) => marks.in))).toEqual(new Set(['client']));
  let printed = '';
  for (const step of steps) {
    if (step.marks.file) writeFileSync(join(folder, step.marks.file), `${here(step.text)}\n`);
    else if (kindOf(step) === 'output') expectPrinted(printed, step);
    else printed = type(here(step.text));
  }
}

/** The output ends with what the document says; before that, tools tell of their progress. */
function expectPrinted(printed: string, { text }: Block): void {
  const lines = text.split('\n').length;
  expect(printed.trimEnd().split('\n').slice(-lines).join('\n')).toBe(text);
}

describe('a newcomer in an empty folder', () => {
  it('has a typed client after the README, with no step that is not written down', { timeout: patienceMs }, () => {
    expect(readdirSync(folder)).toEqual([]);
    walk('README.md');
  });

  it('is told by the compiler of a field that does not exist', { timeout: patienceMs }, () => {
    const right = readFileSync(join(folder, 'first.ts'), 'utf8');
    writeFileSync(
      join(folder, 'first.ts'),
      right.replace('for (const { name, memberCount,', 'for (const { name, memberCounts,'),
    );
    expect(type('npx tsc --noEmit || true')).toMatch(/first\.ts.+Property 'memberCounts' does not exist/);
    writeFileSync(join(folder, 'first.ts'), right);
  });

  it('goes on with the guide', { timeout: patienceMs }, () => {
    walk('docs/guide.md');
  });

  it('stays signed in by one exchange, however many find the token expired', () => {
    writeFileSync(
      join(folder, 'dist/again.js'),
      `import { SwitcherDocument } from './gql/graphql.js';
      import { Session } from './session.js';
      const session = await Session.signIn('ada@example.com', 'demo-password');
      const { refreshToken } = session.tokens;
      session.tokens = { accessToken: 'expired', refreshToken };
      const answers = await Promise.all([1, 2, 3].map(() => session.ask(SwitcherDocument, {})));
      console.log(answers.length, refreshToken !== session.tokens.refreshToken);`,
    );
    expect(type('node dist/again.js')).toBe('3 true\n');
  });
});
