import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import { assertMember } from '../../auth/access.js';
import { standingIn } from '../../auth/scope.js';
import type { OrganizationRow } from '../../auth/standing.js';
import { wholeOrganization } from '../../auth/whole-rows.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { wantedIn } from '../../graphql/selection.js';
import { badInput } from '../../platform/errors.js';
import { readPage } from '../../platform/page.js';
import {
  AllOrganizationsArgs,
  CreateOrganizationInput,
  DeleteOrganizationInput,
  OrganizationArgs,
  OrganizationBySlugArgs,
  OrganizationsArgs,
  RestoreOrganizationInput,
  UpdateOrganizationInput,
} from './organization.input.js';
import {
  allOrganizations,
  loadOrganization,
  loadOrganizationId,
  matching,
  myOrganizations,
  organizationsOfCaller,
} from './organization.loader.js';
import {
  CreateOrganizationPayload,
  DeleteOrganizationPayload,
  RestoreOrganizationPayload,
  UpdateOrganizationPayload,
} from './organization.payload.js';
import {
  createOrganization,
  deleteOrganization,
  restoreOrganization,
  updateOrganization,
} from './organization.service.js';
import { Organization } from './organization.type.js';

const OrganizationConnection = connectionOf(() => Organization, 'Organization', 'organizations');

@Resolver(() => Organization)
export class OrganizationResolver {
  @Query(() => OrganizationConnection, {
    description: 'The organizations that the caller belongs to. With an API key: its own.',
  })
  async organizations(
    @Args(() => OrganizationsArgs) args: OrganizationsArgs,
    @Ctx() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { withPermission } = args;
    if (withPermission && !context.catalogue.all.has(withPermission)) {
      throw badInput({ path: 'withPermission', message: 'is not in the permission catalogue' });
    }
    return myOrganizations(context, args, wantedIn(info, organizationsOfCaller.session));
  }

  @Query(() => OrganizationConnection, { description: 'Every organization there is. For super admins.' })
  allOrganizations(
    @Args(() => AllOrganizationsArgs) { filter, ...page }: AllOrganizationsArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, allOrganizations, [null], page, matching(filter ?? {}));
  }

  @AnswersWith('organization')
  @Query(() => Organization, { description: 'One organization of the caller.' })
  organization(
    @Args(() => OrganizationArgs) { id }: OrganizationArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationRow> {
    return loadOrganization(context, id);
  }

  @AnswersWith('organization')
  @Query(() => Organization, { description: 'One organization of the caller, by its slug.' })
  async organizationBySlug(
    @Args(() => OrganizationBySlugArgs) { slug }: OrganizationBySlugArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<OrganizationRow> {
    return loadOrganization(context, await loadOrganizationId(context, slug));
  }

  @AnswersWith('organization')
  @Query(() => Organization, {
    description:
      'The organization of the API key, or that the X-Organization-Id header names, or the one chosen with `switchOrganization`.',
  })
  async currentOrganization(@Ctx() context: GraphQLContext): Promise<OrganizationRow> {
    const standing = await standingIn(context);
    assertMember(standing, false);
    return wholeOrganization(context, standing);
  }

  @Mutation(() => CreateOrganizationPayload, {
    description:
      'Founds an organization with system roles and a default workspace; the caller becomes its administrator, or the owner whom a super admin names.',
  })
  createOrganization(
    @Arg('input', () => CreateOrganizationInput, { description: 'The new organization.' })
    input: CreateOrganizationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return createOrganization(context, input);
  }

  @AnswersWith('organization')
  @Mutation(() => UpdateOrganizationPayload, { description: 'Changes what an organization says of itself.' })
  async updateOrganization(
    @Arg('input', () => UpdateOrganizationInput, { description: 'What to change.' }) input: UpdateOrganizationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { organization: await updateOrganization(context, input) };
  }

  @Mutation(() => RestoreOrganizationPayload, {
    description: 'Brings a deleted organization back, within 30 days, with everything in it. For super admins.',
  })
  async restoreOrganization(
    @Arg('input', () => RestoreOrganizationInput, { description: 'Which one.' }) input: RestoreOrganizationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { organization: await restoreOrganization(context, input.organizationId) };
  }

  @AnswersWith('organization')
  @Mutation(() => DeleteOrganizationPayload, {
    description: 'Deletes an organization. It disappears for everybody at once; its slug stays taken for 30 days.',
  })
  async deleteOrganization(
    @Arg('input', () => DeleteOrganizationInput, { description: 'Which one.' }) input: DeleteOrganizationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { deletedOrganizationId: await deleteOrganization(context, input) };
  }
}
