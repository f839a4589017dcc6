import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.js';
import { newId } from '../../src/platform/id.js';
import { digest, urlOf, useOwnGateway } from '../support/own-gateway.js';
import { aPerson, aWorld, write } from '../support/world.js';
import { exported, type FileRecord, fileOf, imported } from './transfer-files.js';

// A file is written by whoever has it. Whatever stands in one, either all of it is imported or nothing has changed; and what is
// imported gives nobody anything outside of that organization.

const gateway = useOwnGateway();
let url: string;
let records: FileRecord[];
let victim: Awaited<ReturnType<typeof aPerson>>['user'];

beforeAll(async () => {
  url = await urlOf(gateway().services.db);
  const world = await aWorld(gateway());
  const [one, two] = [await world.join('member'), await world.join('team_manager')];
  await world.team('Crew', one, two);
  const { id: organizationId } = world.organization;
  await write(gateway(), (writes) => {
    writes.insert('roles', {
      organizationId,
      id: newId(),
      key: 'guide',
      name: 'Guide',
      rank: 30,
      permissions: ['users.read'],
      isSystem: false,
    });
    writes.insert('invitations', {
      organizationId,
      id: newId(),
      email: 'new@example.com',
      roleId: world.roles.member!,
      status: 'PENDING',
      tokenHash: new Uint8Array(32),
      invitedById: world.admin.user.id,
      expiresAt: new Date(Date.now() + 86_400_000),
      sentAt: new Date(),
      sendCount: 1,
    });
  });
  const founded = await exported(url, organizationId);
  // Elsewhere, so that nobody in the file is here: other ids, and other addresses.
  records = founded.map((record) =>
    record.type === 'user' ? { ...record, email: `x${String(record.email)}` } : record,
  );
  victim = (await aPerson(gateway(), { emailVerifiedAt: new Date(), username: 'victim' })).user;
});

const asCopy = () => ({ asCopy: true, slug: `copy-${randomUUID()}` });

/** The file with the first record of a type changed. */
function changed(type: string, changes: Record<string, unknown>): string {
  const index = records.findIndex((record) => record.type === type);
  return fileOf(records.map((record, at) => (at === index ? { ...record, ...changes } : record)));
}

function of(type: string): FileRecord[] {
  return records.filter((record) => record.type === type);
}

async function refused(file: string | Buffer): Promise<string> {
  const before = await digest(gateway());
  const message = await imported(gateway(), url, file, asCopy()).then(
    () => 'It was imported.',
    ({ code, message: text }: Error & { code: string }) => `${code}: ${text}`,
  );
  expect(await digest(gateway())).toEqual(before);
  return message;
}

