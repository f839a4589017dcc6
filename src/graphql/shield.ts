import {
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { applyMiddleware, type IMiddlewareTypeMap } from 'graphql-middleware';
import { deny, rule, shield } from 'graphql-shield';
import { isRefusal, recordRefusal } from '../auth/refusal.js';
import { DomainError } from '../platform/errors.js';
import type { GraphQLContext } from './context.js';
import { foreseeing } from './read-ahead.js';
import { type Check, type Rule, type RuleTree, withinScope } from './rules.js';

const roots = ['Query', 'Mutation', 'Subscription'];

/**
 * Puts the rules of all modules in front of their fields. Whatever root field has no rule is denied, and stops the boot.
 *
 * graphql-shield would wrap every field of every type, which makes long lists several times slower; so only the fields that
 * carry a rule are wrapped. Its cache is off: it answers a second alias with the verdict on the first one's arguments.
 */
export function guard(schema: GraphQLSchema, trees: readonly RuleTree[]): GraphQLSchema {
  const rules = merge(trees);
  assertRootsCovered(schema, rules);
  const all = shield(
    Object.fromEntries(
      Object.entries(rules).map(([type, fields]) => [
        type,
        {
          ...(roots.includes(type) && { '*': deny }),
          ...Object.fromEntries(
            Object.entries(fields).map(([field, check]) => [field, shieldRule(withinScope(type, check))]),
          ),
        },
      ]),
    ),
    { allowExternalErrors: true, fallbackError: new DomainError('FORBIDDEN', 'This is not open to anybody.') },
  ).generate(schema) as IMiddlewareTypeMap;
  const { Subscription: toSubscribe, ...toRead } = onlyRuled(all, rules);
  const guarded = applyMiddleware(schema, { Mutation: recordingRefusals as never }, toRead);
  guardSubscriptions(guarded, toSubscribe as Record<string, Middleware> | undefined);
  noteRules(guarded, rules);
  noteReadAhead(guarded, schema);
  return guarded;
}

/** Whatever a mutation is refused by, a rule or a policy, is recorded before the caller hears of it (R9). */
async function recordingRefusals(
  resolve: (...field: unknown[]) => Promise<unknown>,
  parent: unknown,
  args: { input: { organizationId?: string | null } },
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<unknown> {
  const outcome = await resolve(parent, args, context, info).catch((error: unknown) => error);
  if (outcome instanceof DomainError && isRefusal(outcome)) {
    const organizationId = concernsOrganization(info) ? (args.input.organizationId ?? null) : undefined;
    await recordRefusal(context, { organizationId, operation: info.fieldName, error: outcome });
  }
  // An error that is returned is the same to GraphQL as one that is thrown.
  return outcome;
}

/** Whether the mutation's input can name an organization; without one it means the current one. */
function concernsOrganization({ parentType, fieldName }: GraphQLResolveInfo): boolean {
  const input = getNamedType(parentType.getFields()[fieldName]?.args[0]?.type);
  return isInputObjectType(input) && 'organizationId' in input.getFields();
}

/** A rule that throws would read as a mere no, also when the database is down; so the error itself is handed back. */
function shieldRule(check: Check) {
  return rule({ cache: 'no_cache' })(async (parent, args, context: GraphQLContext, info) => {
    try {
      await check(context, parent, args, info);
      return true;
    } catch (error) {
      return error as Error;
    }
  });
}

function merge(trees: readonly RuleTree[]): Record<string, Record<string, Rule>> {
  const merged: Record<string, Record<string, Rule>> = {};
  for (const tree of trees) {
    for (const [type, fields] of Object.entries(tree)) {
      merged[type] ??= {};
      for (const [field, check] of Object.entries(fields)) {
        if (merged[type][field]) throw new Error(`Two modules guard ${type}.${field}.`);
        merged[type][field] = check;
      }
    }
  }
  return merged;
}

function assertRootsCovered(schema: GraphQLSchema, rules: Record<string, Record<string, Rule>>): void {
  const bare = roots.flatMap((root) => {
    const type = schema.getType(root);
    const fields = type && 'getFields' in type ? Object.keys(type.getFields()) : [];
    return fields.filter((field) => !rules[root]?.[field]).map((field) => `${root}.${field}`);
  });
  if (bare.length > 0) throw new Error(`No rule says who may use ${bare.join(', ')}.`);
}

type Resolver = GraphQLFieldResolver<unknown, unknown>;
type Middleware = (resolve: Resolver, ...field: Parameters<Resolver>) => unknown;

/**
 * Asks the rule of a subscription before it begins. Where a field has both, graphql-middleware wraps the function that answers each
 * event, and leaves alone the one that begins the stream.
 */
function guardSubscriptions(schema: GraphQLSchema, middleware: Record<string, Middleware> = {}): void {
  for (const [name, field] of Object.entries(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { subscribe } = field;
    if (!subscribe) throw new Error(`Subscription.${name} does not say what it follows.`);
    field.subscribe = (...asked) => middleware[name]!(subscribe, ...asked);
  }
}

function onlyRuled(all: IMiddlewareTypeMap, rules: Record<string, Record<string, Rule>>): IMiddlewareTypeMap {
  return Object.fromEntries(
    Object.entries(rules).map(([type, fields]) => [
      type,
      Object.fromEntries(Object.keys(fields).map((field) => [field, (all[type] as Record<string, never>)[field]!])),
    ]),
  );
}

/** Lets whoever reads ahead ask what fields would read, though not their rules; the resolvers themselves stay behind those. */
function noteReadAhead(guarded: GraphQLSchema, plain: GraphQLSchema): void {
  for (const type of Object.values(plain.getTypeMap())) {
    for (const { name, resolve, extensions } of isObjectType(type) ? Object.values(type.getFields()) : []) {
      if (!extensions.readsAhead || !resolve) continue;
      const definition = (guarded.getType(type.name) as GraphQLObjectType).getFields()[name]!;
      definition.extensions = { ...definition.extensions, foresee: foreseeing(resolve) };
    }
  }
}

/** Tells whoever looks ahead which fields have a rule. */
function noteRules(schema: GraphQLSchema, rules: Record<string, Record<string, Rule>>): void {
  for (const [name, fields] of Object.entries(rules)) {
    const type = schema.getType(name) as GraphQLObjectType;
    for (const [field, rule] of Object.entries(fields)) {
      const definition = type.getFields()[field]!;
      definition.extensions = { ...definition.extensions, rule };
    }
  }
}
