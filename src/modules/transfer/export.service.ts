import { createHash } from 'node:crypto';
import { conflict, notFound } from '../../platform/errors.js';
import { isId } from '../../platform/id.js';
import { columnName, type Run } from '../../platform/sql.js';
import { version } from '../../platform/version.js';
import { type RecordName, recordNames, recordTypes } from './transfer.records.js';

/** How a transaction has to begin so that all lines show the same moment. */
export const snapshot = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** What an export has to do, and what it tells in the end. */
export interface Export {
  /** An id or a slug. */
  organization: string;
  withPasswordHashes: boolean;
}

export interface Exported {
  organization: { id: string; slug: string; name: string };
  counts: Record<RecordName, number>;
  sha256: string;
  /** What the organization has and the file has not, by table. */
  leftOut: Record<string, number>;
}

interface Found {
  id: string;
  slug: string;
  name: string;
  status: string;
  migration: string;
  now: string;
}

const rowsAtOnce = 1_000;

/** Everybody whom a row names without being a member. */
const named = `SELECT user_id FROM activity_entries WHERE organization_id = $1::uuid
  UNION SELECT user_id FROM membership_periods WHERE organization_id = $1::uuid AND left_at IS NOT NULL
  UNION SELECT invited_by_id FROM members WHERE organization_id = $1::uuid
  UNION SELECT invited_by_id FROM invitations
    WHERE organization_id = $1::uuid AND status = 'PENDING' AND expires_at > now()`;

const members = 'SELECT user_id FROM members WHERE organization_id = $1::uuid';

/** Which rows of a table belong to the organization: usually those that say so. */
const belonging: Partial<Record<RecordName, string>> = {
  organization: 'x.id = $1::uuid',
  user: `x.id IN (${members})`,
  person: `x.id IN (${named}) AND x.id NOT IN (${members})`,
};

/** What a file never has: it is sealed or hashed for this server, names it, or is over. */
const leftOutTables = {
  'API keys': 'api_keys',
  'integration keys': 'integration_keys',
  'integration tokens': 'integration_tokens',
  'revocations of integration tokens': 'integration_token_revocations',
  'invitations that are over': `invitations x WHERE NOT (x.status = 'PENDING' AND x.expires_at > now()) AND x`,
};

/**
 * The lines of an organization's file, some at a time: a header, one record a line, and a trailer by which a file that was cut off
 * or changed is noticed. To be run in a transaction that began with `snapshot`.
 *
 * @returns what stands in the file, and what does not.
 * @throws {DomainError} NOT_FOUND if there is no such organization; CONFLICT if it is deleted.
 */
export async function* exportOrganization(run: Run, given: Export): AsyncGenerator<string, Exported> {
  const { status, migration, now, ...organization } = await find(run, given.organization);
  if (status === 'DELETED') throw conflict('ORGANIZATION_DELETED', 'The organization is deleted. Restore it first.');
  const hash = createHash('sha256');
  const counts = Object.fromEntries(recordNames.map((name) => [name, 0])) as Record<RecordName, number>;
  const header = {
    type: 'header',
    format: 'tenantry-organization',
    version: 1,
    tenantry: version,
    migration,
    exportedAt: now,
    organization,
    passwordHashes: given.withPasswordHashes,
  };
  yield hashed(`${JSON.stringify(header)}\n`);
  for (const name of recordNames) {
    for await (const lines of linesOf(run, name, organization.id, given)) {
      counts[name] += lines.length;
      yield hashed(`${lines.join('\n')}\n`);
    }
  }
  const sha256 = hash.digest('hex');
  yield `${JSON.stringify({ type: 'trailer', counts, sha256 })}\n`;
  return { organization, counts, sha256, leftOut: await leftOut(run, organization.id) };

  function hashed(text: string): string {
    hash.update(text);
    return text;
  }
}

/** Finds an organization by its id, or else by its slug. */
async function find(run: Run, idOrSlug: string): Promise<Found> {
  const [found] = await run<Found>(
    `SELECT o.id, o.slug, o.name, o.status, to_json(now()) #>> '{}' AS now, (
       SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY migration_name DESC LIMIT 1
     ) AS migration
     FROM organizations o WHERE ${isId(idOrSlug) ? 'o.id = $1::uuid' : 'lower(o.slug) = lower($1)'}`,
    [idOrSlug],
  );
  if (!found) throw notFound(`Organization ${JSON.stringify(idOrSlug)}`);
  return found;
}

/** A cursor, because nobody knows how many there are. */
async function* linesOf(run: Run, name: RecordName, organizationId: string, given: Export): AsyncGenerator<string[]> {
  await run(`DECLARE lines NO SCROLL CURSOR FOR ${selecting(name, given)}`, [organizationId]);
  for (;;) {
    const rows = await run<{ line: string }>(`FETCH ${rowsAtOnce} FROM lines`, []);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    if (rows.length < rowsAtOnce) break;
  }
  await run('CLOSE lines', []);
}

function selecting(name: RecordName, { withPasswordHashes }: Export): string {
  const { table, fields, only } = recordTypes[name];
  const wanted = Object.keys(fields.shape).filter((field) => withPasswordHashes || field !== 'passwordHash');
  const columns = wanted.map((field) => `x.${columnName(field)} AS "${field}"`);
  const conditions = [belonging[name] ?? 'x.organization_id = $1::uuid', ...(only ? [only] : [])];
  return `SELECT row_to_json(r)::text AS line FROM (
    SELECT '${name}' AS type, ${columns.join(', ')} FROM ${table} x WHERE ${conditions.join(' AND ')} ORDER BY x.id
  ) r`;
}

async function leftOut(run: Run, organizationId: string): Promise<Record<string, number>> {
  const counted = Object.entries(leftOutTables).map(([what, from]) => {
    const rows = from.includes(' ') ? from : `${from} x WHERE x`;
    return `SELECT '${what}' AS what, count(*)::int AS count FROM ${rows}.organization_id = $1::uuid`;
  });
  const rows = await run<{ what: string; count: number }>(counted.join(' UNION ALL '), [organizationId]);
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ what, count }) => [what, count]));
}
