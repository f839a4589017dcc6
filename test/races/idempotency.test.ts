import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { aWorld, type Person } from '../support/world.js';
import { patience, useTwoProcesses } from './processes.js';

const processes = useTwoProcesses();
const rounds = Math.min(Number(process.env.RACE_ROUNDS || 50), 50);

const createTeam = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id name slug } } }';

async function ask(url: string, person: Person, key: string, query: string, variables: object) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${person.accessToken}`,
      'idempotency-key': key,
    },
    body: JSON.stringify({ query, variables }),
  });
  return { text: await response.text(), replayed: response.headers.get('idempotency-replayed') };
}

async function aTeam() {
  const { gateway } = processes();
  const { admin, organization } = await aWorld(gateway);
  const { id: organizationId } = organization;
  const teams = async () =>
    (await gateway.services.db.run('SELECT 1 FROM teams WHERE organization_id = $1', [organizationId])).length;
  return { admin, teams, variables: { input: { organizationId, name: 'Guides' } } };
}

describe('the same request through two processes at once', () => {
  it(
    'is done by one, and answered by both',
    async () => {
      const { urls } = processes();
      for (let round = 0; round < rounds; round += 1) {
        const { admin, teams, variables } = await aTeam();
        const key = randomUUID();
        const answers = await Promise.all([...urls, ...urls].map((url) => ask(url, admin, key, createTeam, variables)));
        expect(JSON.parse(answers[0]!.text).errors).toBeUndefined();
        expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
        expect(answers.filter(({ replayed }) => replayed === 'true')).toHaveLength(3);
        expect(await teams()).toBe(1);
      }
    },
    patience,
  );
});

describe('a process that is killed', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A gateway of the test's own. */
  async function launch(): Promise<{ url: string; child: ChildProcess }> {
    const child = spawn(process.execPath, ['--import', './test/races/end-with-parent.mjs', 'scripts/start.mjs'], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: '0',
        DATABASE_URL: inject('databaseUrl'),
        TENANTRY_DATA_DIR: inject('dataDir'),
        TENANTRY_SEED: 'none',
        LOG_LEVEL: 'silent',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    for await (const chunk of child.stdout!.setEncoding('utf8')) {
      const url = /^Tenantry is ready at (.+)\/graphql$/m.exec(chunk as string)?.[1];
      if (url) return { url, child };
    }
    throw new Error('The gateway has ended.');
  }

  it(
    'after it has written and before it has answered leaves nothing done, and the repetition does it',
    async () => {
      const { admin, teams, variables } = await aTeam();
      const { url, child } = await launch();
      const document = createTeam.replace('slug', 'slug organization { workspaces { nodes { id } } }');
      const key = randomUUID();
      // The team is written by then; what the answer reads is locked.
      const locking = new pg.Client({ connectionString: inject('databaseUrl') });
      await locking.connect();
      try {
        await locking.query('BEGIN; LOCK TABLE workspaces IN ACCESS EXCLUSIVE MODE');
        const unanswered = ask(url, admin, key, document, variables).catch(() => 'no answer');
        await vi.waitFor(
          async () => {
            const { rows } = await locking.query(
              `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'workspaces'::regclass`,
            );
            expect(rows).toHaveLength(1);
          },
          { timeout: 20_000, interval: 20 },
        );
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
        expect(await unanswered).toBe('no answer');
      } finally {
        await locking.end();
      }
      const repeated = await ask(processes().urls[0], admin, key, document, variables);
      expect(JSON.parse(repeated.text).errors).toBeUndefined();
      expect(repeated.replayed).toBeNull();
      expect(await teams()).toBe(1);
      expect((await ask(processes().urls[1], admin, key, document, variables)).text).toBe(repeated.text);
      expect(await teams()).toBe(1);
    },
    patience,
  );
});
