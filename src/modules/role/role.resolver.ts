import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { permissionsOf, systemRole } from '../../auth/permissions.js';
import { standingIn } from '../../auth/scope.js';
import type { OrganizationRow, RoleRow } from '../../auth/standing.js';
import { wholeRole } from '../../auth/whole-rows.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { ReadsAhead } from '../../graphql/read-ahead.js';
import { Organization } from '../organization/organization.type.js';
import { CreateRoleInput, DeleteRoleInput, UpdateRoleInput } from './role.input.js';
import { memberCountOfRole, rolesOfOrganization } from './role.loader.js';
import { CreateRolePayload, DeleteRolePayload, UpdateRolePayload } from './role.payload.js';
import { createRole, deleteRole, updateRole } from './role.service.js';
import { Role } from './role.type.js';

@Resolver(() => Role)
export class RoleResolver {
  @FieldResolver(() => [String], { description: 'The permissions that the role grants, in alphabetical order.' })
  permissions(@Root() role: RoleRow, @Ctx() { catalogue }: GraphQLContext): string[] {
    return [...permissionsOf(role, catalogue)].sort();
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether this custom role stands in for the system role of the same key.',
  })
  shadows(@Root() role: RoleRow): boolean {
    return !role.isSystem && systemRole(role.key) !== undefined;
  }

  @FieldResolver(() => Int, { description: 'How many members hold the role.' })
  async memberCount(@Root() { organizationId, id }: RoleRow, @Ctx() context: GraphQLContext): Promise<number> {
    return (await context.reads.row(memberCountOfRole, [organizationId, id]))?.count ?? 0;
  }

  @Mutation(() => CreateRolePayload, {
    description:
      'Makes a custom role. With the key of a system role it shadows that role: all who hold the key have it at once.',
  })
  async createRole(
    @Arg('input', () => CreateRoleInput, { description: 'The new role.' }) input: CreateRoleInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { role: await createRole(context, input) };
  }

  @Mutation(() => UpdateRolePayload, {
    description: 'Changes a custom role, for all who hold it from the next request on.',
  })
  async updateRole(
    @Arg('input', () => UpdateRoleInput, { description: 'What to change.' }) input: UpdateRoleInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { role: await updateRole(context, input) };
  }

  @Mutation(() => DeleteRolePayload, {
    description: 'Deletes a custom role; its members get the role of `reassignTo`.',
  })
  async deleteRole(
    @Arg('input', () => DeleteRoleInput, { description: 'Which one.' }) input: DeleteRoleInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { role: await deleteRole(context, input) };
  }
}

@Resolver(() => Organization)
export class OrganizationRolesResolver {
  @ReadsAhead()
  @FieldResolver(() => [Role], { description: 'The roles of the organization, the highest rank first.' })
  roles(@Root() { id }: OrganizationRow, @Ctx() context: GraphQLContext): Promise<RoleRow[]> {
    return context.reads.rows(rolesOfOrganization, [id]);
  }

  @AnswersWith('role')
  @FieldResolver(() => Role, {
    nullable: true,
    description: 'The role of the caller here. Null for a super admin who is not a member.',
  })
  async viewerRole(@Root() { id }: OrganizationRow, @Ctx() context: GraphQLContext): Promise<RoleRow | null> {
    return wholeRole(context, await standingIn(context, id));
  }
}
