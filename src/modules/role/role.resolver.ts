import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { permissionsOf, systemRoles } from '../../auth/permissions.js';
import { standingIn } from '../../auth/scope.js';
import type { OrganizationRow, RoleRow } from '../../auth/standing.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { Organization } from '../organization/organization.type.js';
import { memberCountOfRole, rolesOfOrganization } from './role.loader.js';
import { Role } from './role.type.js';

@Resolver(() => Role)
export class RoleResolver {
  @FieldResolver(() => [String], { description: 'The permissions that the role grants, in alphabetical order.' })
  permissions(@Root() role: RoleRow): string[] {
    return [...permissionsOf(role)].sort();
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether this custom role stands in for the system role of the same key.',
  })
  shadows(@Root() role: RoleRow): boolean {
    return !role.isSystem && systemRoles.some(({ key }) => key === role.key);
  }

  @FieldResolver(() => Int, { description: 'How many members hold the role.' })
  async memberCount(@Root() { organizationId, id }: RoleRow, @Ctx() context: GraphQLContext): Promise<number> {
    return (await context.reads.row(memberCountOfRole, [organizationId, id]))?.count ?? 0;
  }
}

@Resolver(() => Organization)
export class OrganizationRolesResolver {
  @FieldResolver(() => [Role], { description: 'The roles of the organization, the highest rank first.' })
  roles(@Root() { id }: OrganizationRow, @Ctx() context: GraphQLContext): Promise<RoleRow[]> {
    return context.reads.rows(rolesOfOrganization, [id]);
  }

  @FieldResolver(() => Role, {
    nullable: true,
    description: 'The role of the caller here. Null for a super admin who is not a member.',
  })
  async viewerRole(@Root() { id }: OrganizationRow, @Ctx() context: GraphQLContext): Promise<RoleRow | null> {
    return (await standingIn(context, id)).role;
  }
}
