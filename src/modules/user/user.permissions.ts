import { anyone, can, inInput, inSession, person, type RuleTree, signedIn, superAdmin } from '../../graphql/rules.js';

export const userPermissions = {
  Query: { me: signedIn },
  Mutation: {
    register: anyone,
    login: anyone,
    refreshSession: anyone,
    logout: person,
    switchOrganization: inSession(can('organization.read', inInput)),
    updateMe: person,
    changePassword: inSession(signedIn),
    requestPasswordReset: anyone,
    resetPassword: anyone,
    requestEmailVerification: person,
    verifyEmail: anyone,
    requestEmailChange: person,
    setUserStatus: superAdmin,
    setSuperAdmin: superAdmin,
  },
} satisfies RuleTree;
