import { Field, ID, ObjectType } from 'type-graphql';
import { Member } from '../member/member.type.js';
import { Workspace } from '../workspace/workspace.type.js';
import { Organization } from './organization.type.js';

@ObjectType({ description: 'A new organization.', simpleResolvers: true })
export class CreateOrganizationPayload {
  @Field(() => Organization, { description: 'The organization.' })
  organization!: Organization;

  @Field(() => Workspace, { description: 'Its default workspace.' })
  workspace!: Workspace;

  @Field(() => Member, { description: 'The membership of the founder, as administrator.' })
  member!: Member;
}

@ObjectType({ description: 'The changed organization.', simpleResolvers: true })
export class UpdateOrganizationPayload {
  @Field(() => Organization, { description: 'The organization as it is now.' })
  organization!: Organization;
}

@ObjectType({ description: 'The restored organization.', simpleResolvers: true })
export class RestoreOrganizationPayload {
  @Field(() => Organization, { description: 'The organization, as it was before.' })
  organization!: Organization;
}

@ObjectType({ description: 'The deleted organization.', simpleResolvers: true })
export class DeleteOrganizationPayload {
  @Field(() => ID, { description: 'The id of the organization that is gone.' })
  deletedOrganizationId!: string;
}
