import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Organization } from '../organization/organization.type.js';
import { Role } from '../role/role.type.js';

/** Why something is permitted or not. */
export enum PermissionReason {
  SUPER_ADMIN = 'SUPER_ADMIN',
  ROLE = 'ROLE',
  TEAM_MANAGER = 'TEAM_MANAGER',
  USER_SUSPENDED = 'USER_SUSPENDED',
  NOT_A_MEMBER = 'NOT_A_MEMBER',
  ORGANIZATION_SUSPENDED = 'ORGANIZATION_SUSPENDED',
  MEMBER_SUSPENDED = 'MEMBER_SUSPENDED',
  ONLY_IN_MANAGED_TEAMS = 'ONLY_IN_MANAGED_TEAMS',
  KEY_LACKS_SCOPE = 'KEY_LACKS_SCOPE',
  ROLE_LACKS_PERMISSION = 'ROLE_LACKS_PERMISSION',
}

registerEnumType(PermissionReason, {
  name: 'PermissionReason',
  description: 'Why something is permitted or not.',
  valuesConfig: {
    SUPER_ADMIN: { description: 'Granted: super admins may do everything.' },
    ROLE: { description: 'Granted by the role in the organization.' },
    TEAM_MANAGER: { description: 'Granted in the team that was asked about, because the user manages it.' },
    USER_SUSPENDED: { description: 'Not granted: the user may not sign in.' },
    NOT_A_MEMBER: { description: 'Not granted: the user does not belong to the organization.' },
    ORGANIZATION_SUSPENDED: { description: 'Not granted: the organization is suspended.' },
    MEMBER_SUSPENDED: { description: 'Not granted: the membership is suspended.' },
    ONLY_IN_MANAGED_TEAMS: { description: 'Not granted here, but in the teams that the user manages.' },
    KEY_LACKS_SCOPE: { description: 'Not granted: the scopes of the API key do not cover it, or no key can use it.' },
    ROLE_LACKS_PERMISSION: { description: 'Not granted: the role does not hold the permission.' },
  },
});

@ObjectType({ description: 'A permission that roles can grant.', simpleResolvers: true })
export class PermissionDefinition {
  @Field(() => String, { description: 'The dotted code, such as `users.invite`.' })
  permission!: string;

  @Field(() => String, { description: 'What it lets one do.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether the gateway checks it itself; else it is for the app to check.' })
  isBuiltIn!: boolean;
}

@ObjectType({ description: 'Whether the caller holds a permission, and why.', simpleResolvers: true })
export class PermissionGrant {
  @Field(() => String, { description: 'The dotted code.' })
  permission!: string;

  @Field(() => Boolean, { description: 'Whether it is granted in the whole organization.' })
  granted!: boolean;

  @Field(() => PermissionReason, { description: 'Why it is granted, or why not.' })
  reason!: PermissionReason;
}

@ObjectType({
  description: 'What the caller may do in an organization, for showing and hiding features.',
  simpleResolvers: true,
})
export class PermissionMap {
  @Field(() => Organization, { description: 'The organization.' })
  organization!: Organization;

  @Field(() => Role, {
    nullable: true,
    description: 'The role of the caller. Null for a super admin who is not a member.',
  })
  role!: Role | null;

  @Field(() => [String], { description: 'The codes that are granted, in the order of the catalogue.' })
  granted!: string[];

  @Field(() => [PermissionGrant], { description: 'Every permission there is, granted or not, with the reason.' })
  catalogue!: PermissionGrant[];
}

@ObjectType({ description: 'The answer to whether a user may do something.', simpleResolvers: true })
export class PermissionCheck {
  @Field(() => Boolean, { description: 'Whether the user may.' })
  granted!: boolean;

  @Field(() => PermissionReason, { description: 'Why, or why not.' })
  reason!: PermissionReason;
}
