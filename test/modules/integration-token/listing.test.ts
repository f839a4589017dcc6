import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { partner } from '../../support/integrations.js';
import { aWorld, type World, write } from '../../support/world.js';
import { answersAlike, type Caller, nobody } from '../adversaries.js';
import { factsOf } from '../api-key/keys.js';
import { itIsRead, type PageAnswer, page, pathsIn } from '../lists.js';
import { aNewKey, aPlace, aToken, documents, good, revoke, rotate } from './integrations.js';

const gateway = useGateway();

interface TokenAnswer {
  jti: string;
  subject: string;
  status: string;
}

const Tokens = `query ($id: ID!, $filter: IntegrationTokenFilter, $orderBy: IntegrationTokenOrder) {
  organization(id: $id) {
    integrationTokens(filter: $filter, orderBy: $orderBy) {
      totalCount
      nodes { id jti subject audience scopes kid status issuedAt expiresAt rotatedToJti issuedBy { id } }
    }
  }
}`;

const Revocations = `query ($id: ID!, $filter: IntegrationTokenRevocationFilter, $orderBy: IntegrationTokenRevocationOrder) {
  organization(id: $id) {
    integrationTokenRevocations(filter: $filter, orderBy: $orderBy) {
      totalCount
      nodes { id jti reason revokedAt expiresAt revokedBy { id } token { jti subject status } }
    }
  }
}`;

type List<Name extends string, Node> = { organization: Record<Name, { totalCount: number; nodes: Node[] }> };

const askTokens = ({ organization: { id } }: Pick<World, 'organization'>, caller: Caller, variables: object = {}) =>
  caller.send<List<'integrationTokens', TokenAnswer>, object>(Tokens, { id, ...variables });

async function tokens(world: World, filter: object = {}, orderBy: object | null = null): Promise<TokenAnswer[]> {
  const { integrationTokens } = (await good(askTokens(world, world.admin, { filter, orderBy }))).organization;
  expect(integrationTokens.totalCount).toBe(integrationTokens.nodes.length);
  return integrationTokens.nodes;
}

const jtis = async (world: World, filter: object) => (await tokens(world, filter)).map(({ jti }) => jti).sort();

const askRevocations = (
  { organization: { id } }: Pick<World, 'organization'>,
  caller: Caller,
  variables: object = {},
) => caller.send<List<'integrationTokenRevocations', { jti: string }>, object>(Revocations, { id, ...variables });

async function revocations(world: World, filter: object = {}, orderBy: object | null = null) {
  const { organization } = await good(askRevocations(world, world.admin, { filter, orderBy }));
  const { totalCount, nodes } = organization.integrationTokenRevocations;
  expect(totalCount).toBe(nodes.length);
  return nodes;
}

/** Moves the end of a token, as far as is known of it. */
const setEnd = ({ organization }: World, id: string, expiresAt: Date) =>
  write(gateway(), (set) => set.update('integration_tokens', { organizationId: organization.id, id, expiresAt }));

