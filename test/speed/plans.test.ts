import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { UserRow } from '../../src/auth/standing.js';
import { standingsWith } from '../../src/auth/standing-sql.js';
import { foundOrganization } from '../../src/modules/organization/organization.founding.js';
import { openSession } from '../../src/modules/user/session.service.js';
import { newUser } from '../../src/modules/user/user.service.js';
import { plannedOnce } from '../../src/platform/connections.js';
import { Writes } from '../../src/platform/writes.js';
import { urlOf, useOwnGateway } from '../support/own-gateway.js';
import { aPerson, scopeOf, sessionIdOf } from '../support/world.js';

const gateway = useOwnGateway();

interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** How a prepared statement is run on the connections that read by key. */
async function planOf(url: string, text: string, values: readonly string[]): Promise<PlanNode> {
  const client = new pg.Client({ connectionString: url, options: plannedOnce });
  await client.connect();
  try {
    await client.query(`PREPARE asked AS ${text}`);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked(${values.map((value) => `ARRAY['${value}']::uuid[]`).join()})`,
    );
    return rows[0]!['QUERY PLAN'][0].Plan;
  } finally {
    await client.end();
  }
}

const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];

/** So many others that PostgreSQL does not read whole tables because they are small. */
const others = 500;

it('looks up one row of each table for a caller, of however many organizations', async () => {
  const person = await aPerson(gateway());
  const scope = scopeOf(gateway());
  const found = (set: Writes, user: UserRow) =>
    foundOrganization(scope, set, user, { name: 'Acme', slug: `acme-${randomUUID()}` }).organization.id;
  const writes = new Writes();
  for (let count = 0; count < others; count += 1) {
    const user = newUser({ email: `${randomUUID()}@example.com`, fullName: 'Somebody', passwordHash: null });
    writes.insert('users', user);
    await openSession(scope, writes, user.id);
    found(writes, user);
  }
  const ids = Array.from({ length: others }, () => found(writes, person.user));
  await writes.commit(gateway().services.db.write);
  await gateway().services.db.run('ANALYZE', []);

  const url = await urlOf(gateway().services.db);
  const plan = await planOf(url, standingsWith().session.text, [sessionIdOf(person), ids[0]!]);
  const scans = all(plan).filter(({ 'Node Type': type }) => type.endsWith('Scan') && type !== 'Function Scan');
  const rows = scans.map(
    (scan) => (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'],
  );
  // Session, user, membership, role and organization; only of a team manager it reads teams.
  expect(rows.sort()).toEqual([0, 1, 1, 1, 1, 1]);
});
