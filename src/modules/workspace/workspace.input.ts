import { ArgsType, Field, ID } from 'type-graphql';
import { orderedBy } from '../../graphql/connection.js';
import { id, Valid } from '../../graphql/validation.js';

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
