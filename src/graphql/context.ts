import type { Scope } from '../auth/scope.js';

/** What resolvers get: the scope of the request, which they hand on to services as it is. */
export type GraphQLContext = Scope;
