import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { type Plan, planOf, type Variables } from './plan.js';
import { remembered } from './remembered.js';

/** There is a plan for each combination of what `@skip` and `@include` look at; an app has few of them. */
const mostPlans = 16;

/** Plans operations, once, and keeps the plans with the document. Null is what graphql-js has to execute. */
export function planning(
  schema: GraphQLSchema,
): (operation: OperationDefinitionNode, document: DocumentNode, variables: Variables) => Plan | null {
  const plansFor = remembered((operation, document) => plansOf(schema, operation, document));
  return (operation, document, variables) => plansFor(operation, document)(variables);
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
