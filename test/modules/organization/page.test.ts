import { expect, it } from 'vitest';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aWorld } from '../../support/world.js';

const gateway = useGateway();

const Page = graphql(`
  query OrganizationPage($id: ID!) {
    organization(id: $id) {
      name
      members(first: 50) {
        nodes {
          user { fullName }
          role { key }
          teams { name }
        }
      }
      teams(first: 20) { nodes { name memberCount } }
      invitations(first: 10, filter: { status: PENDING }) { nodes { email role { key } } }
    }
  }
`);

it('reads the organization page', async () => {
  const { organization, admin, join, team } = await aWorld(gateway());
  const member = await join('member');
  await team('Red', admin, member);
  const { data, errors } = await admin.send(Page, { id: organization.id });
  expect(errors).toBeUndefined();
  expect(data.organization.members.nodes.map(({ role }) => role.key)).toEqual(['administrator', 'member']);
  expect(data.organization.teams.nodes).toEqual([{ name: 'Red', memberCount: 2 }]);
});