describe('a file', () => {
  it('is imported as it was exported, without its secrets', async () => {
    const done = await imported(gateway(), url, fileOf(records), asCopy());
    expect(done.accounts).toEqual({ made: 3, found: 0, withoutUsername: 0 });
    const [invitation] = await gateway().services.db.run<{ hash: Buffer }>(
      'SELECT token_hash AS hash FROM invitations WHERE organization_id = $1::uuid',
      [done.organization.id],
    );
    expect(invitation!.hash).toHaveLength(32);
    expect(invitation!.hash.equals(Buffer.alloc(32))).toBe(false);
  });

  it.each<[string, () => string, RegExp]>([
    ['makes a super admin', () => changed('user', { isSuperAdmin: true }), /line \d+, isSuperAdmin: is not known/],
    [
      'proves an address',
      () => changed('user', { emailVerifiedAt: '2026-01-01T00:00:00Z' }),
      /emailVerifiedAt: is not known/,
    ],
    ['brings the secret of an invitation', () => changed('invitation', { tokenHash: '00' }), /tokenHash: is not known/],
    [
      'shadows administrators',
      () => changed('role', { isSystem: false, rank: 50 }),
      /key: is a role that cannot be shadowed/,
    ],
    ['has a system role of its own', () => changed('role', { key: 'owner' }), /key: is no system role of this server/],
    [
      'has a hash that takes minutes',
      () => changed('user', { passwordHash: '$argon2id$v=19$m=4194304,t=99,p=1$a$b' }),
      /passwordHash: is not an argon2id/,
    ],
    [
      'has a member with a role from elsewhere',
      () => changed('member', { roleId: newId() }),
      /roleId: names a role that stands nowhere/,
    ],
    [
      'has a member without a user',
      () => changed('member', { userId: newId() }),
      /userId: names a user that stands nowhere/,
    ],
    [
      'has a user who is no member',
      () => fileOf(records.filter((one) => one !== of('member')[1] && one.type !== 'teamMembership')),
      /is not a member/,
    ],
    [
      'names a team twice',
      () => fileOf(records.flatMap((one) => (one.type === 'team' ? [one, { ...one, id: newId() }] : [one]))),
      /line \d+: has the id or slug of another team/,
    ],
    [
      'has one id twice',
      () => fileOf(records.flatMap((one) => (one.type === 'team' ? [one, one] : [one]))),
      /id: is that of another team/,
    ],
    [
      'has two people with one address',
      () => changed('user', { email: String(of('user')[1]!.email).toUpperCase() }),
      /email: is that of another user/,
    ],
    ['has a line of a kind that there is not', () => changed('team', { type: 'sessions' }), /type: is not known/],
    [
      'has no organization',
      () => fileOf(records.filter(({ type }) => type !== 'organization')),
      /comes before the organization/,
    ],
    [
      'has two organizations',
      () => fileOf(records.flatMap((one) => (one.type === 'organization' ? [one, one] : [one]))),
      /is a second organization/,
    ],
    [
      'has another organization than it says',
      () => changed('organization', { id: newId() }),
      /is not the one of the first line/,
    ],
    [
      'has members before users',
      () =>
        fileOf(
          [...records].sort(
            (a, b) =>
              Number(b.type === 'header') - Number(a.type === 'header') ||
              Number(b.type === 'organization') - Number(a.type === 'organization') ||
              Number(b.type === 'member') - Number(a.type === 'member'),
          ),
        ),
      /is out of order/,
    ],
    [
      'has no administrator',
      () => fileOf(records.map((one) => (one.type === 'member' ? { ...one, status: 'SUSPENDED' } : one))),
      /LAST_ADMINISTRATOR/,
    ],
    [
      'has no default workspace',
      () => fileOf(records.map((one) => (one.type === 'workspace' ? { ...one, isDefault: false } : one))),
      /default/,
    ],
    [
      'happens in the future',
      () => changed('member', { joinedAt: '2999-01-01T00:00:00Z' }),
      /joinedAt: must not be in the future/,
    ],
    ['is of another version', () => changed('header', { version: 2 }), /line 1, version: is a version/],
    [
      'is from a newer server',
      () => changed('header', { migration: '99990101000000_newer' }),
      /migration: is not known here/,
    ],
    ['is something else', () => '{"hello":"world"}\n', /line 1, type|line 1, /],
    ['is no JSON', () => `${fileOf(records).slice(0, 400)}}}}\n`, /line 1|is not a JSON object/],
    [
      'hides a zero in a text',
      () => changed('auditEvent', { changes: { a: 'b\0' } }),
      /changes: holds what cannot be kept/,
    ],
  ])('that %s changes nothing', async (_, file, says) => {
    expect(await refused(file())).toMatch(says);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a rank above 99', { rank: 100 }, 'rank: must be from 1 to 99'],
    [
      'a permission that this server does not have',
      { permissions: ['tours.publish'] },
      'permissions.0: is not in the permission catalogue',
    ],
    ['the key of administrators', { key: 'administrator' }, 'key: is a role that cannot be shadowed'],
    ['the key of super admins', { key: 'super_admin' }, 'key: is a role that cannot be shadowed'],
    ['a shadow above the original', { key: 'viewer', rank: 90 }, 'rank: must not be above that of the system role, 10'],
  ])('with a custom role that has %s changes nothing', async (_, changes, says) => {
    const file = fileOf(records.map((record) => (record.key === 'guide' ? { ...record, ...changes } : record)));
    expect(await refused(file)).toContain(says);
  });

  it('makes an account here a member, and changes nothing of it', async () => {
    const before = await gateway().services.db.run('SELECT * FROM users WHERE id = $1::uuid', [victim.id]);
    const file = changed('user', {
      email: victim.email.toUpperCase(),
      fullName: 'Somebody Else',
      username: 'renamed',
      status: 'SUSPENDED',
      passwordHash: `$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`,
    });
    const done = await imported(gateway(), url, file, { ...asCopy(), withPasswordHashes: true });
    const joined = 'SELECT 1 FROM members WHERE organization_id = $1::uuid AND user_id = $2::uuid';
    expect(await gateway().services.db.run(joined, [done.organization.id, victim.id])).toHaveLength(1);
    expect(await gateway().services.db.run('SELECT * FROM users WHERE id = $1::uuid', [victim.id])).toEqual(before);
  });

  it('takes no id that belongs to something here', async () => {
    const other = await aWorld(gateway());
    const file = fileOf(
      records.map((record) => {
        const text = JSON.stringify(record);
        return JSON.parse(
          text
            .replaceAll(String(of('user')[0]!.id), victim.id)
            .replaceAll(String(of('member')[1]!.id), other.admin.memberId)
            .replaceAll(of('organization')[0]!.id as string, newId()),
        );
      }),
    );
    const organizationId = newId();
    const renamed = fileOf(
      file
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as FileRecord)
        .map((record) => {
          if (record.type === 'header')
            return { ...record, organization: { ...(record.organization as object), id: organizationId } };
          return record.type === 'organization' ? { ...record, id: organizationId } : record;
        }),
    );
    const done = await imported(gateway(), url, renamed, { slug: `ids-${randomUUID()}`, trustUnproven: true });
    const rows = await gateway().services.db.run<{ id: string; userId: string }>(
      'SELECT id, user_id AS "userId" FROM members WHERE organization_id = $1::uuid',
      [done.organization.id],
    );
    expect(done.organization.id).toBe(organizationId);
    expect(rows).toHaveLength(3);
    expect(rows.map(({ id }) => id)).not.toContain(other.admin.memberId);
    expect(rows.map(({ userId }) => userId)).not.toContain(victim.id);
  });
});

