import type { Answer } from '../../support/client.js';
import type { World } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

const fields = 'workspace { id name slug description isDefault createdAt organization { id } }';

export const CreateWorkspace = `mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { ${fields} } }`;
export const UpdateWorkspace = `mutation ($input: UpdateWorkspaceInput!) { updateWorkspace(input: $input) { ${fields} } }`;
export const DeleteWorkspace = `mutation ($input: DeleteWorkspaceInput!) { deleteWorkspace(input: $input) { ${fields} } }`;

export interface WorkspaceAnswer {
  id: string;
  name: string;
  slug: string;
  description: string | null;
  isDefault: boolean;
  createdAt: string;
  organization: { id: string };
}

type Changed = Record<string, { workspace: WorkspaceAnswer }>;

/** What somebody, the founder unless told otherwise, does to the workspaces of an organization. */
export function changing({ organization, admin }: World, by: Caller = admin) {
  const does = (document: string, input: object): Promise<Answer<Changed>> =>
    by.send<Changed, object>(document, { input: { organizationId: organization.id, ...input } });
  return {
    create: (input: object) => does(CreateWorkspace, input),
    update: (workspaceId: string, input: object) => does(UpdateWorkspace, { workspaceId, ...input }),
    erase: (workspaceId: string) => does(DeleteWorkspace, { workspaceId }),
  };
}

/** Makes a workspace as the founder. */
export async function made(world: World, input: object = { name: 'Lab' }): Promise<WorkspaceAnswer> {
  const { data } = await changing(world).create(input);
  return data.createWorkspace!.workspace;
}

/** The workspaces of an organization as the founder sees them, the oldest first. */
export async function workspacesOf({ organization, admin }: World): Promise<WorkspaceAnswer[]> {
  const { data } = await admin.send<{ organization: { workspaces: { nodes: WorkspaceAnswer[] } } }, object>(
    `query ($id: ID!) {
      organization(id: $id) {
        workspaces(first: 100) { nodes { id name slug description isDefault createdAt organization { id } } }
      }
    }`,
    { id: organization.id },
  );
  return data.organization.workspaces.nodes;
}
