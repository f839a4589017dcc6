import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { digest, urlOf, useOwnGateway } from '../support/own-gateway.js';
import { aWorld } from '../support/world.js';
import { called, launch, tenantry } from './command-line.js';

// An organization with 2,000 members and 40,000 recordings: far more than fits into what a command may hold at once here.

const people = 2_000;
const entries = 40_000;
const gateway = useOwnGateway();
let env: Record<string, string>;
let organizationId: string;
let file: string;

beforeAll(async () => {
  const { db } = gateway().services;
  env = { DATABASE_URL: await urlOf(db) };
  const world = await aWorld(gateway());
  organizationId = world.organization.id;
  const values = [organizationId];
  await db.write(
    `WITH made AS (
       INSERT INTO users (id, email, full_name, email_verified_at)
       SELECT gen_random_uuid(), 'person-' || n || '@large.example', 'Person ' || n, now() FROM generate_series(1, ${people}) n
       RETURNING id
     ) INSERT INTO members (organization_id, id, user_id, role_id)
     SELECT $1::uuid, gen_random_uuid(), made.id, (
       SELECT id FROM roles WHERE organization_id = $1::uuid AND key = 'member'
     ) FROM made`,
    values,
  );
  await db.write(
    `INSERT INTO activity_entries (organization_id, id, user_id, started_at, active_seconds, idempotency_id)
     SELECT $1::uuid, gen_random_uuid(), m.user_id, now() - n * interval '1 hour', 60, 'large-' || m.id || '-' || n
     FROM members m, generate_series(1, ${entries / people}) n
     WHERE m.organization_id = $1::uuid AND m.role_id = (
       SELECT id FROM roles WHERE organization_id = $1::uuid AND key = 'member')`,
    values,
  );
  file = (await called(['export', '--organization', organizationId], { env })).stdout;
});

/** What stands between header and trailer, which tell of the moment. */
function recordsOf(text: string): string {
  return createHash('sha256').update(text.split('\n').slice(1, -2).join('\n')).digest('hex');
}

/** How much the process may keep; whoever held the file, as text or as rows, would need several times as much. */
const little = ['--max-old-space-size=100'];

it('an organization of any size goes through little memory', async () => {
  expect(file.length).toBeGreaterThan(10_000_000);
  const slug = `large-${randomUUID()}`;
  const [out, back] = await Promise.all([
    tenantry(['export', '--organization', organizationId], { env, node: ['--max-old-space-size=64'] }),
    tenantry(['import', '--as-copy', '--slug', slug, '--trust-unverified'], { env, node: little, stdin: file }),
  ]);
  expect(out.code).toBe(0);
  expect(recordsOf(out.stdout)).toBe(recordsOf(file));
  expect(back).toMatchObject({ code: 0, stderr: '' });
  const [row] = await gateway().services.db.run<{ members: number; seconds: number }>(
    `SELECT member_count AS members, (
       SELECT sum(active_seconds)::int FROM activity_totals t WHERE t.organization_id = o.id AND t.team_id IS NULL
     ) AS seconds FROM organizations o WHERE slug = $1`,
    [slug],
  );
  expect(row).toEqual({ members: people + 1, seconds: entries * 60 });
});

it('an import that is killed in the middle leaves nothing', async () => {
  const before = await digest(gateway());
  const { child, ended } = launch(['import', '--as-copy', '--slug', `killed-${randomUUID()}`, '--trust-unverified'], {
    env,
  });
  child.stdin!.write(file.slice(0, Math.floor(file.length * 0.8)));
  // It is at work when its transaction is seen to have written.
  const atWork = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'tenantry transfer' AND datname = current_database()
    AND backend_xid IS NOT NULL`;
  const { db } = gateway().services;
  while ((await db.run(atWork, [])).length === 0) await sleep(20);
  await sleep(500);
  child.kill('SIGKILL');
  await ended;
  while ((await db.run(atWork, [])).length > 0) await sleep(20);
  expect(await digest(gateway())).toEqual(before);
});

it('whoever stops reading an export gets a sentence, and not a stack', async () => {
  const { child, run, ended } = launch(['export', '--organization', organizationId], { env });
  child.stdout!.once('data', () => child.stdout!.destroy());
  expect((await ended).code).toBe(1);
  expect(run.stderr).toBe('Whoever read the output has stopped reading.\n');
});
