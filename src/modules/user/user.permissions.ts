import { anyone, type RuleTree, signedIn, superAdmin } from '../../graphql/rules.js';

export const userPermissions = {
  Query: { me: signedIn },
  Mutation: {
    register: anyone,
    login: anyone,
    refreshSession: anyone,
    logout: signedIn,
    updateMe: signedIn,
    setUserStatus: superAdmin,
    setSuperAdmin: superAdmin,
  },
} satisfies RuleTree;
