import { Field, InputType } from 'type-graphql';
import { OrganizationInput } from '../../graphql/organization-input.js';
import { line, Valid } from '../../graphql/validation.js';

@InputType({ description: 'The plan to change to.' })
export class UpdateOrganizationPlanInput extends OrganizationInput {
  @Field(() => String, { description: 'The key of the plan.' })
  @Valid(line(1, 63))
  plan!: string;
}