/** What no import may change, whatever the file says: who stands above, who has proven what, and everybody who was here. */
async function standing({ services }: Gateway): Promise<unknown> {
  const counted = await services.db.run(
    `SELECT count(*) FILTER (WHERE is_super_admin) AS super, count(*) FILTER (WHERE email_verified_at IS NOT NULL) AS proven,
       (SELECT md5(string_agg(v::text, '')) FROM users v WHERE id = $1::uuid) AS victim,
       (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM api_keys) AS keys FROM users`,
    [victim.id],
  );
  return counted[0];
}

async function assertSound({ services }: Gateway, id: string): Promise<void> {
  const [found] = await services.db.run<Record<string, boolean>>(
    `SELECT o.member_count = (SELECT count(*) FROM members WHERE organization_id = o.id) AS counted,
       EXISTS (SELECT FROM members m JOIN roles r ON (r.organization_id, r.id) = (m.organization_id, m.role_id)
         JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
         WHERE m.organization_id = o.id AND m.status = 'ACTIVE' AND r.key = 'administrator' AND r.is_system) AS administered,
       NOT EXISTS (SELECT FROM roles r WHERE r.organization_id = o.id AND NOT r.is_system AND r.rank > 99) AS ranked,
       (SELECT count(*) FROM roles r WHERE r.organization_id = o.id AND r.key IN
         ('administrator', 'billing_manager', 'team_manager', 'developer', 'member', 'viewer')) = 6 AS complete,
       NOT EXISTS (SELECT FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.organization_id = o.id AND m.sort_name <> lower(u.full_name)) AS named
     FROM organizations o WHERE o.id = $1::uuid`,
    [id],
  );
  expect(found).toEqual({ counted: true, administered: true, ranked: true, complete: true, named: true });
}

describe('a file that was changed at random', () => {
  const nat = fc.nat();
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, '', 0, -1, true, [], {}, 'administrator', 'ACTIVE', '2020-01-01T00:00:00Z', '\0'),
    fc.string(),
    fc.integer(),
    fc.uuid(),
  );

  it('by bytes changes nothing: the checksum does not fit', async () => {
    const file = Buffer.from(fileOf(records));
    const before = await digest(gateway());
    await fc.assert(
      fc.asyncProperty(nat, fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const mutated = Buffer.from(file);
        mutated[at % file.length]! ^= difference;
        await expect(imported(gateway(), url, mutated, asCopy())).rejects.toThrow();
      }),
      { numRuns: 30 },
    );
    expect(await digest(gateway())).toEqual(before);
  });

  it('by cutting it off anywhere changes nothing', async () => {
    const file = fileOf(records);
    const before = await digest(gateway());
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), async (length) => {
        await expect(imported(gateway(), url, file.slice(0, length), asCopy())).rejects.toThrow(/line \d+/);
      }),
      { numRuns: 20 },
    );
    expect(await digest(gateway())).toEqual(before);
  });

  it('by somebody who mends the checksum is imported as something sound, or changes nothing', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('set', 'drop', 'twice', 'swap'), nat, nat, value), {
          minLength: 1,
          maxLength: 3,
        }),
        async (changes) => {
          const mutated = changes.reduce(mutation, records);
          const before = await standing(gateway());
          const tables = await digest(gateway());
          const done = await imported(gateway(), url, fileOf(mutated), asCopy()).catch(
            (error: Error & { code?: string }) => {
              expect([error.message, error.code]).toEqual([
                expect.any(String),
                expect.stringMatching(/^(BAD_USER_INPUT|CONFLICT|LAST_ADMINISTRATOR)$/),
              ]);
              return null;
            },
          );
          expect(await standing(gateway())).toEqual(before);
          if (!done) expect(await digest(gateway())).toEqual(tables);
          else await assertSound(gateway(), done.organization.id);
          if (done) kept += 1;
        },
      ),
      { numRuns: 40 },
    );
    // Else the property says little.
    expect(kept).toBeGreaterThan(0);
  });

  function mutation(file: FileRecord[], [how, line, field, to]: [string, number, number, unknown]): FileRecord[] {
    const at = line % file.length;
    const record = file[at]!;
    if (how === 'drop') return file.filter((_, index) => index !== at);
    if (how === 'twice') return file.flatMap((one, index) => (index === at ? [one, one] : [one]));
    if (how === 'swap')
      return file.map((one, index) => (index === at ? (file[at + 1] ?? one) : index === at + 1 ? record : one));
    const fields = Object.keys(record);
    return file.map((one, index) => (index === at ? { ...one, [fields[field % fields.length]!]: to } : one));
  }
});
