import { importJWK, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../auth/forging.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { partner } from '../../support/integrations.js';
import { aPerson, type World } from '../../support/world.js';
import { itIsRefusedToOthers } from '../adversaries.js';
import { aKey, factsOf, read } from '../api-key/keys.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { customRole } from '../states.js';
import { aPlace, aToken, documents, issue, not, ownKeyOf, verdictOn } from './integrations.js';

const gateway = useGateway();

const year = 31_536_000;
const now = () => Math.floor(Date.now() / 1_000);
const claimsOf = (token: string) => contentOf({ accessToken: token }).claims as Record<string, number>;

const rowsOf = ({ organization }: World) =>
  gateway().services.db.prisma.integrationToken.findMany({ where: { organizationId: organization.id } });

describe('issuing an integration token', () => {
  itIsRefusedToOthers(gateway, 'integrations.issue', async () => {
    return (caller, organizationId) =>
      caller.send(documents.issue, { input: { organizationId, audience: partner, subject: 'importer', scopes: [] } });
  });

  it('gives a token that says just this, and that whoever has the public key can verify', async () => {
    const world = await aPlace(gateway());
    const started = now();
    const scopes = ['teams.read', 'users.read'];
    const { token, jti, kid, expiresAt } = await aToken(world, world.admin, {
      ...{ scopes, expiresIn: 600, subject: 'importer-7', claims: { plan: 'large' } },
    });
    const { header, claims } = contentOf({ accessToken: token });
    const { publicJwk } = await ownKeyOf(gateway(), world);
    expect(header).toEqual({ alg: 'RS256', typ: 'integration+jwt', kid });
    expect(kid).toBe(publicJwk.kid);
    const iat = claims.iat as number;
    expect(iat).toBeGreaterThanOrEqual(started);
    expect(iat).toBeLessThanOrEqual(now());
    expect(claims).toEqual({
      ...{ iss: `${gateway().services.issuer}/organizations/${world.organization.id}`, aud: partner },
      ...{ sub: 'importer-7', iat, exp: iat + 600, jti, scope: 'teams.read users.read' },
      ...{ organization_id: world.organization.id, plan: 'large' },
    });
    expect(Date.parse(expiresAt)).toBe((iat + 600) * 1_000);
    const verified = await jwtVerify(token, await importJWK(publicJwk as JWK, 'RS256'));
    expect(verified.payload).toEqual(claims);
    expect(await verdictOn(world, token)).toEqual({
      ...{ valid: true, reason: null, claims, kid, organizationId: world.organization.id },
    });
  });

  it('gives one of its own each time', async () => {
    const world = await aPlace(gateway());
    const [one, other] = [await aToken(world, world.admin), await aToken(world, world.admin)];
    expect(other.jti).not.toBe(one.jti);
    expect((await rowsOf(world)).map(({ id }) => id).sort()).toEqual([one.jti, other.jti].sort());
  });

  it('lasts an hour unless told otherwise', async () => {
    const world = await aPlace(gateway());
    const { token, expiresAt } = await aToken(world, world.admin);
    const { iat, exp } = claimsOf(token);
    expect(exp! - iat!).toBe(3_600);
    expect(Date.parse(expiresAt)).toBe(exp! * 1_000);
  });

  it('lasts a minute at least, and a year at most', async () => {
    const world = await aPlace(gateway());
    for (const expiresIn of [60, year]) {
      const { iat, exp } = claimsOf((await aToken(world, world.admin, { expiresIn })).token);
      expect(exp! - iat!).toBe(expiresIn);
    }
    for (const expiresIn of [59, year + 1, 0, -60]) {
      expect(pathsIn(await issue(world, world.admin, { expiresIn }))).toEqual(['input.expiresIn']);
    }
    expect(await rowsOf(world)).toHaveLength(2);
  });

  it('says of everything that is wrong where it is', async () => {
    const world = await aPlace(gateway());
    const before = await tracesIn(gateway(), world.organization.id);
    const wrong: [object, string[]][] = [
      [{ audience: '' }, ['input.audience']],
      [{ audience: 'a'.repeat(256) }, ['input.audience']],
      [{ audience: 'our partner' }, ['input.audience']],
      [{ subject: ' ' }, ['input.subject']],
      [{ subject: 'größe' }, ['input.subject']],
      [{ subject: 'a\u0000b' }, ['input.subject']],
      [{ scopes: Array.from({ length: 201 }, () => 'teams.read') }, ['input.scopes']],
      [{ scopes: ['teams.read', 'a'.repeat(101)] }, ['input.scopes.1']],
      [{ organizationId: 'x' }, ['input.organizationId']],
      [{ audience: '', subject: '', expiresIn: 1 }, ['input.audience', 'input.subject', 'input.expiresIn']],
    ];
    for (const [input, paths] of wrong) {
      expect(pathsIn(await issue(world, world.admin, input)).sort()).toEqual([...paths].sort());
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(await rowsOf(world)).toEqual([]);
  });

  it('takes names of 1 to 255 characters', async () => {
    const world = await aPlace(gateway());
    for (const name of ['a', 'a'.repeat(255)]) {
      const { token } = await aToken(world, world.admin, { audience: name, subject: name });
      expect(await verdictOn(world, token, name)).toMatchObject({ valid: true, claims: { aud: name, sub: name } });
      expect(await verdictOn(world, token, `${name}b`.slice(-255))).toEqual(not('INVALID'));
    }
  });

  it('is done in the current organization where none is named', async () => {
    const world = await aPlace(gateway());
    const input = { audience: partner, subject: 'importer', scopes: [] };
    const headers = { 'x-organization-id': world.organization.id };
    expect(codeOf(await world.admin.send(documents.issue, { input }, headers))).toBeUndefined();
    expect(await rowsOf(world)).toHaveLength(1);
  });

  it('is recorded with what it grants, and nothing is kept of the token itself', async () => {
    const world = await aPlace(gateway());
    const before = await tracesIn(gateway(), world.organization.id);
    const { token, jti, expiresAt } = await aToken(world, world.admin, { scopes: ['teams.read'] });
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.version).toBe(before.version + 1);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'INTEGRATION_TOKEN_ISSUED',
        targetType: 'INTEGRATION_TOKEN',
        targetId: jti,
        changes: {
          subject: { before: null, after: 'importer' },
          audience: { before: null, after: partner },
          scopes: { before: null, after: ['teams.read'] },
          expiresAt: { before: null, after: expiresAt },
        },
      },
    ]);
    const signature = token.split('.')[2]!;
    for (const table of ['audit_events', 'integration_tokens', 'integration_keys', 'organizations']) {
      const kept = await gateway().services.db.run(
        `SELECT 1 FROM ${table} t WHERE position($1 IN t::text) > 0 OR position($2 IN t::text) > 0`,
        [signature, Buffer.from(signature, 'base64url').toString('hex')],
      );
      expect(kept, table).toEqual([]);
    }
  });
});

