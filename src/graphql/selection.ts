import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { List, Wanted } from '../platform/list.js';
import type { GraphQLContext } from './context.js';
import { Foreseen } from './read-ahead.js';
import type { Rule } from './rules.js';

/** What a document asks of the objects at one place, by field. What `@skip` and `@include` may leave out counts as asked. */
type Selection = Map<string, Asked>;

interface Asked {
  /** Whether a resolver answers; else it is a property of the object. */
  isResolved: boolean;
  /** With arguments a field may be there more than once, each time with other ones. */
  hasArguments: boolean;
  rule: Rule | undefined;
  selection: Selection;
}

/**
 * What a field that answers with a page is going to be asked for: so rows of other tables come along with those of the page, and
 * columns that nobody looks at do not.
 *
 * What the caller may not read does not come along; its own resolver, behind its own rule, says why.
 *
 * @param organizationId the organization that all rows of the page belong to.
 */
export async function wantedOf<Row, Field extends string>(
  info: GraphQLResolveInfo,
  list: List<Row, Field>,
  context: GraphQLContext,
  organizationId: string,
): Promise<Wanted> {
  const plan = planOf(info, list);
  if (context.reads instanceof Foreseen) return plan.wanted;
  const refused: string[] = [];
  for (const { name, rule } of plan.ruled)
    if (!(await isAllowed(rule, context, { organizationId }, info))) refused.push(name);
  if (refused.length === 0) return plan.wanted;
  const allowed = Object.entries(plan.wanted.includes).filter(([name]) => !refused.includes(name));
  // The resolver of what is left out needs the row.
  return { ...plan.wanted, fields: null, includes: Object.fromEntries(allowed) };
}

/** The same for a list whose rows bring nothing along. */
export function wantedIn<Row, Field extends string>(info: GraphQLResolveInfo, list: List<Row, Field>): Wanted {
  return planOf(info, list).wanted;
}

async function isAllowed(
  rule: Rule,
  context: GraphQLContext,
  parent: { organizationId: string },
  info: GraphQLResolveInfo,
): Promise<boolean> {
  try {
    await rule(context, parent, {}, info);
    return true;
  } catch {
    return false;
  }
}

/** What is wanted as far as the document alone tells, and the rules of what would come along. */
interface Plan {
  wanted: Wanted;
  ruled: { name: string; rule: Rule }[];
}

/** Documents are parsed once and stay the same, so there is one plan for each place in them. */
const plans = new WeakMap<FieldNode, { nodes: readonly FieldNode[]; list: object; plan: Plan }[]>();

function planOf<Row, Field extends string>(info: GraphQLResolveInfo, list: List<Row, Field>): Plan {
  const nodes = info.fieldNodes;
  const known = plans.get(nodes[0]!) ?? [];
  plans.set(nodes[0]!, known);
  const found = known.find((one) => one.list === list && isSame(one.nodes, nodes));
  if (found) return found.plan;
  const plan = makePlan(selectionAt(info), list);
  known.push({ nodes, list, plan });
  return plan;
}

function isSame(some: readonly FieldNode[], others: readonly FieldNode[]): boolean {
  return some.length === others.length && some.every((node, index) => node === others[index]);
}

function makePlan<Row, Field extends string>(page: Selection, list: List<Row, Field>): Plan {
  const edges = page.get('edges')?.selection;
  const pageInfo = page.get('pageInfo')?.selection;
  const row = merged(page.get('nodes')?.selection, edges?.get('node')?.selection);
  const along = [...row].filter(([name, { hasArguments }]) => !hasArguments && list.includes?.[name]);
  const others = [...row].filter(([name]) => !along.some(([included]) => included === name));
  // What an edge says beside its node, it finds in the row.
  const isRowAsked = [...(edges ?? [])].some(([name, { isResolved }]) => isResolved && name !== 'node');
  return {
    wanted: {
      fields: isRowAsked ? null : fieldsIn(others, list.columns),
      includes: Object.fromEntries(
        along.map(([name, { selection }]) => [name, fieldsIn([...selection], list.includes![name]!.columns)]),
      ),
      cursors: Boolean(edges?.has('cursor') || pageInfo?.has('startCursor') || pageInfo?.has('endCursor')),
    },
    ruled: along.flatMap(([name, { rule }]) => (rule ? [{ name, rule }] : [])),
  };
}

/** Which columns the fields are; null for all of them if there is a resolver among the fields, which may look at any. */
function fieldsIn(asked: readonly [string, Asked][], columns: Readonly<Record<string, string>>): string[] | null {
  const arePlain = asked.every(([name, { isResolved }]) => !isResolved && columns[name]);
  return arePlain ? asked.map(([name]) => name).sort() : null;
}

function selectionAt({ fieldNodes, returnType, fragments, schema }: GraphQLResolveInfo): Selection {
  const collect = (sets: readonly SelectionSetNode[], type: GraphQLNamedType, into: Selection): Selection => {
    for (const node of sets.flatMap(({ selections }) => selections)) {
      if (node.kind === Kind.FIELD) note(node, type, into);
      else {
        const part = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]!;
        const condition = part.typeCondition && schema.getType(part.typeCondition.name.value);
        collect([part.selectionSet], condition ?? type, into);
      }
    }
    return into;
  };
  const note = ({ name, arguments: given, selectionSet }: FieldNode, type: GraphQLNamedType, into: Selection): void => {
    const field = isObjectType(type) ? type.getFields()[name.value] : undefined;
    // __typename needs nothing.
    if (!field) return;
    const asked = into.get(name.value) ?? {
      isResolved: field.resolve !== undefined,
      hasArguments: false,
      rule: field.extensions.rule as Rule | undefined,
      selection: new Map(),
    };
    if (given && given.length > 0) asked.hasArguments = true;
    if (selectionSet) collect([selectionSet], getNamedType(field.type), asked.selection);
    into.set(name.value, asked);
  };
  const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return collect(sets, getNamedType(returnType), new Map());
}

function merged(...selections: readonly (Selection | undefined)[]): Selection {
  const all: Selection = new Map();
  for (const [name, asked] of selections.flatMap((selection) => [...(selection ?? [])])) {
    const known = all.get(name);
    all.set(
      name,
      known
        ? {
            ...asked,
            hasArguments: known.hasArguments || asked.hasArguments,
            selection: merged(known.selection, asked.selection),
          }
        : asked,
    );
  }
  return all;
}
