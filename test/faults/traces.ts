import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../scripts/topology/processes.mjs';
import type { Topology } from '../../scripts/topology/start.mjs';
import type { Kind } from './writers.js';

/** What is wrong with the writes of a campaign; empty lists if nothing is. */
export interface Faults {
  /** Acknowledged, and not there. */
  lost: string[];
  /** There, but not with one audit event, and one mail where there should be one. */
  half: string[];
  /** There more than once for one key. */
  twice: string[];
  /** There, and never acknowledged, though every write has got its answer. */
  unheard: string[];
}

interface Trace {
  key: string;
  events: number;
}

/** How each kind of write is found again: every row that it has made, and how many audit events tell of that row. */
const statements: Record<Kind, string> = {
  team: `SELECT t.name AS key, (SELECT count(*) FROM audit_events e WHERE e.organization_id = t.organization_id
      AND e.target_id = t.id AND e.action = 'TEAM_CREATED')::int AS events
    FROM teams t WHERE t.name LIKE 'team-%'`,
  invitation: `SELECT split_part(i.email, '@', 1) AS key, (SELECT count(*) FROM audit_events e
      WHERE e.organization_id = i.organization_id AND e.target_id = i.id AND e.action = 'INVITATION_SENT')::int AS events
    FROM invitations i WHERE i.email LIKE 'invitation-%'`,
  // The row holds only the last one; the events tell of each.
  description: `SELECT e.changes -> 'description' ->> 'after' AS key, 1 AS events FROM audit_events e
    WHERE e.action = 'TEAM_UPDATED'`,
};

/** The last descriptions, each with whether an audit event tells of it. */
const lastDescriptions = `SELECT t.description AS key, (SELECT count(*) FROM audit_events e
    WHERE e.organization_id = t.organization_id AND e.target_id = t.id
    AND e.changes -> 'description' ->> 'after' = t.description)::int AS events
  FROM teams t WHERE t.description LIKE 'description-%'`;

/** Events of rows that are not there. */
const orphans = `SELECT e.target_id::text AS key FROM audit_events e WHERE
  e.action = 'TEAM_CREATED' AND NOT EXISTS (SELECT FROM teams t WHERE t.organization_id = e.organization_id AND t.id = e.target_id)
  OR e.action = 'INVITATION_SENT'
  AND NOT EXISTS (SELECT FROM invitations i WHERE i.organization_id = e.organization_id AND i.id = e.target_id)`;

/** Compares what was acknowledged with what is in the database and in the mailbox. */
export async function faultsOf(topology: Topology, logFile: string, database = 'tenantry'): Promise<Faults> {
  const query = <Row>(text: string): Promise<Row[]> => topology.primary.query<Row>(text, [], database);
  let left: unknown[] = [];
  await until(
    'all mail is sent',
    async () => {
      left = await query(
        `SELECT task_identifier, attempts, run_at, locked_by, locked_at, last_error FROM graphile_worker.jobs
         WHERE run_at < now() + interval '1 hour' LIMIT 10`,
      );
      return left.length === 0;
    },
    { patienceMs: 180_000, pauseMs: 250 },
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(left)}`);
  });
  const faults: Faults = { lost: [], half: [], twice: [], unheard: [] };
  const acknowledged = acknowledgedIn(logFile);
  for (const kind of ['team', 'invitation', 'description'] as const) {
    const traces = await query<Trace>(statements[kind]);
    const mails = kind === 'invitation' ? mailsIn(topology.mailFolder) : undefined;
    const found = new Set<string>();
    for (const { key, events } of traces) {
      if (found.has(key)) faults.twice.push(key);
      if (!acknowledged[kind].has(key)) faults.unheard.push(key);
      if (events !== 1 || (mails && mails.get(key) !== 1)) faults.half.push(`${key}: ${events}, ${mails?.get(key)}`);
      found.add(key);
    }
    faults.lost.push(...[...acknowledged[kind]].filter((key) => !found.has(key)));
  }
  const untold = (await query<Trace>(lastDescriptions)).filter(({ events }) => events !== 1);
  faults.half.push(...[...untold, ...(await query<Trace>(orphans))].map(({ key }) => key));
  return faults;
}

function acknowledgedIn(logFile: string): Record<Kind, Set<string>> {
  const acknowledged = { team: new Set<string>(), invitation: new Set<string>(), description: new Set<string>() };
  for (const line of readFileSync(logFile, 'utf8').trim().split('\n')) {
    const [kind, key] = line.split(' ') as [Kind, string];
    acknowledged[kind].add(key);
  }
  return acknowledged;
}

/** How many messages went to each invited address. */
function mailsIn(folder: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const { to } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { to: string };
    const [key = ''] = to.split('@');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
