import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aWorld, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { itIsRead, type PageAnswer, page } from '../lists.js';
import { customRole } from '../states.js';

const gateway = useGateway();

const List = graphql(`
  query WorkspaceTest_List($id: ID!, $orderBy: WorkspaceOrder) {
    organization(id: $id) {
      workspaces(orderBy: $orderBy) { nodes { id name slug description isDefault createdAt organization { id } } }
    }
  }
`);

const one = 'query ($id: ID!, $workspace: ID!) { organization(id: $id) { workspace(id: $workspace) { id name } } }';

async function make({ organization }: World, ...names: string[]): Promise<string[]> {
  const now = new Date();
  const rows = names.map((name) => {
    const id = newId();
    return { organizationId: organization.id, id, name, slug: `workspace-${id}`, isDefault: false, createdAt: now };
  });
  await write(gateway(), (set) => {
    for (const row of rows) set.insert('workspaces', { ...row, updatedAt: now });
  });
  return rows.map(({ id }) => id);
}

async function defaultOf({ organization, admin }: World) {
  const { data } = await admin.send(List, { id: organization.id });
  return data.organization.workspaces.nodes[0]!;
}

describe('the workspaces of an organization', () => {
  itIsRead(['NAME', 'CREATED_AT'], async (size) => {
    const world = await aWorld(gateway());
    const { id: first } = await defaultOf(world);
    const names = Array.from({ length: size - 1 }, (_, index) => `${index % 2 ? 'lab' : 'Lab'} ${index % 3}`);
    const document = `query ($id: ID!, ${page.variables('WorkspaceOrder')}) {
      organization(id: $id) { workspaces(${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: [first, ...(await make(world, ...names))],
      read: (request) => world.admin.send(document, { id: world.organization.id, ...request }),
      pageIn: (data) => (data as { organization: { workspaces: PageAnswer } }).organization.workspaces,
    };
  });

  it('begin with the default one, which every member sees', async () => {
    const { organization, join } = await aWorld(gateway());
    const { data, errors } = await (await join('viewer')).send(List, { id: organization.id });
    expect(errors).toBeUndefined();
    expect(data.organization.workspaces.nodes).toMatchObject([
      { name: 'Default', slug: 'default', description: null, isDefault: true, organization: { id: organization.id } },
    ]);
  });

  it('can be ordered by name without regard to case', async () => {
    const world = await aWorld(gateway());
    await make(world, 'beta', 'Alpha', 'gamma', 'alpine');
    const { data } = await world.admin.send(List, { id: world.organization.id, orderBy: { field: 'NAME' } });
    const names = data.organization.workspaces.nodes.map(({ name }) => name);
    expect(names).toEqual(['Alpha', 'alpine', 'beta', 'Default', 'gamma']);
  });

  it('stay inside it', async () => {
    const world = await aWorld(gateway());
    const other = await aWorld(gateway());
    const [theirs] = await make(other, 'Theirs');
    const { id } = world.organization;
    await answersAlike((workspace) => world.admin.send(one, { id, workspace }), theirs!);
    await answersAlike((organization) => world.admin.send(List, { id: organization }), other.organization.id);
    expect((await defaultOf(world)).organization.id).toBe(id);
  });

  it('can be read one by one', async () => {
    const world = await aWorld(gateway());
    const [workspace] = await make(world, 'Lab');
    const { data } = await world.admin.send(one, { id: world.organization.id, workspace });
    expect(data).toEqual({ organization: { workspace: { id: workspace, name: 'Lab' } } });
  });

  it('are refused to whoever is not signed in', async () => {
    const { organization } = await aWorld(gateway());
    expect(codeOf(await nobody(gateway()).send(List, { id: organization.id }))).toBe('UNAUTHENTICATED');
  });

  it('are refused to a member without workspaces.read, who learns what is missing', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'guest', rank: 5, permissions: ['organization.read'] });
    const guest = await world.join('guest');
    const { id: workspace } = await defaultOf(world);
    const { id } = world.organization;
    for (const answer of [await guest.send(List, { id }), await guest.send(one, { id, workspace })]) {
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('workspaces.read');
    }
  });
});
