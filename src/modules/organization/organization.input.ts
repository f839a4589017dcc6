import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { orderedBy } from '../../graphql/connection.js';
import { description, id, kept, line, name, optional, slug, timezone, url, Valid } from '../../graphql/validation.js';

@InputType({ description: 'A new organization.' })
export class CreateOrganizationInput {
  @Field(() => String, { description: '1 to 100 characters.' })
  @Valid(name)
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: '2 to 63 letters a–z, digits and hyphens. Left out, one is made from the name.',
  })
  @Valid(optional(slug))
  slug?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  @Valid(optional(description))
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL.' })
  @Valid(optional(url))
  logoUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'An IANA time zone such as Europe/Berlin. Default UTC.' })
  @Valid(optional(timezone))
  timezone?: string | null;
}

@InputType({ description: 'What to change of an organization. An absent field keeps its value; null clears it.' })
export class UpdateOrganizationInput {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 100 characters. Cannot be cleared.' })
  @Valid(kept(name))
  name?: string;

  @Field(() => String, { nullable: true, description: '2 to 63 letters a–z, digits and hyphens. Cannot be cleared.' })
  @Valid(kept(slug))
  slug?: string;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  @Valid(optional(description))
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL.' })
  @Valid(optional(url))
  logoUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'An IANA time zone. Cannot be cleared.' })
  @Valid(kept(timezone))
  timezone?: string;
}

@InputType({ description: 'The organization to delete.' })
export class DeleteOrganizationInput {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  @Valid(optional(id))
  organizationId?: string | null;

  @Field(() => String, {
    description: 'The slug of the organization, typed once more so that it is the one that is meant.',
  })
  @Valid(line(1, 63))
  confirmSlug!: string;
}

@ArgsType()
export class OrganizationBySlugArgs {
  @Field(() => String, { description: 'The slug, in any case.' })
  @Valid(line(1, 63))
  slug!: string;
}

export enum OrganizationOrderField {
  NAME = 'NAME',
  CREATED_AT = 'CREATED_AT',
}

@ArgsType()
export class OrganizationsArgs extends orderedBy('Organization', OrganizationOrderField, {
  NAME: 'By name, without regard to case.',
  CREATED_AT: 'By the moment of founding.',
}) {}
