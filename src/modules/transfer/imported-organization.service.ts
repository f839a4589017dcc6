import { systemRoles } from '../../auth/permissions.js';
import { limitNames, type Plans } from '../../auth/plans.js';
import { Batcher } from '../../platform/batcher.js';
import { badInput, conflict, DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import type { Run } from '../../platform/sql.js';
import { Writes } from '../../platform/writes.js';
import { usedBy } from '../plan/plan.loader.js';
import { limitReached } from '../plan/plan.service.js';
import { wrongLine } from './file-lines.js';
import type { OrganizationRecord } from './transfer.records.js';

/** Which plan an organization is on here, and on which it was. */
export interface Plan {
  here: string;
  there: string;
}

/**
 * Writes the organization's own row.
 *
 * @throws {DomainError} BAD_USER_INPUT for a plan that there is not.
 * @throws {DomainError} CONFLICT with ORGANIZATION_EXISTS or SLUG_TAKEN.
 */
export async function writeOrganization(
  run: Run,
  plans: Plans,
  record: OrganizationRecord,
  { slug = record.slug, plan, asCopy }: { slug?: string | undefined; plan?: string | undefined; asCopy: boolean },
) {
  if (plan !== undefined && !plans.find(plan)) {
    const keys = plans.all.map(({ key }) => key).join(', ');
    throw badInput({ path: '--plan', message: `is not the key of a plan of this server: ${keys}` });
  }
  const [same] = await run<{ slug: string }>('SELECT slug FROM organizations WHERE id = $1::uuid', [record.id]);
  if (same && !asCopy) {
    throw conflict(
      'ORGANIZATION_EXISTS',
      `This organization is here already: its slug is ${same.slug}. To have it a second time, import with --as-copy and --slug.`,
    );
  }
  const [other] = await run('SELECT 1 FROM organizations WHERE lower(slug) = lower($1)', [slug]);
  if (other) {
    throw conflict('SLUG_TAKEN', `The slug ${slug} belongs to another organization here. Choose one with --slug.`);
  }
  const id = asCopy ? newId() : record.id;
  const here = plan ?? plans.first.key;
  const writes = new Writes();
  writes.insert('organizations', {
    ...record,
    id,
    slug,
    plan: here,
    timezone: record.timezone!,
    activityTimezone: record.timezone!,
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
    // Nobody here has founded it, and the members are counted by the database.
    foundedById: null,
    memberCount: 0,
    version: 0,
  });
  await writes.commit(run);
  return { organization: { id, slug, name: record.name }, plan: { here, there: record.plan } };
}

/** Every organization has all system roles of this server, also those that the other one did not know. */
export async function writeMissingRoles(run: Run, organizationId: string): Promise<void> {
  const rows = await run<{ key: string }>('SELECT key FROM roles WHERE organization_id = $1::uuid', [organizationId]);
  const there = new Set(rows.map(({ key }) => key));
  const now = new Date();
  const missing = systemRoles
    .filter(({ key }) => !there.has(key))
    .map(({ key, name, description, rank }) => ({ key, name, description, rank }));
  const writes = new Writes();
  const times = { createdAt: now, updatedAt: now };
  writes.insert(
    'roles',
    ...missing.map((role) => ({ organizationId, id: newId(), ...role, permissions: [], isSystem: true, ...times })),
  );
  if (!writes.isEmpty) await writes.commit(run);
}

/**
 * Sees to it that the organization obeys what every organization obeys. Its members' accounts are locked by now.
 *
 * @throws {DomainError} LAST_ADMINISTRATOR, BAD_USER_INPUT or CONFLICT with USER_DELETED or LIMIT_REACHED.
 */
export async function assertUsable(run: Run, organizationId: string, plans: Plans): Promise<void> {
  const [found] = await run<{ administrators: number; defaults: number }>(
    `SELECT
       (SELECT count(*)::int FROM members m JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
        JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id AND r.key = 'administrator' AND r.is_system
        WHERE m.organization_id = $1::uuid AND m.status = 'ACTIVE') AS administrators,
       (SELECT count(*)::int FROM workspaces w WHERE w.organization_id = $1::uuid AND w.is_default) AS defaults`,
    [organizationId],
  );
  if (found!.administrators === 0) {
    throw new DomainError(
      'LAST_ADMINISTRATOR',
      'No active member of the file is an administrator who may sign in here.',
    );
  }
  if (found!.defaults === 0) throw badInput({ path: 'workspaces', message: 'do not have a default one' });
  await assertPeople(run, organizationId);
  await assertWithinPlan(run, organizationId, plans);
}

async function assertPeople(run: Run, organizationId: string): Promise<void> {
  const [stranger] = await run<{ line: string; isPerson: boolean }>(
    `SELECT i.line, i.body ? 'is_person' AS "isPerson" FROM incoming i
     LEFT JOIN incoming m ON m.type = 'member' AND (m.body ->> 'user_id')::uuid = i.id
     WHERE i.type = 'user' AND (i.body ? 'is_person') = (m.id IS NOT NULL) ORDER BY i.line LIMIT 1`,
    [],
  );
  if (stranger) throw wrongLine(stranger.line, stranger.isPerson ? 'is a member, and so no person' : 'is not a member');
  const [gone] = await run<{ email: string }>(
    `SELECT u.email FROM members m JOIN users u ON u.id = m.user_id AND u.status = 'DELETED'
     WHERE m.organization_id = $1::uuid LIMIT 1`,
    [organizationId],
  );
  if (gone) throw conflict('USER_DELETED', `The account of ${gone.email} was deleted just now. Import again.`);
}

async function assertWithinPlan(run: Run, organizationId: string, plans: Plans): Promise<void> {
  const [organization] = await run<{ plan: string }>('SELECT plan FROM organizations WHERE id = $1::uuid', [
    organizationId,
  ]);
  const { key, maximum } = plans.of(organization!);
  const batcher = new Batcher(run);
  for (const name of limitNames) {
    const [counted] = await batcher.load(usedBy[name], [organizationId]);
    const used = counted?.used ?? 0;
    if (maximum[name] === null || used <= maximum[name]) continue;
    const { facts } = limitReached(name, { used, maximum: maximum[name] });
    throw new DomainError(
      'CONFLICT',
      `The plan ${key} allows ${maximum[name]} ${name}, and the file has ${used}. Choose another plan with --plan.`,
      facts,
    );
  }
}
