import { inArgument, member, type RuleTree, signedIn } from '../../graphql/rules.js';

export const permissionPermissions = {
  Query: {
    permissionCatalogue: signedIn,
    myPermissions: member(inArgument('organizationId')),
    checkPermission: member(inArgument('organizationId')),
  },
} satisfies RuleTree;
