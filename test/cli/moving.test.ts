import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoAccount } from '../../src/demo-data.js';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { createLog } from '../../src/platform/log.js';
import { blocksOf, root } from '../docs/documents.js';
import { send } from '../support/client.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase, digest } from '../support/own-gateway.js';
import { called, newFolder, parsed, tenantry } from './command-line.js';

// Two servers with secrets of their own. Northwind, of the demo, moves from one to the other.

const folder = newFolder();
const file = join(folder, 'northwind.ndjson');

interface Server {
  gateway: Gateway;
  env: Record<string, string>;
  drop(): Promise<void>;
}

let [here, there]: Server[] = [];

async function serve(seed: 'demo' | 'none'): Promise<Server> {
  const { url, drop } = await createDatabase();
  const secret = randomBytes(32);
  const config = testConfig({ databaseUrl: url, databaseDirectUrl: url, seed, secret: new Uint8Array(secret) });
  const gateway = await startGateway(config, createLog('silent'));
  return { gateway, env: { DATABASE_URL: url, TENANTRY_SECRET: secret.toString('base64') }, drop };
}

beforeAll(async () => {
  [here, there] = await Promise.all([serve('demo'), serve('none')]);
});

afterAll(async () => {
  for (const server of [here, there]) {
    await server?.gateway.stop();
    await server?.drop();
  }
});

/** All that the administrator sees, but what a server gives by itself. */
const everything = `{
  organizationBySlug(slug: "northwind") {
    id name slug description logoUrl timezone plan isPersonal createdAt updatedAt memberCount viewerRole { key }
    limits { name used maximum }
    roles { id key name description rank permissions isSystem memberCount }
    members(first: 100) { totalCount nodes { id joinedAt status role { key } invitedBy { id fullName }
      user { id email username fullName timezone status isSuperAdmin } teamMemberships { role team { slug } } } }
    byName: members(first: 100, orderBy: { field: NAME, direction: ASC }) { nodes { id } }
    teams(first: 50) { nodes { id name slug description memberCount createdAt } }
    workspaces(first: 50) { nodes { id name slug description isDefault createdAt } }
    invitations(first: 50, filter: { status: PENDING }) { nodes { id email role { key } teams { id } expiresAt sentAt sendCount } }
    engagement { kpis { key value previousValue } pulse { days { date activeSeconds sessions level } }
      trend { date totalHours averageHoursPerMember } activityDistribution { bucket memberCount }
      retention { cohorts { cohort size periods { retainedMembers rate } } metrics { key value } }
      memberActivity(first: 100) { nodes { member { id } activeSeconds sessions activeDays lastActiveAt status } } }
    auditEvents(first: 100) { nodes { id at action changes ip requestId actor { type userId } target { type id } } }
  }
}`;

interface Seen {
  organization: {
    members: { nodes: object[] };
    engagement: { pulse: { days: { sessions: number }[] } };
  };
  events: object[];
}

async function seenBy({ gateway }: Server): Promise<Seen> {
  const { email, password } = demoAccount;
  const logIn = `mutation { login(input: { email: "${email}", password: "${password}" }) { session { accessToken } } }`;
  const login = await send<{ login: { session: { accessToken: string } } }, object>(gateway.url, logIn);
  const authorization = `Bearer ${login.data.login.session.accessToken}`;
  const { data, errors } = await send<
    { organizationBySlug: Seen['organization'] & { auditEvents: { nodes: object[] } } },
    object
  >(gateway.url, everything, {}, { authorization });
  expect(errors).toBeUndefined();
  const { auditEvents, ...organization } = data.organizationBySlug;
  return { organization, events: auditEvents.nodes };
}

/** What somebody sees who types commands in a checkout. Only the file is another one. */
function typed(commands: string, env: Record<string, string>): string {
  const script = commands.replaceAll('northwind.ndjson', join(folder, 'by-the-book.ndjson'));
  const { PATH, HOME } = process.env;
  const options = { cwd: root, env: { PATH, HOME, ...env } as NodeJS.ProcessEnv, encoding: 'utf8' } as const;
  return execFileSync('bash', ['-euo', 'pipefail', '-c', script], options);
}

