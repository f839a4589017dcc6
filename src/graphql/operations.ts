import type { GraphQLSchema } from 'graphql';
import { standingsFor } from './answers-with.js';
import { planning } from './executor.js';
import { costCheck } from './query-cost.js';
import { variablesOf } from './variables.js';

/**
 * What is found out of an operation once, for all requests that send it: how its variables are coerced, what it costs, what it needs
 * to know of its caller, and how it is executed.
 */
export type Operations = ReturnType<typeof operationsOf>;

/** @param hideSchema whether names that are nearly right are not told the right ones. */
export function operationsOf(schema: GraphQLSchema, hideSchema: boolean) {
  return {
    coerced: variablesOf(schema, hideSchema),
    costRefusal: costCheck(schema),
    standings: standingsFor(schema),
    planFor: planning(schema),
  };
}
