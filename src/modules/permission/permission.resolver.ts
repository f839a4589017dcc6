import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { AnswersWith } from '../../graphql/answers-with.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { CheckPermissionArgs, MyPermissionsArgs } from './permission.input.js';
import { checkPermission, myPermissions } from './permission.service.js';
import { PermissionCheck, PermissionDefinition, PermissionMap } from './permission.type.js';

@Resolver()
export class PermissionResolver {
  @Query(() => [PermissionDefinition], { description: 'Every permission that roles can grant.' })
  permissionCatalogue(@Ctx() { catalogue }: GraphQLContext) {
    return catalogue.definitions;
  }

  @AnswersWith('organization', 'role')
  @Query(() => PermissionMap, { description: 'What the caller may do in an organization.' })
  myPermissions(@Args(() => MyPermissionsArgs) { organizationId }: MyPermissionsArgs, @Ctx() context: GraphQLContext) {
    return myPermissions(context, organizationId);
  }

  @Query(() => PermissionCheck, {
    description:
      'Whether a user may do something, in the organization or in one of its teams. Made for the backend of an app.',
  })
  checkPermission(@Args(() => CheckPermissionArgs) question: CheckPermissionArgs, @Ctx() context: GraphQLContext) {
    return checkPermission(context, question);
  }
}