describe('an organization moves to another server', () => {
  it('as a file that only its owner can read, which is never overwritten', async () => {
    const words = ['export', '--organization', 'northwind', '--output', file, '--with-password-hashes'];
    const done = await tenantry(words, here);
    expect(done).toMatchObject({ code: 0, stdout: '' });
    expect(done.stderr).toContain('Exported Northwind Learning (northwind): 1 organization, 6 role, 24 user');
    expect(done.stderr).toContain('guard it like the database');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await called(words, here);
    expect(again).toMatchObject({ code: 1, stderr: `${file} is there already. Remove it, or name another file.\n` });
    expect((await called(['export', '--organization', 'nowhere'], here)).stderr).toBe(
      'NOT_FOUND: Organization "nowhere" not found.\n',
    );
  });

  it('by the commands of docs/command-line.md', async () => {
    const { url, drop } = await createDatabase();
    try {
      const [export_, import_] = blocksOf('docs/command-line.md').filter(({ marks }) => marks.by);
      typed(export_!.text, here!.env);
      const elsewhere = { DATABASE_URL: url, TENANTRY_SECRET: randomBytes(32).toString('base64') };
      const printed = typed(import_!.text, elsewhere);
      expect(printed).toContain('Would import Northwind Learning (northwind');
      expect(printed).toContain('\nImported Northwind Learning (northwind');
    } finally {
      await drop();
    }
  });

  it('without passwords unless asked for, and without any secret', async () => {
    const byId = parsed(readFileSync(file, 'utf8'))[0]!.organization as { id: string };
    const { stdout, stderr } = await tenantry(['export', '--organization', byId.id, '--output', '-'], here);
    expect(stderr).toContain('Passwords are not in the file');
    const records = parsed(stdout);
    expect(records.map(({ type }) => type)).toContain('invitation');
    const known = new Set(records.flatMap((record) => Object.keys(record)));
    for (const field of ['passwordHash', 'tokenHash', 'isSuperAdmin', 'emailVerifiedAt'])
      expect(known).not.toContain(field);
    expect(stdout).not.toContain('argon2');
  });

  it('after a dry run that leaves nothing', async () => {
    const before = await digest(there!.gateway);
    const done = await called(['import', '--input', file, '--dry-run'], there);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('Would import Northwind Learning');
    expect(done.stdout).toContain('24 are new');
    expect(await digest(there!.gateway)).toEqual(before);
  });

  it('and is there what it was: people, teams, figures and history', async () => {
    const done = await tenantry(['import', '--input', '-', '--with-password-hashes'], {
      ...there,
      stdin: readFileSync(file),
    });
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('Imported Northwind Learning (northwind');
    expect(done.stdout).toContain('resendInvitation');

    const [source, target] = await Promise.all([seenBy(here!), seenBy(there!)]);
    expect(target.organization).toEqual(source.organization);
    expect(source.organization.members.nodes.length).toBe(24);
    expect(source.organization.engagement.pulse.days.some(({ sessions }) => sessions > 0)).toBe(true);
    const [imported, ...events] = target.events;
    expect(events).toEqual(source.events);
    expect(imported).toMatchObject({
      action: 'ORGANIZATION_IMPORTED',
      actor: { type: 'SYSTEM', userId: null },
      changes: { slug: { before: 'northwind', after: 'northwind' } },
    });
  });

  it('with accounts that nobody has proven, each with an organization of its own', async () => {
    const { db } = there!.gateway.services;
    const users = await db.run<Record<string, unknown>>(
      `SELECT count(*)::int AS all, count(email_verified_at)::int AS proven, count(*) FILTER (WHERE is_super_admin)::int AS super,
         count(*) FILTER (WHERE EXISTS (SELECT FROM members m JOIN organizations o ON o.id = m.organization_id AND o.is_personal
           WHERE m.user_id = u.id))::int AS personal
       FROM users u WHERE status = 'ACTIVE'`,
      [],
    );
    expect(users).toEqual([{ all: 24, proven: 0, super: 0, personal: 24 }]);
    const closed = await db.run(`SELECT email, password_hash FROM users WHERE status = 'DELETED'`, []);
    expect(closed).toHaveLength(4);
  });

  it('and back out again as the same file', async () => {
    const { stdout } = await called(['export', '--organization', 'northwind'], there);
    const without = (text: string) =>
      parsed(text)
        .filter(({ type, action }) => !/header|trailer/.test(type) && action !== 'ORGANIZATION_IMPORTED')
        .map(({ passwordHash: _, ...record }) => record);
    expect(without(stdout)).toEqual(without(readFileSync(file, 'utf8')));
  });

  it('once only, unless as a copy with ids of its own', async () => {
    const again = await called(['import', '--input', file], there);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('CONFLICT: This organization is here already: its slug is northwind.');
    const sameSlug = await called(['import', '--input', file, '--as-copy', '--trust-unverified'], there);
    expect(sameSlug.stderr).toContain('Choose one with --slug');
    const copied = await called(
      ['import', '--input', file, '--as-copy', '--slug', 'copy', '--trust-unverified'],
      there,
    );
    expect(copied).toMatchObject({ code: 0, stderr: '' });
    expect(copied.stdout).toContain('24 were here, 0 are new');
    const tables = [
      'roles',
      'members',
      'teams',
      'team_memberships',
      'workspaces',
      'invitations',
      'activity_entries',
      'audit_events',
    ];
    for (const table of tables) {
      const [row] = await there!.gateway.services.db.run<{ twice: number }>(
        `SELECT count(*)::int AS twice FROM (SELECT id FROM ${table} GROUP BY id HAVING count(*) > 1) twice`,
        [],
      );
      expect([table, row!.twice]).toEqual([table, 0]);
    }
  });

  it('but lets nobody in who made an account with somebody else’s address before', async () => {
    const { env, gateway } = here!;
    await gateway.services.db.write(`UPDATE users SET email_verified_at = NULL WHERE email = 'priya@example.com'`, []);
    const words = ['import', '--input', file, '--as-copy', '--slug', 'copy'];
    const refused = await called(words, { env });
    expect(refused.stderr).toMatch(
      /^CONFLICT: line \d+, email: priya@example.com has an account here whose address nobody/,
    );
    expect((await called([...words, '--trust-unverified'], { env })).code).toBe(0);
  });

  it('within the plan of the server, which the operator chooses', async () => {
    const plans = JSON.stringify({ free: { name: 'Free', members: 5 }, pro: { name: 'Pro' } });
    const env = { ...there!.env, TENANTRY_PLANS: plans };
    const words = ['import', '--input', file, '--as-copy', '--slug', 'planned', '--trust-unverified'];
    const { code, stderr } = await called(words, { env });
    expect([code, stderr]).toEqual([
      1,
      'CONFLICT: The plan free allows 5 members, and the file has 24. Choose another plan with --plan.\n',
    ]);
    expect((await called([...words, '--plan', 'gold'], { env })).stderr).toContain('no');
    const done = await called([...words, '--plan', 'pro'], { env });
    expect(done.stdout).toContain('The plan is pro here; it was standard.');
  });

  it('not from a file that is not there, nor to a folder that is not', async () => {
    expect((await called(['import', '--input', join(folder, 'none')], there)).stderr).toContain(
      'ENOENT: no such file or directory',
    );
    const nowhere = join(folder, 'none', 'file');
    const { code } = await called(['export', '--organization', 'northwind', '--output', nowhere], here);
    expect(code).toBe(1);
    writeFileSync(join(folder, 'empty'), '');
    expect((await called(['import', '--input', join(folder, 'empty')], there)).stderr).toBe(
      'BAD_USER_INPUT: line 1: is missing: the file was cut off\n',
    );
  });
});
