import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// What an operator sees of a configuration that is wrong: the process itself, as it is shipped.

const program = join(import.meta.dirname, '../../dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'tenantry-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const marker = 'canary7';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

/** Starts the gateway with nothing but these variables, and waits for its end; a minute at the most. */
function run(env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [program], { cwd: folder, env, timeout: 30_000, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr, milliseconds: performance.now() - startedAt }));
  });
}

async function problemsOf(env: Record<string, string>): Promise<string[]> {
  const { code, stdout, stderr } = await run(env);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).not.toContain(marker);
  const [first, ...problems] = stderr.trimEnd().split('\n');
  expect(first).toBe('The configuration is not valid:');
  return problems.map((line) => line.trim());
}

const range = (least: number, most: number) => `must be a whole number from ${least} to ${most}`;
const url = 'must be an http or https URL';
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const numbers: [variable: string, least: number, most: number][] = [
  ['PORT', 0, 65_535],
  ['DATABASE_POOL_SIZE', 1, 1_000],
  ['DATABASE_CONNECT_TIMEOUT_MS', 100, 60_000],
  ['DATABASE_LOCK_TIMEOUT_MS', 100, 60_000],
  ['DATABASE_STATEMENT_TIMEOUT_MS', 100, 600_000],
  ['TENANTRY_INVITATION_DAYS', 1, 365],
  ['TENANTRY_ORGANIZATIONS_PER_USER', 1, 1_000_000],
  ['TENANTRY_KEY_LEAD_SECONDS', 1, 86_400],
  ['TENANTRY_RATE_LIMIT_CALLER', 0, 1_000_000_000],
  ['TENANTRY_RATE_LIMIT_NETWORK', 0, 1_000_000_000],
  ['TENANTRY_MOST_REQUESTS', 1, 100_000],
  ['TENANTRY_MOST_DELAY_MS', 10, 60_000],
  ['TENANTRY_DRAIN_SECONDS', 0, 300],
  ['TENANTRY_STOP_SECONDS', 1, 600],
];

const weakKey = 'must be 32 random bytes in base64';

