import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { OrganizationRow } from '../../auth/standing.js';
import type { Workspace as WorkspaceRow } from '../../generated/prisma/client.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { ReadsAhead } from '../../graphql/read-ahead.js';
import { notFound } from '../../platform/errors.js';
import { readPage } from '../../platform/page.js';
import { loadOrganization } from '../organization/organization.loader.js';
import { Organization } from '../organization/organization.type.js';
import {
  CreateWorkspaceInput,
  DeleteWorkspaceInput,
  UpdateWorkspaceInput,
  WorkspaceArgs,
  WorkspacesArgs,
} from './workspace.input.js';
import { workspaceById, workspacesOfOrganization } from './workspace.loader.js';
import { CreateWorkspacePayload, DeleteWorkspacePayload, UpdateWorkspacePayload } from './workspace.payload.js';
import { createWorkspace, deleteWorkspace, updateWorkspace } from './workspace.service.js';
import { Workspace } from './workspace.type.js';

const WorkspaceConnection = connectionOf(() => Workspace, 'Workspace', 'workspaces');

@Resolver(() => Workspace)
export class WorkspaceResolver {
  @AnswersWith('organization')
  @FieldResolver(() => Organization, { description: 'The organization that the workspace belongs to.' })
  organization(@Root() { organizationId }: WorkspaceRow, @Ctx() context: GraphQLContext): Promise<OrganizationRow> {
    return loadOrganization(context, organizationId);
  }

  @Mutation(() => CreateWorkspacePayload, { description: 'Makes a workspace.' })
  async createWorkspace(
    @Arg('input', () => CreateWorkspaceInput, { description: 'The new workspace.' }) input: CreateWorkspaceInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { workspace: await createWorkspace(context, input) };
  }

  @Mutation(() => UpdateWorkspacePayload, { description: 'Changes what a workspace says of itself.' })
  async updateWorkspace(
    @Arg('input', () => UpdateWorkspaceInput, { description: 'What to change.' }) input: UpdateWorkspaceInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { workspace: await updateWorkspace(context, input) };
  }

  @Mutation(() => DeleteWorkspacePayload, { description: 'Deletes a workspace, but never the default one.' })
  async deleteWorkspace(
    @Arg('input', () => DeleteWorkspaceInput, { description: 'Which one.' }) input: DeleteWorkspaceInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { workspace: await deleteWorkspace(context, input) };
  }
}

@Resolver(() => Organization)
export class OrganizationWorkspacesResolver {
  @ReadsAhead()
  @FieldResolver(() => WorkspaceConnection, { description: 'The workspaces of the organization.' })
  workspaces(
    @Root() { id }: OrganizationRow,
    @Args(() => WorkspacesArgs) page: WorkspacesArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, workspacesOfOrganization, [id], page);
  }

  @ReadsAhead()
  @FieldResolver(() => Workspace, { description: 'One workspace of the organization.' })
  async workspace(
    @Root() organization: OrganizationRow,
    @Args(() => WorkspaceArgs) { id }: WorkspaceArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<WorkspaceRow> {
    const workspace = await context.reads.row(workspaceById, [organization.id, id]);
    if (!workspace) throw notFound('Workspace');
    return workspace;
  }
}
