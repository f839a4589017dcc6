import { Field, ObjectType } from 'type-graphql';
import { Workspace } from './workspace.type.js';

@ObjectType({ description: 'The new workspace.', simpleResolvers: true })
export class CreateWorkspacePayload {
  @Field(() => Workspace, { description: 'The workspace.' })
  workspace!: Workspace;
}

@ObjectType({ description: 'The changed workspace.', simpleResolvers: true })
export class UpdateWorkspacePayload {
  @Field(() => Workspace, { description: 'The workspace as it is now.' })
  workspace!: Workspace;
}

@ObjectType({ description: 'The deleted workspace.', simpleResolvers: true })
export class DeleteWorkspacePayload {
  @Field(() => Workspace, { description: 'The workspace as it was.' })
  workspace!: Workspace;
}
