import { afterEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { contentOf } from '../../auth/forging.js';
import { codeOf } from '../../support/client.js';
import { partner } from '../../support/integrations.js';
import { useOwnGateway } from '../../support/own-gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { aKey, factsOf, read } from '../api-key/keys.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { setMemberStatus } from '../states.js';
import {
  aPlace,
  aToken,
  documents,
  expireTokens,
  good,
  issue,
  not,
  revoke,
  rotate,
  setStatus,
  verdictOn,
  verify,
} from './integrations.js';

// Its worker must not do the jobs of other tests while the time is another one here.
const gateway = useOwnGateway();

afterEach(() => {
  vi.useRealTimers();
});

describe('verifying an integration token', () => {
  it('is for whoever may read integrations, and changes nothing', async () => {
    const world = await aPlace(gateway());
    const { token, kid } = await aToken(world, world.admin, { scopes: ['teams.read'], claims: { plan: 'large' } });
    const { claims } = contentOf({ accessToken: token });
    const before = await tracesIn(gateway(), world.organization.id);
    const reading = await aKey(gateway(), world, world.admin, { scopes: read });
    for (const caller of [world.admin, await world.join('developer'), reading]) {
      expect((await good(verify(world, caller, token))).verifyIntegrationToken).toEqual({
        ...{ valid: true, reason: null, claims, kid, organizationId: world.organization.id },
      });
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('is refused to whoever is not signed in', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    expect(codeOf(await verify(world, nobody(gateway()), token))).toBe('UNAUTHENTICATED');
  });

  it('is refused to an outsider as if there were no such organization', async () => {
    const [world, other] = [await aPlace(gateway()), await aPlace(gateway())];
    const { token } = await aToken(world, world.admin);
    const ask = (id: string) => verify({ organization: { ...world.organization, id } }, other.admin, token);
    await answersAlike(ask, world.organization.id);
  });

  it.each(['viewer', 'member', 'team_manager', 'billing_manager'])(
    'is refused to a %s, who learns what is missing',
    async (role) => {
      const world = await aPlace(gateway());
      const { token } = await aToken(world, world.admin);
      expect(factsOf(await verify(world, await world.join(role), token))).toMatchObject({
        code: 'FORBIDDEN',
        requiredPermission: 'integrations.read',
      });
    },
  );

  it('is refused to an administrator while suspended', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    const suspended = await world.join('administrator');
    await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
    expect(factsOf(await verify(world, suspended, token))).toMatchObject({
      code: 'FORBIDDEN',
      requiredPermission: 'integrations.read',
    });
  });

  it('is done in the current organization, and needs one', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    const input = { token, audience: partner };
    expect(codeOf(await world.admin.send(documents.verify, { input }))).toBe('ORGANIZATION_REQUIRED');
    const headers = { 'x-organization-id': world.organization.id };
    expect((await world.admin.send(documents.verify, { input }, headers)).data).toMatchObject({
      verifyIntegrationToken: { valid: true, organizationId: world.organization.id },
    });
  });

  it('takes a text of 32,768 characters at most, and not an empty one', async () => {
    const world = await aPlace(gateway());
    expect(await verdictOn(world, 'a'.repeat(32_768))).toEqual(not('INVALID'));
    for (const token of ['a'.repeat(32_769), '']) {
      expect(pathsIn(await verify(world, world.admin, token))).toEqual(['input.token']);
    }
    for (const audience of ['', 'our partner', 'a'.repeat(256)]) {
      expect(pathsIn(await verify(world, world.admin, 'x', audience))).toEqual(['input.audience']);
    }
  });
});

describe('an integration token counts', () => {
  it('for the audience that it names, and no other', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    expect(await verdictOn(world, token)).toMatchObject({ valid: true, claims: { aud: partner } });
    for (const audience of [`${partner}/`, partner.toUpperCase(), partner.slice(0, -1), 'importer', '*']) {
      expect(await verdictOn(world, token, audience), audience).toEqual(not('INVALID'));
    }
  });

  it('until its time is over, to the second', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin, { expiresIn: 60 });
    const { exp } = contentOf({ accessToken: token }).claims as { exp: number };
    vi.useFakeTimers({ toFake: ['Date'], now: exp * 1_000 - 1 });
    expect(await verdictOn(world, token)).toMatchObject({ valid: true });
    vi.setSystemTime(exp * 1_000);
    expect(await verdictOn(world, token)).toEqual(not('EXPIRED'));
    expect(await verdictOn(world, token, 'another')).toEqual(not('INVALID'));
  });

  it('until it is revoked, and is revoked no less for having expired as well', async () => {
    const world = await aPlace(gateway());
    const { token, jti } = await aToken(world, world.admin, { expiresIn: 60 });
    await good(revoke(world, world.admin, { jti }));
    expect(await verdictOn(world, token)).toEqual(not('REVOKED'));
    expect(await verdictOn(world, token, 'another')).toEqual(not('INVALID'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await verdictOn(world, token)).toEqual(not('EXPIRED'));
  });

  it('whatever becomes of its record, for it is the token that says how long', async () => {
    const world = await aPlace(gateway());
    const { token } = await aToken(world, world.admin);
    await expireTokens(gateway(), world);
    expect(await verdictOn(world, token)).toMatchObject({ valid: true });
  });

  it('after whoever issued it has lost the role, or left', async () => {
    const world = await aPlace(gateway());
    const issuer = await world.join('administrator');
    const { token } = await aToken(world, issuer, { scopes: ['teams.read'] });
    await setMemberStatus(gateway(), world, issuer, 'SUSPENDED');
    expect(await verdictOn(world, token)).toMatchObject({ valid: true });
  });
});

