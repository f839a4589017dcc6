import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { orderedBy } from '../../graphql/connection.js';
import { ChangedName, ChangedSlug, Description, NewName, NewSlug } from '../../graphql/named-fields.js';
import { OrganizationInput } from '../../graphql/organization-input.js';
import { id, Valid } from '../../graphql/validation.js';

@InputType()
abstract class OneWorkspaceInput extends OrganizationInput {
  @Field(() => ID, { description: 'The workspace.' })
  @Valid(id)
  workspaceId!: string;
}

@InputType({ description: 'A new workspace.' })
export class CreateWorkspaceInput extends OrganizationInput {
  @NewName()
  name!: string;

  @NewSlug()
  slug?: string | null;

  @Description()
  description?: string | null;
}

@InputType({ description: 'What to change of a workspace. An absent field keeps its value; null clears it.' })
export class UpdateWorkspaceInput extends OneWorkspaceInput {
  @ChangedName()
  name?: string;

  @ChangedSlug()
  slug?: string;

  @Description()
  description?: string | null;
}

@InputType({ description: 'The workspace to delete. The default one stays.' })
export class DeleteWorkspaceInput extends OneWorkspaceInput {}

export enum WorkspaceOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
}

@ArgsType()
export class WorkspacesArgs extends orderedBy('Workspace', WorkspaceOrderField, {
  NAME: 'By name, without regard to case.',
  CREATED_AT: 'By the moment of making.',
}) {}

@ArgsType()
export class WorkspaceArgs {
  @Field(() => ID, { description: 'The id of the workspace.' })
  @Valid(id)
  id!: string;
}
