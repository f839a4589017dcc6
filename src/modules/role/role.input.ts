import { Field, ID, InputType, Int } from 'type-graphql';
import { OrganizationInput } from '../../graphql/organization-input.js';
import {
  description,
  id,
  kept,
  name,
  optional,
  permissionCodes,
  rank,
  roleKey,
  Valid,
} from '../../graphql/validation.js';

@InputType({ description: 'A new custom role. With the key of a system role it shadows that role here.' })
export class CreateRoleInput extends OrganizationInput {
  @Field(() => String, {
    description: 'Lower-case letters, digits and underscores, beginning with a letter. Never changes.',
  })
  @Valid(roleKey)
  key!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  @Valid(name)
  name!: string;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  @Valid(optional(description))
  description?: string | null;

  @Field(() => Int, { description: '1 to 99; of a shadow, not above the rank of the system role.' })
  @Valid(rank)
  rank!: number;

  @Field(() => [String], { description: 'Codes out of the permission catalogue.' })
  @Valid(permissionCodes)
  permissions!: string[];
}

@InputType({ description: 'What to change of a custom role. An absent field keeps its value; null clears it.' })
export class UpdateRoleInput extends OrganizationInput {
  @Field(() => ID, { description: 'The role.' })
  @Valid(id)
  roleId!: string;

  @Field(() => String, { nullable: true, description: '1 to 100 characters. Cannot be cleared.' })
  @Valid(kept(name))
  name?: string;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  @Valid(optional(description))
  description?: string | null;

  @Field(() => Int, { nullable: true, description: '1 to 99. Cannot be cleared.' })
  @Valid(kept(rank))
  rank?: number;

  @Field(() => [String], {
    nullable: true,
    description: 'All permissions from now on. Cannot be cleared, but may be empty.',
  })
  @Valid(kept(permissionCodes))
  permissions?: string[];
}

@InputType({ description: 'The custom role to delete.' })
export class DeleteRoleInput extends OrganizationInput {
  @Field(() => ID, { description: 'The role.' })
  @Valid(id)
  roleId!: string;

  @Field(() => String, { nullable: true, description: 'The key of the role that its members get instead.' })
  @Valid(optional(roleKey))
  reassignTo?: string | null;
}
