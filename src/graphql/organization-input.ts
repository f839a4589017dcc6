import { Field, ID, InputType } from 'type-graphql';
import { id, optional, Valid } from './validation.js';

/** What every input that changes an organization begins with. */
@InputType()
export abstract class OrganizationInput {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;
}
