import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { answersAlike } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import {
  aKey,
  bySlug,
  CreateOrganization,
  current,
  factsOf,
  inTwoOrganizations,
  lacksScope,
  one,
  read,
} from './keys.js';

const gateway = useGateway();

describe('an API key sees no organization but its own', () => {
  it('by id or by slug, though its user has others', async () => {
    const { world, other, key } = await inTwoOrganizations(gateway());
    expect(codeOf(await world.admin.send(one, { id: other.organization.id }))).toBeUndefined();
    await answersAlike((id) => key.send(one, { id }), other.organization.id);
    expect(codeOf(await key.send(bySlug, { slug: other.organization.slug }))).toBe('NOT_FOUND');
    for (const id of [world.organization.id, world.organization.id.toUpperCase()]) {
      expect(codeOf(await key.send(one, { id }))).toBeUndefined();
      expect(codeOf(await key.send(current, {}, { 'x-organization-id': id }))).toBeUndefined();
    }
  });

  it('among its organizations and memberships', async () => {
    const { world, key } = await inTwoOrganizations(gateway());
    const document = `{
      organizations { totalCount nodes { id } }
      me { memberships { totalCount nodes { id organization { id } } } }
    }`;
    const { id } = world.organization;
    expect((await key.send(document)).data).toEqual({
      organizations: { totalCount: 1, nodes: [{ id }] },
      me: { memberships: { totalCount: 1, nodes: [{ id: world.admin.memberId, organization: { id } }] } },
    });
  });

  it('through the one that it founds, which takes the scope for writing', async () => {
    const world = await aWorld(gateway());
    const [key, reading] = [
      await aKey(gateway(), world, world.admin),
      await aKey(gateway(), world, world.admin, { scopes: read }),
    ];
    const input = { name: 'Beta' };
    expect(factsOf(await reading.send(`${CreateOrganization} { member { id } } }`, { input }))).toEqual(lacksScope);

    type Founded = { createOrganization: { organization: { id: string } } };
    const { data, errors } = await key.send<Founded, object>(
      `${CreateOrganization} { organization { id name } workspace { name } member { status user { id } } } }`,
      { input },
    );
    expect(errors).toBeUndefined();
    const { id } = data.createOrganization.organization;
    expect(data.createOrganization).toMatchObject({
      organization: { name: 'Beta' },
      member: { status: 'ACTIVE', user: { id: world.admin.user.id } },
    });
    expect(codeOf(await world.admin.send(one, { id }))).toBeUndefined();
    await answersAlike((other) => key.send(one, { id: other }), id);
    expect((await key.send('{ organizations { nodes { id } } }')).data).toEqual({
      organizations: { nodes: [{ id: world.organization.id }] },
    });
  });

  it('through what lies in the one that it founds', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    for (const nested of [
      'organization { memberCount }',
      'organization { members { totalCount } }',
      'organization { roles { key } }',
      'organization { teams { totalCount } }',
      'organization { workspaces { totalCount } }',
      'organization { invitations { totalCount } }',
      'organization { auditEvents { totalCount } }',
      'organization { apiKeys { totalCount } }',
      'workspace { organization { id } }',
      'member { organization { id } }',
      'member { teams { id } }',
    ]) {
      const document = `${CreateOrganization} { ${nested} } }`;
      const answer = await key.send(document, { input: { name: 'Beta' } });
      expect([nested, codeOf(answer), answer.data]).toEqual([nested, 'NOT_FOUND', null]);
      expect(codeOf(await world.admin.send(document, { input: { name: 'Beta' } }))).toBeUndefined();
    }
  });

  it('through a transfer: at the other end the key has no administrator behind it', async () => {
    const { world, other, key, untouched } = await inTwoOrganizations(gateway());
    const { memberId } = await world.join('member');
    const Update = 'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id } } }';
    const move = (targetOrganizationId: string) =>
      key.send(Update, { input: { organizationId: world.organization.id, memberId, targetOrganizationId } });
    await answersAlike(move, other.organization.id);
    expect(await tracesIn(gateway(), other.organization.id)).toEqual(untouched);
  });
});
