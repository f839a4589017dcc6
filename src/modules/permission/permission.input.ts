import { ArgsType, Field, ID } from 'type-graphql';
import { id, line, optional, Valid } from '../../graphql/validation.js';

@ArgsType()
export class MyPermissionsArgs {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;
}

@ArgsType()
export class CheckPermissionArgs extends MyPermissionsArgs {
  @Field(() => ID, { nullable: true, description: 'The user to ask about. Default: the caller.' })
  @Valid(optional(id))
  userId?: string | null;

  @Field(() => String, { description: 'The dotted code.' })
  @Valid(line(1, 100))
  permission!: string;

  @Field(() => ID, { nullable: true, description: 'The team in which it is to be done, if it concerns one.' })
  @Valid(optional(id))
  teamId?: string | null;
}
