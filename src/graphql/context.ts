import type { Scope } from '../auth/scope.js';
import type { Observed } from './observe.js';

/** What resolvers get: the scope of the request, which they hand on to services as it is. */
export interface GraphQLContext extends Scope {
  /** What is noted of the request; absent where nobody looks. */
  observed?: Observed;
}
