import { Field, ObjectType } from 'type-graphql';
import { Organization } from '../organization/organization.type.js';

@ObjectType({ description: 'The organization on its plan.', simpleResolvers: true })
export class UpdateOrganizationPlanPayload {
  @Field(() => Organization, { description: 'The organization as it is now.' })
  organization!: Organization;
}
