import type { ApolloServerOptions } from '@apollo/server';
import { type DocumentNode, execute, type GraphQLSchema, Kind, type OperationDefinitionNode, visit } from 'graphql';
import type { GraphQLContext } from './context.js';
import { type Plan, planOf, type Variables } from './plan.js';
import { remembered } from './remembered.js';

type Gateway = NonNullable<ApolloServerOptions<GraphQLContext>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** There is a plan for each combination of what `@skip` and `@include` look at; an app has few of them. */
const mostPlans = 16;

/** What Apollo Server takes for a gateway is the one way to have operations executed by something else than graphql-js. */
export function executing(schema: GraphQLSchema): Gateway {
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({ executor: createExecutor(schema) }),
    stop: async () => {},
  };
}

/** Executes operations by plans that are made once and kept with the document; what cannot be planned, graphql-js executes. */
export function createExecutor(schema: GraphQLSchema): Executor {
  const planFor = remembered((operation, document) => plansOf(schema, operation, document));
  return ({ document, operation, request, context }) => {
    const contextValue = context as GraphQLContext;
    const { variables } = contextValue;
    // Without variables there is no such operation, and graphql-js says so.
    const plan = variables && planFor(operation, document)(variables);
    if (plan) return plan.run(contextValue, variables);
    const { variables: variableValues, operationName } = request;
    return Promise.resolve(execute({ schema, document, contextValue, variableValues, operationName }));
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
