import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';

/** An object with others that were read along with it, by the field that they answer. */
export interface WithIncluded {
  included?: Record<string, unknown>;
}

/**
 * Answers fields by what came along with their object; only where nothing did, their resolvers are asked.
 *
 * A rule in front of such a field was asked before it was read (`wantedOf`), for all objects of the page at once.
 */
export function answerIncluded(schema: GraphQLSchema): GraphQLSchema {
  const roots: unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || roots.includes(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve) field.resolve = unlessIncluded(field.name, field.resolve);
    }
  }
  return schema;
}

function unlessIncluded(
  name: string,
  resolve: GraphQLFieldResolver<WithIncluded, unknown>,
): GraphQLFieldResolver<WithIncluded, unknown> {
  return (parent, args, context, info) => {
    const found = parent.included?.[name];
    return found === undefined ? resolve(parent, args, context, info) : found;
  };
}
