import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Log } from '../platform/log.js';
import { standingsFor } from './answers-with.js';
import type { GraphQLContext } from './context.js';
import { planning } from './executor.js';
import { explained } from './format-error.js';
import type { Plan, Variables } from './plan.js';
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

/** What a plan answers, with its errors first and as clients see them. Faults are logged. */
export async function answeredBy(
  plan: Plan,
  variables: Variables,
  context: GraphQLContext,
  log: Log,
): Promise<{ errors?: GraphQLFormattedError[]; data: Record<string, unknown> | null }> {
  const { data = null, errors } = await plan.run(context, variables);
  return errors ? { errors: explained(errors, context, log), data } : { data };
}
