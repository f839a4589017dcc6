import { can, current, inArgument, inInput, type RuleTree, signedIn, superAdmin } from '../../graphql/rules.js';
import { loadOrganizationId } from './organization.loader.js';

export const organizationPermissions = {
  Query: {
    organizations: signedIn,
    allOrganizations: superAdmin,
    organization: can('organization.read', inArgument('id')),
    organizationBySlug: can('organization.read', async (_, { slug }, context) => ({
      organizationId: await loadOrganizationId(context, slug),
      path: 'slug',
    })),
    currentOrganization: can('organization.read', current),
  },
  Mutation: {
    createOrganization: signedIn,
    updateOrganization: can('organization.update', inInput),
    restoreOrganization: superAdmin,
    deleteOrganization: can('organization.delete', inInput),
  },
} satisfies RuleTree;
