import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { MemberStatus } from '../../generated/prisma/enums.js';
import { orderedBy } from '../../graphql/connection.js';
import { OrganizationInput } from '../../graphql/organization-input.js';
import { email, id, ids, kept, optional, roleKey, searchText, Valid } from '../../graphql/validation.js';

@InputType()
abstract class OneMemberInput extends OrganizationInput {
  @Field(() => ID, { description: 'The member.' })
  @Valid(id)
  memberId!: string;
}

@InputType({
  description: 'A user to make a member at once, without an invitation. Name it by id or by e-mail address.',
})
export class AddMemberInput extends OrganizationInput {
  @Field(() => ID, { nullable: true, description: 'The id of the user.' })
  @Valid(optional(id))
  userId?: string | null;

  @Field(() => String, { nullable: true, description: 'The e-mail address of the user.' })
  @Valid(optional(email))
  email?: string | null;

  @Field(() => String, { description: 'The key of the role to give.' })
  @Valid(roleKey)
  role!: string;

  @Field(() => [ID], { nullable: true, description: 'The teams to join, at most 100.' })
  @Valid(optional(ids))
  teamIds?: string[] | null;
}

@InputType({ description: 'Another role for a member.' })
export class UpdateMemberRoleInput extends OneMemberInput {
  @Field(() => String, { description: 'The key of the role to give.' })
  @Valid(roleKey)
  role!: string;
}

@InputType({
  description:
    'A change of role, organization and team of a member in one, all or nothing. An absent field keeps what is there.',
})
export class UpdateMemberInput {
  @Field(() => ID, { nullable: true, description: 'The organization of the member. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;

  @Field(() => ID, { description: 'The member.' })
  @Valid(id)
  memberId!: string;

  @Field(() => String, { nullable: true, description: 'The key of the role to give. Cannot be cleared.' })
  @Valid(kept(roleKey))
  role?: string;

  @Field(() => ID, { nullable: true, description: 'The organization to move the member to. Cannot be cleared.' })
  @Valid(kept(id))
  targetOrganizationId?: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The team, in the organization where the member ends up, that takes the place of the teams so far; of a team manager, in the place of the teams that this person manages. Null for none.',
  })
  @Valid(optional(id))
  teamId?: string | null;
}

@InputType({ description: 'A member to suspend. A suspended member keeps role and teams, but may do nothing.' })
export class SuspendMemberInput extends OneMemberInput {}

@InputType({ description: 'A suspended member to reinstate.' })
export class ReinstateMemberInput extends OneMemberInput {}

@InputType({ description: 'A member to remove; oneself, to leave.' })
export class RemoveMemberInput extends OneMemberInput {}

@InputType({ description: 'Which members to list. All conditions have to hold.' })
export class MemberFilter {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the full name, username or e-mail address, in any case.',
  })
  @Valid(optional(searchText))
  search?: string | null;

  @Field(() => String, { nullable: true, description: 'The key of a role.' })
  @Valid(optional(roleKey))
  role?: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of a team.' })
  @Valid(optional(id))
  teamId?: string | null;

  @Field(() => MemberStatus, { nullable: true, description: 'Whether the membership counts.' })
  status?: MemberStatus | null;
}

export enum MemberOrderField {
  JOINED_AT = 'JOINED_AT',
  NAME = 'NAME',
}

@ArgsType()
export class MembersArgs extends orderedBy('Member', MemberOrderField, {
  JOINED_AT: 'By the moment of joining.',
  NAME: 'By full name, without regard to case.',
}) {
  @Field(() => MemberFilter, { nullable: true, description: 'Which members to list. Default: all.' })
  filter?: MemberFilter | null;
}

export enum MembershipOrderField {
  JOINED_AT = 'JOINED_AT',
}

@ArgsType()
export class MembershipsArgs extends orderedBy('Membership', MembershipOrderField, {
  JOINED_AT: 'By the moment of joining.',
}) {}

@ArgsType()
export class MemberArgs {
  @Field(() => ID, { description: 'The id of the member.' })
  @Valid(id)
  id!: string;
}
