import { standingIn } from '../../auth/scope.js';
import {
  can,
  current,
  inArgument,
  inInput,
  type Locate,
  type RuleTree,
  signedIn,
  superAdmin,
} from '../../graphql/rules.js';
import { checked } from '../../graphql/validation.js';
import { slugToFind } from './organization.input.js';
import { loadOrganizationId } from './organization.loader.js';

/** Whoever is not signed in must not learn which slugs there are. */
const bySlug: Locate = async (_, args, context) => {
  await standingIn(context);
  const slug = checked(slugToFind, args.slug, 'slug');
  return { organizationId: await loadOrganizationId(context, slug), path: 'slug' };
};

export const organizationPermissions = {
  Query: {
    organizations: signedIn,
    allOrganizations: superAdmin,
    organization: can('organization.read', inArgument('id')),
    organizationBySlug: can('organization.read', bySlug),
    currentOrganization: can('organization.read', current),
  },
  Mutation: {
    createOrganization: signedIn,
    updateOrganization: can('organization.update', inInput),
    restoreOrganization: superAdmin,
    deleteOrganization: can('organization.delete', inInput),
  },
} satisfies RuleTree;
