import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { hashSecret, newSecret } from '../../../src/platform/secret.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import type { InvitationStatus } from '../../support/generated/graphql.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { itIsRead, type PageAnswer, page } from '../lists.js';

const gateway = useGateway();

const List = graphql(`
  query InvitationsListTest_List($id: ID!, $filter: InvitationFilter, $orderBy: InvitationOrder) {
    organization(id: $id) {
      invitations(filter: $filter, orderBy: $orderBy) {
        totalCount
        nodes { id email status role { key } teams { id } invitedBy { id } organization { id } }
      }
    }
  }
`);

interface Made {
  email: string;
  status?: InvitationStatus;
  expiresAt?: Date;
  createdAt?: Date;
}

/** Makes invitations as if they had been sent. */
async function make({ organization, admin, roles }: World, ...invitations: Made[]): Promise<string[]> {
  const now = new Date();
  const rows = invitations.map((given) => ({
    organizationId: organization.id,
    id: newId(),
    roleId: roles.member!,
    status: 'PENDING' as const,
    invitedById: admin.user.id,
    expiresAt: new Date(now.getTime() + 86_400_000),
    createdAt: now,
    tokenHash: hashSecret(newSecret()),
    ...given,
  }));
  await write(gateway(), (set) => set.insert('invitations', ...rows));
  return rows.map(({ id }) => id);
}

async function list({ organization, admin }: World, variables: object = {}) {
  const { data, errors } = await admin.send(List, { id: organization.id, ...variables });
  expect(errors).toBeUndefined();
  return data.organization.invitations;
}

describe('the list of invitations', () => {
  itIsRead(['CREATED_AT', 'EMAIL'], async (size) => {
    const world = await aWorld(gateway());
    // One address may stand there more than once, if the earlier invitations are over.
    const made = Array.from({ length: size }, (_, index): Made => {
      return { email: `${index % 2 ? 'A' : 'a'}da${index % 3}@example.com`, status: 'REVOKED' };
    });
    const document = `query ($id: ID!, ${page.variables('InvitationOrder')}) {
      organization(id: $id) { invitations(${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: await make(world, ...made),
      read: (request) => world.admin.send(document, { id: world.organization.id, ...request }),
      pageIn: (data) => (data as { organization: { invitations: PageAnswer } }).organization.invitations,
    };
  });

  it('begins with the newest unless told otherwise', async () => {
    const world = await aWorld(gateway());
    const at = (day: number) => new Date(Date.UTC(2030, 0, day));
    await make(
      world,
      { email: 'beta@example.com', createdAt: at(2) },
      { email: 'Alpha@example.com', createdAt: at(1) },
      { email: 'gamma@example.com', createdAt: at(3) },
    );
    const emails = async (orderBy?: object) => (await list(world, { orderBy })).nodes.map(({ email }) => email[0]);
    expect(await emails()).toEqual(['g', 'b', 'A']);
    expect(await emails({ field: 'CREATED_AT', direction: 'ASC' })).toEqual(['A', 'b', 'g']);
    expect(await emails({ field: 'EMAIL' })).toEqual(['A', 'b', 'g']);
    expect(await emails({ field: 'EMAIL', direction: 'DESC' })).toEqual(['g', 'b', 'A']);
  });

  it('tells by status, where time alone makes an invitation expire', async () => {
    const world = await aWorld(gateway());
    const past = new Date(Date.now() - 1000);
    await make(
      world,
      { email: 'pending@example.com' },
      { email: 'late@example.com', expiresAt: past },
      { email: 'expired@example.com', status: 'EXPIRED', expiresAt: past },
      { email: 'accepted@example.com', status: 'ACCEPTED', expiresAt: past },
      { email: 'declined@example.com', status: 'DECLINED' },
      { email: 'revoked@example.com', status: 'REVOKED' },
      { email: 'invalidated@example.com', status: 'INVALIDATED' },
    );
    const found: Record<string, string[]> = {};
    for (const status of ['PENDING', 'EXPIRED', 'ACCEPTED', 'DECLINED', 'REVOKED', 'INVALIDATED']) {
      const { nodes, totalCount } = await list(world, { filter: { status }, orderBy: { field: 'EMAIL' } });
      expect(totalCount).toBe(nodes.length);
      expect(new Set(nodes.map((node) => node.status))).toEqual(new Set([status]));
      found[status] = nodes.map(({ email }) => email.split('@')[0]!);
    }
    expect(found).toEqual({
      PENDING: ['pending'],
      EXPIRED: ['expired', 'late'],
      ACCEPTED: ['accepted'],
      DECLINED: ['declined'],
      REVOKED: ['revoked'],
      INVALIDATED: ['invalidated'],
    });
    for (const filter of [null, {}, { status: null }]) expect((await list(world, { filter })).totalCount).toBe(7);
  });

  it('says of each who has invited, as what and into which teams', async () => {
    const world = await aWorld(gateway());
    const teamIds = [await world.team('Red'), await world.team('blue')];
    await world.admin.send('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { __typename } }', {
      input: { organizationId: world.organization.id, email: 'ada@example.com', role: 'viewer', teamIds },
    });
    const [red, blue] = teamIds;
    expect((await list(world)).nodes).toMatchObject([
      {
        email: 'ada@example.com',
        status: 'PENDING',
        role: { key: 'viewer' },
        teams: [{ id: blue }, { id: red }],
        invitedBy: { id: world.admin.user.id },
        organization: { id: world.organization.id },
      },
    ]);
  });

  it('is the organization’s own', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await make(other, { email: 'ada@example.com' });
    expect((await list(world)).totalCount).toBe(0);
    await answersAlike((id) => world.admin.send(List, { id }), other.organization.id);
  });

  it('is open to members who see people, and to super admins, but to nobody else', async () => {
    const { organization, join } = await aWorld(gateway());
    const { id } = organization;
    expect(codeOf(await (await join('member')).send(List, { id }))).toBeUndefined();
    expect(codeOf(await (await aPerson(gateway(), { isSuperAdmin: true })).send(List, { id }))).toBeUndefined();
    expect(codeOf(await nobody(gateway()).send(List, { id }))).toBe('UNAUTHENTICATED');
    const answer = await (await join('viewer')).send(List, { id });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors![0]!.extensions.requiredPermission).toBe('users.read');
  });
});