describe('the tokens of one organization', () => {
  it('never count in another, whoever asks, though the same person administrates both', async () => {
    // Each has a key of its own.
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const [mine, theirs] = [await aToken(world, world.admin), await aToken(other, other.admin)];
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    for (const caller of [other.admin, superAdmin]) {
      expect((await good(verify(other, caller, mine.token))).verifyIntegrationToken).toEqual(not('INVALID'));
    }
    expect(await verdictOn(world, theirs.token)).toEqual(not('INVALID'));
    expect(await verdictOn(world, mine.token)).toMatchObject({ valid: true });
  });

  it('never count in another, even if both had the same key', async () => {
    const [world, other] = [await aPlace(gateway()), await aPlace(gateway())];
    const { token, kid } = await aToken(world, world.admin);
    expect((await aToken(other, other.admin)).kid).toBe(kid);
    expect(await verdictOn(other, token)).toEqual(not('INVALID'));
    expect(await verdictOn(world, token)).toMatchObject({ valid: true });
  });
});

describe('the tokens of an organization that is suspended', () => {
  it('count for nobody, at once, and again as soon as it is active', async () => {
    const world = await aPlace(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { token } = await aToken(world, world.admin);
    const verdict = async () => (await good(verify(world, superAdmin, token))).verifyIntegrationToken;
    expect(await verdict()).toMatchObject({ valid: true });
    await setStatus(gateway(), world, 'SUSPENDED', null);
    expect(await verdict()).toEqual(not('INVALID'));
    expect(codeOf(await verify(world, world.admin, token))).toBe('FORBIDDEN');
    expect(codeOf(await issue(world, world.admin))).toBe('FORBIDDEN');
    await setStatus(gateway(), world, 'ACTIVE', null);
    expect(await verdict()).toMatchObject({ valid: true });
    expect(await verdictOn(world, token)).toMatchObject({ valid: true });
  });
});

describe('the tokens of an organization that is deleted', () => {
  it('are not there for anybody, and count again once it is restored', async () => {
    const world = await aPlace(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const { token, jti } = await aToken(world, world.admin);
    await setStatus(gateway(), world, 'DELETED', new Date());
    for (const caller of [world.admin, superAdmin]) {
      const { organization } = world;
      const ask = (id: string) => verify({ organization: { ...organization, id } }, caller, token);
      await answersAlike(ask, organization.id);
      expect(codeOf(await rotate(world, caller, { token }))).toBe('NOT_FOUND');
      expect(codeOf(await revoke(world, caller, { jti }))).toBe('NOT_FOUND');
    }
    const restore =
      'mutation ($input: RestoreOrganizationInput!) { restoreOrganization(input: $input) { __typename } }';
    await good(superAdmin.send(restore, { input: { organizationId: world.organization.id } }));
    expect(await verdictOn(world, token)).toMatchObject({ valid: true });
    expect(await verdictOn(world, token, newId())).toEqual(not('INVALID'));
  });
});
