import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { OrganizationStatus } from '../../generated/prisma/enums.js';
import { orderedBy } from '../../graphql/connection.js';
import { ChangedName, ChangedSlug, Description, NewName, NewSlug } from '../../graphql/named-fields.js';
import { OrganizationInput } from '../../graphql/organization-input.js';
import {
  email,
  id,
  kept,
  line,
  name,
  optional,
  searchText,
  slug,
  timezone,
  url,
  Valid,
} from '../../graphql/validation.js';

@InputType({ description: 'Who is to be the administrator of a new organization.' })
export class OrganizationOwnerInput {
  @Field(() => String, { description: 'The address of the owner. An account is made if it has none.' })
  @Valid(email)
  email!: string;

  @Field(() => String, { description: 'The name for a new account, 1 to 100 characters.' })
  @Valid(name)
  fullName!: string;
}

@InputType({ description: 'A new organization.' })
export class CreateOrganizationInput {
  @NewName()
  name!: string;

  @NewSlug()
  slug?: string | null;

  @Description()
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL.' })
  @Valid(optional(url))
  logoUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'An IANA time zone such as Europe/Berlin. Default UTC.' })
  @Valid(optional(timezone))
  timezone?: string | null;

  @Field(() => OrganizationOwnerInput, {
    nullable: true,
    description: 'Who is to be its administrator, instead of the caller. For super admins.',
  })
  owner?: OrganizationOwnerInput | null;
}

@InputType({ description: 'What to change of an organization. An absent field keeps its value; null clears it.' })
export class UpdateOrganizationInput extends OrganizationInput {
  @ChangedName()
  name?: string;

  @ChangedSlug()
  slug?: string;

  @Description()
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL.' })
  @Valid(optional(url))
  logoUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'An IANA time zone. Cannot be cleared.' })
  @Valid(kept(timezone))
  timezone?: string;
}

@InputType({ description: 'The organization to delete.' })
export class DeleteOrganizationInput extends OrganizationInput {
  @Field(() => String, {
    description: 'The slug of the organization, typed once more so that it is the one that is meant.',
  })
  @Valid(line(1, 63))
  confirmSlug!: string;
}

@InputType({ description: 'The organization to bring back.' })
export class RestoreOrganizationInput {
  @Field(() => ID, { description: 'The deleted organization.' })
  @Valid(id)
  organizationId!: string;
}

registerEnumType(OrganizationStatus, {
  name: 'OrganizationStatus',
  description: 'Whether an organization is in use.',
  valuesConfig: {
    ACTIVE: { description: 'In use.' },
    SUSPENDED: { description: 'Nobody but super admins may do anything in it.' },
    DELETED: { description: 'Gone for everybody; a super admin can restore it for 30 days.' },
  },
});

@InputType({ description: 'Which organizations to list. All conditions have to hold.' })
export class OrganizationFilter {
  @Field(() => String, { nullable: true, description: 'A part of the name or slug, in any case.' })
  @Valid(optional(searchText))
  search?: string | null;

  @Field(() => OrganizationStatus, { nullable: true, description: 'Default: all but the deleted ones.' })
  status?: OrganizationStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether they were made for one person at sign-up.' })
  isPersonal?: boolean | null;
}

/** A slug to look for: anything of the right length, for one that cannot be is one that is not there. */
export const slugToFind = slug;

@ArgsType()
export class OrganizationArgs {
  @Field(() => ID, { description: 'The id of the organization.' })
  @Valid(id)
  id!: string;
}

@ArgsType()
export class OrganizationBySlugArgs {
  @Field(() => String, { description: 'The slug, in any case.' })
  @Valid(slugToFind)
  slug!: string;
}

export enum OrganizationOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
}

const OrderedArgs = orderedBy('Organization', OrganizationOrderField, {
  NAME: 'By name, without regard to case.',
  CREATED_AT: 'By the moment of founding.',
});

@ArgsType()
export class OrganizationsArgs extends OrderedArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only organizations in which the caller holds this permission, such as `api_keys.create`.',
  })
  @Valid(optional(line(1, 100)))
  withPermission?: string | null;
}

@ArgsType()
export class AllOrganizationsArgs extends OrderedArgs {
  @Field(() => OrganizationFilter, { nullable: true, description: 'Which organizations to list.' })
  filter?: OrganizationFilter | null;
}
