import { anyone, type RuleTree, signedIn } from '../../graphql/rules.js';

export const userPermissions = {
  Query: { me: signedIn },
  Mutation: { register: anyone, login: anyone, refreshSession: anyone, logout: signedIn, updateMe: signedIn },
} satisfies RuleTree;
