import { Field, ID, InputType } from 'type-graphql';
import { id, optional, Valid } from './validation.js';

/** The field of an input that says which organization is to be changed. */
export function OrganizationId(): PropertyDecorator {
  return (prototype, field) => {
    Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })(prototype, field);
    Valid(optional(id))(prototype, field);
  };
}

/** What every input that changes an organization begins with. */
@InputType()
export abstract class OrganizationInput {
  @OrganizationId()
  organizationId?: string | null;
}
