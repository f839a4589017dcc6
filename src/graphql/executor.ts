import type { GraphQLRequestContextResponseForOperation } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { GraphQLContext } from './context.js';
import { type Plan, planOf, type Variables } from './plan.js';
import { remembered } from './remembered.js';

/** An operation on its way through Apollo Server, as soon as it is known which one is meant. */
type Asked = Pick<GraphQLRequestContextResponseForOperation<GraphQLContext>, 'document' | 'operation' | 'contextValue'>;

/** Executes an operation; null is what graphql-js has to execute. */
type Executor = (asked: Asked) => Promise<ExecutionResult> | null;

/** There is a plan for each combination of what `@skip` and `@include` look at; an app has few of them. */
const mostPlans = 16;

/** Executes operations by plans that are made once and kept with the document. */
export function createExecutor(schema: GraphQLSchema): Executor {
  const planFor = remembered((operation, document) => plansOf(schema, operation, document));
  return ({ document, operation, contextValue }) => {
    const { variables } = contextValue;
    // Without variables there is no such operation, and graphql-js says so.
    const plan = variables && planFor(operation, document)(variables);
    return plan ? plan.run(contextValue, variables) : null;
  };
}

function plansOf(schema: GraphQLSchema, operation: OperationDefinitionNode, document: DocumentNode) {
  const conditions = conditionsIn(document);
  const plans = new Map<string, Plan | null>();
  return (variables: Variables): Plan | null => {
    const key = conditions.map((name) => String(variables[name])).join();
    const known = plans.get(key);
    if (known !== undefined || plans.size === mostPlans) return known ?? null;
    const plan = planOf(schema, operation, document, variables);
    plans.set(key, plan);
    return plan;
  };
}

/** The variables on which it depends what is selected. */
function conditionsIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ arguments: given = [] }) {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
