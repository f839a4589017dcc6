import type { GraphQLResolveInfo } from 'graphql';
import { standingIn } from '../../auth/scope.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { readAhead } from '../../graphql/read-ahead.js';
import {
  can,
  current,
  inArgument,
  inInput,
  type Locate,
  meanwhile,
  type RuleTree,
  signedIn,
  superAdmin,
} from '../../graphql/rules.js';
import { wantedIn } from '../../graphql/selection.js';
import { checked } from '../../graphql/validation.js';
import { type OrganizationArgs, type OrganizationsArgs, slugToFind } from './organization.input.js';
import { loadOrganizationId, myOrganizations, organizationsOfCaller } from './organization.loader.js';

/** Whoever is not signed in must not learn which slugs there are. */
const bySlug: Locate = async (_, args, context) => {
  await standingIn(context);
  const slug = checked(slugToFind, args.slug, 'slug');
  return { organizationId: await loadOrganizationId(context, slug), path: 'slug' };
};

/** Whose organizations they are, the statement finds out by the credential. */
const beginList = (context: GraphQLContext, args: OrganizationsArgs, info: GraphQLResolveInfo) =>
  myOrganizations(context, args, wantedIn(info, organizationsOfCaller.session));

const beginFields = async (context: GraphQLContext, { id }: Partial<OrganizationArgs>, info: GraphQLResolveInfo) =>
  readAhead(context, id ?? null, info);

export const organizationPermissions = {
  Query: {
    organizations: meanwhile(beginList, signedIn),
    allOrganizations: superAdmin,
    organization: meanwhile(beginFields, can('organization.read', inArgument('id'))),
    organizationBySlug: can('organization.read', bySlug),
    currentOrganization: meanwhile(beginFields, can('organization.read', current)),
  },
  Mutation: {
    createOrganization: signedIn,
    updateOrganization: can('organization.update', inInput),
    restoreOrganization: superAdmin,
    deleteOrganization: can('organization.delete', inInput),
  },
} satisfies RuleTree;