describe('the scopes of an integration token', () => {
  it('are there once each, in the order in which they are given', async () => {
    const world = await aPlace(gateway());
    const scopes = ['users.read', 'teams.read', 'users.read'];
    const { token } = await aToken(world, world.admin, { scopes });
    expect(claimsOf(token).scope).toBe('users.read teams.read');
    expect((await rowsOf(world)).map((row) => row.scopes)).toEqual([['users.read', 'teams.read']]);
  });

  it('may be none', async () => {
    const world = await aPlace(gateway());
    expect(claimsOf((await aToken(world, world.admin)).token).scope).toBe('');
  });

  it.each(['nothing.read', 'teams', 'TEAMS.READ', 'teams.read ', 'teams.read users.read', '*', '', 'super_admin'])(
    'are in the catalogue, or refused by their place: %j',
    async (code) => {
      const world = await aPlace(gateway());
      const answer = await issue(world, world.admin, { scopes: ['teams.read', 'users.read', code] });
      expect(pathsIn(answer)).toEqual(['input.scopes.2']);
      expect(await rowsOf(world)).toEqual([]);
    },
  );

  it('are held by whoever issues, who learns which are not', async () => {
    const world = await aPlace(gateway());
    const permissions = ['organization.read', 'teams.read', 'integrations.read', 'integrations.issue'];
    await customRole(gateway(), world, { key: 'issuer', rank: 5, permissions });
    const issuer = await world.join('issuer');
    const before = await tracesIn(gateway(), world.organization.id);
    const scopes = ['teams.read', 'users.read', 'organization.delete'];
    expect(factsOf(await issue(world, issuer, { scopes }))).toEqual({
      code: 'ROLE_CEILING',
      missingPermissions: ['users.read', 'organization.delete'],
    });
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(claimsOf((await aToken(world, issuer, { scopes: permissions })).token).scope).toBe(permissions.join(' '));
  });

  it('are looked for in the catalogue before the ceiling', async () => {
    const world = await aPlace(gateway());
    await customRole(gateway(), world, { key: 'issuer', rank: 5, permissions: ['integrations.issue'] });
    const answer = await issue(world, await world.join('issuer'), { scopes: ['users.read', 'nothing.read'] });
    expect(pathsIn(answer)).toEqual(['input.scopes.1']);
  });

  it('may be everything for a super admin who is no member', async () => {
    const world = await aPlace(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    await aToken(world, superAdmin, { scopes: ['organization.delete'] });
    expect((await rowsOf(world)).map(({ issuedById }) => issuedById)).toEqual([superAdmin.user.id]);
  });
});

describe('an API key', () => {
  it('issues for its user if it may write, within the same ceiling', async () => {
    const world = await aPlace(gateway());
    const permissions = ['teams.read', 'integrations.issue'];
    await customRole(gateway(), world, { key: 'issuer', rank: 5, permissions });
    const issuer = await world.join('issuer');
    const key = await aKey(gateway(), world, issuer);
    expect(claimsOf((await aToken(world, key, { scopes: ['teams.read'] })).token).scope).toBe('teams.read');
    expect(factsOf(await issue(world, key, { scopes: ['teams.read', 'users.read'] }))).toEqual({
      code: 'ROLE_CEILING',
      missingPermissions: ['users.read'],
    });
    expect((await rowsOf(world)).map(({ issuedById }) => issuedById)).toEqual([issuer.user.id]);
  });

  it('to read issues nothing', async () => {
    const world = await aPlace(gateway());
    const key = await aKey(gateway(), world, world.admin, { scopes: read });
    expect(factsOf(await issue(world, key))).toEqual({ code: 'FORBIDDEN', requiredScope: 'organizations:write' });
    expect(await rowsOf(world)).toEqual([]);
  });
});
