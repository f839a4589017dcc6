import type { Scope } from '../auth/scope.js';
import type { Observed } from './observe.js';
import type { Variables } from './plan.js';

/** What resolvers get: the scope of the request, which they hand on to services as it is. */
export interface GraphQLContext extends Scope {
  /** The text of the document as it was found and looked at; empty if Apollo Server is to find it by its hash. */
  document: string;
  /**
   * Takes points from what the caller may ask for within a minute.
   *
   * @throws {DomainError} RATE_LIMITED with `retryAfter`.
   */
  charge(points: number): void;
  /** What is noted of the request; null where nobody looks. */
  observed: Observed | null;
  /** The variables of the operation, as soon as they are known to fit. */
  variables?: Variables;
  /** How many objects the operation asks for, as soon as that is known. */
  cost?: number;
}
