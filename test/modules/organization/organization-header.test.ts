import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { current } from '../api-key/keys.js';
import { pathsIn } from '../lists.js';

const gateway = useGateway();

const Update = `mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { id name } } }`;

interface Updated {
  updateOrganization: { organization: { id: string; name: string } };
}

const inside = (organizationId: string) => ({ 'x-organization-id': organizationId });

describe('the current organization', () => {
  it('is the one that the header names', async () => {
    const { organization, admin } = await aWorld(gateway());
    const { data } = await admin.send(current, {}, inside(organization.id));
    expect(data).toEqual({ currentOrganization: { id: organization.id } });
  });

  it('has to be named', async () => {
    const { admin } = await aWorld(gateway());
    expect(codeOf(await admin.send(current))).toBe('ORGANIZATION_REQUIRED');
    expect(codeOf(await admin.send(current, {}, inside('')))).toBe('ORGANIZATION_REQUIRED');
  });

  it('has to be named by a UUID', async () => {
    const { admin, organization } = await aWorld(gateway());
    const answer = await admin.send(current, {}, inside(organization.slug));
    expect(answer.status).toBe(400);
    expect(pathsIn(answer)).toEqual(['X-Organization-Id']);
  });

  it('is nobody’s who is not signed in', async () => {
    const { organization } = await aWorld(gateway());
    expect(codeOf(await nobody(gateway()).send(current, {}, inside(organization.id)))).toBe('UNAUTHENTICATED');
  });

  it('stands in for organizationId, which comes first where both are given', async () => {
    const { organization, admin } = await aWorld(gateway());
    const other = await aWorld(gateway());
    const { data } = await admin.send<Updated, object>(Update, { input: { name: 'Beta' } }, inside(organization.id));
    expect(data.updateOrganization.organization).toMatchObject({ id: organization.id, name: 'Beta' });
    const input = { organizationId: organization.id, name: 'Gamma' };
    const named = await admin.send<Updated, object>(Update, { input }, inside(other.organization.id));
    expect(named.data.updateOrganization.organization).toMatchObject({ id: organization.id, name: 'Gamma' });
  });
});
