import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { customRole } from '../states.js';
import { aKey, CreateApiKey, create, joinAs, keyOf, keysSeenBy, me, read, readAndWrite } from './keys.js';

const gateway = useGateway();

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();

const rowsOf = ({ organization }: World) =>
  gateway().services.db.prisma.apiKey.findMany({ where: { organizationId: organization.id } });

describe('making an API key', () => {
  itIsRefusedToOthers(gateway, 'api_keys.create', async () => {
    return (caller, organizationId) =>
      caller.send(CreateApiKey, { input: { organizationId, name: 'Nightly sync', scopes: read } });
  });

  it('gives a key that acts as its maker from the next request on', async () => {
    const world = await aWorld(gateway());
    const started = Date.now();
    const expiresAt = inDays(30);
    const { data, errors } = await create(world, world.admin, { name: ' Nightly sync ', expiresAt });
    expect(errors).toBeUndefined();
    const { apiKey, secret } = data.createApiKey;
    expect(apiKey).toEqual({
      id: apiKey.id,
      name: 'Nightly sync',
      prefix: secret.slice(0, 12),
      scopes: read,
      createdBy: { id: world.admin.user.id },
      createdAt: expect.any(String),
      lastUsedAt: null,
      expiresAt,
    });
    expect(Date.parse(apiKey.createdAt)).toBeGreaterThanOrEqual(started - 1000);
    expect(Date.parse(apiKey.createdAt)).toBeLessThanOrEqual(Date.now() + 1000);
    const answer = await keyOf(gateway(), apiKey.id, secret).send<{ me: { id: string } }, object>(me);
    expect(answer.data.me.id).toBe(world.admin.user.id);
  });

  it('takes 256 random bits behind a prefix that tells what it is', async () => {
    const world = await aWorld(gateway());
    const secrets = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const { secret } = (await create(world, world.admin)).data.createApiKey;
      expect(secret).toMatch(/^tnt_[A-Za-z0-9_-]{43}$/);
      expect(Buffer.from(secret.slice(4), 'base64url')).toHaveLength(32);
      secrets.add(secret.slice(4, 12));
    }
    expect(secrets.size).toBe(5);
  });

  it('shows the key once, and keeps nothing of it but its hash and its first characters', async () => {
    const world = await aWorld(gateway());
    const { apiKey, secret } = (await create(world, world.admin)).data.createApiKey;
    const [row, ...more] = await rowsOf(world);
    expect(more).toEqual([]);
    expect(Buffer.from(row!.secretHash).toString('hex')).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(row!.prefix).toBe(secret.slice(0, 12));

    const hidden = secret.slice(12);
    expect(JSON.stringify(await keysSeenBy(world.admin, world))).not.toContain(hidden);
    const { services } = gateway();
    for (const table of ['api_keys', 'audit_events', 'organizations', 'sessions']) {
      const kept = await services.db.run<{ text: string }>(
        `SELECT t::text AS text FROM ${table} t WHERE t::text LIKE '%' || $1 || '%'`,
        [hidden],
      );
      expect(kept).toEqual([]);
    }
    expect(JSON.stringify(await eventsOf(gateway(), world.organization.id))).not.toContain(apiKey.prefix);
  });

  it('is recorded, with who made it and what it may be used for', async () => {
    const world = await aWorld(gateway());
    const developer = await world.join('developer');
    const before = await tracesIn(gateway(), world.organization.id);
    const expiresAt = inDays(1);
    const { apiKey } = (await create(world, developer, { scopes: readAndWrite, expiresAt })).data.createApiKey;
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.version).toBe(before.version + 1);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: developer.user.id,
        action: 'API_KEY_CREATED',
        targetType: 'API_KEY',
        targetId: apiKey.id,
        changes: {
          name: { before: null, after: 'Nightly sync' },
          scopes: { before: null, after: readAndWrite },
          expiresAt: { before: null, after: expiresAt },
        },
      },
    ]);
  });

  it('takes each scope once, in the order in which they are given', async () => {
    const world = await aWorld(gateway());
    const scopes = ['organizations:write', 'organizations:read', 'organizations:write'];
    const { apiKey } = (await create(world, world.admin, { scopes })).data.createApiKey;
    expect(apiKey.scopes).toEqual(['organizations:write', 'organizations:read']);
  });

  it('says of everything that is wrong where it is', async () => {
    const world = await aWorld(gateway());
    const wrong: [object, string[]][] = [
      [{ name: ' ' }, ['input.name']],
      [{ name: 'x'.repeat(101) }, ['input.name']],
      [{ name: 'a\u202eb' }, ['input.name']],
      [{ scopes: [] }, ['input.scopes']],
      [{ scopes: ['organizations:read', 'organizations:admin'] }, ['input.scopes.1']],
      [{ scopes: ['organizations:*'] }, ['input.scopes.0']],
      [{ scopes: Array.from({ length: 11 }, () => 'organizations:read') }, ['input.scopes']],
      [{ expiresAt: inDays(-1) }, ['input.expiresAt']],
      [{ expiresAt: new Date().toISOString() }, ['input.expiresAt']],
      [{ expiresAt: inDays(11 * 366) }, ['input.expiresAt']],
      [{ expiresAt: 'tomorrow' }, ['input.expiresAt']],
      [{ organizationId: 'x' }, ['input.organizationId']],
      [{ name: '', scopes: [], expiresAt: inDays(-1) }, ['input.name', 'input.scopes', 'input.expiresAt']],
    ];
    for (const [input, paths] of wrong) expect(pathsIn(await create(world, world.admin, input))).toEqual(paths);
    expect(await rowsOf(world)).toEqual([]);
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
  });

  it('may have an end within ten years, or none', async () => {
    const world = await aWorld(gateway());
    for (const expiresAt of [inDays(10 * 365), null]) {
      expect((await create(world, world.admin, { expiresAt })).data.createApiKey.apiKey.expiresAt).toBe(expiresAt);
    }
  });

  it('is for administrators and developers, and for custom roles that hold it', async () => {
    const world = await aWorld(gateway());
    const permissions = ['organization.read', 'api_keys.create'];
    await customRole(gateway(), world, { key: 'integrator', rank: 5, permissions });
    for (const role of ['administrator', 'developer', 'integrator']) {
      expect(codeOf(await create(world, await world.join(role)))).toBeUndefined();
    }
    for (const role of ['billing_manager', 'team_manager', 'member', 'viewer']) {
      const answer = await create(world, await world.join(role));
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('api_keys.create');
    }
  });

  it('is not for super admins who are no members, to whom no key could belong', async () => {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const answer = await create(world, superAdmin);
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'NOT_A_MEMBER' });
    expect(await rowsOf(world)).toEqual([]);
    await joinAs(gateway(), world, superAdmin, 'viewer');
    expect(codeOf(await create(world, superAdmin))).toBeUndefined();
  });

  it('takes a session: a key makes no others', async () => {
    const world = await aWorld(gateway());
    const answer = await create(world, await aKey(gateway(), world, world.admin));
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'SESSION_REQUIRED' });
    const readOnly = await create(world, await aKey(gateway(), world, world.admin, { scopes: read }));
    expect(readOnly.errors![0]!.extensions).toMatchObject({
      code: 'FORBIDDEN',
      requiredScope: 'organizations:write',
    });
    expect(await rowsOf(world)).toHaveLength(2);
  });

  it('finds no organization of others', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const ask = (id: string) => create({ organization: { ...other.organization, id } }, world.admin);
    await answersAlike(ask, other.organization.id);
    expect(await rowsOf(other)).toEqual([]);
  });

  it('is done in the current organization where none is named', async () => {
    const world = await aWorld(gateway());
    const headers = { 'x-organization-id': world.organization.id };
    const input = { name: 'Nightly sync', scopes: read };
    expect(codeOf(await world.admin.send(CreateApiKey, { input }, headers))).toBeUndefined();
    expect(await rowsOf(world)).toHaveLength(1);
  });
});