describe('the list of integration tokens', () => {
  itIsRead(['ISSUED_AT', 'EXPIRES_AT'], async (size) => {
    const world = await aPlace(gateway());
    const { id: organizationId } = world.organization;
    const [{ id: keyId }] = (await gateway().services.db.run<{ id: string }>(
      'SELECT id FROM integration_keys WHERE organization_id = $1',
      [organizationId],
    )) as [{ id: string }];
    const at = (index: number) => new Date(Date.now() + (index % 3) * 60_000);
    const rows = Array.from({ length: size }, (_, index) => ({
      ...{ organizationId, id: newId(), keyId, subject: 'importer', audience: partner, scopes: [], rotatedToId: null },
      ...{ issuedById: world.admin.user.id, issuedAt: at(index), expiresAt: at(index + 1) },
    }));
    await write(gateway(), (set) => set.insert('integration_tokens', ...rows));
    const document = `query ($id: ID!, ${page.variables('IntegrationTokenOrder')}) {
      organization(id: $id) { integrationTokens(${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: rows.map(({ id }) => id),
      read: (request) => world.admin.send(document, { id: organizationId, ...request }),
      pageIn: (data) => (data as { organization: { integrationTokens: PageAnswer } }).organization.integrationTokens,
    };
  });

  it('tells all that is known of each, the latest first, but not the token', async () => {
    const world = await aPlace(gateway());
    const issuer = await world.join('administrator');
    const scopes = ['teams.read', 'users.read'];
    const { token, jti, kid, expiresAt } = await aToken(world, issuer, { scopes, subject: 'importer-7' });
    const next = (await good(rotate(world, world.admin, { token }))).rotateIntegrationToken;
    const listed = await tokens(world, {}, { field: 'ISSUED_AT', direction: 'ASC' });
    const same = { subject: 'importer-7', audience: partner, scopes, kid, status: 'ACTIVE' };
    const iat = Date.parse(expiresAt) - 3_600_000;
    expect(listed.find((row) => row.jti === jti)).toEqual({
      ...{ ...same, id: jti, jti, issuedAt: new Date(iat).toISOString(), expiresAt },
      ...{ rotatedToJti: next.jti, issuedBy: { id: issuer.user.id } },
    });
    expect(listed.find((row) => row.jti === next.jti)).toMatchObject({
      ...{ ...same, id: next.jti, rotatedToJti: null, issuedBy: { id: world.admin.user.id } },
    });
    for (const { token: secret } of [{ token }, next]) {
      expect(JSON.stringify(listed)).not.toContain(secret.split('.')[2]);
    }
  });

  it('says of each whether it counts, and if not, why', async () => {
    const world = await aWorld(gateway());
    const [retired, lost, over] = [
      await aToken(world, world.admin, { subject: 'retired' }),
      await aToken(world, world.admin, { subject: 'lost' }),
      await aToken(world, world.admin, { subject: 'over' }),
    ];
    await good(revoke(world, world.admin, { jti: lost.jti }));
    await aNewKey(world, world.admin, 0);
    await setEnd(world, over.jti, new Date(Date.now() - 1_000));
    const counting = await aToken(world, world.admin, { subject: 'good' });
    const statuses = { good: 'ACTIVE', over: 'EXPIRED', lost: 'REVOKED', retired: 'KEY_RETIRED' };
    expect(Object.fromEntries((await tokens(world)).map(({ subject, status }) => [subject, status]))).toEqual(statuses);
    const ids = { good: counting.jti, over: over.jti, lost: lost.jti, retired: retired.jti };
    for (const [subject, status] of Object.entries(statuses)) {
      expect(await jtis(world, { status }), status).toEqual([ids[subject as keyof typeof ids]]);
    }
    // Who has revoked it said so, whenever it would have ended.
    await setEnd(world, lost.jti, new Date(Date.now() - 1_000));
    expect(await jtis(world, { status: 'REVOKED' })).toEqual([lost.jti]);
  });

  it('is filtered by whom a token is for, who accepts it and who has issued it, all at once', async () => {
    const world = await aPlace(gateway());
    const other = await world.join('administrator');
    const [a, b, c] = [
      await aToken(world, world.admin, { subject: 'a' }),
      await aToken(world, world.admin, { subject: 'b', audience: 'else' }),
      await aToken(world, other, { subject: 'a', audience: 'else' }),
    ];
    expect(await jtis(world, { subject: 'a' })).toEqual([a.jti, c.jti].sort());
    expect(await jtis(world, { audience: 'else' })).toEqual([b.jti, c.jti].sort());
    expect(await jtis(world, { issuedById: other.user.id })).toEqual([c.jti]);
    expect(await jtis(world, { issuedById: newId() })).toEqual([]);
    expect(await jtis(world, { subject: 'a', audience: 'else', issuedById: world.admin.user.id })).toEqual([]);
    expect(await jtis(world, { subject: 'A' })).toEqual([]);
    expect(pathsIn(await askTokens(world, world.admin, { filter: { subject: 'a b' } }))).toEqual(['filter.subject']);
    expect(pathsIn(await askTokens(world, world.admin, { filter: { issuedById: 'x' } }))).toEqual([
      'filter.issuedById',
    ]);
  });

  it('shows none of another organization', async () => {
    const [world, other] = [await aPlace(gateway()), await aPlace(gateway())];
    await aToken(other, other.admin);
    expect(await tokens(world)).toEqual([]);
  });
});

describe('the list of revocations', () => {
  itIsRead(['REVOKED_AT'], async (size) => {
    const world = await aPlace(gateway());
    const { id: organizationId } = world.organization;
    const rows = Array.from({ length: size }, (_, index) => ({
      ...{ organizationId, id: newId(), jti: newId(), reason: null, revokedById: world.admin.user.id, expiresAt: null },
      revokedAt: new Date(Date.now() - (index % 3) * 60_000),
    }));
    await write(gateway(), (set) => set.insert('integration_token_revocations', ...rows));
    const document = `query ($id: ID!, ${page.variables('IntegrationTokenRevocationOrder')}) {
      organization(id: $id) { integrationTokenRevocations(${page.arguments}) { ${page.fields} } }
    }`;
    type Data = { organization: { integrationTokenRevocations: PageAnswer } };
    return {
      ids: rows.map(({ id }) => id),
      read: (request) => world.admin.send(document, { id: organizationId, ...request }),
      pageIn: (data) => (data as Data).organization.integrationTokenRevocations,
    };
  });

  it('tells of each who, when and why, with the token if it is known here', async () => {
    const world = await aPlace(gateway());
    const other = await world.join('administrator');
    const [{ jti, expiresAt }, unknown] = [await aToken(world, world.admin), newId()];
    await good(revoke(world, world.admin, { jti, reason: 'Lost' }));
    await good(revoke(world, other, { jti: unknown }));
    const dated = { id: expect.any(String), revokedAt: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect(await revocations(world)).toEqual([
      { ...dated, jti: unknown, reason: null, expiresAt: null, revokedBy: { id: other.user.id }, token: null },
      {
        ...{ ...dated, jti, reason: 'Lost', expiresAt, revokedBy: { id: world.admin.user.id } },
        token: { jti, subject: 'importer', status: 'REVOKED' },
      },
    ]);
  });

  it('is filtered by token, by person and by time', async () => {
    const world = await aPlace(gateway());
    const other = await world.join('administrator');
    const [first, second] = [newId(), newId()];
    await good(revoke(world, world.admin, { jti: first }));
    await good(revoke(world, other, { jti: second }));
    const revokedAt = new Date('2026-01-02T03:04:05.678Z');
    await gateway().services.db.run('UPDATE integration_token_revocations SET revoked_at = $2 WHERE jti = $1', [
      ...[first, revokedAt],
    ]);
    const found = async (filter: object) => (await revocations(world, filter)).map(({ jti }) => jti);
    expect(await found({ jti: first })).toEqual([first]);
    expect(await found({ jti: newId() })).toEqual([]);
    expect(await found({ revokedById: other.user.id })).toEqual([second]);
    const [at, later] = [revokedAt.toISOString(), '2026-01-02T03:04:05.679Z'];
    expect(await found({ since: at, until: later })).toEqual([first]);
    expect(await found({ until: at })).toEqual([]);
    expect(await found({ since: later })).toEqual([second]);
    expect(await found({ jti: first, revokedById: other.user.id })).toEqual([]);
  });
});

describe('all that is told of integrations', () => {
  const ways: [string, (world: Pick<World, 'organization'>, caller: Caller) => ReturnType<Caller['send']>][] = [
    ['tokens', askTokens],
    ['revocations', askRevocations],
    ['keys', ({ organization }, caller) => caller.send(documents.keys, { id: organization.id })],
  ];

  it.each(ways)('is for administrators and developers: %s', async (_, ask) => {
    const world = await aPlace(gateway());
    for (const caller of [world.admin, await world.join('developer')]) {
      expect(codeOf(await ask(world, caller))).toBeUndefined();
    }
    for (const role of ['viewer', 'member', 'team_manager', 'billing_manager']) {
      expect(factsOf(await ask(world, await world.join(role)))).toMatchObject({
        ...{ code: 'FORBIDDEN', requiredPermission: 'integrations.read' },
      });
    }
    expect(codeOf(await ask(world, nobody(gateway())))).toBe('UNAUTHENTICATED');
    const { admin: outsider } = await aWorld(gateway());
    const askOf = (id: string) => ask({ organization: { ...world.organization, id } }, outsider);
    await answersAlike(askOf, world.organization.id);
  });
});