/** A wrong value of a variable, and what is said about it. Several rounds of all of them at once are enough. */
const malformed: [variable: string, problem: string, ...values: string[]][] = [
  ...numbers.map(([variable, least, most]): [string, string, ...string[]] => {
    return [
      variable,
      range(least, most),
      marker,
      String(most + 1),
      least > 0 ? String(least - 1) : '-1',
      '1.5',
      '1e3',
      ' 5',
    ];
  }),
  ['NODE_ENV', 'must be development, test or production', marker, 'prod', 'Production'],
  ['DATABASE_URL', 'must be a postgresql:// URL', marker, `mysql://${marker}@db.example`],
  ['DATABASE_URL', 'must name a host', `postgresql:///${marker}`],
  ['DATABASE_DIRECT_URL', 'must be a postgresql:// URL', marker],
  ['DATABASE_READ_URL', 'must be a postgresql:// URL', marker],
  ['DATABASE_PREPARED_STATEMENTS', 'must be on or off', marker, 'true'],
  ['TENANTRY_SEED', 'must be demo or none', marker],
  [
    'TENANTRY_PERMISSIONS',
    'must read like tours.publish=Publish tours; tours.edit=Edit tours',
    `${marker}!`,
    `a.b=; ${marker}`,
  ],
  ['TENANTRY_PLANS', 'must be a JSON object like {"free": {"name": "Free", "members": 5, "teams": 2}}', marker, '[]'],
  ['TENANTRY_SUPER_ADMIN_EMAIL', 'must be an e-mail address', marker],
  ['TENANTRY_SUPER_ADMIN_PASSWORD', 'must have 8 to 128 characters', marker, marker.repeat(20)],
  ['TENANTRY_SUPER_ADMIN_PASSWORD', 'must not contain control characters', `${marker}\u0007long`],
  ['TENANTRY_SECRET', weakKey, marker, base64(randomBytes(31)), base64(randomBytes(33))],
  ['TENANTRY_SECRET', weakKey, base64(new Uint8Array(32)), base64(new Uint8Array(32).fill(0xc7))],
  ['TENANTRY_SECRET', weakKey, base64(Buffer.from(`${marker} is a secret of words .`.padEnd(32, '!')))],
  ['TENANTRY_SECRET', weakKey, base64(Buffer.from(randomBytes(4).toString('hex').repeat(4)))],
  ['APP_URL', url, marker, `ftp://${marker}.example`],
  ['MAIL_URL', 'must be an smtp:// or smtps:// URL', marker, `https://${marker}@mail.example`],
  ['MAIL_FROM', 'must be an address such as Acme <no-reply@acme.example>', marker],
  ['CORS_ORIGINS: ', url, marker],
  ['TRUST_PROXY', 'must list addresses or networks such as 10.0.0.0/8', marker],
  ['AUTH_JWKS_URL', url, marker],
  ['TENANTRY_TRUSTED_DOCUMENTS_ONLY', 'must be on or off', marker],
  ['TENANTRY_INTROSPECTION', 'must be on or off', marker],
  [
    'TENANTRY_METRICS_TOKEN',
    'must have at least 16 characters, none of them a space',
    marker,
    `${marker} with a space`,
  ],
  ['TENANTRY_METRICS_TOKEN', 'must be random: it repeats a few characters', 'a'.repeat(32), 'abcabcabcabcabcabc'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', url, marker],
  ['LOG_LEVEL', 'must be one of pino’s levels, such as info', marker],
];

const variableOf = (name: string) => name.replace(': ', '');
const all = malformed.flatMap(([name, problem, ...values]) =>
  values.map((value) => ({ variable: variableOf(name), problem: `${variableOf(name)} ${problem}`, value })),
);

const variables = [...new Set(all.map(({ variable }) => variable))];
const wrongOf = (variable: string) => all.filter((one) => one.variable === variable);
const mostValues = Math.max(...variables.map((variable) => wrongOf(variable).length));

/** As many environments as the variable with most wrong values has: each with one wrong value of every variable. */
const rounds = Array.from({ length: mostValues }, (_, round) =>
  variables.map((variable) => wrongOf(variable)[round % wrongOf(variable).length]!),
);

describe('a configuration that is wrong', () => {
  it.each(['development', 'production'])(
    'ends the process in %s, with every problem named, and no value',
    async (mode) => {
      for (const round of rounds) {
        const env = Object.fromEntries(round.map(({ variable, value }) => [variable, value]));
        const problems = await problemsOf(mode === 'production' ? { ...env, NODE_ENV: mode } : env);
        for (const { variable, problem } of round) {
          if (variable === 'NODE_ENV' && mode === 'production') continue;
          expect(problems, problem).toContain(problem);
        }
      }
    },
    120_000,
  );

  it('ends the process in production without a secret, with demo data, or with halves of what belongs together', async () => {
    expect(
      await problemsOf({
        NODE_ENV: 'production',
        TENANTRY_SEED: 'demo',
        TENANTRY_SUPER_ADMIN_EMAIL: `${marker}@example.com`,
        MAIL_URL: `smtp://${marker}.example`,
        AUTH_ISSUER: `https://${marker}.example`,
        TENANTRY_TRUSTED_DOCUMENTS_ONLY: 'on',
      }),
    ).toEqual([
      'TENANTRY_SECRET is required in production',
      'TENANTRY_SEED cannot be demo in production: everybody knows the password',
      'TENANTRY_SUPER_ADMIN_EMAIL and TENANTRY_SUPER_ADMIN_PASSWORD go together',
      'MAIL_FROM is needed to send mail: the address of the sender',
      'AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE go together',
      'TENANTRY_TRUSTED_DOCUMENTS is needed to accept trusted documents only',
    ]);
  });

  it('ends the process within two seconds', async () => {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) times.push((await run({ TENANTRY_SECRET: marker })).milliseconds);
    expect(times.toSorted((a, b) => a - b)[1]).toBeLessThan(2_000);
  });
});

describe('a database that cannot be reached', () => {
  const silent: Server = createServer(() => undefined);
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    port = (silent.address() as { port: number }).port;
  });
  afterAll(() => silent.close());

  const production = {
    NODE_ENV: 'production',
    PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_CONNECT_TIMEOUT_MS: '500',
    TENANTRY_SECRET: base64(randomBytes(32)),
  };

  it('ends the start at once with a sentence if it refuses', async () => {
    const { code, stderr } = await run({
      ...production,
      DATABASE_URL: `postgresql://ada:${marker}@127.0.0.1:1/tenantry`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot connect to the database: .+ Check DATABASE_URL\.\n$/);
    expect(stderr).not.toContain(marker);
  });

  it('ends the start with a sentence if it never answers', async () => {
    const { code, stderr } = await run({
      ...production,
      DATABASE_URL: `postgresql://ada:${marker}@127.0.0.1:${port}/tenantry`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot connect to the database: .+ Check DATABASE_URL\.\n$/);
  });
});

describe('what the gateway needs beside its configuration', () => {
  it('is told if the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stderr } = await run({ PORT: String(port), LOG_LEVEL: 'silent', TENANTRY_SEED: 'none' });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`Port ${port} on 127.0.0.1 is in use. Stop what listens there, or set PORT to another one.\n`);
  });

  it('is told if the data folder cannot be made', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await run({ PORT: '0', TENANTRY_DATA_DIR: join(file, 'data') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The data folder .+ cannot be used \(.+\)\. Give it to the user that runs Tenantry/);
    expect(stderr).not.toContain('    at ');
  });
});
